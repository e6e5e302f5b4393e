"""The administrator's pages to set the clinic up: a checklist, and a form for each of its parts."""

from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.clinic_details import ClinicDetails, Part
from questionnaire.domain.errors import NotFound
from questionnaire.domain.treatment import EVERYWHERE
from questionnaire.journey import setting_up, test_letter
from questionnaire.journey.approvals import who_approves
from questionnaire.journey.clinic_facts import PARTS
from questionnaire.journey.house import House
from questionnaire.look import read_colour, read_logo
from questionnaire.settings import Settings
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.merging import Boxes, Fact, last_by, made_from, merge
from questionnaire.web.staff.setting_up_facts import facts_of
from questionnaire.web.staff.setting_up_form import (
    BACKED_UP,
    DONE_WITHOUT,
    LETTER_ARRIVED,
    SettingUpForm,
    own_box,
)
from questionnaire.web.staff.time_zones import time_zones

blueprint = Blueprint("setting_up", __name__, url_prefix="/setup")
Page = str | tuple[str, int] | Response
TITLES: Final = {part.value: title for part, title in PARTS.items()}


@blueprint.get("")
def page() -> str:
    """What is left, what is confirmed, and every version there was."""
    house = the_house()
    return render_template(
        "staff/setting_up.html",
        steps=setting_up.checklist(house.clinic),
        details=house.clinic,
        facts=_facts(house),
        versions=setting_up.versions(house, who()),
        lawless=_lawless(house) if Part.REGULATOR in house.clinic.confirmed else (),
    )


@blueprint.get("/<part>")
def part(part: str) -> str:
    """The form of one part."""
    house = the_house()
    setting_up.allow_administrator(who())
    return _form(_part(part), _as_it_is(_part(part), house))


@blueprint.post("/<part>")
def confirm(part: str) -> Page:
    """Put in force what was confirmed, and go back to the checklist."""
    house, this = the_house(), _part(part)
    setting_up.allow_administrator(who())
    said = facts_of(this, house)
    merged = merge(request.form, _as_it_is(this, house).boxes(said), said, _by())
    form = SettingUpForm.posted(merged.form)
    if merged.clashes:
        form.errors.extend(merged.clashes)
        return _form(this, form), 409
    facts, words = form.read(this, house), _said(this, form, house)
    if not form.errors:
        try:
            setting_up.confirm(house, who(), this, facts, words, seen=house.clinic)
        except Slip as slip:
            form.wrong(this.value, str(slip))
    if form.errors:
        return _form(this, form), 422
    return redirect(url_for("setting_up.page"), 303)


def _as_it_is(part: Part, house: House) -> SettingUpForm:
    """The form of a part as it is opened now."""
    form = SettingUpForm.of(house.clinic, house.proposed())
    if done := house.clinic.confirmed.get(part):
        form.show_choice(done.words)
    return form


def _by() -> str:
    return last_by(setting_up.SUBJECT, "clinic_changed")


@blueprint.get("/look")
def look() -> str:
    """The form of the clinic's own colour and logo."""
    return look_page()


def look_page(errors: tuple[tuple[str, str], ...] = (), colour: str | None = None) -> str:
    """The form of colour and logo, as they are but for what was typed, with what must be mended."""
    setting_up.allow_administrator(who())
    clinic = the_house().clinic
    return render_template(
        "staff/setting_up_look.html",
        colour=clinic.colour if colour is None else colour,
        errors=errors,
        made_from=made_from(_look_of(clinic)),
        logo_shown=clinic.logo,
    )


def _look_of(clinic: ClinicDetails) -> Boxes:
    return {"colour": [clinic.colour], "logo": [clinic.logo]}


LOOK: Final = (
    Fact("Colour", ("colour",)),
    Fact("Logo", ("logo",), "logo_file", lambda name: "one" if name else "none"),
)


@blueprint.post("/look")
def change_look() -> Page:
    """Put another colour or logo in force, and go back to the checklist."""
    errors, brought, clinic = [], request.files.get("logo_file"), the_house().clinic
    setting_up.allow_administrator(who())
    without = bool(request.form.get("no_logo"))
    merged = merge(_with_logo(brought, without=without), _look_of(clinic), LOOK, _by())
    typed, colour, png = merged.form.get("colour", ""), "", None
    if merged.clashes:
        return look_page(merged.clashes, typed), 409
    try:
        colour = read_colour(typed)
    except Slip as slip:
        errors.append(("colour", str(slip)))
    try:
        if brought and brought.filename:
            png = read_logo(brought.read())
    except Slip as slip:
        errors.append(("logo_file", str(slip)))
    if errors and png:
        errors.append(("logo_file", "Pick the logo again: no browser keeps a file."))
    if errors:
        return look_page(tuple(errors), typed), 422
    setting_up.change_look(the_house(), who(), colour, png, without=without, seen=clinic)
    return redirect(url_for("setting_up.page"), 303)


def _with_logo(brought: FileStorage | None, *, without: bool) -> MultiDict[str, str]:
    """What was posted, with what becomes of the logo as if it stood in a box."""
    form = MultiDict(request.form)
    if without or (brought and brought.filename):
        form["logo"] = "" if without else "another"
    return form


@blueprint.post("/<part>/letter")
def letter(part: str) -> Page:
    """Have a test letter sent to the clinic's own address, from the part about e-mail."""
    if _part(part) is not Part.MAIL:
        raise NotFound("There is no such page.")
    form = SettingUpForm.posted(request.form)
    try:
        test_letter.ask_for_letter(the_house(), who())
    except Slip as slip:
        form.wrong("how", str(slip))
        return _form(Part.MAIL, form), 422
    return redirect(url_for("setting_up.part", part=Part.MAIL.value), 303)


def _part(name: str) -> Part:
    try:
        return Part(name)
    except ValueError:
        raise NotFound("There is no such page.") from None


def _said(this: Part, form: SettingUpForm, house: House) -> str:
    """What is kept of how sending e-mail, or the backup, was confirmed."""
    if this not in {Part.MAIL, Part.BACKUP}:
        return ""
    if form.typed.get("how") == "without":
        return f"{DONE_WITHOUT}{form.line('decided_by')}"
    return _letter_arrived(form, house) if this is Part.MAIL else _backed_up(form, house)


def _letter_arrived(form: SettingUpForm, house: House) -> str:
    if form.typed.get("how") != "tested" or not _settings().mail:
        return form.wrong("how", "Say that you do without e-mail, or type a test letter's code.")
    try:
        test_letter.check_code(house, form.typed.get("code", ""))
    except Slip as slip:
        return form.wrong("code", str(slip))
    return f"{LETTER_ARRIVED}{house.clinic.email} arrived"


def _backed_up(form: SettingUpForm, house: House) -> str:
    if form.typed.get("how") != "made":
        return form.wrong("how", "Say whether the clinic has a backup or does without.")
    with house.database.read() as tx:
        made = setting_up.backed_up_at(tx)
    if made is None:
        told = "No backup was made yet. Make one first, or say that you do without."
        return form.wrong("how", told)
    return f"{BACKED_UP}{made:%Y-%m-%d %H:%M} UTC"


def _form(this: Part, form: SettingUpForm) -> str:
    house = the_house()
    with house.database.read() as tx:
        missing = setting_up.what_is_missing(tx, this)
        doctors, approving = setting_up.practitioners(tx), who_approves(tx)
        backed_up = setting_up.backed_up_at(tx)
    offered = tuple(house.speeches.values())
    return render_template(
        "staff/setting_up_part.html",
        part=this.value,
        title=PARTS[this],
        form=form,
        errors=form.errors,
        missing=missing,
        doctors=doctors,
        approving=approving,
        backed_up=backed_up,
        zones=[("", "Pick one"), *((zone, zone) for zone in time_zones())],
        speeches=offered,
        places=_places(house),
        lawless=_lawless(house) if this in house.clinic.confirmed else (),
        own=house.library.rights_in_own_words,
        own_box=own_box,
        mail=_settings().mail,
        letter=test_letter.letter_state(house),
        clinic=house.clinic,
        made_from=made_from(_as_it_is(this, house).boxes(facts_of(this, house))),
        proposed=bool(house.proposed()) and this not in house.clinic.confirmed,
    )


def _facts(house: House) -> dict[str, tuple[str, ...]]:
    """What was confirmed of each part, as people read it."""
    told, library = house.clinic, house.library
    law = (library.places[key].name for key in told.law_of if key in library.places)
    names = (house.speech(code).language.name for code in told.languages)
    facts: dict[Part, tuple[str, ...]] = {
        Part.NAME: (told.name, told.address, told.country, told.time_zone),
        Part.PHONES: (told.phone, told.emergency_phone, told.emergency_number),
        Part.EMAIL: (told.email, told.complaints_email),
        Part.REGULATOR: (told.regulator, told.regulator_address, ", ".join(law)),
        **{part: _named(told, part) for part in (Part.PRACTITIONER, Part.APPROVER)},
        Part.LANGUAGES: ("English", *names),
    }
    return {part.value: tuple(filter(None, facts.get(part, ()))) for part in Part}


def _named(told: ClinicDetails, part: Part) -> tuple[str, ...]:
    """Who was there for this part when it was confirmed; nobody in earlier confirmations."""
    done = told.confirmed.get(part)
    return tuple(done.words.splitlines()) if done else ()


def _places(house: House) -> list[tuple[str, str]]:
    """Every place that can be ticked, with its name and the place whose law comes with it."""
    known = house.library.places
    return [
        (key, f"{it.name}, and with it {known[it.within].name}" if it.within else it.name)
        for key, it in known.items()
        if key != EVERYWHERE
    ]


def _lawless(house: House) -> tuple[str, ...]:
    """The titles of treatments of which no law of a ticked place is told."""
    return tuple(it.title for it in house.library.without_law(house.clinic.law_of))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
