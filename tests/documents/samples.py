"""A whole consent record of an invented patient, and its signatures, for the tests of this room."""

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from questionnaire.documents.events import Event
from questionnaire.domain.consent import ConsentRecord, Method, Signature, canonical, fingerprint
from questionnaire.domain.consent_parts import (
    Act,
    AnswerText,
    Attempt,
    ClinicFacts,
    DispositionText,
    EvidenceText,
    FlagText,
    LegalText,
    MeasureText,
    PatientFacts,
    PhotoChoices,
    PlanText,
    Practitioner,
    QuestionText,
    QuizText,
    ReasonText,
    ReviewText,
    RiskText,
    SourceText,
    Ticked,
    Times,
    TreatmentText,
)
from questionnaire.domain.consent_pictures import (
    AreasText,
    FindingText,
    PeopleText,
    ResultsText,
)

ARRANGED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GIVEN = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
SIGNED = datetime(2026, 11, 25, 10, 42, 7, tzinfo=UTC)
COUNTERSIGNED = SIGNED + timedelta(minutes=3)
SEALED = COUNTERSIGNED + timedelta(seconds=9)

CLINICIAN = ("Dr Imogen Sallow", "Doctor")


def act(at: datetime) -> Act:
    """The clinician did something at this time."""
    return Act(*CLINICIAN, at)


def treatment() -> TreatmentText:
    """What the patient was told about PRP injections."""
    return TreatmentText(
        id="prp_injections",
        title="PRP injections for hair",
        summary=(
            "PRP is made from your own blood. It is put into your scalp with fine needles. "
            "There is no surgery."
        ),
        steps=(
            "Blood is taken from your arm, like a blood test.",
            "A machine spins it fast to gather the platelets.",
            "The PRP is put into your scalp with fine needles.",
        ),
        how_it_may_work=(
            "It is thought, but not proven, to do this through growth signals and blood supply."
        ),
        aims=("Slow hair loss", "Make hair thicker", "Help some hair grow"),
        plain_summary=(
            "In the best studies, people grew about 28 more hairs in each square centimetre than "
            "people who had a dummy shot. But the studies were small and mixed. Two careful "
            "studies found no gain. In some people it does nothing."
        ),
        note="",
        evidence=(
            EvidenceText(
                "Randomised trials against placebo, hair density",
                "Mean gain 27.6 hairs per cm2 (95% CI 14.0 to 41.1); 13 trials, 431 people",
                "Trials differ widely; low certainty",
                ("S2",),
            ),
            EvidenceText(
                "35 people, half the scalp PRP, half saline",
                "PRP side 151 to 171, saline side 151 to 167 hairs; no difference",
                "Both sides were needled; PRP may spread",
                ("S8",),
            ),
        ),
        sessions="3 to 5 visits about a month apart. We look again at 3 to 6 months.",
        risks=(
            RiskText(
                "bruised_or_sore_arm",
                "Bruise or sore arm",
                "9 to 23 out of 100 blood donors who were asked had this; 77 to 91 did not.",
                "Your arm may bruise or be sore.",
                (
                    PeopleText(
                        "100",
                        "9",
                        "14",
                        "9 to 23 out of 100 blood donors who were asked had this; "
                        "77 to 91 did not.",
                    ),
                ),
            ),
            RiskText(
                "feeling_faint",
                "Feeling faint",
                "2 to 5 out of 100 people had this; 95 to 98 did not. With a dummy treatment: "
                "1 out of 100 people had this; 99 did not.",
                "You may feel faint, sick or sweaty.",
                (
                    PeopleText("100", "2", "3", "2 to 5 out of 100", "With the treatment"),
                    PeopleText("100", "1", "0", "1 out of 100", "With a dummy treatment"),
                ),
            ),
            RiskText(
                "infection_in_the_scalp",
                "Infection in the scalp",
                "Not known: it has been reported, but nobody has counted how often",
                "It can show weeks later as a hot, red or leaking spot.",
            ),
        ),
        risks_note="Counts from blood donors are used, who give far more blood than you will.",
        alternatives=("No treatment.", "Minoxidil.", "Hair transplant. This is surgery."),
        aftercare=(
            "Come with clean hair and no products.",
            "Do not stop prescribed blood thinners.",
            "Skip hard exercise, swimming and sauna for about 2 days.",
        ),
        help_same_day=("Spreading redness, heat or pus", "Fever"),
        help_emergency=("Trouble breathing", "A swollen face", "Loss of sight"),
        help_later=("A lump, spot or sore that is there at 2 to 8 weeks",),
        legal=(
            LegalText("England", ("Licensing tiers are planned for such procedures.",)),
            LegalText("United States", ("PRP for hair is off-label.",)),
        ),
        results=ResultsText(
            "Extra hairs in each square centimetre",
            "a dummy shot",
            (
                FindingText(
                    "gain",
                    "13 trials put together",
                    "27.6 more than with a dummy shot, on average.",
                    ("S2",),
                    "27.6",
                    "14",
                    "41.1",
                ),
                FindingText(
                    "no_gain",
                    "35 people, half the head each",
                    "No clear difference from a dummy shot.",
                    ("S8",),
                ),
            ),
        ),
    )


def a_record() -> ConsentRecord:
    """The record of a visit that went the whole way."""
    return ConsentRecord(
        record_id="R-2026-7Q4M-K2XD",
        visit_id="V-2026-11-0031",
        language="en",
        content_version="5f2c7b1de0a94c2287f5a1b0c9d3e4f60718293a4b5c6d7e8f90a1b2c3d4e5f6",
        help_with_form="",
        withdrawal_code="KEEP-4T7M-9WQD",
        clinic=ClinicFacts(
            name="Willow Lane Clinic",
            address="4 Willow Lane, Exampleton EX1 2MP",
            phone="01632 960 112",
            emergency_phone="01632 960 113",
            email="care@willow-lane.example",
            complaints="Write to the manager at the address above. You will hear within 10 days.",
            country="England",
            time_zone="Europe/London",
            data_use="We keep this record for 8 years. We share it only to care for you.",
            withdrawal=(
                "You can change your mind at any time, even on the day, with no reason given. "
                "Tell anyone at the clinic, call 01632 960 112 or write to "
                "care@willow-lane.example."
            ),
            calling_code="44",
            emergency_number="999",
        ),
        patient=PatientFacts(
            id="P-004417",
            full_name="Amina Førde-O'Leary",
            date_of_birth=date(1988, 4, 9),
            identity_check="Passport seen at the desk",
        ),
        practitioner=Practitioner(*CLINICIAN, "Register of Examples 1234567"),
        treatments=(treatment(),),
        plan=PlanText(
            product="Fenwick PRP kit, 20 ml draw, double spin",
            batch="FW-22817",
            areas="Front hairline, crown",
            sessions="3",
            interval="4 weeks",
            price="£1,050 for 3 visits",
            not_included="Top-up visits",
            details=(("Activated", "No"),),
            maps=(
                AreasText(
                    ("scalp",),
                    (("front_hairline", "Front hairline"), ("crown", "Crown")),
                    ("crown", "front_hairline"),
                    "scalp",
                ),
            ),
        ),
        patient_words=(
            AnswerText(
                "My words",
                "hopes",
                "What do you hope for?",
                "Thicker hair at the front.\nA bit more confidence 🙂 at my sister's wedding.",
                "patient",
                typed=True,
            ),
            AnswerText(
                "My words",
                "worries",
                "What worries you?",
                "I faint with needles <b>sometimes</b> & dislike blood. الإبر تخيفني قليلا",
                "patient",
                typed=True,
            ),
        ),
        statements=(
            Ticked(
                "may_not_work",
                "Results are different from person to person. It may not work for me at all.",
                SIGNED - timedelta(minutes=6),
            ),
            Ticked("no_promise", "No one has promised me a result.", SIGNED - timedelta(minutes=5)),
        ),
        personal_risks=(
            Ticked(
                "PW-03",
                "You have fainted with needles before. You may faint again. We will lay you down.",
                SIGNED - timedelta(minutes=4),
                "Have you fainted with needles?",
            ),
        ),
        rights=("I can say no at any time.", "I can ask for more time."),
        answers=(
            AnswerText("About you", "age_band", "How old are you?", "38", "patient"),
            AnswerText(
                "About you",
                "other_notes",
                "Is there anything else?",
                "لا شيء آخر",
                "patient",
                typed=True,
            ),
            AnswerText(
                "Your health", "blood_problems", "Do you have a blood problem?", "No", "patient"
            ),
            AnswerText(
                "Your health", "fainting", "Have you fainted with needles?", "Yes", "patient"
            ),
            AnswerText("Your health", "platelet_count", "Platelet count", "240", "clinician"),
            AnswerText("Your health", "medicines", "What medicines do you take?", "", "patient"),
            AnswerText(
                "Your skin",
                "skin_type_picture",
                "Which skin is most like yours?",
                "Picture 2: Fair. Burns easily",
                "patient",
                "2",
            ),
            AnswerText(
                "Your skin",
                "fat_areas",
                "Where do you want less fat?",
                "Tummy\nThighs",
                "patient",
                areas=AreasText(
                    ("chin_and_eyes", "body_front", "body_back"),
                    (("under_chin", "Under the chin"), ("tummy", "Tummy"), ("thighs", "Thighs")),
                    ("thighs", "tummy"),
                ),
            ),
        ),
        measures=(MeasureText("Body mass index", "23.4", "kg/m2"),),
        flags=(
            FlagText(
                "PW-03",
                "fires",
                "discuss",
                "Has fainted with needles",
                "A faint during the blood draw can cause a fall.",
                (),
                DispositionText(("Treat lying down",), "Will have water and a rest.", act(GIVEN)),
                (ReasonText("Have you fainted with needles?", "Yes"),),
            ),
            FlagText(
                "BL-02",
                "clarify",
                "caution",
                "Blood thinner",
                "",
                ("What medicines do you take?",),
                DispositionText(("Asked again",), "Takes none.", act(GIVEN)),
            ),
        ),
        questions=(QuestionText("Can I swim next week?", "Yes, after two days.", act(GIVEN)),),
        quiz=(
            QuizText(
                "prp_injections-1",
                "PRP injections for hair",
                key=True,
                question="Will it work for me?",
                right_answer="It may or may not",
                attempts=(
                    Attempt("It will for sure", right=False, at=GIVEN + timedelta(minutes=20)),
                    Attempt("It may or may not", right=True, at=GIVEN + timedelta(minutes=21)),
                ),
                discussed=act(SIGNED - timedelta(minutes=20)),
            ),
        ),
        review=ReviewText(
            decision="proceed_with_plan",
            words="Early thinning; modest hopes; happy to try three visits and look again.",
            discussed="Fainting, the dummy-shot studies, minoxidil first, doing nothing.",
            benefit_view="Some benefit is possible; none is likely to be large.",
            capacity="Has capacity; decided alone.",
            reply_to_words="A wedding in six weeks is too soon to see a change.",
            own_points=("Bring a snack.",),
            act=act(GIVEN + timedelta(minutes=30)),
        ),
        photos=PhotoChoices(record=True, teaching=False, publication=False),
        times=Times(
            arranged_at=ARRANGED,
            submitted_at=GIVEN - timedelta(minutes=15),
            information_given_at=GIVEN,
            reviewed_at=GIVEN + timedelta(minutes=30),
            may_sign_from=GIVEN + timedelta(hours=24),
        ),
        sources=(
            SourceText("S2", "Example A. Pooled trials of PRP for hair.", "2022"),
            SourceText("S8", "Example B. Half-head trial.", "2016"),
        ),
    )


def drawn_ink() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Two strokes such as a hand might draw."""
    wave = tuple(
        (round(0.1 + step / 150, 4), round(0.5 + 0.28 * math.sin(step / 6), 4))
        for step in range(90)
    )
    return wave, ((0.75, 0.3), (0.8, 0.7), (0.85, 0.35), (0.9, 0.66))


def signatures(record_json: bytes) -> tuple[Signature, ...]:
    """The patient's drawn and the clinician's typed signature on a record."""
    named = fingerprint(record_json)
    return (
        Signature(
            role="patient",
            printed_name="Amina Førde-O'Leary",
            method=Method.DRAWN,
            meaning="I have read this record, understand it, and agree to the treatment.",
            record_sha256=named,
            at=SIGNED,
            ink=drawn_ink(),
        ),
        Signature(
            role="clinician",
            printed_name=CLINICIAN[0],
            method=Method.TYPED,
            meaning=(
                "I discussed this document with the patient, sought their consent myself, "
                "and confirm what is written in it."
            ),
            record_sha256=named,
            at=COUNTERSIGNED,
        ),
    )


def events() -> tuple[Event, ...]:
    """What happened, oldest first."""
    return (
        Event(ARRANGED, "Visit arranged", "Desk: Jo Marram"),
        Event(GIVEN - timedelta(minutes=15), "Answers handed in", "Patient, tablet 2"),
        Event(GIVEN, "Information given", "Patient, tablet 2"),
        Event(SIGNED, "Signed by the patient", "Patient, tablet 2"),
        Event(COUNTERSIGNED, "Countersigned", CLINICIAN[0]),
    )


def with_answer(text: str) -> ConsentRecord:
    """The record with one more answer, in the patient's own words."""
    record = a_record()
    said = AnswerText("Your health", "more", "Tell us more", text, "patient")
    return replace(record, answers=(*record.answers, said))


def whole(record: ConsentRecord) -> tuple[bytes, tuple[Signature, ...], tuple[Event, ...]]:
    """The three things a document is made from."""
    record_json = canonical(record)
    assert json.loads(record_json)["record_id"] == record.record_id
    return record_json, signatures(record_json), events()
