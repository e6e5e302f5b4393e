"""What a patient corrects about who they are is settled, and one identity is left everywhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from subprocess import run

import pytest

from questionnaire.cli import demo
from questionnaire.domain.answers import Answer, Choices, Slip
from questionnaire.domain.errors import ChangedSince, NotAllowed, StillOpen, WrongStation
from questionnaire.domain.identity import IDENTITY_DOCUMENTS, Difference
from questionnaire.domain.visit import Patient, Person, Station
from questionnaire.journey import arranging, consenting, deciding, signing, turns
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.correcting import RightIdentity
from questionnaire.journey.hands import Hand
from questionnaire.journey.sameness import Said, WhoIsIt, still_them
from questionnaire.journey.sealing import SealRefused, refuse_two_identities
from questionnaire.journey.settling import Settled, settle
from questionnaire.records.signing import frozen_record
from tests.clinics import ARCHIVIST, BORN, CLINICIAN, DESK, PRP, Stage
from tests.journeys.steps import ready_to_sign, review, sign
from tests.journeys.test_correcting import correct
from tests.journeys.test_languages import offering_drafts

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
OLIVE = Patient("", "Olive Smith-Jones", date(1961, 2, 2))
NAME = Difference("full_name", "Olive Smith-Jones", "Marigold Testwell")
DAY = Difference("date_of_birth", "2 February 1961", "14 March 1979")
TREATMENT = Difference(
    "treatments_wanted",
    "PRP injections for hair; Fat-dissolving injections",
    "PRP injections for hair",
)
SAYS: dict[str, Answer] = {
    "full_name": "Olive Smith-Jones",
    "date_of_birth": date(1961, 2, 2),
    "treatments_wanted": Choices(frozenset({PRP, "fat_dissolving"})),
}


@pytest.fixture
def stage(at: At) -> Stage:
    """A form on which the patient corrected name, birth date and treatments."""
    arranged = at(Station.ARRANGED)
    demo.submit(arranged.walk, SAYS)
    return arranged


def settled(stage: Stage, seen: Difference, *, patients: bool, checked: str | None = None) -> None:
    by(stage, CLINICIAN, seen, patients=patients, checked=checked)


def by(
    stage: Stage,
    person: Person,
    seen: Difference,
    *,
    patients: bool,
    checked: str | None = None,
) -> None:
    shown = "Passport" if seen.needs_document else ""
    same = Said(renamed=still_them(OLIVE))
    done = Settled(seen, patients, shown if checked is None else checked, same)
    settle(stage.house, person, stage.visit_id, done, key=stage.key())


def test_everything_staff_wrote_and_the_patient_says_otherwise_comes_first(stage: Stage) -> None:
    page = review(stage)
    assert set(page.to_settle) == {NAME, DAY, TREATMENT}
    assert len(page.to_settle) == 3
    assert page.blocks[0].startswith("Patient and visit differ. The patient says: ")
    (line,) = arranging.day(stage.house, DESK, stage.house.today())
    assert line.to_settle == page.to_settle


def test_nothing_differs_before_the_form_is_sent_or_when_all_agree(at: At) -> None:
    begun = at(Station.ARRANGED)
    demo.fill(begun.walk, given=SAYS)
    (line,) = arranging.day(begun.house, DESK, begun.house.today())
    assert line.to_settle == ()
    assert review(at(Station.SUBMITTED)).to_settle == ()


@pytest.mark.parametrize("written", ["Marigold  Testwell", " Marigold Testwell "])
def test_spaces_are_no_difference(at: At, written: str) -> None:
    stage = at(Station.ARRANGED)
    demo.submit(stage.walk, {"full_name": written})
    assert review(stage).to_settle == ()


@pytest.mark.parametrize("written", ["marigold testwell", "Marigold Testwéll", "Testwell Marigold"])
def test_any_other_letter_is(at: At, written: str) -> None:
    stage = at(Station.ARRANGED)
    demo.submit(stage.walk, {"full_name": written})
    assert [one.fact for one in review(stage).to_settle] == ["full_name"]


def test_what_the_patient_says_corrects_the_visit(stage: Stage) -> None:
    for seen in (NAME, DAY, TREATMENT):
        settled(stage, seen, patients=True)
    visit = stage.clinic.visit(stage.visit_id)
    assert (visit.patient.full_name, visit.patient.date_of_birth) == (
        "Olive Smith-Jones",
        date(1961, 2, 2),
    )
    assert visit.treatments == (PRP, "fat_dissolving")
    assert visit.identity_check == "Passport"
    assert review(stage).to_settle == ()
    last = [event for event in stage.clinic.events(stage.visit_id) if "settled" in event.action]
    assert [event.detail["fact"] for event in last] == [
        "full_name",
        "date_of_birth",
        "treatments_wanted",
    ]
    assert last[0].detail == {
        "fact": "full_name",
        "patient": "Olive Smith-Jones",
        "visit": "Marigold Testwell",
        "taken": "patient",
        "checked": "Passport",
    }


def test_ours_is_kept_and_the_answer_put_right(stage: Stage) -> None:
    before = stage.clinic.visit(stage.visit_id)
    for seen in (NAME, DAY, TREATMENT):
        settled(stage, seen, patients=False)
    page = review(stage)
    assert page.to_settle == ()
    assert page.answers["full_name"] == "Marigold Testwell"
    assert page.answers["date_of_birth"] == BORN
    assert page.answers["treatments_wanted"] == Choices(frozenset({PRP}))
    assert stage.clinic.visit(stage.visit_id) == before


def test_the_desk_settles_too_and_an_archivist_does_not(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        by(stage, ARCHIVIST, NAME, patients=True)
    by(stage, DESK, NAME, patients=True)
    assert NAME not in review(stage).to_settle


NO_DOCUMENTS = ["", " ", "passport", "Passport ", "Known to the clinic", "library card", "None"]


def test_a_name_or_birth_date_is_checked_against_a_document_that_is_offered(stage: Stage) -> None:
    for checked, seen, patients in product(NO_DOCUMENTS, (NAME, DAY), (True, False)):
        with pytest.raises(Slip, match="Pick the document"):
            settled(stage, seen, patients=patients, checked=checked)
    settled(stage, TREATMENT, patients=True)
    assert set(review(stage).to_settle) == {NAME, DAY}


@pytest.mark.parametrize("checked", IDENTITY_DOCUMENTS)
def test_every_document_that_is_offered_settles_a_name_and_nothing_else(
    stage: Stage, checked: str
) -> None:
    with pytest.raises(Slip, match="Only a name or a birth date"):
        settled(stage, TREATMENT, patients=True, checked=checked)
    settled(stage, NAME, patients=True, checked=checked)
    assert set(review(stage).to_settle) == {DAY, TREATMENT}


def test_only_what_is_still_so_can_be_settled(stage: Stage) -> None:
    with pytest.raises(ChangedSince):
        settled(stage, replace(NAME, patient="Somebody Else"), patients=True)
    settled(stage, NAME, patients=True)
    with pytest.raises(ChangedSince):
        settled(stage, NAME, patients=True)


def test_nobody_is_asked_for_consent_while_one_thing_differs(stage: Stage) -> None:
    page = review(stage)
    made = deciding.Made(demo.DecisionKind.PROCEED, "Go ahead.")
    with pytest.raises(StillOpen) as refused:
        deciding.decide(
            stage.house, CLINICIAN, stage.visit_id, made, seen=page.seen, key=stage.key()
        )
    assert sum("Patient and visit differ" in reason for reason in refused.value.reasons) == 3


def test_a_plan_with_fewer_treatments_is_the_clinicians_own_choice(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    assert review(stage).to_settle == ()


def test_a_visit_corrected_behind_the_patients_back_cannot_be_signed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown = consenting.read_back(stage.house, turn)
    right = RightIdentity("Marigold Testwell", date(1979, 3, 15), "Passport")
    correct(stage, right)
    with pytest.raises(StillOpen) as refused:
        sign(stage, turn, sha256=shown.sha256)
    assert "put something right first" in " ".join(refused.value.reasons)
    (seen,) = review(stage).to_settle
    with pytest.raises(WrongStation):
        by(stage, DESK, seen, patients=False)
    settled(stage, seen, patients=False)
    assert stage.station == Station.UNDER_REVIEW
    assert review(stage).to_settle == ()


def test_a_language_the_patient_chose_is_settled_too(at: At) -> None:
    stage = offering_drafts(at(Station.ARRANGED))
    turns.read_in(stage.house, stage.walk.turn(), "ar")
    demo.submit(stage.walk)
    (seen,) = review(stage).to_settle
    assert (seen.fact, seen.visit) == ("language", "English")
    settled(stage, seen, patients=True, checked="")
    assert review(stage).to_settle == ()
    assert stage.clinic.visit(stage.visit_id).language == "ar"


@pytest.mark.parametrize("changed", ["full_name", "date_of_birth"])
def test_the_sealer_refuses_a_document_of_two_people(at: At, changed: str) -> None:
    stage = at(Station.COUNTERSIGNED)
    with stage.house.database.read() as tx:
        frozen = frozen_record(tx, stage.visit_id)
    visit = stage.clinic.visit(stage.visit_id)
    refuse_two_identities(stage.house, visit, frozen.canonical)
    other = {"full_name": "Olive Madeupson", "date_of_birth": date(1951, 2, 2)}[changed]
    somebody = replace(visit, patient=replace(visit.patient, **{changed: other}))
    with pytest.raises(SealRefused):
        refuse_two_identities(stage.house, somebody, frozen.canonical)
    record = json.loads(frozen.canonical)
    for answer in record["answers"]:
        if answer["question_id"] == changed:
            answer["answer"] = "2 February 1951"
    with pytest.raises(SealRefused):
        refuse_two_identities(stage.house, visit, json.dumps(record).encode())


@pytest.mark.whole
@pytest.mark.parametrize(
    ("language", "says"),
    [("en", SAYS), ("ar", {key: SAYS[key] for key in ("full_name", "date_of_birth")})],
    ids=["en", "ar"],
)
def test_a_corrected_patient_signs_and_the_sealed_paper_names_one_person(
    at: At, tmp_path: Path, language: str, says: dict[str, Answer]
) -> None:
    stage = offering_drafts(at(Station.ARRANGED))
    turns.read_in(stage.house, stage.walk.turn(), language)
    demo.review(stage.walk, says)
    turn = ready_to_sign(stage)
    given = Hand("olive smith jones", signing.Method.TYPED, agreed=True)
    sign(stage, turn, given)
    ready = signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)
    assert ready.blocks == ()
    signing.countersign(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        Hand(CLINICIAN.name, signing.Method.TYPED),
        shown_sha256=ready.document.sha256,
        key=stage.key(),
    )
    assert demo.seal_visit(stage.house, stage.visit_id)
    paper = tmp_path / "consent.pdf"
    paper.write_bytes(open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ))
    read = run(["pdftotext", "-raw", paper, "-"], capture_output=True, check=True, text=True)
    words = read.stdout
    assert "Olive Smith-Jones" in words
    assert "Marigold" not in words
    assert "1979" not in words
    assert "1961" in words
    measures = json.loads(ready.document.canonical)["measures"]
    assert "70" in {one["value"] for one in measures}


@pytest.fixture
def known(stage: Stage) -> Patient:
    """Somebody who was here before, with the name and birth date the patient claims."""
    request = arranging.Request(
        "Smith-Jones Olive",
        date(1961, 2, 2),
        (PRP,),
        CLINICIAN.id,
        "en",
        "Passport",
        stage.clinic.clock() + timedelta(hours=3),
    )
    arranged = arranging.arrange(stage.house, DESK, request, key=stage.key())
    settled(stage, DAY, patients=True)
    return arranged.visit.patient


def test_taking_the_patients_name_asks_whether_it_is_somebody_who_was_here(
    stage: Stage, known: Patient
) -> None:
    before = stage.clinic.visit(stage.visit_id)
    for said in (Said(), Said(same_as="somebody-never-shown"), Said(none_of=frozenset({"x"}))):
        with pytest.raises(WhoIsIt) as asked:
            take(stage, said)
        assert [one.patient for one in asked.value.found] == [known]
        assert asked.value.patient.full_name == "Olive Smith-Jones"
    assert stage.clinic.visit(stage.visit_id) == before


@pytest.mark.parametrize("is_same", [True, False])
def test_only_a_yes_makes_the_visit_one_of_theirs(
    stage: Stage,
    known: Patient,
    is_same: bool,  # noqa: FBT001  # a column of the table
) -> None:
    others = frozenset({known.id})
    take(stage, Said(same_as=known.id) if is_same else Said(none_of=others))
    patient = stage.clinic.visit(stage.visit_id).patient
    assert patient.full_name == "Olive Smith-Jones"
    assert (patient.id == known.id) is is_same


def take(stage: Stage, said: Said) -> None:
    done = Settled(NAME, take_patients=True, checked="Passport", said=said)
    settle(stage.house, CLINICIAN, stage.visit_id, done, key=stage.key())
