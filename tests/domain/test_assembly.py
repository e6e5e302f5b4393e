"""From what stands of a visit to the record: every word, once, and always the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from questionnaire.cli.invented import CLINIC, calm_answers
from questionnaire.content import load_library
from questionnaire.content.translations import speeches
from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.assembly import Gathered, assemble
from questionnaire.domain.consent import canonical
from questionnaire.domain.consent_parts import (
    Act,
    DispositionText,
    FlagText,
    QuestionText,
    ReasonText,
    Times,
)
from questionnaire.domain.definition import Kind
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.reading import Asked, Progress, Try
from questionnaire.domain.review import (
    Decision,
    DecisionKind,
    Disposition,
    Note,
    Plan,
    Reply,
    Review,
)
from questionnaire.domain.situation import situation
from questionnaire.domain.speech import Speech, english
from questionnaire.domain.visit import Patient, Person, Role, Station, Visit

RULES = Path(__file__).parents[2] / "rules"
LIBRARY = load_library(RULES)
SPEECHES = [english(LIBRARY), *speeches(RULES).values()]
ON = date(2031, 3, 4)
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
CLINICIAN = Person("c", "Dr Ada Invented", Role.CLINICIAN, "REG 1")
ACT = Act("Dr Ada Invented", "clinician", NOW)
VISIT = Visit(
    id="visit-1",
    patient=Patient("p", "Marigold Testwell", date(1979, 3, 14)),
    station=Station.CONSENT_READY,
    version=5,
    treatments=("prp_injections",),
    clinician_id="c",
    language="en",
    identity_check="Passport",
    appointment_at=NOW,
    arranged_at=NOW,
)
ANSWERS: dict[str, Answer] = {
    **calm_answers(LIBRARY, VISIT, ON),
    "smoking": "at_least_10_a_day",
    "needle_reactions": Choices(frozenset({"hard_to_take_blood"})),
    "medicines": Choices(frozenset(), frozenset({"supplements"})),
    "keloid_scars": Withheld.TELL_CLINICIAN,
    "in_your_own_words": "Less worry.",
}
SMOKING = Disposition(
    "flag:LF-01", "", ("Stopping advised",), "Gladly.", tell=True, confirmed=False,
    by=CLINICIAN, at=NOW,
)  # fmt: skip
DECISION = Decision(
    DecisionKind.PROCEED, "Go ahead.", None, "0" * 64, "REC-1", "BACK-1", CLINICIAN, NOW
)
PLAN = Plan(
    treatments=("prp_injections",),
    price="100",
    details=(("How much blood is drawn", "20 ml"), ("Exactly what is in the mix", "Unseen.")),
    discussed="All of it.",
)
QUIZ = LIBRARY.treatments["prp_injections"].quiz[0]
REVIEW = Review(
    dispositions={SMOKING.item: SMOKING},
    points=(Note("point:1", "Lives far away.", CLINICIAN, NOW),),
    risks=(Note("own:2", "Your scar may darken.", CLINICIAN, NOW),),
    reply=Reply("A fair hope.", CLINICIAN, NOW),
    plan=PLAN,
    decision=DECISION,
)
PROGRESS = Progress(
    information_given_at=NOW,
    tries={QUIZ.id: (Try("not_sure", NOW), Try(QUIZ.correct, NOW))},
    ticked={"may_not_work": NOW, "personal:LF-01": NOW},
    discussed={QUIZ.id: ACT},
    asked=(Asked(7, "Will it itch?", NOW, "A little.", ACT), Asked(9, "And hurt?", NOW)),
)


def gathered(answers: dict[str, Answer] | None = None, review: Review = REVIEW) -> Gathered:
    now = situation(LIBRARY.questionnaire, frozenset(VISIT.treatments), answers or ANSWERS, ON)
    return Gathered(VISIT, now, raise_flags(LIBRARY.rules, now), review, PROGRESS, NOW)


RECORD = assemble(LIBRARY, CLINIC, gathered())


def test_the_same_visit_gives_the_same_record_byte_for_byte() -> None:
    backwards = dict(reversed(ANSWERS.items()))
    assert canonical(assemble(LIBRARY, CLINIC, gathered(backwards))) == canonical(RECORD)


@pytest.mark.parametrize(
    "without",
    [
        replace(gathered(), review=replace(REVIEW, decision=None)),
        replace(gathered(), progress=replace(PROGRESS, information_given_at=None)),
    ],
    ids=["no decision", "no information given"],
)
def test_no_record_before_the_decision_and_the_information(without: Gathered) -> None:
    with pytest.raises(ValueError, match="needs a decision and information given"):
        assemble(LIBRARY, CLINIC, without)


def test_who_where_and_when() -> None:
    assert (RECORD.record_id, RECORD.withdrawal_code, RECORD.visit_id) == (
        "REC-1",
        "BACK-1",
        "visit-1",
    )
    assert (RECORD.patient.full_name, RECORD.patient.identity_check) == (
        "Marigold Testwell",
        "Passport",
    )
    assert (RECORD.practitioner.name, RECORD.practitioner.registration) == (
        "Dr Ada Invented",
        "REG 1",
    )
    assert RECORD.clinic.name == CLINIC.name
    assert (RECORD.language, RECORD.content_version) == ("en", LIBRARY.version)
    assert RECORD.times == Times(NOW, NOW, NOW, NOW)
    hours = {"default": 0, VISIT.treatments[0]: 48}
    slow = replace(LIBRARY, clinic=replace(LIBRARY.clinic, earliest_sign_hours=hours))
    assert assemble(slow, CLINIC, gathered()).times.may_sign_from == NOW + timedelta(hours=48)
    assert (
        RECORD.help_with_form
        == "No, I am fine"
        == next(one.answer for one in RECORD.answers if one.question_id == "help_with_form")
    )


def test_every_asked_question_is_there_with_its_answer() -> None:
    asked = gathered().situation.asked
    assert [one.question_id for one in RECORD.answers] == list(asked)
    words = {one.question_id: one.answer for one in RECORD.answers}
    assert words["keloid_scars"] == "I would rather say it to the clinician"
    assert words["medicines"].startswith("Not sure: ")
    assert words["medicine_list"] == "Nothing written"
    assert {one.answered_by for one in RECORD.answers} == {"patient", "clinician"}
    assert "Less worry." in [one.answer for one in RECORD.patient_words]


def test_only_words_that_somebody_typed_are_told_as_such() -> None:
    questions = LIBRARY.questionnaire.questions
    typed = {one.question_id for one in RECORD.answers if one.typed}
    answered = {key for key, it in ANSWERS.items() if not isinstance(it, Withheld)}
    texts = {key for key in answered if questions[key].kind is Kind.TEXT}
    assert {"full_name", "in_your_own_words"} <= typed
    assert typed == texts & {one.question_id for one in RECORD.answers}
    assert all(one.typed for one in RECORD.patient_words)


def test_every_flag_is_there_with_what_was_done() -> None:
    flags = {one.id: one for one in RECORD.flags}
    kinds = {key: one.kind for key, one in flags.items()}
    assert kinds == {
        "LF-01": "fires",
        "BL-13": "fires",
        "GM-19": "clarify",
        "GM-20": "clarify",
        "PR-06": "clarify",
        "medicines.supplements": "unsure",
        "keloid_scars": "unsure",
    }
    rule = LIBRARY.rule("LF-01")
    assert flags["LF-01"] == FlagText(
        "LF-01",
        "fires",
        "discuss",
        rule.title,
        "",
        (),
        DispositionText(("Stopping advised",), "Gladly.", ACT),
        (ReasonText("Do you smoke or vape?", "Yes, 10 or more a day"),),
    )
    assert flags["BL-13"].disposition is None
    questions = LIBRARY.questionnaire.questions
    assert flags["keloid_scars"].title == questions["keloid_scars"].text
    row = questions["medicines"].option("supplements").text
    assert flags["medicines.supplements"].title == f"{questions['medicines'].text} {row}"


def test_only_confirmed_flags_and_the_clinicians_risks_are_this_patients_risks() -> None:
    told = [(one.id, one.text, one.because, one.ticked_at) for one in RECORD.personal_risks]
    assert told == [
        ("personal:LF-01", LIBRARY.rule("LF-01").tell_patient, "Do you smoke or vape?", NOW),
        ("own:2", "Your scar may darken.", "", None),
    ]
    untold = replace(REVIEW, dispositions={SMOKING.item: replace(SMOKING, tell=False)})
    without = assemble(LIBRARY, CLINIC, gathered(review=untold))
    assert [one.id for one in without.personal_risks] == ["own:2"]


@pytest.mark.parametrize(
    ("planned", "ticked"),
    [
        (("mesotherapy_hair",), []),
        (("prp_injections",), ["personal:BL-13", "personal:LF-01"]),
        (("prp_injections", "mesotherapy_hair"), ["personal:BL-13", "personal:LF-01"]),
    ],
    ids=["other", "its own", "both"],
)
def test_a_risk_of_a_rule_for_other_treatments_is_nobodys_to_tick(
    planned: tuple[str, ...], ticked: list[str]
) -> None:
    asked, both = frozenset({"prp_injections", "mesotherapy_hair"}), gathered()
    now = situation(LIBRARY.questionnaire, asked, ANSWERS, ON)
    hard = replace(SMOKING, item="flag:BL-13")
    review = replace(
        REVIEW,
        dispositions={one.item: one for one in (SMOKING, hard)},
        plan=replace(PLAN, treatments=planned),
    )
    visit = replace(both, situation=now, flags=raise_flags(LIBRARY.rules, now), review=review)
    told = [one.id for one in assemble(LIBRARY, CLINIC, visit).personal_risks]
    assert told == [*ticked, "own:2"]


def test_statements_questions_tries_and_the_review_are_word_for_word() -> None:
    assert [one.id for one in RECORD.statements] == [
        one.id for one in LIBRARY.statements_of(["prp_injections"])
    ]
    assert [one.id for one in RECORD.statements if one.ticked_at] == ["may_not_work"]
    assert RECORD.questions == (
        QuestionText("Will it itch?", "A little.", ACT),
        QuestionText("And hurt?", "", None),
    )
    first = RECORD.quiz[0]
    assert [(one.choice, one.right) for one in first.attempts] == [
        ("Not sure", False),
        (first.right_answer, True),
    ]
    assert first.discussed == ACT
    assert RECORD.quiz[1].attempts == ()
    assert RECORD.review.own_points == ("Lives far away.",)
    assert (RECORD.review.reply_to_words, RECORD.review.decision) == ("A fair hope.", "proceed")
    (facts,) = RECORD.plan.of_treatments
    assert facts.facts == (("How much blood is drawn", "20 ml"),), "no other treatment's"
    assert RECORD.plan.details == ()


@pytest.mark.parametrize("told", SPEECHES, ids=lambda told: told.language.code)
def test_what_the_clinic_states_stands_under_its_treatment_in_the_patients_words(
    told: Speech,
) -> None:
    planned = ("prp_injections", "prp_microneedling", "mesotherapy_hair", "mesotherapy_face")
    named = {name for key in planned for name in LIBRARY.treatments[key].clinic_must_state}
    details = (*((name, f"Said of {name}.") for name in sorted(named)), ("Of none", "Unseen."))
    without = details[0][0]
    plan = replace(PLAN, treatments=planned, details=(("", ""), *details[1:]))
    text = assemble(LIBRARY, CLINIC, gathered(review=replace(REVIEW, plan=plan)), told).plan
    assert [(it.treatment, it.facts) for it in text.of_treatments] == [
        (
            told.library.treatments[key].title,
            tuple(
                (words, f"Said of {name}.")
                for name, words in zip(
                    LIBRARY.treatments[key].clinic_must_state,
                    told.library.treatments[key].clinic_must_state,
                    strict=True,
                )
                if name != without
            ),
        )
        for key in planned
        if {*LIBRARY.treatments[key].clinic_must_state} - {without}
    ]
    assert "Unseen." not in str(text)


@pytest.mark.parametrize("law_of", [(), ("france",), tuple(LIBRARY.places)])
def test_the_law_of_no_other_place_than_the_clinics_is_told(law_of: tuple[str, ...]) -> None:
    clinic = replace(CLINIC, law_of=law_of)
    plan = replace(PLAN, treatments=tuple(LIBRARY.treatments))
    record = assemble(LIBRARY, clinic, gathered(review=replace(REVIEW, plan=plan)))
    for told in record.treatments:
        law = LIBRARY.treatments[told.id].legal_status
        read = {"everywhere", *law_of, *("european_union" for key in law_of if key == "france")}
        here = [LIBRARY.places[key].name for key in law if key in read]
        assert [one.place for one in told.legal] == here


def test_rights_carry_the_clinics_own_facts() -> None:
    by_id = dict(zip((one.id for one in LIBRARY.rights), RECORD.rights, strict=True))
    told = {one.id: one.text for one in LIBRARY.rights}
    told["number_to_call"] += f" Day and night, call {CLINIC.emergency_phone}. "
    told["number_to_call"] += f"In an emergency call {CLINIC.emergency_number}."
    told["money"] += f" {CLINIC.own_words['money']['en']}"
    told["complaints"] += (
        f" I can write to {CLINIC.complaints_email} or to {CLINIC.name}, {CLINIC.address}. "
        f"The regulator is {CLINIC.regulator}, {CLINIC.regulator_address}."
    )
    assert by_id == told


def test_a_right_that_waits_for_the_clinics_own_words_is_left_out() -> None:
    without = assemble(LIBRARY, replace(CLINIC, own_words={}), gathered())
    money = next(one.text for one in LIBRARY.rights if one.id == "money")
    assert [right for right in RECORD.rights if right not in without.rights] == [
        f"{money} {CLINIC.own_words['money']['en']}"
    ]


def test_only_sources_of_what_is_quoted_are_named() -> None:
    evidence = LIBRARY.treatments["prp_injections"].evidence
    quoted = {source for one in evidence if one.quote_to_patients for source in one.sources}
    assert {one.id for one in RECORD.sources} == quoted
    kept = {source for one in evidence if not one.quote_to_patients for source in one.sources}
    assert (kept - quoted).isdisjoint(one.id for one in RECORD.sources)
