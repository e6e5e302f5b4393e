"""What a clinician adds in words: points, risks, replies, and check-questions talked through."""

from collections.abc import Mapping

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.visit import Person, Station
from questionnaire.journey.house import House
from questionnaire.journey.reviewing import ANSWERED_AT, REVIEWED_AT, begin
from questionnaire.records.entries import append_entry


def add_note(
    house: House, clinician: Person, visit_id: str, kind: str, text: str, *, key: str
) -> None:
    """Add a point of the clinician's own (`point`), a risk for this patient (`risk`)."""
    cleaned = clean_text(text)
    if not cleaned or kind not in {"point", "risk"}:
        raise Slip("Write what you want to add.")
    write_down(house, clinician, visit_id, kind, {"text": cleaned}, key=key)


def reply_to_words(house: House, clinician: Person, visit_id: str, words: str, *, key: str) -> None:
    """Reply to the patient's own words; printed beside them."""
    write_down(house, clinician, visit_id, "reply_to_words", {"words": clean_text(words)}, key=key)


def reply(
    house: House, clinician: Person, visit_id: str, number: int, words: str, *, key: str
) -> None:
    """Answer one of the patient's questions. Raises `Slip` without words."""
    cleaned = clean_text(words)
    if not cleaned:
        raise Slip("Write what you answered.")
    write_down(
        house,
        clinician,
        visit_id,
        "reply",
        {"number": number, "words": cleaned},
        stations=ANSWERED_AT,
        key=key,
    )


def discuss_quiz(
    house: House, clinician: Person, visit_id: str, question_id: str, words: str, *, key: str
) -> None:
    """Record that a check-question was explained again and said back by the patient."""
    body = {"question": question_id, "words": clean_text(words)}
    write_down(house, clinician, visit_id, "quiz_discussed", body, stations=ANSWERED_AT, key=key)


def write_down(
    house: House,
    clinician: Person,
    visit_id: str,
    kind: str,
    body: Mapping[str, object],
    *,
    key: str,
    stations: tuple[Station, ...] = REVIEWED_AT,
) -> None:
    """Add one entry of this kind to the visit; the same `key` again adds nothing."""
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, key, stations)
        if visit is not None:
            append_entry(tx, visit.id, kind, body, at=house.clock(), person=clinician)
            house.note(tx, clinician, f"{kind}_written", visit.id)
