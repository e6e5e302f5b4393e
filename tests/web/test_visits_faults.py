"""Two taps at once, two tabs, Back, a document that changed, a worker that is killed."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from time import monotonic

import pytest

from questionnaire.clinic import open_clinic
from questionnaire.domain.answers import Choices
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.journey.house import House
from questionnaire.journey.standing import load_sheet
from questionnaire.records.ledger import events_of, verify_ledger
from questionnaire.records.sealing import Seal, seal_failed, seal_of
from questionnaire.records.visits import get_visit
from questionnaire.settings import Settings
from tests.browser.serving import PATIENCE, Served, free_port
from tests.browser.walked import walk_to
from tests.clinics import DESK, Stage
from tests.web import steps_by_form as steps
from tests.web.browsing import Browser, Form, open_doors

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
TAPS = 6


def at_the_tablet(stage: Stage) -> Browser:
    """The patient's browser, name confirmed."""
    patient = open_doors(stage.clinic)
    steps.arrive(patient, arranging.new_code(stage.house, DESK, stage.visit_id))
    return patient


def at_the_staff_door(stage: Stage) -> Browser:
    """The clinician's browser, signed in; an administrator too."""
    staff = open_doors(stage.clinic)
    steps.open_clinic(staff, stage.clinic)
    return staff


def tap_at_once(browser: Browser, form: Form, **typed: str | list[str]) -> list[int]:
    """The same form sent several times in the same moment; the statuses that came back."""
    tabs = [browser.tab() for _ in range(TAPS)]
    with ThreadPoolExecutor(TAPS) as fingers:
        list(fingers.map(lambda tab: tab.send(form, **typed), tabs))
    return sorted(tab.status for tab in tabs)


def to_sign(stage: Stage) -> tuple[Browser, Form]:
    """A patient at the signing page, with everything before it done."""
    patient = at_the_tablet(stage)
    steps.read_to_document(patient, stage.house.library)
    steps.go_to_signing(patient)
    return patient, patient.page.form(having="agree")


def typed_name(stage: Stage) -> dict[str, str]:
    """What signs the document."""
    name = stage.walk.visit.patient.full_name
    return {"agree": "yes", "full_name": name, "method": "typed"}


def once(stage: Stage, action: str) -> bool:
    """Whether something was done exactly once."""
    return stage.clinic.actions(stage.visit_id).count(action) == 1


def test_a_form_tapped_many_times_at_once_is_sent_once(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = at_the_tablet(stage)
    form = patient.open("/check").form()
    assert tap_at_once(patient, form) == [200] * TAPS
    assert once(stage, "submit")
    assert stage.station is Station.SUBMITTED


@pytest.mark.guarantees("S07")
def test_a_document_signed_many_times_at_once_is_signed_once(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    patient, form = to_sign(stage)
    assert set(tap_at_once(patient, form, **typed_name(stage))) <= {200, 409}
    assert once(stage, "sign")
    assert stage.station is Station.PATIENT_SIGNED


@pytest.mark.guarantees("S07")
def test_a_countersignature_given_many_times_at_once_counts_once(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    staff = at_the_staff_door(stage)
    form = staff.open(f"/staff/visits/{stage.visit_id}/countersign").form(having="full_name")
    statuses = tap_at_once(staff, form, full_name=steps.DOCTOR, method="typed")
    assert set(statuses) <= {200, 409}
    assert once(stage, "countersign")
    assert stage.station is Station.COUNTERSIGNED


def test_a_visit_arranged_many_times_at_once_is_one_visit(at: At) -> None:
    stage = at(Station.ARRANGED)
    staff = at_the_staff_door(stage)
    form = staff.open("/staff/desk/arrange").form(having="full_name")
    born = {"born.day": "2", "born.month": "7", "born.year": "1984"}
    whole = {
        "full_name": "Basil Madeupson",
        "treatments": "not_sure",
        "identity_check": "Passport",
        "appointment_time": "23:59",
    }
    assert tap_at_once(staff, form, **whole, **born) == [200] * TAPS
    staff.send(staff.open("/staff/archive").form("/archive"), name="Basil Madeupson")
    assert "1 found" in staff.page.words


def test_a_decision_made_many_times_at_once_is_made_once(at: At) -> None:
    stage = at(Station.SUBMITTED)
    staff = at_the_staff_door(stage)
    form = staff.open(f"/staff/visits/{stage.visit_id}").form("/decision")
    tap_at_once(staff, form, kind="do_not_treat", words="Not for you, I think.")
    assert once(stage, "decided")
    assert stage.station is Station.NOT_PROCEEDING


def test_two_tabs_of_a_patient_lose_nothing(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = at_the_tablet(stage)
    second = patient.tab()
    medicines = patient.open("/questions/medicine_list").form()
    smoking = second.open("/questions/smoking").form()
    patient.send(medicines, medicine_list="Written in the first tab")
    second.send(smoking, smoking=["at_least_10_a_day"])
    saves = stage.clinic.actions(stage.visit_id)
    patient.send(medicines, medicine_list="Written in the first tab")
    assert stage.clinic.actions(stage.visit_id) == saves, "the same words are saved once"
    patient.send(medicines, medicine_list="Written anew after Back")
    with stage.house.database.read() as tx:
        answers = load_sheet(stage.house, tx, stage.visit_id).answers
    assert answers["medicine_list"] == "Written anew after Back", "other words are a new save"
    assert answers["smoking"] == "at_least_10_a_day"


def test_a_page_kept_open_in_another_tab_ends_with_the_turn(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = at_the_tablet(stage)
    second = patient.tab()
    late = second.open("/questions/medicine_list").form()
    patient.send(patient.open("/check").form())
    second.send(late, medicine_list="Too late")
    assert second.address == "/goodbye/away"
    assert "Marigold" not in second.page.words
    with stage.house.database.read() as tx:
        answers = load_sheet(stage.house, tx, stage.visit_id).answers
    assert "medicine_list" not in answers
    for address in ("/check", "/start", "/questions/medicine_list", "/you", "/reading"):
        patient.open(address)
        assert "Marigold" not in patient.page.words, address


def test_a_second_tab_of_the_clinician_cannot_settle_what_has_changed(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient, staff = at_the_tablet(stage), at_the_staff_door(stage)
    _take_aspirin(patient)
    patient.send(patient.open("/check").form())
    second = staff.tab()
    old = second.open(f"/staff/visits/{stage.visit_id}").form("/settle")
    staff.open(f"/staff/visits/{stage.visit_id}")
    answers = staff.page.form("/answers")
    staff.post(answers.action, {**answers.fields, "recent_blood_count": "no"})
    second.send(old, action=["other"], words="Seen before the blood count")
    assert second.status == 409
    assert "The answers changed since you opened this page." in second.page.words
    assert "flag_settled" not in stage.clinic.actions(stage.visit_id)


def _take_aspirin(patient: Browser) -> None:
    form = patient.open("/questions/medicines").form()
    patient.post(form.action, {**form.fields, "medicines.blood_thinner": "yes"})
    aspirin = {
        "blood_thinner_kind": Choices(frozenset({"aspirin"})),
        "blood_thinner_reason": "own_idea",
    }
    for page in ("blood_thinner_kind", "blood_thinner_reason"):
        form = patient.open(f"/questions/{page}").form()
        patient.post(form.action, steps.filled_in(form, aspirin))


def test_a_document_that_changed_since_it_was_shown_is_not_signed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    patient, form = to_sign(stage)
    other = open_doors(stage.clinic)
    steps.arrive(other, arranging.new_code(stage.house, DESK, stage.visit_id))
    assert patient.open("/document").words.count("pass the tablet back"), "one turn at a time"
    choices = other.open("/photos").form(having="photos")
    other.send(choices, photos=["record", "teaching"])
    other.open("/document")
    steps.go_to_signing(other)
    stale = other.page.form(having="agree")
    stale.fields["shown"] = form.fields["shown"]
    other.send(stale, **typed_name(stage))
    assert other.status == 409
    assert "Nothing was signed. Please read it again." in other.page.words
    assert stage.station is Station.CONSENT_READY


def test_a_document_taken_back_while_it_is_read_is_not_signed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    patient, form = to_sign(stage)
    staff = at_the_staff_door(stage)
    page = staff.open(f"/staff/visits/{stage.visit_id}")
    staff.send(page.form("/take-back"), words="One more thing to look at.")
    assert stage.station is Station.UNDER_REVIEW
    patient.send(form, **typed_name(stage))
    assert patient.address == "/goodbye/away"
    assert "sign" not in stage.clinic.actions(stage.visit_id)


@pytest.mark.parametrize("code", ["", "K7MX-4PQ2", "used", "' OR ''='", "é" * 4000, "\x00", "🙂"])
def test_a_code_that_opens_nothing_says_one_thing(at: At, code: str) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = open_doors(stage.clinic)
    used = arranging.new_code(stage.house, DESK, stage.visit_id)
    steps.arrive(patient, used)
    patient.send(patient.open("/check").form())
    typed = used if code == "used" else code
    patient.send(patient.open("/").form(having="code"), code=typed)
    assert patient.status in {400, 403}
    assert "This code does not work." in patient.page.words or not code
    assert "Marigold" not in patient.page.words


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A clinic in real time whose processes can be killed."""
    clinic = Served(tmp_path, free_port())
    clinic.set_up()
    yield clinic
    clinic.stop()


def seal_now(house: House, visit_id: str) -> Seal:
    """How far the document is."""
    with house.database.read() as tx:
        found = seal_of(tx, visit_id)
    assert found is not None
    return found


def wait_for(worker: Popen[bytes], reached: Callable[[], bool]) -> None:
    """Let a worker work until something is so."""
    until = monotonic() + PATIENCE
    while not reached():
        with suppress(TimeoutExpired):
            worker.wait(0.02)
        assert worker.poll() is None, "the worker works on"
        assert monotonic() < until


def test_a_worker_killed_between_signature_and_seal_is_followed_by_one_seal(
    served: Served,
) -> None:
    walk = walk_to(served, Station.COUNTERSIGNED, "Linden Examplebury")
    house, visit_id = open_clinic(Settings.from_environment(served.environment)), walk.visit.id
    first = served.start_worker()
    wait_for(first, lambda: seal_now(house, visit_id).attempts == 1)
    first.send_signal(signal.SIGKILL)
    first.wait(PATIENCE)
    assert seal_now(house, visit_id).sealed_at is None, "it was killed at work"
    assert not list((served.folder / "data" / "shelf").rglob("*.pdf"))

    with house.database.write() as tx:
        seal_failed(tx, visit_id, "its lease ran out", house.clock())
    wait_for(served.start_worker(), lambda: seal_now(house, visit_id).sealed_at is not None)

    with house.database.read() as tx:
        actions = [event.action for event in events_of(tx, visit_id)]
        assert get_visit(tx, visit_id).station is Station.SEALED
        assert verify_ledger(tx) == ()
    assert actions.count("seal") == 1
    assert len(list((served.folder / "data" / "shelf").rglob("*.pdf"))) == 1
    assert seal_now(house, visit_id).attempts == 2
    house.database.close()
    walk.house.database.close()
