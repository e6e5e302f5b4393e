"""The patient's own words beside the form: what worries them, and what they want to ask."""

from collections.abc import Sequence

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_already_saved, page_was_sent
from questionnaire.records.entries import Entry, append_entry, entries_of

MOST_QUESTIONS_ASKED = 20
BEGUN = "question_begun"
WORRIES_BEGUN = "worries_begun"


def questions_asked(house: House, turn: Turn) -> tuple[str, ...]:
    """What the patient wants to ask the clinician, in order."""
    with house.database.read() as tx:
        return tuple(str(one.body["text"]) for one in entries_of(tx, turn.visit.id, "asked"))


def worries(house: House, turn: Turn) -> str:
    """What the patient wrote about their worries; empty when nothing."""
    with house.database.read() as tx:
        return fold_progress(entries_of(tx, turn.visit.id)).worries


def worries_begun(house: House, turn: Turn) -> str:
    """What was typed about worries when the device was left alone, if newer than `worries`."""
    with house.database.read() as tx:
        newest = entries_of(tx, turn.visit.id, "worries", WORRIES_BEGUN)[-1:]
    return "".join(str(one.body["text"]) for one in newest if one.kind == WORRIES_BEGUN)


def keep_worries_begun(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep words about worries just as they were typed, because they cannot be read yet."""
    with house.database.write() as tx:
        visit, body = at_station(tx, turn, Station.IN_PROGRESS), {"text": text}
        if not page_already_saved(tx, visit.id, key, WORRIES_BEGUN, body):
            append_entry(tx, visit.id, WORRIES_BEGUN, body, at=house.clock(), person=turn.person)
            house.note(tx, turn.person, "page_saved", visit.id, page="your_questions")


def keep_worries(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep what worries the patient; the newest words count. Raises `Slip` for other signs."""
    cleaned = clean_text(text)
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS)
        kept = fold_progress(entries_of(tx, visit.id)).worries
        body = {"text": cleaned}
        if cleaned == kept or page_already_saved(tx, visit.id, key, "worries", body):
            return
        append_entry(tx, visit.id, "worries", body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, "worries_kept", visit.id)


def question_begun(house: House, turn: Turn) -> str:
    """The question that was begun when the device was left alone; empty once one is asked."""
    with house.database.read() as tx:
        return _begun(entries_of(tx, turn.visit.id))


def _begun(entries: Sequence[Entry]) -> str:
    last = next((one for one in reversed(entries) if one.kind in {"asked", BEGUN}), None)
    return str(last.body["text"]) if last and last.kind == BEGUN else ""


def keep_begun(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep a question that is only begun, which nobody answers; just as typed if it is no text.

    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    """
    try:
        cleaned = clean_text(text)
    except Slip:
        cleaned = text
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        if cleaned == _begun(entries_of(tx, visit.id)) or page_was_sent(tx, visit.id, key):
            return
        body = {"text": cleaned}
        if page_already_saved(tx, visit.id, f"{key}.begun", BEGUN, body):
            return
        append_entry(tx, visit.id, BEGUN, body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, "page_saved", visit.id, page="your_questions")


def ask(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep a question of the patient's own; it must be answered before signing.

    Raises `Slip` for a text that cannot be kept, or too many questions.
    """
    cleaned = clean_text(text)
    if not cleaned:
        raise Slip("Write your question, or leave this page.")
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        body = {"text": cleaned}
        if page_already_saved(tx, visit.id, key, "asked", body):
            return
        if len(entries_of(tx, visit.id, "asked")) >= MOST_QUESTIONS_ASKED:
            raise Slip("That is a lot of questions. Please tell your clinician the others.")
        append_entry(tx, visit.id, "asked", body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, "question_asked", visit.id)
