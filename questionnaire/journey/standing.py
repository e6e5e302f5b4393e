"""What stands of a visit now: answers, flags, review and reading, folded from the records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from questionnaire.domain.answers import Answer, Answers
from questionnaire.domain.clarified import clarified
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.flags import Flags, raise_flags
from questionnaire.domain.library import Library
from questionnaire.domain.reading import Progress
from questionnaire.domain.review import (
    Disposition,
    Review,
    keep_only,
    still_counting,
    undecided,
)
from questionnaire.domain.shown_words import ShownWords
from questionnaire.domain.situation import Situation, chosen_treatments, situation
from questionnaire.domain.visit import Station, Visit
from questionnaire.domain.written import Json, answers_fingerprint, readable_answers, write_answers
from questionnaire.journey.folding import (
    clinic_answers,
    fold_review,
    given_by_clinic,
)
from questionnaire.journey.house import House
from questionnaire.journey.marks import progress_under, words_shown
from questionnaire.journey.replying import only_to_these, words_at
from questionnaire.records.answers import Submission, load_answers, save_answers, submissions
from questionnaire.records.database import Transaction
from questionnaire.records.entries import Entry, entries_of

CONFIRMED, UPHELD = "answers_confirmed", "decision_upheld"
"""Entries that say: the patient looked at the answers again, the clinician at the decision."""

DECIDED_ANEW = (Station.IN_PROGRESS, Station.SUBMITTED, Station.UNDER_REVIEW)
"""Where a decision that was made before counts no more, however the visit came back there."""

Rows = Mapping[str, Mapping[str, str]]
"""Row-by-row question → option → `yes`, `no` or `not_sure`, while the list is being filled in."""

Drafts = Mapping[str, Mapping[str, Sequence[str]]]
"""Question → part of its field (empty, or like `.day`) → what was typed there, just as it was."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The working copy of the answers; `revision` counts the saves.

    `drafts` are what was typed and could not be read yet.
    """

    revision: int
    answers: Mapping[str, Answer]
    rows: Rows
    drafts: Drafts


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit at this moment.

    `answers_sha256` names the asked answers; a decision is bound to it. `submitted_at` is None
    until the patient has sent the form. `entries` are everything added so far, oldest first.
    `words_sha256` names the patient's own words, empty where there are none.
    """

    visit: Visit
    sheet: Sheet
    situation: Situation
    flags: Flags
    review: Review
    shown: ShownWords
    progress: Progress
    submitted_at: datetime | None
    entries: tuple[Entry, ...]
    words_sha256: str

    @property
    def confirmed_at(self) -> datetime | None:
        """When the patient last sent or confirmed the answers."""
        return last_confirmed(self.submitted_at, self.entries)

    @property
    def decided_at(self) -> datetime | None:
        """When the clinician last made or upheld the decision that stands."""
        decision = self.review.decision
        upheld = [entry.at for entry in self.entries if entry.kind == UPHELD]
        return max((decision.at, *upheld)) if decision else None

    @property
    def answers_sha256(self) -> str:
        """The fingerprint of the answers that are asked now."""
        return answers_fingerprint(self.situation.answers)


def last_confirmed(sent_at: datetime | None, entries: Iterable[Entry]) -> datetime | None:
    """When answers that were sent were last confirmed; None while they were not sent."""
    confirmed = [entry.at for entry in entries if entry.kind == CONFIRMED]
    return max((sent_at, *confirmed)) if sent_at else None


def load_sheet(house: House, tx: Transaction, visit_id: str) -> Sheet:
    """The working copy of the answers, typed; only what the content still knows."""
    revision, body = load_answers(tx, visit_id)
    written = cast("Mapping[str, Json]", body.get("answers", {}))
    answers = readable_answers(house.library.questionnaire.questions, written, today=house.today())
    rows, drafts = cast("Rows", body.get("rows", {})), cast("Drafts", body.get("drafts", {}))
    return Sheet(revision, answers, rows, drafts)


def keep_sheet(house: House, tx: Transaction, visit_id: str, sheet: Sheet) -> Sheet:
    """Replace the working copy and hand it back with its new revision."""
    body = {
        "answers": write_answers(sheet.answers),
        "rows": {key: dict(row) for key, row in sheet.rows.items()},
        "drafts": {key: dict(typed) for key, typed in sheet.drafts.items()},
    }
    return replace(sheet, revision=save_answers(tx, visit_id, body, now=house.clock()))


def still_offered(library: Library, treatments: Iterable[str]) -> tuple[str, ...]:
    """Those of the treatments that the clinic still offers; it may drop one at any time."""
    return tuple(key for key in treatments if key in library.treatments)


def situation_of(
    house: House,
    visit: Visit,
    answers: Mapping[str, Answer],
    sent_at: datetime | None,
    planned: Iterable[str] = (),
    told: Library | None = None,
) -> Situation:
    """What is asked and known; ages count to the day the form was sent or confirmed, or to today.

    Treatments the clinician `planned` count as chosen too; when none of those chosen is offered any
    more, every treatment does. The questions are in the words of
    `told`, or else the clinic's own.
    """
    library = told or house.library
    chosen = chosen_treatments(visit.treatments, answers, library.treatments)
    offered = frozenset(still_offered(library, chosen)) or frozenset(library.treatments)
    on = house.day_of(sent_at or house.clock())
    now = situation(library.questionnaire, offered | {*planned}, answers, on)
    return replace(now, offered=offered)


def stand(house: House, tx: Transaction, visit: Visit) -> Standing:
    """Everything that stands of the visit, read in one transaction."""
    sheet = load_sheet(house, tx, visit.id)
    entries = entries_of(tx, visit.id)
    forms = [(it.at, answers_as_sent(house, it)) for it in submissions(tx, visit.id)]
    sent_at, sent = forms[-1] if forms else (None, None)
    now, flags, review = _counted(
        house,
        visit,
        entries,
        sheet.answers,
        last_confirmed(sent_at, entries),
        overtaken=_overtaken(house, visit, forms, entries),
        sent=None if visit.station is Station.IN_PROGRESS else sent,
    )
    if visit.station in DECIDED_ANEW:
        review = undecided(review)
    words = [words_at(house, at, said, entries) for at, said in forms]
    if visit.station is Station.IN_PROGRESS:
        words.append(words_at(house, house.clock(), now.answers, entries))
    shown = words_shown(house, visit, now, flags, review)
    return Standing(
        visit,
        sheet,
        now,
        flags,
        only_to_these(review, words),
        shown,
        progress_under(shown, entries, visit.station),
        sent_at,
        entries,
        words[-1][1] if words else "",
    )


def _counted(
    house: House,
    visit: Visit,
    entries: Iterable[Entry],
    answers: Answers,
    confirmed_at: datetime | None,
    *,
    overtaken: frozenset[Disposition],
    sent: Answers | None = None,
) -> tuple[Situation, Flags, Review]:
    """What is known and pointed at with these answers, and the review with what counts on them."""
    review = keep_only(fold_review(entries), lambda done: done not in overtaken)
    planned = still_offered(house.library, review.plan.treatments)
    review = replace(review, plan=replace(review.plan, treatments=planned))
    now = clarified(
        lambda given: situation_of(house, visit, given, confirmed_at, planned),
        answers,
        given_by_clinic(entries, answers),
        review.dispositions,
        sent,
    )
    flags = raise_flags(house.library.rules, now)
    return now, flags, still_counting(review, flags, now)


def _overtaken(
    house: House,
    visit: Visit,
    forms: Iterable[tuple[datetime, Answers]],
    entries: Sequence[Entry],
) -> frozenset[Disposition]:
    """What was recorded before a form on which it did not count, whatever was sent after that.

    `forms` are when each was sent and its answers, oldest first.
    """
    over = frozenset[Disposition]()
    first = min((one.at for one in entries if one.kind == "disposition"), default=None)
    for at, said in forms:
        if first is not None and first < at:
            then = tuple(one for one in entries if one.at <= at)
            answers = {**_of_the_clinic(house, then), **said}
            _, _, review = _counted(house, visit, then, answers, at, overtaken=over)
            over |= {done for dones in review.earlier.values() for done in dones}
    return over


def _of_the_clinic(house: House, entries: Iterable[Entry]) -> dict[str, Answer]:
    """The answers to the clinic's own questions; a form has only those that it asked by itself."""
    questions = house.library.questionnaire.questions
    given = readable_answers(questions, clinic_answers(entries), today=house.today())
    return {
        key: it for key, it in given.items() if questions[key].answered_by is AnsweredBy.CLINICIAN
    }


def answers_as_sent(house: House, sent: Submission) -> dict[str, Answer]:
    """The answers of a form as the patient sent it; only what today's questions still know."""
    written = sent.body["answers"]
    if not isinstance(written, dict):
        raise TypeError("a submission holds its answers by question")
    known: Mapping[str, Json] = written
    return readable_answers(house.library.questionnaire.questions, known, today=house.today())


def unanswered(standing: Standing) -> Iterable[str]:
    """The texts of questions that must be answered before the patient is asked for consent.

    The patient's own, and the clinician's for the treatments that are planned.
    """
    now, planned = standing.situation, frozenset(standing.review.plan.treatments)
    for key in (*now.missing(), *now.missing(AnsweredBy.CLINICIAN)):
        question = now.questionnaire.questions[key]
        if not question.treatments or not planned or question.treatments & planned:
            yield question.text
