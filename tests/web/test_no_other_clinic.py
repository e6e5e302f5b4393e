"""No page, letter or document of a clinic says a word of the invented one of the demonstration."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape

import pytest

from questionnaire.cli import demo
from questionnaire.cli.invented import CLINIC
from questionnaire.documents.proofread import page_texts
from questionnaire.domain.clinic_details import NOT_SET_UP, ClinicDetails, Confirmation, Part
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import home_mail
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.home_links import Secret
from questionnaire.web.patient import create_patient_app
from tests.clinics import ARCHIVIST, OPENED, Clinic, Clinics, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door
from tests.web.staff.routes import addresses

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
INVENTED = (
    "Aurelia",
    "aurelia.example",
    "01632 960 11",
    "Linden Row",
    "Exampleton",
    CLINIC.regulator,
    CLINIC.own_words["money"]["en"],
)
MARK = "This clinic is not set up yet. Nothing here is for real patients."
FERN = ClinicDetails(
    name="Fern House",
    address="1 Moss Lane, Sampleby",
    country="Ireland",
    time_zone="Europe/Dublin",
    calling_code="353",
    phone="020 7946 0018",
    emergency_phone="020 7946 0019",
    emergency_number="112",
    email="hello@fern.example",
    complaints_email="unhappy@fern.example",
    regulator="Board of Samples",
    regulator_address="3 Moss Lane, Sampleby",
    languages=("es", "ar"),
    confirmed={part: Confirmation("Minnie Strator", OPENED) for part in Part},
)


def stated(clinic: Clinic, details: ClinicDetails) -> Clinic:
    """The clinic with these facts and no others."""
    facts = {name: getattr(details, name) for name in ClinicDetails.__dataclass_fields__}
    return replace(clinic, house=clinic.state(**facts))


def said_of_another(text: str) -> list[str]:
    """The invented clinic's words in it."""
    return [words for words in INVENTED if words in unescape(text)]


def staff_pages(clinic: Clinic, visit_id: str) -> Iterator[tuple[str, str]]:
    door = enter_as(open_door(clinic), Role.ADMINISTRATOR, *(set(Role) - {Role.PATIENT}))
    parts = [("setting_up.part", "GET", f"/staff/setup/{part.value}") for part in Part]
    for endpoint, method, path in (*addresses(door, visit_id), *parts):
        if method == "GET" and endpoint not in {"static", "security.logout"}:
            answer = door.client.get(path, base_url="http://localhost", follow_redirects=True)
            if answer.mimetype == "text/html":
                yield endpoint, answer.get_data(as_text=True)


def patient_pages(clinic: Clinic) -> Iterator[tuple[str, str]]:
    app = create_patient_app(clinic.house, clinic.settings, secret_key=b"x" * 32)
    for path in ("/", "/v", "/tablet", "/nowhere", "/goodbye"):
        for language in ("", "es", "ar"):
            browser = app.test_client()
            if language:
                browser.set_cookie("language", language)
            yield path, browser.get(path, follow_redirects=True).get_data(as_text=True)


def test_a_clinic_that_is_not_set_up_says_so_on_every_page_and_names_no_other(
    at: At,
) -> None:
    stage = at(Station.CONSENT_READY)
    clinic = stated(stage.clinic, NOT_SET_UP)
    staff = list(staff_pages(clinic, stage.visit_id))
    patients = list(patient_pages(clinic))
    assert len(staff) > 30
    assert {name: said_of_another(page) for name, page in (*staff, *patients)} == {
        name: [] for name, _ in (*staff, *patients)
    }
    whole = [(name, page) for name, page in (*staff, *patients) if "<html" in page]
    assert [name for name, page in whole if MARK not in unescape(page)] == []
    assert "paper.form" in {name for name, _ in staff}


def test_a_clinic_set_up_under_its_own_name_says_nothing_of_another(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    clinic = stated(stage.clinic, FERN)
    pages = [*staff_pages(clinic, stage.visit_id), *patient_pages(clinic)]
    assert {name: said_of_another(page) for name, page in pages} == {name: [] for name, _ in pages}
    assert [name for name, page in pages if MARK in unescape(page)] == []
    whole = [(name, page) for name, page in pages if "<html" in page]
    assert [name for name, page in whole if FERN.name not in unescape(page)] == []


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_sealed_document_and_a_letter_name_this_clinic_alone(
    clinics: Clinics, language: str
) -> None:
    clinic = stated(clinics.bare(), FERN)
    walk = clinic.arrange()
    walk = replace(walk, visit=replace(walk.visit, language=language))
    with clinic.house.database.write() as tx:
        from questionnaire.records.visits import set_language

        set_language(tx, clinic.visit(walk.visit.id), language)
    demo.seal(walk)
    pdf = open_consent(clinic.house, ARCHIVIST, walk.visit.id, Purpose.READ)
    told = "".join(page_texts(pdf))
    assert said_of_another(told) == []
    squeezed = "".join(told.split())
    for fact in (FERN.name, FERN.phone, FERN.emergency_phone, FERN.email, FERN.regulator):
        assert "".join(fact.split()) in squeezed
    letter = home_mail.link_words(
        clinic.house, clinic.visit(walk.visit.id), "https://fern.example", Secret("t", "c")
    )
    assert said_of_another(letter) == []
    assert FERN.phone in letter
    clinic.house.database.close()
