"""The staff's part at their own door: opening the clinic, the desk, the review, the archive."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from questionnaire.domain.answers import Answer
from questionnaire.journey.factors import RECOVERY_CODES
from tests.authenticators import app_code
from tests.browser.answering import fill_in_page
from tests.browser.serving import PATIENCE, Served
from tests.browser.watching import Watched

NAME: Final = "Dr Ada Invented"
EMAIL: Final = "ada@clinic.example"
PASSWORD: Final = "violet-kettle harbour 7 moons"  # noqa: S105  # of somebody invented
REASON: Final = "Looked at under a lens: an old scar, <b>no</b> ringworm 🙂. Photo on file."


def open_clinic(clinician: Watched, served: Served) -> None:
    """The first administrator follows the link, signs in and sets up a second step."""
    first_administrator(clinician, served)
    set_up_app(clinician)
    assert clinician.heading == "Home"


def first_administrator(clinician: Watched, served: Served) -> None:
    """The first administrator, who treats patients too, follows the link and signs in."""
    clinician.go(served.first_link)
    clinician.write("Your full name, as you sign", NAME)
    clinician.write("E-mail address", EMAIL)
    clinician.touch(clinician.page.get_by_label("I am a clinician too"))
    clinician.write("Registration number, if you have one", "INVENTED-0001")
    clinician.write("Password", PASSWORD)
    clinician.write("The same password again", PASSWORD)
    clinician.press("Open the clinic")
    assert clinician.heading == "Sign in"
    clinician.write("E-mail address", EMAIL)
    clinician.write("Password", PASSWORD)
    clinician.press("Sign in")


def set_up_app(clinician: Watched) -> None:
    """Share a secret with an authenticator app, type its code, keep the recovery codes."""
    assert clinician.heading == "Set up a second step"
    clinician.press("Use an authenticator app")
    secret = clinician.page.locator("#secret").inner_text()
    clinician.write("Code that the app shows", app_code(secret))
    clinician.press("Keep this app")
    assert clinician.page.locator("#recovery-codes li").count() == RECOVERY_CODES
    clinician.press("I have written them down", "link")


def arrange(desk: Watched, name: str, born: date, treatment: str) -> str:
    """Arrange a visit; the code for the tablet."""
    desk.press("Desk", "link")
    desk.follow(desk.page.get_by_role("link", name="Arrange a visit"))
    desk.page.locator("#full_name").fill(name)
    for part in ("Day", "Month", "Year"):
        desk.write(part, str(getattr(born, part.lower())))
    desk.page.get_by_label("How you checked who they are").select_option("Passport")
    desk.touch(desk.page.get_by_role("checkbox", name=treatment))
    desk.page.locator("#appointment_time").fill("23:59")
    desk.press("Arrange and show the code")
    return code_shown(desk)


def code_shown(desk: Watched) -> str:
    """The code on the page."""
    return desk.page.locator(".tablet-code").inner_text()


def open_waiting(clinician: Watched, name: str) -> None:
    """Go to somebody's visit from the queue."""
    clinician.press("Waiting", "link")
    clinician.follow(clinician.page.locator(".waiting--wide a").filter(has_text=name))


def settle_everything(clinician: Watched) -> list[str]:
    """Settle card after card; a stop takes a reason and a confirmation. The titles, in order."""
    settled = []
    card = clinician.page.locator(".flag:not(.flag--settled)").filter(
        has=clinician.page.locator("form")
    )
    while card.count():
        first = card.first
        settled.append(first.locator("h2").inner_text())
        if first.get_by_label("Your reason").count():
            clinician.touch(first.locator("input[name=action]").first)
            first.get_by_label("Your reason").fill(REASON)
            clinician.touch(first.get_by_label("I have weighed this stop and answer for it"))
            clinician.press("Record", within=first)
        elif first.locator("button.chip").count():
            clinician.follow(first.locator("button.chip").first)
        else:
            clinician.touch(first.locator("summary").last)
            first.get_by_label("In your own words").fill("Asked on the phone: none taken.")
            clinician.press("Record these words", within=first)
    return settled


def answer_own_questions(clinician: Watched, answers: Mapping[str, Answer]) -> None:
    """Fill in what only the clinic knows; the rules run again."""
    fill_in_page(clinician, answers)
    clinician.press("Save and run the rules again")


def plan_and_decide(clinician: Watched, words: str) -> None:
    """Write the plan and decide to go ahead."""
    plan = clinician.page.locator("#plan")
    for box in plan.locator("input[type=text], textarea").all():
        box.fill(f"{words} {box.get_attribute('name')}")
    clinician.press("Keep the plan")
    decision = clinician.page.locator("#decision")
    clinician.touch(decision.get_by_label("Go ahead", exact=True))
    decision.get_by_label("In your own words").fill(words)
    clinician.press("Record the decision")


def countersign(clinician: Watched) -> None:
    """Sign under the very document the patient signed."""
    clinician.write(f"Your full name: {NAME}", NAME)
    clinician.touch(clinician.page.get_by_label("Use my typed name"))
    clinician.press("Countersign")


def wait_for_seal(archivist: Watched) -> None:
    """The page that waits shows by itself what the worker has sealed."""
    download = archivist.page.locator("a.button", has_text="Download")
    download.wait_for(timeout=PATIENCE * 1000)
    archivist.look()


def download(archivist: Watched, folder: Path) -> Path:
    """The sealed document, as the browser saves it."""
    with archivist.page.expect_download() as saving:
        archivist.touch(archivist.page.locator("a.button", has_text="Download"))
    file = folder / saving.value.suggested_filename
    saving.value.save_as(file)
    return file
