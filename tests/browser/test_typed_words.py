"""No button of a staff page loses what was typed into its other boxes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import delete

from questionnaire.clinic import open_clinic
from questionnaire.domain.visit import Station
from questionnaire.records import tables
from questionnaire.records.database import Database
from questionnaire.settings import Settings
from tests.authenticators import app_code
from tests.browser import staff_part
from tests.browser.conftest import TABLET
from tests.browser.serving import Served, free_port
from tests.browser.walked import walk_to
from tests.browser.watching import Watched

pytestmark = pytest.mark.whole

BOXES = "main textarea, main input[type=text], main input[type=email], main input[type=date]"
FORMS = (
    "form[method=post]:not(.staff-bar__me, [action$='/reset'], [action$='/sessions/end'])"
    ":has(button)"
)
"""All forms but those by which somebody ends their own session."""
NOT_KEPT = "[autocomplete=one-time-code], [data-no-draft] *"


@dataclass(frozen=True, slots=True)
class Typing:
    """A served clinic, an authenticator's secret, the cookies of who is signed in, and visits."""

    served: Served
    secret: str
    cookies: Path
    visits: dict[Station, str]

    def address(self, path: str, station: Station = Station.ARRANGED) -> str:
        """A page of the staff door; `{id}` stands for the visit at this station."""
        return f"{self.served.address}/staff/{path}".format(id=self.visits[station])


@pytest.fixture(scope="module")
def served_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Served, dict[Station, str]]]:
    """A clinic of its own, for its staff lose their sessions; with a visit at some stations."""
    served = Served(tmp_path_factory.mktemp("typed"), free_port())
    try:
        served.set_up()
        stations = (Station.ARRANGED, Station.SUBMITTED, Station.PATIENT_SIGNED, Station.SEALED)
        yield served, {one: walk_to(served, one, "Rowan Pretendham").visit.id for one in stations}
    finally:
        served.stop()


@pytest.fixture(scope="module")
def clinic(served_alone: tuple[Served, dict[Station, str]], browser: Browser) -> Typing:
    """An administrator who is a clinician too has set up a second step."""
    served, visits = served_alone
    served.open_doors()
    context = browser.new_context(viewport=TABLET, locale="en-GB")
    staff = Watched(context, context.new_page(), "typing", looks=False)
    staff_part.first_administrator(staff, served)
    staff.press("Use an authenticator app")
    secret = staff.page.locator("#secret").inner_text()
    staff.write("Code that the app shows", app_code(secret))
    staff.press("Keep this app")
    context.storage_state(path=served.folder / "cookies.json")
    context.close()
    return Typing(served, secret, served.folder / "cookies.json", visits)


@pytest.fixture
def somebody(clinic: Typing, watched: Callable[..., Watched]) -> Watched:
    """That person, signed in."""
    return watched("words", looks=False, storage_state=clinic.cookies)


def boxes(page: Page) -> list[str]:
    """What tells each box of the page from the others; those in a closed part too."""
    found: list[str] = page.locator(BOXES).evaluate_all(
        """(all, not_kept) => all.filter((box) => box.name && !box.matches(not_kept))
           .map((box) => box.id)""",
        NOT_KEPT,
    )
    return found


def fill_all(page: Page) -> dict[str, str]:
    """Type something of its own into every box; the words by box."""
    page.evaluate(
        "() => { for (const one of document.querySelectorAll('main details')) one.open = true }"
    )
    typed = {}
    for number, name in enumerate(boxes(page)):
        box = page.locator(f"[id='{name}']")
        words = (
            "2099-03-04"
            if box.get_attribute("type") == "date"
            else f"Typed {number}, <b>not</b> lost"
        )
        box.fill(words)
        typed[name] = words
    return typed


def shown(page: Page, typed: dict[str, str]) -> dict[str, str]:
    """What stands now in those boxes of the page that are still on it."""
    here = {*boxes(page)} & typed.keys()
    return {name: page.locator(f"[id='{name}']").input_value() for name in sorted(here)}


def database_of(served: Served) -> Database:
    return open_clinic(Settings.from_environment(served.environment)).database


def new_visit(clinic: Typing, name: str) -> str:
    """The address of the review of a visit on whose page nobody typed anything yet."""
    walk = walk_to(clinic.served, Station.SUBMITTED, name)
    return f"{clinic.served.address}/staff/visits/{walk.visit.id}"


OPENING_TAG = "(form) => form.outerHTML.split('>')[0]"


def own_boxes(button: Locator) -> set[str]:
    names: list[str] = button.evaluate(
        "(button) => [...button.form.elements].map((one) => one.id).filter((id) => id)"
    )
    return {*names}


PAGES = {
    "review": (Station.SUBMITTED, "visits/{id}", 15),
    "review of a signed visit": (Station.PATIENT_SIGNED, "visits/{id}", 1),
    "desk": (Station.ARRANGED, "desk/visits/{id}", 1),
    "archive": (Station.SEALED, "archive/{id}", 2),
    "people": (Station.ARRANGED, "people", 1),
    "approvals": (Station.ARRANGED, "approvals", 1),
}
"""Station of the visit, the page, and the fewest boxes that are there to type into."""


@pytest.mark.parametrize("path", ["desk", "waiting"])
def test_a_list_shows_a_new_visit_by_itself_and_takes_neither_words_nor_focus(
    clinic: Typing, watched: Callable[..., Watched], path: str
) -> None:
    page = watched(f"list {path}", looks=False, storage_state=clinic.cookies).page
    page.clock.install()
    page.goto(f"{clinic.served.address}/staff/{path}")
    link = page.locator("[data-list] a").first
    where = link.get_attribute("href")
    link.focus()
    newcomer = f"Linden Newcomer of {path}"
    with page.expect_response("**/staff/*"):
        page.clock.run_for(30_500)
    assert page.locator("[data-list-news]").inner_text() == "", "nobody is new"
    walk_to(clinic.served, Station.SUBMITTED, newcomer)
    page.clock.run_for(30_500)
    expect(page.locator("[data-list]")).to_contain_text(newcomer)
    expect(page.locator("[data-list-news]")).to_have_text(f"New in the list: {newcomer}")
    assert page.evaluate("document.activeElement.getAttribute('href')") == where
    if path == "desk":
        page.get_by_label("Name of a patient").fill("Rowan")
        walk_to(clinic.served, Station.ARRANGED, "Alder Latecomer")
        page.clock.run_for(30_500)
        expect(page.locator("[data-list]")).to_contain_text("Alder Latecomer")
        expect(page.get_by_label("Name of a patient")).to_have_value("Rowan")
        expect(page.get_by_label("Name of a patient")).to_be_focused()


def test_the_ink_of_a_countersignature_waits_for_its_document_in_this_session(
    clinic: Typing, somebody: Watched
) -> None:
    page = somebody.page
    page.goto(clinic.address("visits/{id}/countersign", Station.PATIENT_SIGNED))
    page.locator("#method-drawn").check()
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=6)
    page.mouse.up()
    ink = page.locator("#strokes").input_value()
    assert ink.startswith("[[[")
    page.get_by_role("button", name="A+ Larger text").click()
    assert page.locator("#strokes").input_value() == ink
    with page.expect_response("**/drafts"):
        page.locator("#full_name").fill("Half a na")
    page.reload()
    assert page.locator("#strokes").input_value() == ink
    assert page.locator("[data-ink-status]").inner_text() == "Signature drawn"
    assert page.locator("#full_name").input_value() == "Half a na"
    page.get_by_role("button", name="Clear and start again").click()
    with page.expect_response("**/drafts"):
        page.locator("#full_name").fill("Half a name")
    page.reload()
    assert page.locator("#strokes").input_value() == ""


def test_a_page_sends_nothing_under_the_name_of_somebody_else_who_signed_in(
    clinic: Typing, somebody: Watched
) -> None:
    page = somebody.page
    page.goto(clinic.address("visits/{id}", Station.SUBMITTED))
    page.evaluate(
        """() => { for (const box of document.querySelectorAll('input[name="csrf_token"]'))
           box.value = box.value.slice(0, 64) + '0'.repeat(64) }"""
    )
    page.locator("#own-point-text").fill("Words of the one before")
    page.get_by_role("button", name="Add the point").click()
    page.locator(".not-gone").wait_for()
    assert "Somebody else is signed in here now" in page.locator(".not-gone").inner_text()
    assert page.locator("#own-point-text").input_value() == "Words of the one before"
    page.reload()
    assert page.locator("#own-point-text").input_value() == ""
    assert "Words of the one before" not in page.content()


@pytest.mark.parametrize("which", PAGES)
def test_after_each_button_every_other_box_still_holds_its_words(
    clinic: Typing, somebody: Watched, which: str
) -> None:
    station, path, fewest = PAGES[which]
    address = clinic.address(path, station)
    page = somebody.page
    page.goto(address)
    forms = page.locator(FORMS).count()
    assert len(fill_all(page)) >= fewest
    pressed = 0
    for number in range(forms):
        page.goto(address)
        typed = fill_all(page)
        button = page.locator(FORMS).nth(number).locator("button:visible").last
        if not button.count():
            continue
        own = own_boxes(button)
        pressed += 1
        if "data-ends-the-page" in (page.locator(FORMS).nth(number).evaluate(OPENING_TAG)):
            button.click()
            page.locator(".not-gone").wait_for()
            assert shown(page, typed) == typed, "nothing was sent"
            continue
        somebody.follow(button)
        page.goto(address)
        assert page.url == address
        others = {name: words for name, words in typed.items() if name not in own}
        found = shown(page, others)
        assert found == {name: others[name] for name in found}, number
    assert pressed


def test_a_decision_waits_for_what_was_typed_beside_it(clinic: Typing, somebody: Watched) -> None:
    page = somebody.page
    page.goto(new_visit(clinic, "Hawthorn Undecided"))
    somebody.press("Keep the plan")
    page.locator("#own-risk-text").fill("A risk that nobody added")
    page.locator("#price").fill("777")
    page.get_by_role("checkbox", name="Mesotherapy for the face").check(force=True)
    page.locator("#decision-words").fill("Going ahead")
    page.get_by_role("button", name="Record the decision").click()
    told = page.locator(".not-gone").inner_text()
    assert told == (
        "Not sent yet on this page: Add a risk for this patient: they tick it before signing; "
        "Treatments; Price. Send or clear each of them first."
    )
    assert page.locator(".not-sent").count() == 3
    page.get_by_role("checkbox", name="Mesotherapy for the face").uncheck(force=True)
    page.locator("#price").fill("")
    page.locator("#own-risk-text").fill("")
    somebody.press("Record the decision")
    assert "Pick a decision." in page.locator(".govuk-error-summary").inner_text()


def test_leaving_a_page_keeps_what_stands_in_its_boxes_for_its_writer_alone(
    clinic: Typing, somebody: Watched
) -> None:
    page = somebody.page
    page.goto(clinic.address("visits/{id}", Station.SUBMITTED))
    page.locator("#discussed").fill("Half a sentence")
    somebody.press("Desk", "link")
    page.goto(clinic.address("visits/{id}", Station.SUBMITTED))
    assert page.locator("#discussed").input_value() == "Half a sentence"
    group = page.locator(".govuk-form-group", has=page.locator("#discussed"))
    assert group.locator(".not-sent").inner_text() == "Typed before and not sent yet."


def test_words_that_were_refused_stay_when_other_buttons_are_pressed(
    clinic: Typing, somebody: Watched
) -> None:
    page = somebody.page
    address = new_visit(clinic, "Spindle Refused")
    page.goto(address)
    page.locator("#decision-words").fill("Words of a decision nobody picked")
    somebody.press("Record the decision")
    assert page.locator(".govuk-error-summary").count() == 1
    somebody.press("Keep the plan")
    page.goto(address)
    assert page.locator("#decision-words").input_value() == "Words of a decision nobody picked"


def test_a_new_visit_opens_empty_and_what_was_left_of_another_patient_is_never_mixed_in(
    clinic: Typing, somebody: Watched
) -> None:
    page, arrange = somebody.page, clinic.address("desk/arrange")

    def begin(name: str, year: str, treatment: str) -> None:
        somebody.go(arrange)
        assert page.locator("#full_name").input_value() == ""
        assert page.locator("#identity_check").input_value() == ""
        assert page.locator(":checked:is([type=checkbox], [type=radio])").count() == 0
        page.locator("#full_name").fill(name)
        for part, text in (("Day", "3"), ("Month", "5"), ("Year", year)):
            somebody.write(part, text)
        page.locator("#identity_check").select_option("Passport")
        page.locator("#appointment_time").fill("23:59")
        somebody.touch(page.get_by_role("checkbox", name=treatment))

    def goes_on(name: str, year: str, treatment: str) -> None:
        somebody.go(arrange)
        somebody.follow(page.locator(".unsent-form").filter(has_text=name).get_by_role("link"))
        assert page.locator("#full_name").input_value() == name
        assert page.get_by_label("Year").input_value() == year
        assert page.get_by_role("checkbox", name=treatment).is_checked()
        assert page.locator(":checked:is([type=checkbox], [type=radio])").count() == 1
        assert page.locator("#identity_check").input_value() == "", "that is done with each patient"

    first = ("Juniper Leftoff", "1971", "PRP injections for hair")
    second = ("Hazel Secondly", "1988", "Mesotherapy for the face")
    begin(*first)
    begin(*second)
    goes_on(*first)
    somebody.press("Arrange and show the code")
    assert "Pick how you checked" in page.locator("main").inner_text()
    page.locator("#appointment_time").fill("23:58")
    goes_on(*first)
    assert page.locator("#appointment_time").input_value() == "23:58"
    page.locator("#identity_check").select_option("Passport")
    somebody.press("Arrange and show the code")
    assert "Juniper Leftoff" in page.locator("h1").inner_text()
    assert "PRP injections for hair · " in page.locator("main").inner_text()
    somebody.go(arrange)
    assert page.locator(".unsent-form").count() == 1
    goes_on(*second)
    somebody.go(arrange)
    somebody.press("Throw it away")
    assert page.locator(".unsent-form").count() == 0


def test_a_page_open_in_two_tabs_loses_the_words_of_neither(
    clinic: Typing, somebody: Watched
) -> None:
    address = clinic.address("visits/{id}", Station.SUBMITTED)
    one, other, idle = somebody.page, somebody.context.new_page(), somebody.context.new_page()
    one.goto(address)
    somebody.press("Keep the plan")
    for page in (one, other, idle):
        page.goto(address)

    def write(page: Page, **boxes: str) -> None:
        for name, words in boxes.items():
            with page.expect_response("**/drafts"):
                page.locator(f"#{name.replace('_', '-')}").fill(words)

    def pick(page: Page, kind: str) -> None:
        with page.expect_response("**/drafts"):
            page.locator(f"[name=kind][value={kind}]").check()

    write(one, own_point_text="Ten minutes of words", price="100", until="2098-03-04")
    pick(one, "proceed")
    write(other, discussed="Of the other tab", price="200", until="2098-05-06")
    pick(other, "do_not_treat")
    write(one, own_point_text="Ten minutes of better words", price="150")
    one.close()
    Watched(somebody.context, idle, "idle", looks=False).press("Keep the plan")
    idle.goto(address)
    expect(idle.locator("#own-point-text")).to_have_value("Ten minutes of better words")
    expect(idle.locator("#discussed")).to_have_value("Of the other tab")
    expect(idle.locator("#price")).to_have_value("200 // 150")
    expect(idle.locator("#until")).to_have_value("2098-05-06")
    expect(idle.locator("[name=kind]:checked")).to_have_value("do_not_treat")
    assert "both stand here" in idle.locator(".not-sent", has_text="two windows").inner_text()


def test_words_stay_when_somebody_is_signed_out_and_go_on_after_signing_in(
    clinic: Typing, somebody: Watched
) -> None:
    # the last test here: nobody's session is left after it
    page = somebody.page
    page.goto(clinic.address("visits/{id}", Station.SUBMITTED))
    page.locator("#own-point-text").fill("Two words")
    page.locator("#price").fill("100 and no more")
    with database_of(clinic.served).write() as tx:
        tx.connection.execute(delete(tables.staff_session))
    page.get_by_role("button", name="Add the point").click()
    notice = page.locator(".not-gone")
    notice.wait_for()
    assert "not signed in any more" in notice.inner_text()
    assert page.locator("#own-point-text").input_value() == "Two words"
    with page.expect_popup() as opened:
        notice.get_by_role("link").click()
    again = Watched(somebody.context, opened.value, "again", looks=False)
    again.write("E-mail address", staff_part.EMAIL)
    again.write("Password", staff_part.PASSWORD)
    again.press("Sign in")
    again.write("Code from your authenticator app", app_code(clinic.secret, later=1))
    again.press("Go on")
    again.page.close()
    somebody.press("Add the point")
    assert "Point: Two words" in page.locator("#own-point").inner_text()
    assert page.locator("#own-point-text").input_value() == ""
    assert page.locator("#price").input_value() == "100 and no more"


def test_another_look_loses_nothing_typed_where_nobody_is_signed_in(
    clinic: Typing, watched: Callable[..., Watched]
) -> None:
    page = watched("looks").page
    page.goto(clinic.address("sign-in"))
    page.get_by_label("E-mail address").fill("half@typed")
    for name in ("A++ Largest text", "Dark screen", "Light screen", "Dark screen"):
        with page.expect_response("**/staff/display"):
            page.get_by_role("button", name=name).click()
        expect(page.get_by_label("E-mail address")).to_have_value("half@typed")
    expect(page.locator("html")).to_have_class("govuk-template text-largest dark")
    page.reload()
    expect(page.locator("html")).to_have_class("govuk-template text-largest dark")
    expect(page.get_by_role("button", name="Light screen")).to_be_visible()


def test_a_link_opened_in_a_tab_that_shows_its_page_already_is_taken(
    clinic: Typing, watched: Callable[..., Watched]
) -> None:
    page = watched("links").page
    page.goto(clinic.address("join"))
    page.goto(clinic.address("join") + "#" + "x" * 24)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Your one-time link")
