"""Every text a patient reads, each under its own id, found and replaced by one and the same walk.

The clinician's own questions are among them as far as the patient's document prints them.

Ids are made of ids in the content (`question.full_name.text`), and of places in a list where the
content has none (`treatment.prp_injections.steps.2`, counted from 1). Words for clinicians only
are not among them: they stay in the clinic's own language.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from questionnaire.domain.definition import AnsweredBy, Question, Questionnaire, Section
from questionnaire.domain.findings import ResultsPicture
from questionnaire.domain.flags import Rule
from questionnaire.domain.library import ClinicRules, Library
from questionnaire.domain.treatment import (
    CheckQuestion,
    Evidence,
    Help,
    Risk,
    RiskBlock,
    Sourced,
    Treatment,
)

Say = Callable[[str, str], str]
"""From the id of a text and its words to the words to put in its place."""


def texts_of(library: Library) -> dict[str, str]:
    """Every text a patient reads: id → words, in the order of the content."""
    found: dict[str, str] = {}

    def note(key: str, words: str) -> str:
        found[key] = words
        return words

    retold(library, note)
    return found


def retold(library: Library, say: Say) -> Library:
    """The same library with what `say` answers for each text; empty texts stay empty."""

    def told(key: str, words: str) -> str:
        return say(key, words) if words else words

    return replace(
        library,
        questionnaire=_questionnaire(library.questionnaire, told),
        treatments={key: _treatment(it, told) for key, it in library.treatments.items()},
        risk_blocks={key: _risk_block(it, told) for key, it in library.risk_blocks.items()},
        statements={
            key: replace(it, text=told(f"statement.{key}", it.text))
            for key, it in library.statements.items()
        },
        rights=tuple(replace(it, text=told(f"right.{it.id}", it.text)) for it in library.rights),
        frequency_words={
            band: told(f"frequency.{band}", words)
            for band, words in library.frequency_words.items()
        },
        places={
            key: replace(it, name=told(f"place.{key}", it.name))
            for key, it in library.places.items()
        },
        rules=tuple(_rule(it, told) for it in library.rules),
        clinic=_clinic(library.clinic, told),
    )


def _questionnaire(asked: Questionnaire, say: Say) -> Questionnaire:
    return Questionnaire.of(
        [_section(section, say) for section in asked.sections],
        [
            replace(
                it,
                title=say(f"measure.{it.id}.title", it.title),
                unit=say(f"measure.{it.id}.unit", it.unit),
            )
            for it in asked.measures.values()
        ],
    )


def _section(section: Section, say: Say) -> Section:
    title = say(f"section.{section.id}.title", section.title)
    return replace(
        section, title=title, questions=tuple(_question(it, say) for it in section.questions)
    )


def _question(question: Question, say: Say) -> Question:
    key = f"question.{question.id}"
    printed = replace(
        question,
        text=say(f"{key}.text", question.text),
        unit=say(f"{key}.unit", question.unit),
        options=tuple(
            replace(it, text=say(f"{key}.option.{it.id}", it.text)) for it in question.options
        ),
    )
    if question.answered_by is AnsweredBy.CLINICIAN:
        return printed
    return replace(
        printed,
        help=say(f"{key}.help", question.help),
        why_we_ask=say(f"{key}.why_we_ask", question.why_we_ask),
        out_of_range_hint=say(f"{key}.out_of_range_hint", question.out_of_range_hint),
    )


def _treatment(treatment: Treatment, say: Say) -> Treatment:
    key = f"treatment.{treatment.id}"
    return replace(
        treatment,
        title=say(f"{key}.title", treatment.title),
        summary=say(f"{key}.summary", treatment.summary),
        steps=_listed(f"{key}.steps", treatment.steps, say),
        how_it_may_work=say(f"{key}.how_it_may_work", treatment.how_it_may_work),
        aims=_listed(f"{key}.aims", treatment.aims, say),
        plain_summary=say(f"{key}.plain_summary", treatment.plain_summary),
        note_for_patients=say(f"{key}.note_for_patients", treatment.note_for_patients),
        clinic_must_state=_listed(f"{key}.clinic_must_state", treatment.clinic_must_state, say),
        evidence=tuple(
            _evidence(f"{key}.evidence.{place}", it, say)
            for place, it in enumerate(treatment.evidence, start=1)
        ),
        sessions=replace(treatment.sessions, text=say(f"{key}.sessions", treatment.sessions.text)),
        risks=tuple(_risk(f"{key}.risk.{it.id}", it, say) for it in treatment.risks),
        risks_note=say(f"{key}.risks_note", treatment.risks_note),
        alternatives=_sentences(f"{key}.alternatives", treatment.alternatives, say),
        aftercare=_sentences(f"{key}.aftercare", treatment.aftercare, say),
        when_to_get_help=_help(f"{key}.when_to_get_help", treatment.when_to_get_help, say),
        legal_status={
            place: _sentences(f"{key}.legal_status.{place}", sentences, say)
            for place, sentences in treatment.legal_status.items()
        },
        quiz=tuple(_check_question(f"{key}.quiz.{it.id}", it, say) for it in treatment.quiz),
        results_picture=_results(f"{key}.results_picture", treatment.results_picture, say),
    )


def _listed(key: str, texts: Iterable[str], say: Say) -> tuple[str, ...]:
    return tuple(say(f"{key}.{place}", text) for place, text in enumerate(texts, start=1))


def _sentences(key: str, sentences: Iterable[Sourced], say: Say) -> tuple[Sourced, ...]:
    return tuple(
        replace(it, text=say(f"{key}.{place}", it.text))
        for place, it in enumerate(sentences, start=1)
    )


def _evidence(key: str, evidence: Evidence, say: Say) -> Evidence:
    if not evidence.quote_to_patients:
        return evidence
    return replace(
        evidence,
        finding=say(f"{key}.finding", evidence.finding),
        figure=say(f"{key}.figure", evidence.figure),
        limits=say(f"{key}.limits", evidence.limits),
    )


def _results(key: str, picture: ResultsPicture | None, say: Say) -> ResultsPicture | None:
    if picture is None:
        return None
    return replace(
        picture,
        measures=say(f"{key}.measures", picture.measures),
        against=say(f"{key}.against", picture.against),
        findings=tuple(
            replace(it, label=say(f"{key}.finding.{place}", it.label))
            for place, it in enumerate(picture.findings, start=1)
        ),
    )


def _help(key: str, get_help: Help, say: Say) -> Help:
    return Help(
        same_day=_listed(f"{key}.same_day", get_help.same_day, say),
        emergency=_listed(f"{key}.emergency", get_help.emergency, say),
        later=_listed(f"{key}.later", get_help.later, say),
    )


def _risk(key: str, risk: Risk, say: Say) -> Risk:
    frequency = risk.frequency
    if frequency.rate:
        people = say(f"{key}.people", frequency.rate.people)
        frequency = replace(frequency, rate=replace(frequency.rate, people=people))
    return replace(
        risk,
        title=say(f"{key}.title", risk.title),
        patient_text=say(f"{key}.patient_text", risk.patient_text),
        frequency=frequency,
    )


def _risk_block(block: RiskBlock, say: Say) -> RiskBlock:
    key = f"risk_block.{block.id}"
    return replace(
        block,
        title=say(f"{key}.title", block.title),
        note=say(f"{key}.note", block.note),
        risks=tuple(_risk(f"{key}.risk.{it.id}", it, say) for it in block.risks),
    )


def _check_question(key: str, asked: CheckQuestion, say: Say) -> CheckQuestion:
    return replace(
        asked,
        question=say(f"{key}.question", asked.question),
        options=tuple(
            replace(it, text=say(f"{key}.option.{it.id}", it.text)) for it in asked.options
        ),
        if_wrong=say(f"{key}.if_wrong", asked.if_wrong),
    )


def _rule(rule: Rule, say: Say) -> Rule:
    return replace(rule, tell_patient=say(f"flag.{rule.id}.tell_patient", rule.tell_patient))


def _clinic(clinic: ClinicRules, say: Say) -> ClinicRules:
    return replace(
        clinic,
        complaints=say("clinic.complaints", clinic.complaints),
        data_use=say("clinic.data_use", clinic.data_use),
        withdrawal=say("clinic.withdrawal", clinic.withdrawal),
        facts={key: say(f"clinic.fact.{key}", words) for key, words in clinic.facts.items()},
    )
