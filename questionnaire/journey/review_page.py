"""One visit as the clinician sees it: every point with its reason, and what still blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from questionnaire.domain.answer_words import denied_in_words, whole_answer_in_words
from questionnaire.domain.answers import Answer
from questionnaire.domain.areas import plan_areas
from questionnaire.domain.assembly import drawn_answers, own_words
from questionnaire.domain.consent_parts import Act, AnswerText, MeasureText
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.definition import AnsweredBy, Question
from questionnaire.domain.flags import clear_questions
from questionnaire.domain.identity import Difference
from questionnaire.domain.measures_words import measures_in_words
from questionnaire.domain.reading import (
    Asked,
    Progress,
    choice_words,
    misunderstood,
    to_discuss,
)
from questionnaire.domain.review import (
    Decision,
    Note,
    Plan,
    Reply,
    TakenBack,
)
from questionnaire.domain.treatment import CheckQuestion
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.cards import Card, Gone, cards_of, gone_points
from questionnaire.journey.differing import blocks_consent, to_settle
from questionnaire.journey.house import House
from questionnaire.journey.queueing import Counts, counts_of
from questionnaire.journey.returning import (
    Change,
    FlagChange,
    changes_since,
    flag_changes_since,
    last_time,
)
from questionnaire.journey.reviewing import allow_clinician
from questionnaire.journey.shelf_life import (
    Age,
    answers_age,
    decision_age,
    old_clinic_answers,
    too_old_to_decide,
)
from questionnaire.journey.standing import Standing, stand
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import Event, events_of
from questionnaire.records.visits import get_visit


@dataclass(frozen=True, slots=True)
class QuizPoint:
    """A check-question that was misunderstood at some try; `open` blocks signing.

    `right_at` is the number of the try that was right, 0 while none was; `talked_through` by whom
    and when, None while nobody did, and `words` what they wrote of it.
    """

    id: str
    question: str
    key: bool
    right_answer: str
    tries: tuple[str, ...]
    if_wrong: str
    open: bool
    right_at: int
    talked_through: Act | None
    words: str


@dataclass(frozen=True, slots=True)
class ClearLine:
    """An answer no flag looked at; not `whole`: what was denied in a list of which one looked."""

    section: str
    question: str
    answer: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything on the page. `seen` goes back with each step, so that a change is noticed.

    `words_seen` goes back with a reply to the patient's own words; `reply_before` was to others.
    `drawn` are answers given by a picture or on a map; `areas` the maps the plan can be drawn on.
    `clinic_questions` are asked and answered by clinicians; `fillable` are the patient's that
    staff may measure, and those that only what the clinician found out has opened. `to_settle` is
    what patient and visit say differently; `parted_at` when the visit was found to be of another
    person than it was taken for. `former` is a decision that counts no more, until the next.
    `blocks` say why the patient cannot be asked for consent yet;
    `answers_age` and `decision_age` how old these are since somebody last looked at them,
    `old_clinic_answers` the questions whose answer staff gave too long ago.
    """

    visit: Visit
    seen: str
    content_version: str
    counts: Counts
    cards: tuple[Card, ...]
    gone: tuple[Gone, ...]
    clear: tuple[ClearLine, ...]
    measures: tuple[MeasureText, ...]
    patient_words: tuple[AnswerText, ...]
    drawn: tuple[AnswerText, ...]
    areas: tuple[AreasText, ...]
    words_seen: str
    reply_to_words: str
    reply_before: Reply | None
    asked: tuple[Asked, ...]
    quiz: tuple[QuizPoint, ...]
    clinic_questions: tuple[Question, ...]
    fillable: tuple[Question, ...]
    answers: Mapping[str, Answer]
    plan: Plan
    must_state: tuple[str, ...]
    decision: Decision | None
    former: Decision | None
    taken_back: TakenBack | None
    points: tuple[Note, ...]
    risks: tuple[Note, ...]
    changes: tuple[Change, ...]
    flag_changes: tuple[FlagChange, ...]
    timeline: tuple[Event, ...]
    blocks: tuple[str, ...]
    to_settle: tuple[Difference, ...]
    parted_at: datetime | None
    submitted_at: datetime | None
    answers_age: Age | None
    old_clinic_answers: tuple[tuple[str, Age], ...]
    decision_age: Age | None


def review(house: House, clinician: Person, visit_id: str) -> ReviewPage:
    """The visit for its clinician; reading it is one ledger entry."""
    allow_clinician(clinician)
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        house.note(tx, clinician, "review_read", visit.id)
        standing = stand(house, tx, visit)
        return _page(house, tx, standing)


def _page(house: House, tx: Transaction, standing: Standing) -> ReviewPage:
    now, plan = standing.situation, standing.review.plan
    planned = plan.treatments or now.treatments
    treatments = [it for key, it in house.library.treatments.items() if key in planned]
    questions = [now.questionnaire.questions[key] for key in now.asked]
    sent, cards = last_time(tx, standing.visit), cards_of(house.library, standing)
    return ReviewPage(
        visit=standing.visit,
        seen=standing.answers_sha256,
        content_version=house.library.version,
        counts=counts_of(standing.flags, now),
        cards=cards,
        gone=gone_points(house.library, standing, cards),
        clear=tuple(_clear(standing)),
        measures=measures_in_words(now),
        patient_words=own_words(now, standing.progress),
        drawn=drawn_answers(now),
        words_seen=standing.words_sha256,
        reply_to_words=standing.review.reply_to_words,
        reply_before=standing.review.reply_before,
        asked=standing.progress.asked,
        quiz=tuple(_quiz(house, standing)),
        clinic_questions=tuple(one for one in questions if one.answered_by is AnsweredBy.CLINICIAN),
        fillable=tuple(
            one for one in questions if one.clinician_may_fill_in or one.id in now.opened
        ),
        answers=now.answers,
        plan=plan,
        areas=plan_areas(
            house.library.questionnaire,
            house.library.area_maps_of([one.id for one in treatments]),
            plan.places,
        ),
        must_state=house.library.must_state(planned),
        decision=standing.review.decision,
        former=standing.review.former,
        taken_back=standing.review.taken_back,
        points=standing.review.points,
        risks=standing.review.risks,
        changes=tuple(changes_since(house, sent, standing)) if sent else (),
        flag_changes=tuple(flag_changes_since(house, sent, standing)) if sent else (),
        timeline=tuple(events_of(tx, standing.visit.id)),
        blocks=(*blocks_consent(house, standing), *too_old_to_decide(house, standing)),
        answers_age=answers_age(house, standing),
        old_clinic_answers=old_clinic_answers(house, standing),
        decision_age=decision_age(house, standing),
        to_settle=to_settle(house, standing),
        parted_at=max((it.at for it in standing.entries if it.kind == "parted"), default=None),
        submitted_at=standing.submitted_at,
    )


def _clear(standing: Standing) -> Iterator[ClearLine]:
    now = standing.situation
    clear = clear_questions(standing.flags, now)
    for section in now.questionnaire.sections:
        for question in section.questions:
            offered, answer = now.as_offered(question), now.said(question.id)
            whole = question.id in clear
            in_words = whole_answer_in_words if whole else denied_in_words
            if words := in_words(offered, answer):
                yield ClearLine(section.title, question.text, words, whole)


def _quiz(house: House, standing: Standing) -> Iterator[QuizPoint]:
    progress, rules = standing.progress, house.library.quiz_rules
    for key in standing.review.plan.treatments:
        treatment = house.library.treatments[key]
        still_open = {question.id for question in to_discuss(treatment, progress, rules)}
        for question in misunderstood(treatment, progress):
            yield _quiz_point(question, progress, is_open=question.id in still_open)


def _quiz_point(question: CheckQuestion, progress: Progress, *, is_open: bool) -> QuizPoint:
    choices = [one.choice for one in progress.tries[question.id]]
    return QuizPoint(
        question.id,
        question.question,
        question.key,
        choice_words(question, question.correct),
        tuple(choice_words(question, choice) for choice in choices),
        question.if_wrong,
        is_open,
        choices.index(question.correct) + 1 if question.correct in choices else 0,
        progress.discussed.get(question.id),
        progress.discussed_words.get(question.id, ""),
    )
