"""One whole visit with real browsers, a real server and a real worker, from link to archive."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from questionnaire.cli.invented import fill_in
from questionnaire.documents.words import plain
from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    TREATMENTS_WANTED,
    AnsweredBy,
)
from questionnaire.domain.library import Library
from tests.browser import patient_part, staff_part
from tests.browser.serving import Served
from tests.browser.watching import Watched
from tests.clinics import PRP
from tests.documents.readers import by_pdfminer, by_pypdf, missing, poppler

pytestmark = pytest.mark.whole

NAME = "Zoë Testwell-مريم"
BORN = date(1979, 3, 14)
SCREENS: tuple[ViewportSize, ...] = ({"width": 360, "height": 740}, {"width": 1024, "height": 768})
"""A phone, and a tablet held sideways, on which every page of the patient is measured, too."""
WORDS = 'أتمنى شعراً أكثر <script>alert("no")</script> & calm 🙂 “please”.'
MEDICINES = "Aspirin 75 mg, <i>one</i> a day; vitamin D? 💊"
QUESTION = "Can I swim <soon> after it? هل يؤلم؟ 🏊"
REPLY = "Wait two days & shower <gently>. ألم خفيف فقط"
GIVEN: dict[str, Answer] = {
    TREATMENTS_WANTED: Choices(frozenset({PRP})),
    FULL_NAME: NAME,
    DATE_OF_BIRTH: BORN,
    "in_your_own_words": WORDS,
    "medicines": Choices(frozenset({"blood_thinner"}), frozenset({"supplements"})),
    "blood_thinner_kind": Choices(frozenset({"aspirin"})),
    "skin_problems_in_area": Choices(frozenset({"ringworm"})),
    "medicine_list": MEDICINES,
}


def test_a_visit_goes_from_the_first_link_to_a_sealed_document(
    served: Served, library: Library, watched: Callable[..., Watched], tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()
    answers = fill_in(library, frozenset({PRP}), GIVEN, today, AnsweredBy.PATIENT)
    clinician = watched("clinician", "Zoë")
    staff_part.open_clinic(clinician, served)
    code = staff_part.arrange(clinician, NAME, BORN, "PRP injections for hair")

    patient = watched("patient", "Zoë", has_touch=True, also_on=SCREENS)
    shown = _fill_in_the_form(patient, served.address, code, answers)

    _review(clinician, fill_in(library, frozenset({PRP}), answers, today, AnsweredBy.CLINICIAN))
    clinician.press("Desk", "link")
    clinician.follow(clinician.page.get_by_role("link", name=f"Open the visit of {NAME}"))
    clinician.press("New code")

    risks = _read_and_sign(patient, served.address, staff_part.code_shown(clinician), library)

    staff_part.open_waiting(clinician, NAME)
    assert clinician.heading == "Read and countersign"
    staff_part.countersign(clinician)
    staff_part.wait_for_seal(clinician)
    clinician.press("Archive", "link")
    clinician.write("Name", "zoë testwell")
    clinician.press("Search")
    clinician.follow(clinician.page.get_by_role("link", name="Open the consent of"))
    file = staff_part.download(clinician, tmp_path)
    clinician.press("Check the file")
    assert "Authentic." in clinician.page.locator("#verdict").inner_text()

    assert patient.complaints == clinician.complaints == []
    _trusted_by_poppler(file, served.folder / "keys" / "certificates", tmp_path)
    verified = served.command("consent", "verify", file)
    assert (verified.returncode, verified.stdout.split()[-1]) == (0, "authentic"), verified.stdout
    lines = [line for lines in shown.values() for line in lines]
    parts = [part for risk in risks for part in (risk.title, risk.how_often, risk.words)]
    wanted = [*shown, *lines, *parts, WORDS, MEDICINES, QUESTION, REPLY, staff_part.REASON]
    sealed = file.read_bytes()
    told = plain(by_pypdf(sealed))
    assert [words for words in wanted if plain(words) not in told] == []
    for reader in (poppler, by_pypdf, by_pdfminer):
        assert [word for words in wanted for word in missing(reader, sealed, words)] == []


def _fill_in_the_form(
    patient: Watched, address: str, code: str, answers: dict[str, Answer]
) -> dict[str, tuple[str, ...]]:
    patient_part.arrive(patient, address, code)
    patient.press("See all the questions first", "link")
    patient.press("Back to the start", "link")
    patient.press("Start", "link")
    patient_part.answer_pages(patient, answers, most=3)
    _leave_and_resume(patient, address, code)
    patient_part.answer_pages(patient, answers)
    patient.write("Your question", QUESTION)
    patient.press("Continue")
    assert patient.heading == "Check your answers"
    change = patient.page.get_by_role("link", name="Change Do you smoke or vape?")
    patient.follow(change)
    patient.press("Continue")
    assert patient.heading == "Check your answers"
    shown = patient_part.answers_shown(patient)
    patient.press("Send my answers")
    _hand_back(patient)
    return shown


def _leave_and_resume(patient: Watched, address: str, code: str) -> None:
    patient.press("Save and finish later")
    _hand_back(patient)
    patient_part.arrive(patient, address, code)
    assert patient.heading == "Welcome back"
    patient.press("Go on", "link")


def _hand_back(patient: Watched) -> None:
    """The last screen says nothing personal, and neither does what Back leads to."""
    assert patient.heading == patient_part.HAND_BACK
    page = patient.page
    for _ in range(3):
        with page.expect_event("framenavigated"):
            page.evaluate("() => history.back()")
        page.wait_for_load_state()
        assert "Zoë" not in page.content()


def _review(clinician: Watched, answers: dict[str, Answer]) -> None:
    staff_part.open_waiting(clinician, NAME)
    staff_part.answer_own_questions(clinician, answers)
    settled = staff_part.settle_everything(clinician)
    assert "Stop" in settled[0], "the most severe point comes first"
    assert len(settled) == 5
    clinician.write("What you say to this", REPLY)
    clinician.press("Keep the reply")
    clinician.write("Your answer", REPLY)
    clinician.press("Mark as answered")
    staff_part.plan_and_decide(clinician, "Go ahead with care. 🙂 <b>")
    assert "Ready for consent" in clinician.page.locator(".review__facts").inner_text()


def _read_and_sign(
    patient: Watched, address: str, code: str, library: Library
) -> list[patient_part.RiskShown]:
    patient_part.arrive(patient, address, code)
    risks = patient_part.read(patient, library)
    assert len(risks) == len(library.risks_of(PRP))
    patient.touch(patient.page.get_by_label("I agree"))
    patient.write("Your full name", NAME)
    patient.touch(patient.page.get_by_label("Draw my signature"))
    patient_part.draw(patient)
    patient.press("Sign and finish")
    _hand_back(patient)
    return risks


def _trusted_by_poppler(file: Path, certificates: Path, folder: Path) -> None:
    store, root = f"sql:{folder}", certificates / "root.cert.pem"
    _run("certutil", "-N", "-d", store, "--empty-password")
    _run("certutil", "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", root)
    said = _run("pdfsig", "-nssdir", folder, file)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
