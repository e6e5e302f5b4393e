"""The words a patient reads before deciding, ready to show and to keep in the record."""

from collections.abc import Iterable
from datetime import datetime

from questionnaire.domain import consent_parts as text
from questionnaire.domain.flags import Flags
from questionnaire.domain.how_often import how_often
from questionnaire.domain.library import Library
from questionnaire.domain.reading import Progress
from questionnaire.domain.review import Review, flag_item
from questionnaire.domain.treatment import Treatment
from questionnaire.domain.visit import Person


def treatment_text(library: Library, treatment: Treatment) -> text.TreatmentText:
    """One treatment, word for word as the patient reads it."""
    quoted = [one for one in treatment.evidence if one.quote_to_patients]
    return text.TreatmentText(
        id=treatment.id,
        title=treatment.title,
        summary=treatment.summary,
        steps=treatment.steps,
        how_it_may_work=treatment.how_it_may_work,
        aims=treatment.aims,
        plain_summary=treatment.plain_summary,
        note=treatment.note_for_patients,
        evidence=tuple(
            text.EvidenceText(one.finding, one.figure, one.limits, one.sources) for one in quoted
        ),
        sessions=treatment.sessions.text,
        risks=tuple(
            text.RiskText(risk.id, risk.title, how_often(risk.frequency), risk.patient_text)
            for risk in library.risks_of(treatment.id)
        ),
        risks_note=treatment.risks_note,
        alternatives=tuple(one.text for one in treatment.alternatives),
        aftercare=tuple(one.text for one in treatment.aftercare),
        help_same_day=treatment.when_to_get_help.same_day,
        help_emergency=treatment.when_to_get_help.emergency,
        help_later=treatment.when_to_get_help.later,
        legal=tuple(
            text.LegalText(
                _sentence_case(place.replace("_", " ")), tuple(one.text for one in sentences)
            )
            for place, sentences in treatment.legal_status.items()
        ),
    )


def statements(
    library: Library, treatments: Iterable[str], progress: Progress
) -> tuple[text.Ticked, ...]:
    """The variable-result statements, with when each was ticked."""
    return tuple(
        text.Ticked(one.id, one.text, progress.ticked.get(one.id))
        for one in library.statements_of(treatments)
    )


def personal_risks(flags: Flags, review: Review, progress: Progress) -> tuple[text.Ticked, ...]:
    """This patient's added risks: from flags the clinician confirmed, then the clinician's own."""
    confirmed = (
        (f"personal:{flag.rule.id}", flag.rule.tell_patient, flag.rule.id)
        for flag in flags.fires
        if flag.rule.tell_patient
        and (done := review.dispositions.get(flag_item(flag.rule.id))) is not None
        and done.tell
    )
    own = ((note.id, note.text, "") for note in review.risks)
    return tuple(
        text.Ticked(key, words, progress.ticked.get(key), because)
        for key, words, because in (*confirmed, *own)
    )


def rights(library: Library) -> tuple[str, ...]:
    """The patient's rights, each with the clinic's own facts where it needs them."""
    facts = library.clinic.facts
    return tuple(f"{one.text} {facts.get(one.id, '')}".strip() for one in library.rights)


def plan_text(review: Review) -> text.PlanText:
    """The plan as printed."""
    plan = review.plan
    return text.PlanText(
        plan.product,
        plan.batch,
        plan.areas,
        plan.sessions,
        plan.interval,
        plan.price,
        plan.not_included,
        plan.details,
    )


def questions_text(progress: Progress) -> tuple[text.QuestionText, ...]:
    """What the patient asked, in order, with the replies."""
    return tuple(text.QuestionText(one.text, one.reply, one.act) for one in progress.asked)


def act_of(person: Person, at: datetime) -> text.Act:
    """Who and when, as printed."""
    return text.Act(person.name, person.role.value, at)


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
