"""For each treatment a whole visit by forms at both doors, from arranging to the sealed file."""

import hashlib
import io
from itertools import groupby

import pikepdf
import pytest

from questionnaire.cli.invented import fill_in
from questionnaire.domain.answers import Choices
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    TREATMENTS_WANTED,
    AnsweredBy,
)
from questionnaire.domain.visit import Station
from questionnaire.domain.written import read_answers
from questionnaire.journey.sealing import seal_visit
from questionnaire.records.answers import last_submission
from questionnaire.records.signing import frozen_record
from tests.clinics import BORN, TREATMENTS, Clinic
from tests.sealed_document import Told, is_whole
from tests.web import steps_by_form as steps
from tests.web.browsing import open_doors

pytestmark = pytest.mark.whole

NAME = "Aster O'Notareal-Ñandú"
ASPIRIN = {
    "medicines": Choices(frozenset({"blood_thinner"})),
    "blood_thinner_kind": Choices(frozenset({"aspirin"})),
}
STEPS = [
    "visit_arranged",
    "turn_started",
    "page_saved",
    "question_asked",
    "submit",
    "open_review",
    "clinic_answers_saved",
    "flag_settled",
    "reply_written",
    "plan_written",
    "decided",
    "code_given",
    "turn_started",
    "information_given",
    "read",
    "quiz_try",
    "ticks",
    "photos",
    "sign",
    "countersign",
    "seal",
]
READINGS = frozenset(
    {"visit_read", "record_read", "review_read", "document_read", "consent_downloaded"}
)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_visit_goes_from_arranging_to_the_sealed_file(clinic: Clinic, treatment: str) -> None:
    library, today = clinic.house.library, clinic.house.today()
    planned = frozenset({treatment})
    staff = open_doors(clinic)
    patient = staff.another()
    steps.open_clinic(staff, clinic)

    visit_id, code = steps.arrange(staff, NAME, BORN, [treatment])
    assert clinic.visit(visit_id).station is Station.ARRANGED

    desk = {TREATMENTS_WANTED: Choices(planned), FULL_NAME: NAME, DATE_OF_BIRTH: BORN}
    answers = fill_in(library, planned, desk | ASPIRIN, today, AnsweredBy.PATIENT)
    steps.arrive(patient, code)
    assert clinic.visit(visit_id).station is Station.IN_PROGRESS
    steps.answer_pages(patient, answers)
    steps.send_form(patient, "Can I swim after it?")
    assert clinic.visit(visit_id).station is Station.SUBMITTED
    with clinic.house.database.read() as tx:
        sent = last_submission(tx, visit_id)
    assert sent is not None
    questions = library.questionnaire.questions
    assert read_answers(questions, sent.body["answers"], today=today) == answers

    whole = fill_in(library, planned, answers, today, AnsweredBy.CLINICIAN)
    reply = "After two days."
    steps.review(staff, visit_id, whole, reply)
    assert clinic.visit(visit_id).station is Station.UNDER_REVIEW
    steps.decide(staff, visit_id, [treatment], "Go ahead as talked about.")
    assert clinic.visit(visit_id).station is Station.CONSENT_READY

    steps.arrive(patient, steps.new_code(staff, visit_id))
    steps.read_to_document(patient, library)
    told = Told(treatment, clinic.clock(), reply, steps.DOCTOR)
    steps.sign(patient, NAME)
    assert patient.address == "/goodbye/signed"
    assert clinic.visit(visit_id).station is Station.PATIENT_SIGNED

    steps.countersign(staff, visit_id)
    assert clinic.visit(visit_id).station is Station.COUNTERSIGNED
    assert clinic.called == [visit_id], "the sealer was called"
    assert seal_visit(clinic.house, visit_id)
    assert clinic.visit(visit_id).station is Station.SEALED

    staff.open(f"/staff/archive/{visit_id}/consent.pdf?for=downloaded")
    _look_at_file(clinic, visit_id, staff.reply.data)
    is_whole(clinic.house, staff.reply.data, told)
    assert set(clinic.actions(visit_id)) == {*STEPS, *READINGS}
    assert _steps(clinic.actions(visit_id)) == STEPS
    assert clinic.ledger_problems() == ()


def _look_at_file(clinic: Clinic, visit_id: str, file: bytes) -> None:
    with clinic.house.database.read() as tx:
        frozen = frozen_record(tx, visit_id)
    seal = clinic.seal(visit_id)
    assert frozen is not None
    assert seal is not None
    with pikepdf.open(io.BytesIO(file)) as opened:
        inside = opened.attachments["record.json"].get_file().read_bytes()
    assert inside == frozen.canonical
    assert hashlib.sha256(inside).hexdigest() == frozen.record_sha256 == seal.record_sha256
    assert hashlib.sha256(file).hexdigest() == seal.file_sha256


def _steps(actions: list[str]) -> list[str]:
    """What was done but for readings; a step taken several times in a row is told once."""
    return [action for action, _ in groupby(one for one in actions if one not in READINGS)]


def test_some_figures_are_kept_from_patients_at_all(clinic: Clinic) -> None:
    library = clinic.house.library
    assert tuple(library.treatments) == TREATMENTS
    kept = {
        treatment.id: sum(not one.quote_to_patients for one in treatment.evidence)
        for treatment in library.treatments.values()
    }
    assert (kept["prp_injections"], kept["fat_dissolving"]) == (4, 1)
