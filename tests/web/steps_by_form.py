"""The steps of a visit as forms sent at the two doors, each read from its page first."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from questionnaire.domain.answers import Answer
from questionnaire.domain.library import Library
from questionnaire.journey.staffing import first_link
from tests.answers_on_pages import to_pick, to_type
from tests.authenticators import app_code, shown_secret
from tests.clinics import Clinic
from tests.web.browsing import Browser, Form

DOCTOR: Final = "Dr Ada Invented"
EMAIL: Final = "ada@clinic.example"
PASSWORD: Final = "violet-kettle harbour 7 moons"  # noqa: S105  # of somebody invented
REASON: Final = "Looked at it together & weighed it."


def open_clinic(staff: Browser, clinic: Clinic) -> None:
    """The first administrator, a clinician too, sets a password and signs in."""
    page = staff.open("/staff/first")
    page = staff.send(page.form(having="link"), link=first_link(clinic.house))
    staff.send(
        page.form(),
        full_name=DOCTOR,
        email=EMAIL,
        clinician="yes",
        registration="INVENTED-0001",
        password=PASSWORD,
        again=PASSWORD,
    )
    staff.send(staff.page.form(having="email"), email=EMAIL, password=PASSWORD)
    set_up_app(staff, clinic)
    staff.open("/staff/")
    assert staff.address == "/staff/"


def set_up_app(staff: Browser, clinic: Clinic) -> None:
    """Share a secret with an authenticator app and type the code it shows."""
    staff.send(staff.page.form("/app/new"))
    secret = shown_secret(staff.page.html)
    staff.send(staff.page.form("/app"), code=app_code(secret, clinic.clock()))
    assert "Your recovery codes" in staff.page.words


def arrange(staff: Browser, name: str, born: date, treatments: list[str]) -> tuple[str, str]:
    """Arrange a visit; its id and its code."""
    form = staff.open("/staff/desk/arrange").form(having="full_name")
    staff.send(
        form,
        **{"born.day": str(born.day), "born.month": str(born.month), "born.year": str(born.year)},
        full_name=name,
        identity_check="Passport",
        treatments=treatments,
        appointment_time="23:59",
    )
    return staff.address.rsplit("/", 1)[-1], code_shown(staff)


def code_shown(staff: Browser) -> str:
    """The code on the page."""
    before, _, after = staff.page.html.partition('class="tablet-code" dir="ltr">')
    assert before, staff.page.words
    return after.partition("<")[0]


def new_code(staff: Browser, visit_id: str) -> str:
    """A fresh code for the tablet."""
    page = staff.open(f"/staff/desk/visits/{visit_id}")
    staff.send(page.form("/code"))
    return code_shown(staff)


def arrive(patient: Browser, code: str) -> None:
    """Type the code and say that the name is right."""
    patient.send(patient.open("/").form(having="code"), code=code)
    patient.send(patient.page.form(), me="yes")


def filled_in(form: Form, answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    """What the form would send with these answers; other questions stay as they are."""
    sent = dict(form.fields)
    for name in form.names():
        question, _, part = name.partition(".")
        answer = answers.get(question)
        if answer is None:
            continue
        if name in form.offered:
            sent[name] = sorted(to_pick(part, answer))
        else:
            sent[name] = [to_type(part, answer)]
    return sent


def answer_pages(patient: Browser, answers: Mapping[str, Answer], start: str = "/start") -> None:
    """Fill in page after page until every question is answered."""
    page = patient.open(start)
    if start == "/start":
        page = patient.open(next(link for link in page.links if "/questions/" in link))
    while "/questions/" in patient.address:
        form = patient.page.form()
        sure = {"sure": "yes"} if "sure" not in form.names() else {}
        patient.post(form.action, filled_in(form, answers) | sure)
        assert patient.status == 200, patient.page.words


def send_form(patient: Browser, question: str) -> None:
    """Ask a question, then send everything."""
    patient.send(patient.page.form(), question=question)
    assert patient.address == "/check"
    patient.send(patient.page.form())
    assert patient.address == "/goodbye/sent"


def review(staff: Browser, visit_id: str, answers: Mapping[str, Answer], reply: str) -> None:
    """Answer the clinic's questions, settle every point, reply to the patient."""
    page = staff.open(f"/staff/visits/{visit_id}")
    if any(form.action.endswith("/answers") for form in page.forms):
        form = page.form("/answers")
        staff.post(form.action, filled_in(form, answers))
    settle_everything(staff)
    for form in (form for form in staff.page.forms if form.action.endswith("/questions")):
        staff.send(form, words=reply)


def settle_everything(staff: Browser) -> None:
    """Settle every point of the review on the page, each once."""
    items = [it.fields["item"][0] for it in staff.page.forms if it.action.endswith("/settle")]
    for item in items:
        form = next(it for it in staff.page.forms if it.fields.get("item") == [item])
        own = form.offered.get("action", [])
        staff.send(form, action=own[:1] or ["other"], words=REASON, confirmed="yes")
        assert staff.status == 200, staff.page.words


def decide(staff: Browser, visit_id: str, treatments: list[str], words: str) -> None:
    """Write the plan and go ahead."""
    form = staff.open(f"/staff/visits/{visit_id}").form("/plan")
    texts = {
        name: [words] * len(values)
        for name, values in form.fields.items()
        if name in form.boxes and name != "treatments"
    }
    staff.post(form.action, {**form.fields, **texts, "treatments": treatments})
    staff.send(staff.page.form("/decision"), kind="proceed", words=words)
    assert staff.status == 200, staff.page.words


def read_to_document(patient: Browser, library: Library) -> None:
    """Read, answer the check-questions, tick, choose about photos, open the document."""
    patient.send(patient.open("/reading").form())
    while patient.address.startswith("/reading/"):
        patient.send(patient.page.form(having="key"))
    right = {one.id: one.correct for it in library.treatments.values() for one in it.quiz}
    while patient.address.startswith("/quiz/"):
        patient.send(patient.page.form(), choice=right[patient.address.removeprefix("/quiz/")])
        patient.open(next(link for link in patient.page.links[::-1] if _leads_on(link)))
    form = patient.open("/statements").form(having="ticked")
    patient.send(form, ticked=form.offered["ticked"])
    patient.send(patient.page.form(having="photos"), photos=["record"])
    patient.open("/document")


def _leads_on(link: str) -> bool:
    return link.startswith(("/quiz/", "/statements", "/reading"))


def go_to_signing(patient: Browser) -> None:
    """From the document to the place to sign it."""
    patient.open(next(link for link in patient.page.links if link.startswith("/sign")))


def sign(patient: Browser, name: str) -> None:
    """Sign the document just read with the typed name."""
    go_to_signing(patient)
    patient.send(patient.page.form(having="agree"), agree="yes", full_name=name, method="typed")


def countersign(staff: Browser, visit_id: str) -> None:
    """The clinician signs under it."""
    form = staff.open(f"/staff/visits/{visit_id}/countersign").form(having="full_name")
    staff.send(form, full_name=DOCTOR, method="typed")
