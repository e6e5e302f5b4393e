"""Where patient and visit differ, and why that keeps everybody from signing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from questionnaire.domain.answers import Answers
from questionnaire.domain.definition import TREATMENTS_WANTED
from questionnaire.domain.identity import LANGUAGE, Difference, differences
from questionnaire.domain.review import DecisionKind, blocks_going_ahead
from questionnaire.domain.visit import Visit
from questionnaire.journey.house import House
from questionnaire.journey.standing import Standing, unanswered
from questionnaire.records.entries import Entry

TOLD_BY: Final = ("language_chosen", "decision", "taken_back", "difference_settled")
"""Kinds of entries that tell what is settled already."""


def to_settle(house: House, standing: Standing) -> tuple[Difference, ...]:
    """What patient and visit say differently once the form was sent; see `differ`."""
    answers, entries = standing.sheet.answers, standing.entries
    return differ(house, standing.visit, answers, standing.submitted_at, entries)


def differ(
    house: House,
    visit: Visit,
    answers: Answers,
    sent_at: datetime | None,
    entries: Iterable[Entry],
) -> tuple[Difference, ...]:
    """What patient and visit say differently; nothing while the form was not sent.

    `entries` hold at least those of `TOLD_BY`. Treatments that a decision to go ahead named since
    are the clinician's own choice, and a language chosen since then is read as it is signed.
    """
    if sent_at is None:
        return ()
    told = tuple(entries)
    decided = any(entry.at >= sent_at and _goes_ahead(entry) for entry in told)
    found = [
        one
        for one in differences(house.library.questionnaire, visit, answers)
        if not (one.fact == TREATMENTS_WANTED and decided)
    ]
    before = language_before(told)
    if before and before != visit.language:
        now, then = (house.speech(code).language.name for code in (visit.language, before))
        found.append(Difference(LANGUAGE, now, then))
    return tuple(found)


def _goes_ahead(entry: Entry) -> bool:
    return entry.kind == "decision" and DecisionKind(str(entry.body["kind"])).goes_ahead


def language_before(entries: Iterable[Entry]) -> str:
    """The language that staff wrote down, if the patient chose another before the decision."""
    before, decided = "", False
    for entry in entries:
        if entry.kind == "language_chosen" and not decided:
            before = before or str(entry.body["before"])
        elif entry.kind in {"decision", "taken_back"}:
            before, decided = "", entry.kind == "decision"
        elif entry.kind == "difference_settled" and entry.body["fact"] == LANGUAGE:
            before = ""
    return before


def blocks_consent(house: House, standing: Standing) -> tuple[str, ...]:
    """Why the patient cannot be asked for consent yet, who they are first."""
    differ = (
        f"Patient and visit differ. The patient says: {one.patient}. The visit says: {one.visit}."
        for one in to_settle(house, standing)
    )
    open_ = blocks_going_ahead(
        standing.flags, standing.situation, standing.review, unanswered(standing)
    )
    return (*differ, *open_, *_untold(house, standing))


def _untold(house: House, standing: Standing) -> Iterator[str]:
    """What the document would leave the patient to guess."""
    plan = standing.review.plan
    stated = {label for label, value in plan.details if value}
    for key in plan.treatments:
        for fact in house.library.treatments[key].clinic_must_state:
            if fact not in stated:
                yield f"The plan does not state: {fact}."
    review = standing.review
    if review.reply_before and standing.words_sha256:
        yield "The patient wrote other words since your reply. Write what you say to these."
    elif standing.progress.worries and not review.reply:
        yield "The patient wrote what worries them. Write what you say to this."
