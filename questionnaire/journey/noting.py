"""What a clinician adds in words: points, risks, replies, and check-questions talked through."""

from collections.abc import Mapping

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import ChangedSince, NotFound
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.house import House
from questionnaire.journey.marks import SHOWN
from questionnaire.journey.reviewing import ANSWERED_AT, REVIEWED_AT, Step, begin
from questionnaire.journey.standing import stand
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry


def add_note(
    house: House, clinician: Person, visit_id: str, kind: str, text: str, *, key: str
) -> None:
    """Add a point of the clinician's own (`point`), a risk for this patient (`risk`)."""
    cleaned = clean_text(text)
    if not cleaned or kind not in {"point", "risk"}:
        raise Slip("Write what you want to add.")
    write_down(house, clinician, visit_id, kind, {"text": cleaned}, key=key)


def take_out(house: House, clinician: Person, visit_id: str, note_id: str, *, key: str) -> None:
    """Take out a point or risk that was added; it stays in the ledger. Raises `NotFound`."""
    body = {"id": note_id}
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, "taken_out", body), REVIEWED_AT)
        if visit is None:
            return
        review = stand(house, tx, visit).review
        notes = {"point": review.points, "risk": review.risks}
        kinds = [kind for kind, those in notes.items() for one in those if one.id == note_id]
        if not kinds:
            raise NotFound("This is no longer there. Please look again.")
        append_entry(tx, visit.id, "taken_out", body, at=house.clock(), person=clinician)
        house.note(tx, clinician, f"{kinds[0]}_taken_out", visit.id)


def reply_to_words(
    house: House, clinician: Person, visit_id: str, words: str, *, seen: str, key: str
) -> None:
    """Reply to the patient's own words; printed beside them. No words take the reply back.

    `seen` names the patient's words on the page: raises `ChangedSince` when they are others now,
    and `NotFound` when there are none.
    """
    body = {"words": clean_text(words)}
    with house.database.write() as tx:
        step = Step(key, "reply_to_words", body)
        visit = begin(house, tx, clinician, visit_id, step, REVIEWED_AT)
        if visit is None:
            return
        said = stand(house, tx, visit).words_sha256
        if seen != said:
            raise ChangedSince("The patient wrote other words since. Please look again.")
        if not said:
            raise NotFound("The patient wrote nothing in their own words.")
        add_entry(house, tx, clinician, visit, "reply_to_words", body)


def reply(
    house: House, clinician: Person, visit_id: str, number: int, words: str, *, key: str
) -> None:
    """Answer one of the patient's questions. Raises `Slip` without words, `NotFound`."""
    cleaned = clean_text(words)
    if not cleaned:
        raise Slip("Write what you answered.")
    body = {"number": number, "words": cleaned}
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, "reply", body), ANSWERED_AT)
        if visit is None:
            return
        if all(asked.number != number for asked in stand(house, tx, visit).progress.asked):
            raise NotFound("The patient did not ask this question.")
        add_entry(house, tx, clinician, visit, "reply", body)


def discuss_quiz(
    house: House, clinician: Person, visit_id: str, question_id: str, words: str, *, key: str
) -> None:
    """Record that a check-question was explained again and said back by the patient.

    Raises `Slip` without words, `NotFound` for a question that belongs to no planned treatment.
    """
    cleaned = clean_text(words)
    if not cleaned:
        raise Slip("Write what you talked through, and how the patient said it back.")
    body = {"question": question_id, "words": cleaned}
    step = Step(key, "quiz_discussed", body)
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, step, ANSWERED_AT)
        if visit is None:
            return
        shown = stand(house, tx, visit).shown.quiz.get(question_id)
        if shown is None:
            raise NotFound("This check-question is not part of the visit.")
        add_entry(house, tx, clinician, visit, "quiz_discussed", {**body, SHOWN: shown})


def write_down(
    house: House,
    clinician: Person,
    visit_id: str,
    kind: str,
    body: Mapping[str, object],
    *,
    key: str,
) -> None:
    """Add one entry of this kind to the review; the same `key` again adds nothing."""
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, kind, body), REVIEWED_AT)
        if visit is not None:
            add_entry(house, tx, clinician, visit, kind, body)


def add_entry(
    house: House,
    tx: Transaction,
    clinician: Person,
    visit: Visit,
    kind: str,
    body: Mapping[str, object],
) -> None:
    """Add one entry of this kind, and the line of the ledger that tells of it."""
    append_entry(tx, visit.id, kind, body, at=house.clock(), person=clinician)
    place = {key: body[key] for key in ("number", "question") if key in body}
    house.note(tx, clinician, f"{kind}_written", visit.id, **place)
