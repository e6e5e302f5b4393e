"""A tick for each statement and each risk of one's own, and a separate word on photos."""

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.consent_parts import PhotoChoices
from questionnaire.journey.begun import PHOTOS, STATEMENTS, boxes_begun
from questionnaire.journey.consenting import choose_photos, reading, tick
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.begun import (
    boxes_of,
    is_only_begun,
    keep_begun,
    made_anew,
    made_from,
)
from questionnaire.web.patient.meanwhile import key_again, was_made_from
from questionnaire.web.patient.reading import way_of
from questionnaire.web.patient.turn_taking import one_time_key, the_house, this_turn

blueprint = Blueprint("agreeing", __name__)


@blueprint.route("/statements", methods=["GET", "POST"])
def statements() -> Response | str | tuple[str, int]:
    """What results can and cannot be, and this patient's own risks: one tick each."""
    house, turn = the_house(), this_turn()
    if request.method == "GET":
        return _statements_page(complete=True)
    if shows_again():
        return keep_choices(_statements_page(complete=True))
    if _had_other_words(reading(house, turn).shown.page_to_tick):
        return redirect(url_for("agreeing.statements"), 303)
    if is_only_begun():
        return keep_begun(STATEMENTS, "ticked")
    ids, shown = request.form.getlist("ticked"), _shown_then()
    tick(house, turn, ids, key=one_time_key(), was=was_made_from(), shown=shown)
    found = reading(house, turn)
    if not all(it.ticked_at for it in (*found.statements, *found.personal_risks)):
        return _statements_page(complete=False), 400
    return redirect(url_for("agreeing.photos"), 303)


def _statements_page(*, complete: bool) -> str:
    house, turn = the_house(), this_turn()
    carries = made_from(STATEMENTS) if complete else made_anew(STATEMENTS)
    found = reading(house, turn)
    to_tick = (*found.statements, *found.personal_risks)
    blank = [place for place, it in enumerate(to_tick) if not it.ticked_at]
    begun = boxes_of(STATEMENTS, "ticked") if complete else boxes_begun(house, turn, STATEMENTS)
    errors = () if complete else tuple((f"tick-{place}", to_tick[place].text) for place in blank)
    return render_template(
        "patient/statements.html",
        reading=found,
        shown=found.shown.page_to_tick,
        errors=errors,
        blank=() if complete else tuple(blank),
        ticked=begun["ticked"] if begun else [it.id for it in to_tick if it.ticked_at],
        form_id="statements-form",
        key=key_again() if complete else house.new_id(),
        made_from=carries,
    )


@blueprint.route("/photos", methods=["GET", "POST"])
def photos() -> Response | str:
    """Photos: each use is its own yes, and none is needed for treatment."""
    house, turn = the_house(), this_turn()
    carries, begun, found = made_from(PHOTOS), boxes_of(PHOTOS, "photos"), reading(house, turn)
    now = found.shown.photos
    if request.method == "GET":
        return _photos_page(_choice(begun["photos"]) if begun else found.photos, now, carries)
    choice = _choice(begun["photos"])
    if shows_again():
        return keep_choices(_photos_page(choice, now, carries))
    if _had_other_words(now):
        return redirect(url_for("agreeing.photos"), 303)
    if is_only_begun():
        return keep_begun(PHOTOS, "photos")
    choose_photos(house, turn, choice, key=one_time_key(), was=was_made_from(), shown=_shown_then())
    return redirect(way_of(reading(house, turn)).next_address(), 303)


def _had_other_words(now: str) -> bool:
    """Whether the page that was sent had other words than it has now: nothing on it counts."""
    return _shown_then() != now


def _shown_then() -> str:
    """The fingerprint of the words of the page that was sent."""
    return request.form.get("shown", "")


def _choice(wanted: Collection[str]) -> PhotoChoices:
    return PhotoChoices(
        record="record" in wanted,
        teaching="teaching" in wanted,
        publication="publication" in wanted,
    )


def _photos_page(choice: PhotoChoices, shown: str, carries: str) -> str:
    return render_template(
        "patient/photos.html",
        shown=shown,
        photos=choice,
        key=key_again(),
        made_from=carries,
        form_id="photos-form",
    )
