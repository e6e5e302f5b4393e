"""The words a patient reads before deciding, ready to show and to keep in the record."""

from collections.abc import Collection, Iterable
from datetime import datetime

from questionnaire.domain import consent_parts as text
from questionnaire.domain.areas import areas_in_words, beyond_places, plan_areas
from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.flags import Flags, questions_behind
from questionnaire.domain.language import Say, in_english, listed, to_say
from questionnaire.domain.library import Library
from questionnaire.domain.reading import Progress
from questionnaire.domain.reasons import sources_of
from questionnaire.domain.review import Plan, Review, flag_item
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech
from questionnaire.domain.told_in_pictures import results_told, risks_told
from questionnaire.domain.treatment import Statement, Treatment
from questionnaire.domain.visit import Person

OF_RULE = "personal:"
"""What the id of a personal risk begins with that a rule gives; the rule's id follows."""
WORRIES_ID = "worries"
WORRIES = to_say("What worries you?")


def treatment_text(
    library: Library, treatment: Treatment, say: Say, law_of: Collection[str]
) -> text.TreatmentText:
    """One treatment, word for word as the patient reads it; the law of these places alone."""
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
        risks=risks_told(library.risks_of(treatment.id), say),
        risks_note=treatment.risks_note,
        alternatives=tuple(one.text for one in treatment.alternatives),
        aftercare=tuple(one.text for one in treatment.aftercare),
        help_same_day=treatment.when_to_get_help.same_day,
        help_emergency=treatment.when_to_get_help.emergency,
        help_later=treatment.when_to_get_help.later,
        legal=tuple(
            text.LegalText(library.places[place].name, tuple(one.text for one in sentences))
            for place, sentences in treatment.legal_status.items()
            if place in library.law_read(law_of)
        ),
        results=results_told(treatment.results_picture, say),
    )


def statements(
    library: Library, treatments: Iterable[str], progress: Progress
) -> tuple[text.Ticked, ...]:
    """The variable-result statements, with when each was ticked."""
    return tuple(
        text.Ticked(one.id, one.text, progress.ticked.get(one.id))
        for one in library.statements_of(treatments)
    )


def personal_risks(
    library: Library, situation: Situation, flags: Flags, review: Review, progress: Progress
) -> tuple[text.Ticked, ...]:
    """This patient's added risks: from flags the clinician confirmed, then the clinician's own.

    Flags of rules for other treatments than those planned add none. Those from flags are in the
    language of the library, the clinician's own as they wrote them.
    """
    questions = library.questionnaire.questions
    confirmed = (
        (
            f"{OF_RULE}{flag.rule.id}",
            library.rule(flag.rule.id).tell_patient,
            "\n".join(questions[key].text for key in questions_behind(flag, situation)),
            tuple(
                (source.value, questions[key].text)
                for source, key in sources_of(flag.because, situation)
            ),
        )
        for flag in flags.fires
        if flag.rule.tell_patient
        and flag.rule.is_for(review.plan.treatments)
        and (done := review.dispositions.get(flag_item(flag.rule.id))) is not None
        and done.tell
    )
    own = ((note.id, note.text, "", ()) for note in review.risks)
    return tuple(
        text.Ticked(key, words, progress.ticked.get(key), because, sources)
        for key, words, because, sources in (*confirmed, *own)
    )


def risks_of_treatment(
    library: Library, treatment: str, risks: Iterable[text.Ticked]
) -> tuple[text.Ticked, ...]:
    """Those of a patient's added risks that belong to one treatment.

    A rule's risk belongs to the treatments its rule is for, the clinician's own to each.
    """

    def belongs(one: text.Ticked) -> bool:
        if not one.id.startswith(OF_RULE):
            return True
        return library.rule(one.id.removeprefix(OF_RULE)).is_for([treatment])

    return tuple(one for one in risks if belongs(one))


def rights(library: Library, clinic: ClinicDetails, language: str) -> tuple[str, ...]:
    """The patient's rights, each with the clinic's own facts where it needs them.

    A right that waits for the clinic's own words in that `language` (code) is left out.
    """

    def told(one: Statement) -> str:
        sentence = clinic.fill(library.clinic.facts.get(one.id, ""))
        own = clinic.own_words.get(one.id, {}).get(language, "")
        return " ".join(words for words in (one.text, sentence, own) if words)

    return tuple(
        told(one)
        for one in library.rights
        if one not in library.rights_in_own_words or clinic.own_words.get(one.id, {}).get(language)
    )


def planned_areas(
    treatments: Iterable[str], places: Iterable[str], told: Speech
) -> tuple[AreasText, ...]:
    """Those of the planned places that are on maps of these treatments, in the words of `told`."""
    library = told.library
    found = plan_areas(library.questionnaire, library.area_maps_of(treatments), places, told.say)
    return tuple(each for each in found if each.chosen)


def own_areas(library: Library, plan: Plan, told: Speech) -> str:
    """The clinician's own words about where, unless they say no more than the places ticked.

    `library` has the places in the words in which the clinician ticked them.
    """
    ticked = plan_areas(
        library.questionnaire, library.area_maps_of(plan.treatments), plan.places, in_english
    )
    read = planned_areas(plan.treatments, plan.places, told)
    return beyond_places(plan.areas, areas_in_words(ticked), areas_in_words(read))


def plan_text(library: Library, review: Review, told: Speech) -> text.PlanText:
    """The plan as printed; areas picked on maps stand before the clinician's own words.

    What the clinic states of a treatment stands under its name, in the words of `told`; `library`
    has the names under which the clinician wrote it.
    """
    plan, stated = review.plan, dict(review.plan.details)
    maps = planned_areas(plan.treatments, plan.places, told)
    own = own_areas(library, plan, told)
    asked = {
        key: tuple(
            zip(
                library.treatments[key].clinic_must_state,
                told.library.treatments[key].clinic_must_state,
                strict=True,
            )
        )
        for key in plan.treatments
    }
    return text.PlanText(
        plan.product,
        plan.batch,
        "\n".join((listed(areas_in_words(maps), told.say), own)).strip(),
        plan.sessions,
        plan.interval,
        plan.price,
        plan.not_included,
        maps=maps,
        of_treatments=tuple(
            text.FactsText(
                told.library.treatments[key].title,
                tuple((words, stated[name]) for name, words in facts if stated.get(name)),
            )
            for key, facts in asked.items()
            if any(stated.get(name) for name, _ in facts)
        ),
    )


def questions_text(progress: Progress) -> tuple[text.QuestionText, ...]:
    """What the patient asked, in order, with the replies."""
    return tuple(text.QuestionText(one.text, one.reply, one.act) for one in progress.asked)


def worries_text(progress: Progress, say: Say = in_english) -> tuple[text.AnswerText, ...]:
    """What worries the patient, beside their other words; nothing when they wrote nothing."""
    if not progress.worries:
        return ()
    return (text.AnswerText("", WORRIES_ID, say(WORRIES), progress.worries, "patient", typed=True),)


def act_of(person: Person, at: datetime) -> text.Act:
    """Who and when, as printed."""
    return text.Act(person.name, person.role.value, at)
