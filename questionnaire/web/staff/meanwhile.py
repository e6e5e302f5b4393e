"""An older page never silently undoes what a colleague did since.

Each form carries the number of the ledger's last row at the time its page was made. Whatever is
then written about a record is compared, in the same transaction, with what colleagues wrote about
it since: where that counts for the act, nothing is saved, and the page comes back as it stands.
What the same person wrote since on another page counts where it would be replaced.
"""

import re
from typing import Final

from flask import current_app, g, has_request_context, request

from questionnaire.domain.errors import ChangedMeanwhile, NotReadable
from questionnaire.journey.access import READINGS
from questionnaire.journey.house import Act
from questionnaire.records.database import Transaction
from questionnaire.records.entries import entries_of
from questionnaire.records.ledger import Event, events_since, head
from questionnaire.web.staff.house import the_house
from questionnaire.web.staff.plan_form import LINES
from questionnaire.web.staff.policy import EVERYBODY
from questionnaire.web.staff.wording import ACTIONS, DETAILS

MADE_AT: Final = "made_at"
_NUMBER: Final = re.compile(r"[0-9]{1,15}")

CODES: Final = frozenset(
    {"code_given", "witness_code_given", "home_link_made", "home_link_revoked"}
    | {"home_link_mail_sent", "turn_resumed"}
)
"""What is handed to a patient: it replaces only what was handed over before."""
NO_CHANGE: Final = frozenset(READINGS) | {
    *("file_verified", "denied", "doubt_confirmed", "same_person_said", "another_person_said"),
    *("open_review", "approval_asked"),
}
"""What neither changes a record nor rests on what was read of it."""
ADDED: Final = frozenset({"point_written", "risk_written"})
"""What stands beside everything else, and replaces nothing."""
ONLY_ITSELF: Final = frozenset(
    {"reply_to_words_written", "reply_written", "quiz_discussed_written"}
)
"""What replaces only what was written before in the same place."""
PLACES: Final = ("item", "number", "question")
"""What tells in the ledger which point, question or check-question was written about."""
COMPARED: Final = frozenset(
    {"details_changed", "patient_corrected", "staff_changed", "clinic_changed", "plan_written"}
    | {"clinic_answers_saved"}
)
"""What is compared box by box, or with the answers that were seen."""
NAMES: Final = {**DETAILS, **{name: label.lower() for name, label in LINES.items()}}
_POINTS: Final = frozenset({"flag_settled", "flag_reopened"})


def made_at() -> int:
    """The mark for the forms of this page; 0 where nobody is signed in.

    A page that comes back with what was typed keeps its own mark, until it told what is newer.
    """
    if "person" not in g:
        return 0
    if request.method == "POST" and not g.get("shows_all") and MADE_AT in request.form:
        return _posted()
    if "made_at" not in g:
        with the_house().database.read() as tx:
            g.made_at, _ = head(tx)
    mark: int = g.made_at
    return mark


def note_beginning() -> None:
    """Take the mark before anything is read for the page."""
    made_at()


def look_again(tx: Transaction, act: Act) -> None:
    """Raises `ChangedMeanwhile` for an act from a page that does not show what a colleague did.

    Raises `NotReadable` when the form does not say when its page was made.
    """
    if not has_request_context() or request.method != "POST" or not _may_undo(act):
        return
    newer = [one for one in events_since(tx, act.subject, _posted()) if _counts(one, act)]
    if newer:
        g.shows_all = True
        raise ChangedMeanwhile(tuple(_told(tx, one, act) for one in newer))


def _posted() -> int:
    """The mark that was sent; of two, where a form waited for a second step, the older one."""
    marks = request.form.getlist(MADE_AT)
    if not marks or not all(_NUMBER.fullmatch(each) for each in marks):
        raise NotReadable("This form is not one of ours. Please reload the page.")
    return min(map(int, marks))


def _may_undo(act: Act) -> bool:
    is_own = act.subject == act.person.id
    harmless = act.action in NO_CHANGE | ADDED | COMPARED
    return act.person.role in EVERYBODY and not is_own and not harmless


def _counts(event: Event, act: Act) -> bool:
    """Whether what a colleague, or the same person on another page, did counts for this act."""
    if event.person.role not in EVERYBODY or event.person.id == act.subject:
        return False
    if event.person.id == act.person.id:
        return _replaces(act, event)
    if act.action in CODES or event.action in CODES:
        return {act.action, event.action} <= CODES
    if act.action in ONLY_ITSELF or {act.action, event.action} <= _POINTS:
        return _replaces(act, event)
    if act.action in _POINTS and event.action in ADDED | ONLY_ITSELF | {"plan_written"}:
        return False
    return event.action not in NO_CHANGE


def _replaces(act: Act, event: Event) -> bool:
    """Whether the act would put its words in the place of those written then."""
    is_alike = act.action == event.action and act.action in ONLY_ITSELF
    in_one_place = all(act.detail.get(key) == event.detail.get(key) for key in PLACES)
    return in_one_place and (is_alike or {act.action, event.action} <= _POINTS)


def _told(tx: Transaction, event: Event, act: Act) -> str:
    what = ACTIONS.get(event.action, event.action)
    moment = current_app.jinja_env.filters["moment"](event.at)
    who = "You, on another page" if event.person.id == act.person.id else event.person.name
    told = f"{who}, {moment}: {what}"
    changes = _changes(tx, event)
    return f"{told} ({'; '.join(changes)})." if changes else f"{told}."


def _changes(tx: Transaction, event: Event) -> list[str]:
    """Which facts are other than before, old and new, where the records tell."""
    before, now = event.detail.get("before"), event.detail.get("now")
    if event.action == "plan_written":
        before, now = _plans(tx, event)
    if not isinstance(before, dict) or not isinstance(now, dict):
        return []
    return [
        f"{name}: it was “{before.get(key) or 'nothing'}”, now “{now.get(key) or 'nothing'}”"
        for key, name in NAMES.items()
        if before.get(key, "") != now.get(key, "")
    ]


def _plans(tx: Transaction, event: Event) -> tuple[dict[str, object], dict[str, object]]:
    """The plan before it was written, and as it was written then."""
    until = [one.body for one in entries_of(tx, event.subject, "plan") if one.at <= event.at]
    return (until[-2] if until[1:] else {}), until[-1]
