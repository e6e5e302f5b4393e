"""The set-up pages as an administrator meets them."""

import re
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from questionnaire.content.clinic import earlier_facts
from questionnaire.domain.clinic_details import NOT_SET_UP, Part
from questionnaire.domain.visible import MOST_MARKS
from questionnaire.domain.visit import Role
from questionnaire.journey import staffing, test_letter
from questionnaire.journey.clinic_facts import PARTS, up_to_date
from questionnaire.records.accounts import set_password
from tests.clinics import ADMINISTRATOR, Clinic
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, hire, open_door
from tests.web.staff.test_carrying import grow_stale, waiting_form

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[3]
NAME = {
    "name": "Fern House",
    "address": "1 Moss Lane",
    "country": "Ireland",
    "time_zone": "Europe/Dublin",
}
PHONES = {
    "calling_code": "44",
    "phone": "020 7946 0018",
    "phone_called": "yes",
    "emergency_phone": "020 7946 0019",
    "emergency_phone_called": "yes",
    "emergency_number": "999",
}
EMAIL = {"email": "hello@fern.example", "complaints_email": "unhappy@fern.example"}
REGULATOR = {"regulator": "Board of Samples", "regulator_address": "2 Moss Lane"}
TO_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WITHOUT = {"how": "without", "decided_by": "Minnie Strator"}
RIGHT = {
    Part.NAME: NAME,
    Part.PHONES: PHONES,
    Part.EMAIL: EMAIL,
    Part.REGULATOR: REGULATOR,
    Part.PRACTITIONER: {},
    Part.APPROVER: {},
    Part.LANGUAGES: {"languages": ["es"]},
    Part.MAIL: WITHOUT,
    Part.BACKUP: WITHOUT,
}
ADDRESSES_OF_NOBODY = (
    "hello@fern.example, other@fern.example",
    "Fern <hello@fern.example>",
    '"hello there"@fern.example',
    "hello@fern",
)
ARABIC = "\u0660\u0662\u0660 \u0667\u0669\u0664\u0666 \u0660\u0660\u0661\u0668"
WRONG = [
    *((Part.NAME, NAME | {box: ""}, box) for box in NAME),
    (Part.NAME, NAME | {"time_zone": "Europe/Nowhere"}, "time_zone"),
    (Part.NAME, NAME | {"time_zone": "Etc/GMT+5"}, "time_zone"),
    *((Part.PHONES, PHONES | {box: ""}, box) for box in PHONES),
    (Part.PHONES, PHONES | {"phone": "call us"}, "phone"),
    (Part.PHONES, PHONES | {"phone": "12"}, "phone"),
    *(
        (Part.PHONES, PHONES | {"phone": odd}, "phone")
        for odd in ("(((020 7946 0018", "020) 7946 0018", "020 7946 0018-", "020 7946 0018 #2")
    ),
    *(
        (Part.PHONES, PHONES | {"emergency_number": odd}, "emergency_number")
        for odd in ("999#", "tel:", "+999x", "\u200e", "\uff19\uff19\uff19\uff19\uff19")
    ),
    *(
        (Part.PHONES, PHONES | {"calling_code": code}, "calling_code")
        for code in ("000", "044", "353999999", "999", "4 4", "-44", "+")
    ),
    (Part.NAME, NAME | {"address": "Fern" + "\u0301" * (MOST_MARKS + 2)}, "address"),
    (Part.REGULATOR, REGULATOR | {"regulator": "B\x07oard"}, "regulator"),
    (Part.LANGUAGES, {"languages": ["es", "xx"]}, "languages"),
    (Part.REGULATOR, REGULATOR | {"law_of": ["atlantis"]}, "law_of"),
    (Part.PHONES, PHONES | {"emergency_number": "12345"}, "emergency_number"),
    *((Part.EMAIL, EMAIL | {box: "nobody"}, box) for box in EMAIL),
    *((Part.REGULATOR, REGULATOR | {box: " "}, box) for box in REGULATOR),
    (Part.LANGUAGES, {"languages": ["es"], "own-money-en": "Pay first."}, "own-money-es"),
    *(
        (Part.LANGUAGES, {"languages": [], "own-money-en": words}, "own-money-en")
        for words in ("B" + "\u0301" * 300, "....", "123")
    ),
    *((Part.EMAIL, EMAIL | {"email": two}, "email") for two in ADDRESSES_OF_NOBODY),
    *((part, WITHOUT | {"decided_by": " "}, "decided_by") for part in (Part.MAIL, Part.BACKUP)),
    (Part.MAIL, {}, "how"),
    (Part.MAIL, {"how": "tested", "code": "ABCDEF"}, "how"),
    (Part.BACKUP, {}, "how"),
    (Part.BACKUP, {"how": "made"}, "how"),
    (Part.PRACTITIONER, {}, "practitioner"),
    (Part.APPROVER, {}, "approver"),
]


@pytest.fixture
def door(bare: Clinic) -> Door:
    """An administrator at the door of a clinic that nobody has set up."""
    return enter_as(open_door(bare), Role.ADMINISTRATOR)


def test_the_first_page_says_what_is_next_and_leads_there(door: Door) -> None:
    page = door.read("/")
    assert "What is next" in page
    for part in Part:
        assert f'href="/staff/setup/{part.value}"' in page
        assert f'<h1 class="govuk-heading-l">{PARTS[part]}</h1>' in door.read(f"/setup/{part}")
    assert "Every signed consent is sealed" not in page
    assert page.count("no visit can be arranged") == 1
    arrange = door.read("/desk/arrange")
    assert "Nobody is a clinician yet" in arrange
    assert "This clinic is not set up yet, so no visit can be arranged." in arrange


def test_a_clinic_is_set_up_part_by_part_and_then_open(door: Door) -> None:
    hire(door, "Dr Ada Invented", Role.CLINICIAN, registration="GMC 1234567")
    hire(door, "Archie Keepwell", Role.ARCHIVIST)
    for left, part in enumerate(reversed(Part)):
        assert f"{9 - left} of 9 left" in door.read("/setup")
        answer = door.post(f"/setup/{part.value}", RIGHT[part])
        assert (answer.status_code, answer.location) == (303, "/staff/setup"), part
    assert "Every part is confirmed" in door.read("/setup")
    assert "Fern House" in door.read("/")
    clinic = up_to_date(door.clinic.house).clinic
    assert clinic.is_set_up
    assert (clinic.phone, clinic.languages) == ("020 7946 0018", ("es",))


def checkout() -> dict[Path, tuple[int, int]]:
    """Every file that comes along, with its size and when it was written."""
    folders = (ROOT / name for name in ("rules", "static", "templates", "questionnaire", "docs"))
    files = [each for folder in folders for each in folder.rglob("*") if each.suffix != ".pyc"]
    return {
        each: (each.stat().st_size, each.stat().st_mtime_ns) for each in files if each.is_file()
    }


def test_setting_a_clinic_up_writes_nothing_into_what_came_along(door: Door) -> None:
    hire(door, "Dr Ada Invented", Role.CLINICIAN, registration="GMC 1234567")
    hire(door, "Archie Keepwell", Role.ARCHIVIST)
    before = checkout()
    for part in Part:
        assert door.post(f"/setup/{part.value}", RIGHT[part]).status_code == 303
    assert len(before) > 200
    assert checkout() == before


def test_what_an_earlier_file_says_is_filled_in_and_counts_only_when_confirmed(
    bare: Clinic, tmp_path: Path
) -> None:
    earlier = tmp_path / "clinic.yaml"
    earlier.write_text('name: "Fern House"\nphone: "020 7946 0018"\nemail: "care@aurelia.example"')
    house = replace(bare.house, proposed=partial(earlier_facts, earlier))
    door = enter_as(open_door(replace(bare, house=house)), Role.ADMINISTRATOR)
    page = door.read("/setup/name")
    assert "is filled in already" in page
    assert field_value(page, "name") == "Fern House"
    assert field_value(door.read("/setup/phones"), "phone") == "020 7946 0018"
    assert field_value(door.read("/setup/email"), "email") == ""
    assert up_to_date(door.clinic.house).clinic == NOT_SET_UP
    door.post("/setup/name", NAME | {"name": "Fern Hall"})
    page = door.read("/setup/name")
    assert "is filled in already" not in page
    assert field_value(page, "name") == "Fern Hall"


def test_the_only_clinician_is_chosen_already_and_one_of_two_is_not(door: Door) -> None:
    ada = hire(door, "Dr Ada Invented", Role.CLINICIAN, registration="GMC 1234567")
    assert f'<option value="{ada.id}" selected>' in door.read("/desk/arrange")
    hire(door, "Dr Bea Invented-Two", Role.CLINICIAN, registration="GMC 7654321")
    page = door.read("/desk/arrange")
    assert f'<option value="{ada.id}">' in page
    assert "selected>Dr" not in page


@pytest.mark.parametrize(("part", "typed", "box"), WRONG)
def test_what_cannot_be_read_is_told_beside_its_box_and_stays(
    door: Door, part: Part, typed: dict[str, object], box: str
) -> None:
    answer = door.post(f"/setup/{part.value}", typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f'href="#{box}"' in page
    assert f'id="{box}"' in page
    kept = [value for name, value in typed.items() if name in {"name", "phone", "email"}]
    assert all(str(value) in page for value in kept)
    assert door.read("/setup").count("Left to confirm") == 9


@pytest.mark.parametrize("part", [Part.MAIL, Part.BACKUP])
def test_who_decided_to_do_without_is_shown_and_is_nobody_before(door: Door, part: Part) -> None:
    door.post("/setup/name", NAME)
    page = door.read(f"/setup/{part.value}")
    assert field_value(page, "decided_by") == ""
    assert NAME["name"] not in page.partition("<form")[2].partition('id="decided_by"')[2][:200]
    door.post(f"/setup/{part.value}", WITHOUT)
    page = door.read(f"/setup/{part.value}")
    assert field_value(page, "decided_by") == "Minnie Strator"
    assert re.search(r'value="without"[^>]* checked', page)


def test_a_test_letter_needs_an_address_first(door: Door) -> None:
    assert door.post("/setup/mail/letter").status_code == 422
    door.post("/setup/email", EMAIL)
    assert door.post("/setup/mail/letter").status_code == 303
    state = test_letter.letter_state(door.clinic.house)
    assert state is not None
    assert state.waits


@pytest.mark.parametrize("part", Part)
def test_confirming_asks_for_a_second_step_and_goes_on_with_what_was_typed(
    door: Door, part: Part
) -> None:
    grow_stale(door)
    assert PARTS[part] in door.read(f"/setup/{part.value}"), "looking asks for nothing"
    answer = door.post(f"/setup/{part.value}", RIGHT[part])
    assert answer.location == "/staff/second-step?next=/staff/go-on"
    assert door.read("/setup").count("Left to confirm") == 9
    door.give_code(later=1)
    path, fields = waiting_form(door.read("/go-on"))
    assert path == f"/setup/{part.value}"
    assert RIGHT[part].items() <= {**fields, "languages": [fields.get("languages")]}.items()


def test_whose_law_is_told_is_picked_from_the_places_of_the_rules(door: Door) -> None:
    answer = door.post("/setup/regulator", REGULATOR | {"law_of": ["france", "european_union"]})
    assert answer.status_code == 303
    page = door.read("/setup/regulator")
    ticked = re.findall(r'name="law_of" value="(\w+)"[^>]* checked', page)
    assert ticked == ["european_union", "france"]
    assert 'value="everywhere"' not in page


def test_treatments_of_which_no_law_of_the_ticked_places_is_told_are_named(door: Door) -> None:
    untold = "Nothing is told of the law in the places that are ticked"
    assert untold not in door.read("/setup") + door.read("/setup/regulator")
    door.post("/setup/regulator", REGULATOR | {"law_of": ["european_union"]})
    for page in (door.read("/setup"), door.read("/setup/regulator")):
        said = page.partition(untold)[2].partition("</")[2].partition("</")[0]
        assert said.endswith(" about: PRP with micro-needling.")
    door.post("/setup/regulator", REGULATOR | {"law_of": ["european_union", "england"]})
    assert untold not in door.read("/setup") + door.read("/setup/regulator")


def test_where_no_place_is_ticked_nothing_is_said_of_ticked_ones(door: Door) -> None:
    door.post("/setup/regulator", REGULATOR)
    for page in (door.read("/setup"), door.read("/setup/regulator")):
        assert "<strong>No place is ticked, so nothing is told of the law</strong> about: " in page
        assert "places that are ticked" not in page


@pytest.mark.parametrize(
    ("part", "role", "line"),
    [
        (Part.PRACTITIONER, Role.CLINICIAN, "{name} · GMC 1234567"),
        (Part.APPROVER, Role.ARCHIVIST, "{name}"),
    ],
)
def test_the_checklist_names_whom_somebody_confirmed_and_nobody_who_came_later(
    door: Door, part: Part, role: Role, line: str
) -> None:
    then, later = "Dr Ada Invented", "Karim Madeupson"
    hire(door, then, role, registration="GMC 1234567")
    door.post(f"/setup/{part.value}", {})
    hire(door, later, role, registration="GMC 1234567")
    page = door.read("/setup")
    assert f"<bdi>{line.format(name=then)}</bdi>" in page
    assert later not in page
    assert later in door.read(f"/setup/{part.value}")
    door.post(f"/setup/{part.value}", {})
    assert f"<bdi>{line.format(name=later)}</bdi>" in door.read("/setup")


def test_telephone_numbers_may_be_typed_in_the_figures_of_any_script(door: Door) -> None:
    typed = {name: text.translate(TO_ARABIC) for name, text in PHONES.items()}
    assert door.post("/setup/phones", typed).status_code == 303
    facts = up_to_date(door.clinic.house).clinic
    kept = {name: getattr(facts, name) for name in PHONES if not name.endswith("_called")}
    assert kept == {name: PHONES[name] for name in kept}


@pytest.mark.parametrize("part", [Part.PRACTITIONER, Part.APPROVER])
def test_who_cannot_sign_in_yet_is_named_and_not_confirmed(door: Door, part: Part) -> None:
    joining = staffing.Joining(
        "Dr Ada Invented",
        "ada@clinic.example",
        "GMC 1234567",
        frozenset({Role.CLINICIAN, Role.ARCHIVIST}),
    )
    token = staffing.invite(door.clinic.house, ADMINISTRATOR, joining)
    page = door.read(f"/setup/{part.value}")
    assert "Dr Ada Invented</bdi>" in page
    assert "Dr Ada Invented cannot sign in yet: no password was set." in page
    assert door.post(f"/setup/{part.value}").status_code == 422
    account = staffing.invited(door.clinic.house, token)
    with door.clinic.house.database.write() as tx:
        set_password(tx, account.id, "kept elsewhere", stamp="another")
    assert "cannot sign in yet" not in door.read(f"/setup/{part.value}")
    assert door.post(f"/setup/{part.value}").status_code == 303


def test_when_a_backup_was_made_is_said_as_pages_say_it(door: Door) -> None:
    with door.clinic.house.database.write() as tx:
        door.clinic.house.note(tx, ADMINISTRATOR, "backup_made", "backup")
    assert door.post("/setup/backup", {"how": "made"}).status_code == 303
    page = door.read("/setup")
    assert "Backed up, last at" not in page
    assert re.search(r"Backed up, last today at \d\d:\d\d<", page)


def test_a_place_that_brings_the_law_of_another_says_so(door: Door) -> None:
    page = door.read("/setup/regulator")
    assert "France, and with it European Union" in page
    assert "England, and with it United Kingdom" in page


def test_what_cannot_be_confirmed_yet_offers_no_button_and_says_why_once(door: Door) -> None:
    for part in (Part.PRACTITIONER, Part.APPROVER):
        page = door.read(f"/setup/{part.value}")
        assert ">Confirm</button>" not in page
        assert page.count("notice--check") == 1


def test_nobody_is_said_to_have_done_without_before_it_is_typed(door: Door) -> None:
    door.post("/setup/name", NAME)
    for part in (Part.MAIL, Part.BACKUP):
        assert NAME["name"] not in field_value(door.read(f"/setup/{part.value}"), "decided_by")


def field_value(page: str, box: str) -> str:
    """What stands in a box."""
    return page.split(f'name="{box}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    "typed",
    [
        "tel:999",
        "(999)",
        "\u0669\u0669\u0669",
        "\u200e999",
        "999\u200f",
        "\uff19\uff19\uff19",
        "9 9 9",
        "999-",
    ],
)
def test_the_number_for_an_ambulance_is_kept_as_it_is_dialled(door: Door, typed: str) -> None:
    sent = PHONES | {"emergency_number": typed, "phone": ARABIC}
    assert door.post("/setup/phones", sent).status_code == 303
    clinic = up_to_date(door.clinic.house).clinic
    assert (clinic.emergency_number, clinic.phone) == ("999", "020 7946 0018")
