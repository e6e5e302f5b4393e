"""Leaving: finishing later, nothing to sign today, and the last screen of a turn."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from questionnaire.domain.language import to_say
from questionnaire.journey.begun import NOT_TODAY
from questionnaire.journey.consenting import decline, more_time
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.begun import boxes_of, first, is_only_begun, keep_begun, made_from
from questionnaire.web.patient.meanwhile import key_again
from questionnaire.web.patient.speaking import say
from questionnaire.web.patient.turn_taking import goodbye as say_goodbye
from questionnaire.web.patient.turn_taking import one_time_key, the_house, this_turn

blueprint = Blueprint("leaving", __name__)

_LAST_WORDS = {
    "sent": to_say(
        "Your answers are saved. They can no longer be seen on this tablet. Next, your clinician "
        "reads them and talks with you."
    ),
    "later": to_say(
        "Your answers so far are saved. You can go on later with the code from the desk."
    ),
    "away": to_say("This form is closed. What was saved is safe and no longer on this tablet."),
    "not-me": to_say("Nothing was changed. Please tell the desk that the name was not yours."),
    "signed": to_say(
        "You have signed. Your clinician signs next, and the desk gives you your copy."
    ),
    "more-time": to_say(
        "Take all the time you want. Nothing is signed. Please ask the desk for a new day."
    ),
    "no": to_say("Nothing is signed and nothing will be done. Thank you for telling us."),
}


_LAST_WORDS_AT_HOME = {
    "sent": to_say(
        "We have received your answers. Your clinician reads them and talks with you when you "
        "come. You can close this page now."
    ),
    "later": to_say(
        "Your answers so far are saved. To go on, open the link again on this device, in the same "
        "browser. If that does not work, ask us for a new link."
    ),
    "away": to_say("This form is closed. What was saved is safe. Ask us if you need a new link."),
}


_KEPT_AS_TYPED = to_say("What we could not read is kept just as you typed it.")


@blueprint.get("/goodbye/<why>")
def goodbye(why: str) -> str:
    """The last screen: nothing personal; at the clinic, the tablet goes back."""
    kept = f" {say(_KEPT_AS_TYPED)}" if why == "typed" else ""
    why = "later" if kept else why
    if "home" in request.args and why in _LAST_WORDS_AT_HOME:
        words = say(_LAST_WORDS_AT_HOME[why]) + kept
        return render_template("patient/goodbye_at_home.html", words=words)
    if why not in _LAST_WORDS:
        abort(404)
    return render_template("patient/goodbye.html", words=say(_LAST_WORDS[why]) + kept)


@blueprint.route("/not-today", methods=["GET", "POST"])
def not_today() -> Response | str:
    """More time, or no treatment: both are proper answers."""
    house, turn = the_house(), this_turn()
    carries = made_from(NOT_TODAY)
    wish = first(boxes_of(NOT_TODAY, "wish"), "wish")
    if request.method == "GET":
        wish = request.args.get("wish", wish)
    if shows_again():
        return keep_choices(_not_today_page(wish, carries))
    if is_only_begun():
        return keep_begun(NOT_TODAY, "wish")
    if request.method == "POST" and wish == "more-time":
        more_time(house, turn, key=one_time_key())
        return say_goodbye(wish)
    if request.method == "POST" and wish == "no":
        decline(house, turn, key=one_time_key())
        return say_goodbye(wish)
    missing = (("wish", say("Pick one of the two")),) if request.method == "POST" else ()
    return _not_today_page(wish, carries, missing)


def _not_today_page(wish: str, carries: str, missing: tuple[tuple[str, str], ...] = ()) -> str:
    return render_template(
        "patient/not_today.html",
        errors=missing,
        wish=wish,
        key=key_again(),
        made_from=carries,
        form_id="wish-form",
    )
