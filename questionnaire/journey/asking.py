"""The patient's own words beside the form: what worries them, and what they want to ask."""

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.reading import blocks_sending
from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import begun_under, page_already_saved, page_was_sent
from questionnaire.records.entries import append_entry, entries_of

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
        return fold_progress(entries_of(tx, turn.visit.id)).worries_begun


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
        stands = fold_progress(entries_of(tx, visit.id))
        body = {"text": cleaned}
        unchanged = cleaned == stands.worries and not stands.worries_begun
        if unchanged or page_already_saved(tx, visit.id, key, "worries", body):
            return
        append_entry(tx, visit.id, "worries", body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, "worries_kept", visit.id)


def question_begun(house: House, turn: Turn) -> str:
    """The question that was begun when the device was left alone; empty once one is asked."""
    with house.database.read() as tx:
        return fold_progress(entries_of(tx, turn.visit.id)).question_begun


def not_sent_yet(house: House, turn: Turn) -> tuple[str, ...]:
    """What beside its questions keeps the form from being sent, in the patient's language."""
    with house.database.read() as tx:
        progress = fold_progress(entries_of(tx, turn.visit.id))
    return blocks_sending(progress, house.offered_speech(turn.visit.language).say)


def keep_begun(house: House, turn: Turn, text: str, *, key: str) -> None:
    """Keep a question that is only begun, just as typed if it is no text; nothing clears it.

    Nobody answers it, and until it is sent or cleared nothing is sent or signed.
    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    """
    try:
        cleaned = clean_text(text)
    except Slip:
        cleaned = text
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        begun = fold_progress(entries_of(tx, visit.id)).question_begun
        if cleaned == begun or page_was_sent(tx, visit.id, key):
            return
        body = {"text": cleaned}
        if page_already_saved(tx, visit.id, begun_under(key), BEGUN, body):
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
