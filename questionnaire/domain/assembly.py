"""From what stands of a visit to the consent record: the exact words, gathered once.

Assembling is pure: the same inputs give the same record, byte for byte, so the record shown to
the patient, the one signed and the one sealed can be compared by fingerprint.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from questionnaire.domain import consent_parts as text
from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.consent import ConsentRecord
from questionnaire.domain.consent_words import (
    act_of,
    personal_risks,
    plan_text,
    questions_text,
    rights,
    statements,
    treatment_text,
)
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.flags import Flag, Flags
from questionnaire.domain.library import ClinicDetails, Library
from questionnaire.domain.measures_words import measures_in_words
from questionnaire.domain.reading import Progress, choice_words
from questionnaire.domain.review import (
    Decision,
    Review,
    clarify_item,
    flag_item,
    unsure_item,
)
from questionnaire.domain.situation import Situation
from questionnaire.domain.treatment import Treatment
from questionnaire.domain.visit import Visit
from questionnaire.domain.wording import leaf_in_words


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything a visit holds at one moment, ready to be assembled.

    The decision and the time the information was given must be there: a record cannot be
    assembled before.
    """

    visit: Visit
    situation: Situation
    flags: Flags
    review: Review
    progress: Progress
    submitted_at: datetime


def assemble(library: Library, gathered: Gathered) -> ConsentRecord:
    """The consent record of a visit as it stands.

    Raises `ValueError` when the review has no decision or the information was not given yet:
    a fault of the caller, which must check first.
    """
    decision, given_at = gathered.review.decision, gathered.progress.information_given_at
    if decision is None or given_at is None:
        raise ValueError("a record needs a decision and information given")
    visit, review = gathered.visit, gathered.review
    treatments = [library.treatments[key] for key in review.plan.treatments]
    answers = tuple(_answers(gathered.situation))
    return ConsentRecord(
        record_id=decision.record_id,
        visit_id=visit.id,
        language=visit.language,
        content_version=library.version,
        help_with_form=_answer_to("help_with_form", answers),
        withdrawal_code=decision.withdrawal_code,
        clinic=_clinic(library.clinic),
        patient=text.PatientFacts(
            visit.patient.id,
            visit.patient.full_name,
            visit.patient.date_of_birth,
            visit.identity_check,
        ),
        practitioner=text.Practitioner(
            decision.by.name,
            decision.by.role.value,
            decision.by.registration,
        ),
        treatments=tuple(treatment_text(library, treatment) for treatment in treatments),
        plan=plan_text(review),
        patient_words=own_words(gathered.situation),
        statements=statements(library, review.plan.treatments, gathered.progress),
        personal_risks=personal_risks(gathered.flags, review, gathered.progress),
        rights=rights(library),
        answers=answers,
        measures=measures_in_words(gathered.situation),
        flags=tuple(_flags(gathered)),
        questions=questions_text(gathered.progress),
        quiz=tuple(_quiz(treatments, gathered.progress)),
        review=_review(review, decision),
        photos=gathered.progress.photos,
        times=text.Times(visit.arranged_at, gathered.submitted_at, given_at, decision.at),
        sources=_sources(library, treatments),
    )


def _clinic(clinic: ClinicDetails) -> text.ClinicFacts:
    return text.ClinicFacts(
        clinic.name,
        clinic.address,
        clinic.phone,
        clinic.emergency_phone,
        clinic.email,
        clinic.complaints,
        clinic.country,
        clinic.time_zone,
        clinic.data_use,
        clinic.withdrawal,
    )


def _answers(situation: Situation) -> Iterator[text.AnswerText]:
    asked = set(situation.asked)
    for section in situation.questionnaire.sections:
        for question in section.questions:
            if question.id in asked:
                yield _answer(section.title, question, situation)


def _answer(section: str, question: Question, situation: Situation) -> text.AnswerText:
    words = "\n".join(answer_in_words(question, situation.answers.get(question.id)))
    return text.AnswerText(section, question.id, question.text, words, question.answered_by.value)


def _answer_to(question_id: str, answers: Iterable[text.AnswerText]) -> str:
    return next((one.answer for one in answers if one.question_id == question_id), "")


def own_words(situation: Situation) -> tuple[text.AnswerText, ...]:
    """What the patient wrote freely: optional text questions that were answered."""
    texts = {
        question.id
        for question in situation.questionnaire.questions.values()
        if question.kind is Kind.TEXT and question.optional
    }
    return tuple(
        one
        for one in _answers(situation)
        if one.question_id in texts and one.question_id in situation.answers
    )


def _flags(gathered: Gathered) -> Iterator[text.FlagText]:
    flags, done = gathered.flags, gathered.review
    for flag in flags.fires:
        yield _flag(gathered, flag, "fires", flag_item(flag.rule.id))
    for flag in flags.clarify:
        yield _flag(gathered, flag, "clarify", clarify_item(flag.rule.id))
    questions = gathered.situation.questionnaire.questions
    for unsure in flags.unsure:
        question = questions[unsure.question]
        row = question.option(unsure.option).text if unsure.option else ""
        yield text.FlagText(
            unsure.key,
            "unsure",
            "",
            f"{question.text} {row}".strip(),
            "",
            (),
            _disposition(done, unsure_item(unsure.key)),
        )


def _flag(gathered: Gathered, flag: Flag, kind: str, item: str) -> text.FlagText:
    rule = flag.rule
    because = tuple(leaf_in_words(leaf, gathered.situation.questionnaire) for leaf in flag.because)
    return text.FlagText(
        rule.id,
        kind,
        rule.severity.value,
        rule.title,
        rule.why,
        because,
        _disposition(gathered.review, item),
    )


def _disposition(review: Review, item: str) -> text.DispositionText | None:
    done = review.dispositions.get(item)
    if done is None:
        return None
    return text.DispositionText(done.actions, done.words, act_of(done.by, done.at))


def _quiz(treatments: Iterable[Treatment], progress: Progress) -> Iterator[text.QuizText]:
    for treatment in treatments:
        for question in treatment.quiz:
            yield text.QuizText(
                question.id,
                treatment.title,
                question.key,
                question.question,
                choice_words(question, question.correct),
                tuple(
                    text.Attempt(
                        choice_words(question, one.choice), one.choice == question.correct, one.at
                    )
                    for one in progress.tries.get(question.id, ())
                ),
                progress.discussed.get(question.id),
            )


def _review(review: Review, decision: Decision) -> text.ReviewText:
    plan = review.plan
    return text.ReviewText(
        decision.kind.value,
        decision.words,
        plan.discussed,
        plan.benefit_view,
        plan.capacity,
        review.reply_to_words,
        tuple(note.text for note in review.points),
        act_of(decision.by, decision.at),
    )


def _sources(library: Library, treatments: Iterable[Treatment]) -> tuple[text.SourceText, ...]:
    named = {
        source
        for treatment in treatments
        for one in treatment.evidence
        if one.quote_to_patients
        for source in one.sources
    }
    return tuple(
        text.SourceText(source.id, source.citation, source.year)
        for key, source in library.sources.items()
        if key in named
    )
