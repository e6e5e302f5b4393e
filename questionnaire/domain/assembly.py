"""From what stands of a visit to the consent record: the exact words, gathered once.

Assembling is pure: the same inputs give the same record, byte for byte, so the record shown to
the patient, the one signed and the one sealed can be compared by fingerprint.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from questionnaire.domain import consent_parts as text
from questionnaire.domain.answer_words import is_typed, whole_answer_in_words
from questionnaire.domain.areas import areas_of_answer
from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.domain.consent import ConsentRecord
from questionnaire.domain.consent_words import (
    act_of,
    personal_risks,
    plan_text,
    questions_text,
    rights,
    statements,
    treatment_text,
    worries_text,
)
from questionnaire.domain.definition import AnsweredBy, Kind, Question
from questionnaire.domain.flag_words import flags_text
from questionnaire.domain.flags import Flags
from questionnaire.domain.language import Say, in_english
from questionnaire.domain.library import Library
from questionnaire.domain.measures_words import measures_in_words
from questionnaire.domain.reading import Progress, choice_words
from questionnaire.domain.review import (
    Decision,
    Review,
)
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech, english
from questionnaire.domain.treatment import Treatment
from questionnaire.domain.visit import Visit


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


def assemble(
    library: Library, clinic: ClinicDetails, gathered: Gathered, speech: Speech | None = None
) -> ConsentRecord:
    """The consent record of a visit as it stands, at a clinic of these facts.

    What the patient reads is in the words of `speech`; what the clinician reads, the flags, stays
    in those of `library`, the clinic's own.

    Raises `ValueError` when the review has no decision or the information was not given yet:
    a fault of the caller, which must check first.
    """
    decision, given_at = gathered.review.decision, gathered.progress.information_given_at
    if decision is None or given_at is None:
        raise ValueError("a record needs a decision and information given")
    visit, review = gathered.visit, gathered.review
    told = speech or english(library)
    treatments = [told.library.treatments[key] for key in review.plan.treatments]
    answers = tuple(answers_told(gathered.situation, told))
    return ConsentRecord(
        record_id=decision.record_id,
        visit_id=visit.id,
        language=told.language.code,
        translation="draft" if told.is_draft else "",
        written_in=review.plan.written_in,
        content_version=told.library.version,
        help_with_form=_answer_to("help_with_form", answers),
        withdrawal_code=decision.withdrawal_code,
        clinic=_clinic(told.library, clinic),
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
        treatments=tuple(
            treatment_text(told.library, it, told.say, clinic.law_of) for it in treatments
        ),
        plan=plan_text(library, review, told),
        patient_words=own_words(gathered.situation, gathered.progress, told),
        statements=statements(told.library, review.plan.treatments, gathered.progress),
        personal_risks=personal_risks(
            told.library, gathered.situation, gathered.flags, review, gathered.progress
        ),
        rights=rights(told.library, clinic, told.language.code),
        answers=answers,
        measures=measures_in_words(gathered.situation, told),
        flags=tuple(flags_text(gathered.flags, review, gathered.situation, told)),
        questions=questions_text(gathered.progress),
        quiz=tuple(_quiz(treatments, gathered.progress, told.say)),
        review=_review(review, decision),
        photos=gathered.progress.photos,
        times=text.Times(
            visit.arranged_at,
            gathered.submitted_at,
            given_at,
            decision.at,
            library.clinic.may_sign_from(review.plan.treatments, given_at),
        ),
        sources=_sources(library, treatments),
    )


def _clinic(library: Library, clinic: ClinicDetails) -> text.ClinicFacts:
    said = library.clinic
    return text.ClinicFacts(
        clinic.name,
        clinic.address,
        clinic.phone,
        clinic.emergency_phone,
        clinic.email,
        clinic.fill(said.complaints),
        clinic.country,
        clinic.time_zone,
        clinic.fill(said.data_use),
        clinic.fill(said.withdrawal),
        clinic.calling_code,
        clinic.emergency_number,
    )


def answers_told(situation: Situation, told: Speech | None = None) -> Iterator[text.AnswerText]:
    """The answers to everything that was asked, in the words they are printed in."""
    asked, say = set(situation.asked), told.say if told else in_english
    questionnaire = told.library.questionnaire if told else situation.questionnaire
    for section in questionnaire.sections:
        for question in section.questions:
            if question.id in asked and not _nobody_was_asked(question, situation):
                yield _answer(section.title, question, situation, say)


def _nobody_was_asked(question: Question, situation: Situation) -> bool:
    """Whether it was never put to the patient, and the clinic may and did leave it out."""
    is_new = question.id in situation.opened and situation.said(question.id) is None
    return is_new and question.optional


def _answer(section: str, question: Question, situation: Situation, say: Say) -> text.AnswerText:
    answer, by_clinic = situation.said(question.id), question.id in situation.by_clinic
    offered = situation.as_offered(question)
    return text.AnswerText(
        section,
        question.id,
        question.text,
        "\n".join(whole_answer_in_words(offered, answer, say)),
        AnsweredBy.CLINICIAN.value if by_clinic else question.answered_by.value,
        str(answer) if question.kind is Kind.PICTURE and isinstance(answer, int) else "",
        areas_of_answer(question, answer),
        is_typed(question, answer),
    )


def _answer_to(question_id: str, answers: Iterable[text.AnswerText]) -> str:
    return next((one.answer for one in answers if one.question_id == question_id), "")


def drawn_answers(situation: Situation) -> tuple[text.AnswerText, ...]:
    """What the patient answered by a picture or on a map."""
    return tuple(one for one in answers_told(situation) if one.picture or one.areas)


def own_words(
    situation: Situation, progress: Progress, told: Speech | None = None
) -> tuple[text.AnswerText, ...]:
    """What the patient wrote freely: optional text questions that were answered, and worries."""
    texts = {
        question.id
        for question in situation.questionnaire.questions.values()
        if question.is_free_text
    }
    written = tuple(
        one
        for one in answers_told(situation, told)
        if one.question_id in texts and one.question_id in situation.answers
    )
    return (*written, *worries_text(progress, told.say if told else in_english))


def _quiz(treatments: Iterable[Treatment], progress: Progress, say: Say) -> Iterator[text.QuizText]:
    for treatment in treatments:
        for question in treatment.quiz:
            yield text.QuizText(
                question.id,
                treatment.title,
                question.key,
                question.question,
                choice_words(question, question.correct, say),
                tuple(
                    text.Attempt(
                        choice_words(question, one.choice, say),
                        one.choice == question.correct,
                        one.at,
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
