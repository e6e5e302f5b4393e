"""The patient's own words beside the form: what worries them, and what they want to ask."""

from collections.abc import Mapping
from functools import partial

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.reading import Progress, blocks_sending
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.journey.meanwhile import (
    Boxes,
    MadeFrom,
    Met,
    SavedMeanwhile,
    beside,
    meet,
    tell,
)
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import begun_under, page_already_saved, page_was_sent
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry, entries_of

MOST_QUESTIONS_ASKED = 20
BEGUN = "question_begun"
WORRIES_BEGUN = "worries_begun"
WORRIES, QUESTION = "worries", "question"
"""The boxes of the page."""


def questions_asked(house: House, turn: Turn) -> tuple[str, ...]:
    """What the patient wants to ask the clinician, in order."""
    with house.database.read() as tx:
        return tuple(str(one.body["text"]) for one in entries_of(tx, turn.visit.id, "asked"))


def words_kept(house: House, turn: Turn) -> Boxes:
    """What stands in the boxes of the page."""
    with house.database.read() as tx:
        return _stand(fold_progress(entries_of(tx, turn.visit.id)))


def _stand(progress: Progress) -> Boxes:
    shown = progress.worries_begun or progress.worries
    return {WORRIES: (shown, progress.worries), QUESTION: (progress.question_begun,)}


def worries(house: House, turn: Turn) -> str:
    """What the patient wrote about their worries; empty when nothing."""
    with house.database.read() as tx:
        return fold_progress(entries_of(tx, turn.visit.id)).worries


def not_sent_yet(house: House, turn: Turn) -> tuple[str, ...]:
    """What beside its questions keeps the form from being sent, in the patient's language."""
    with house.database.read() as tx:
        progress = fold_progress(entries_of(tx, turn.visit.id))
    return blocks_sending(progress, house.offered_speech(turn.visit.language).say)


def send_words(
    house: House, turn: Turn, written: Mapping[str, str], *, key: str, was: MadeFrom
) -> None:
    """Keep what was written in the boxes of the page, all of it or nothing.

    Worries are none of the page while the patient reads. Raises `Slip` for what cannot be kept,
    and `SavedMeanwhile` where other worries were saved since the page was made.
    """
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        if visit.station is Station.IN_PROGRESS:
            _keep_worries(house, tx, turn, written.get(WORRIES, ""), key=key, was=was)
        text = written.get(QUESTION, "")
        if is_blank(text):
            _begin(house, tx, turn, "", key=key, was=was)
            page_already_saved(tx, visit.id, key, "asked", {"text": ""})
        else:
            _ask(house, tx, turn, text, key=key, was=was)


def leave_words(
    house: House, turn: Turn, written: Mapping[str, str], *, key: str, was: MadeFrom
) -> None:
    """Keep all of a page that was not sent; nothing is asked.

    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    """
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        if page_was_sent(tx, visit.id, key):
            return
        if visit.station is Station.IN_PROGRESS:
            _leave_worries(house, tx, turn, written.get(WORRIES, ""), key=key, was=was)
        _begin(house, tx, turn, written.get(QUESTION, ""), key=key, was=was)


def keep_worries(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep what worries the patient; the newest words count. Raises `Slip` for other signs."""
    with house.database.write() as tx:
        at_station(tx, turn, Station.IN_PROGRESS)
        _keep_worries(house, tx, turn, text, key=key)


def keep_begun(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep a question that is only begun, just as typed if it is no text; nothing clears it.

    Nobody answers it, and until it is sent or cleared nothing is sent or signed.
    """
    with house.database.write() as tx:
        at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        _begin(house, tx, turn, text, key=key)


def ask(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep a question of the patient's own; it must be answered before signing.

    Raises `Slip` for a text that cannot be kept, or too many questions.
    """
    with house.database.write() as tx:
        at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        _ask(house, tx, turn, text, key=key)


def _keep_worries(
    house: House, tx: Transaction, turn: Turn, text: str, *, key: str, was: MadeFrom | None = None
) -> None:
    cleaned, progress, key = clean_text(text), _progress(tx, turn), f"{key}.{WORRIES}"
    met = _met(tx, turn, key, was, progress, {WORRIES: (cleaned,)})
    if WORRIES in met.clash:
        raise SavedMeanwhile({WORRIES: _stand(progress)[WORRIES]})
    body = {"text": cleaned}
    unchanged = cleaned == progress.worries and not progress.worries_begun
    again = page_already_saved(tx, turn.visit.id, key, WORRIES, body)
    if not (again or unchanged or met.stays):
        _add(house, tx, turn, WORRIES, cleaned, "worries_kept")


def _leave_worries(
    house: House, tx: Transaction, turn: Turn, text: str, *, key: str, was: MadeFrom
) -> None:
    """Keep them as if they were sent; just as typed, where they cannot be read yet."""
    here, progress, key = _cleaned(text), _progress(tx, turn), f"{key}.{WORRIES}"
    met = _met(tx, turn, key, was, progress, {WORRIES: (here,)})
    if WORRIES in met.clash:
        here = beside(_stand(progress)[WORRIES][0], here, partial(met.is_own, WORRIES))
    if met.stays or (here == progress.worries and not progress.worries_begun):
        return
    is_read = _is_text(here)
    kind, action = (WORRIES, "worries_kept") if is_read else (WORRIES_BEGUN, "page_saved")
    if not page_already_saved(tx, turn.visit.id, begun_under(key), kind, {"text": here}):
        _add(house, tx, turn, kind, here, action)


def _begin(
    house: House, tx: Transaction, turn: Turn, text: str, *, key: str, was: MadeFrom | None = None
) -> None:
    here, progress = _cleaned(text), _progress(tx, turn)
    met = _met(tx, turn, key, was, progress, {QUESTION: (here,)})
    if QUESTION in met.clash:
        here = beside(progress.question_begun, here, partial(met.is_own, QUESTION))
    if met.stays or here == progress.question_begun:
        return
    if not page_already_saved(tx, turn.visit.id, begun_under(key), BEGUN, {"text": here}):
        _add(house, tx, turn, BEGUN, here, "page_saved")


def _ask(
    house: House, tx: Transaction, turn: Turn, text: str, *, key: str, was: MadeFrom | None = None
) -> None:
    """A question that was begun elsewhere meanwhile goes on waiting."""
    cleaned, progress = clean_text(text), _progress(tx, turn)
    if not cleaned:
        raise Slip("Write your question, or leave this page.")
    met = _met(tx, turn, key, was, progress, {QUESTION: (cleaned,)})
    again = page_already_saved(tx, turn.visit.id, key, "asked", {"text": cleaned})
    if again or met.stays:
        return
    if len(progress.asked) >= MOST_QUESTIONS_ASKED:
        raise Slip("That is a lot of questions. Please tell your clinician the others.")
    _add(house, tx, turn, "asked", cleaned, "question_asked")
    if QUESTION in met.clash and not is_blank(progress.question_begun):
        _add(house, tx, turn, BEGUN, progress.question_begun, "page_saved")


def _met(
    tx: Transaction, turn: Turn, key: str, was: MadeFrom | None, progress: Progress, here: Boxes
) -> Met:
    """What stands against what is here; nothing newer where it is not known what was shown."""
    if was is None:
        return Met(frozenset(), frozenset())
    now = {name: it for name, it in _stand(progress).items() if name in here}
    met = meet(tx, turn.visit.id, key, was, now, here)
    tell(tx, turn.visit.id, key, here)
    return met


def _progress(tx: Transaction, turn: Turn) -> Progress:
    return fold_progress(entries_of(tx, turn.visit.id))


def _add(house: House, tx: Transaction, turn: Turn, kind: str, text: str, action: str) -> None:
    append_entry(tx, turn.visit.id, kind, {"text": text}, at=house.clock(), person=turn.person)
    told = {"page": "your_questions"} if action == "page_saved" else {}
    house.note(tx, turn.person, action, turn.visit.id, **told)


def _is_text(text: str) -> bool:
    try:
        clean_text(text)
    except Slip:
        return False
    return True


def _cleaned(text: str) -> str:
    return clean_text(text) if _is_text(text) else text
