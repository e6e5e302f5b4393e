"""The one short form of the desk: arranging a visit, and changing its details."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import IDENTITY_CHECKS
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Patient, Visit
from questionnaire.journey import arranging, changing
from questionnaire.journey.doubting import Doubt, Doubtful
from questionnaire.journey.home_links import link_state
from questionnaire.journey.sameness import MaybeSame, Renamed, WhoIsIt, still_them
from questionnaire.journey.staffing import clinicians
from questionnaire.web.staff.arranging_form import ANOTHER_PERSON, NOT_SURE, ArrangingForm, facts_of
from questionnaire.web.staff.desk import CODE, with_code
from questionnaire.web.staff.drafts import NewForm, new_form
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.merging import last_by, made_from, merge

blueprint = Blueprint("arranging", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response
CORRECTIONS: Final = (
    changing.CHANGED,
    "patient_corrected",
    "language_chosen",
    "difference_settled",
)
"""What changes the details of a visit, as the ledger names it."""


@blueprint.route("/arrange", methods=["GET", "POST"])
def arrange() -> Page:
    """The form; once it can be read, the visit is arranged and its code shown."""
    house = the_house()
    doctors = clinicians(house)
    if request.method == "GET":
        return _form(ArrangingForm.blank(house, doctors))
    form, key = ArrangingForm.posted(request.form), one_time_key()
    wanted = form.read(house, doctors)
    if wanted is None:
        return _form(form), 422
    try:
        arranged = arranging.arrange(house, who(), wanted, key=key)
    except Slip as slip:
        form.errors.append(("full_name", str(slip)))
        return _form(form), 422
    except (WhoIsIt, Doubtful) as asked:
        return _asked(form, asked)
    return with_code(CODE, arranged.visit.id, arranged.code)


@blueprint.route("/visits/<visit_id>/change", methods=["GET", "POST"])
def change(visit_id: str) -> Page:
    """The details of a visit in the same form, with the reason why they change."""
    house, person = the_house(), who()
    visit, _ = link_state(house, person, visit_id)
    changing.refuse_signed(visit)
    if request.method == "GET":
        return _form(ArrangingForm.of_visit(house, visit), visit=visit)
    return _changed(visit)


def _changed(visit: Visit) -> Page:
    """What was touched in the form is changed, and nothing that a colleague changed since."""
    house, person = the_house(), who()
    doctors, by = clinicians(house), last_by(visit.id, *CORRECTIONS)
    shown = ArrangingForm.of_visit(house, visit).boxes
    merged = merge(request.form, shown, facts_of(house, doctors), by)
    form, key = ArrangingForm.posted(merged.form), one_time_key()
    if merged.clashes:
        form.errors.extend(merged.clashes)
        return _form(form, visit=visit), 409
    wanted = form.read(house, doctors, (visit.identity_check, *IDENTITY_CHECKS))
    words = request.form.get("words", "")
    if is_blank(words):
        form.errors.append(("words", changing.SAY_WHY))
    if wanted is None or form.errors:
        return _form(form, visit=visit), 422
    try:
        changed = changing.change_details(
            house, person, visit.id, wanted, words, key=key, seen=visit
        )
    except Slip as slip:
        form.errors.append(("words", str(slip)))
        return _form(form, visit=visit), 422
    except (Renamed, WhoIsIt, Doubtful) as asked:
        return _asked(form, asked, visit)
    if changed.code:
        return with_code(CODE, changed.visit.id, changed.code)
    return redirect(url_for("desk.visit", visit_id=visit.id), 303)


def _asked(
    form: ArrangingForm, asked: Renamed | WhoIsIt | Doubtful, visit: Visit | None = None
) -> tuple[str, int]:
    """The form again with the question that comes first."""
    if isinstance(asked, Doubtful):
        return _form(form, visit=visit, doubts=asked.found), asked.status
    if isinstance(asked, Renamed):
        form.errors.append(("renamed", asked.sentence))
        return _form(form, visit=visit, renamed=asked.patient), asked.status
    form.errors.append(("person", asked.sentence))
    return _form(form, visit=visit, maybe_same=asked.found), asked.status


def _form(
    form: ArrangingForm,
    *,
    visit: Visit | None = None,
    renamed: Patient | None = None,
    maybe_same: tuple[MaybeSame, ...] = (),
    doubts: tuple[Doubt, ...] = (),
) -> str:
    """The form of a new visit, or of the one that changes, with what there is to ask or to mend."""
    house = the_house()
    new = NewForm("", {}) if visit else new_form(url_for("arranging.arrange"))
    checks = dict.fromkeys([visit.identity_check, *IDENTITY_CHECKS] if visit else IDENTITY_CHECKS)
    return render_template(
        "staff/arrange.html",
        form=form,
        errors=form.errors,
        visit=visit,
        made_from=made_from(ArrangingForm.of_visit(house, visit).boxes) if visit else "",
        form_key=new.key,
        unsent=new.unsent,
        renamed=renamed,
        still_them=still_them(renamed) if renamed else "",
        maybe_same=maybe_same,
        doubts=doubts,
        another_person=ANOTHER_PERSON,
        treatments=tuple(house.library.treatments.values()),
        not_sure=NOT_SURE,
        clinicians=clinicians(house),
        languages_offered=tuple((it.code, it.name) for it in house.languages_offered),
        identity_checks=tuple((words, words) for words in checks),
    )
