"""Every code that people copy by hand opens its thing, whatever keyboard it is typed on."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

from collections.abc import Callable

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import (
    archiving,
    arranging,
    factors,
    home_links,
    locking,
    staffing,
    tablets,
    turns,
)
from questionnaire.journey.archiving import Query
from questionnaire.journey.home_links import Knock
from questionnaire.records.tries import count_try
from tests.authenticators import app_code
from tests.clinics import ADMINISTRATOR, BORN, DESK, Clinic, Stage

At = Callable[..., Stage]
WIDE = {ord("-"): "–"} | {point: point + 0xFEE0 for point in range(0x30, 0x7B)}
ARABIC = {ord(figure): chr(0x660 + int(figure)) for figure in "0123456789"}
TYPED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "small letters": str.lower,
    "full width": lambda code: code.translate(WIDE),
    "full width, small": lambda code: code.lower().translate(WIDE),
    "Arabic figures": lambda code: code.translate(ARABIC),
    "a dash in the middle": lambda code: f"{code[:3]}-{code[3:]}",
    "spaces": lambda code: f"  {code[:3]}\u00a0{code[3:]}\u2009\n",
    "marks that nobody sees": lambda code: f"\u200e{code[:3]}\u200b{code[3:]}\u202c\ufeff",
}


@pytest.fixture(params=TYPED.values(), ids=TYPED)
def typed(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """One way to type a code."""
    found: Callable[[str], str] = request.param
    return found


@pytest.fixture
def dex(clinic: Clinic) -> Person:
    """A member of staff."""
    joining = staffing.Joining("Dex Frontly", "dex@candour.example", "", frozenset({Role.DESK}))
    account = staffing.invited(clinic.house, staffing.invite(clinic.house, ADMINISTRATOR, joining))
    return Person(account.id, account.full_name, Role.DESK)


def test_the_codes_of_an_app_and_for_recovery(
    clinic: Clinic, dex: Person, typed: Callable[[str], str]
) -> None:
    secret, now = factors.new_secret(clinic.house), clinic.clock()
    first = typed(app_code(secret, now))
    codes = factors.keep_app(clinic.house, dex, secret, first, replacing=False)
    assert factors.prove(clinic.house, dex, typed(app_code(secret, now, 1))) == "app"
    assert factors.prove(clinic.house, dex, typed(codes[0])) == "recovery"


def test_the_code_of_a_tablet(clinic: Clinic, typed: Callable[[str], str]) -> None:
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Waiting room")
    assert tablets.enrol(clinic.house, typed(code), device="tablet")


def test_the_code_of_a_visit_and_a_pin_for_its_locked_turn(
    at: At, typed: Callable[[str], str]
) -> None:
    stage = at(Station.IN_PROGRESS)
    house, code = stage.house, arranging.new_code(stage.house, DESK, stage.visit_id)
    turn = turns.turn_of(house, turns.enter_code(house, typed(code), device="tablet"))
    assert turn is not None
    locking.lock(house, turn)
    locked = locking.locked_turn(house, turn.token)
    assert locked is not None
    joining = staffing.Joining("Wanda Watchful", "w@clinic.example", "", frozenset({Role.DESK}))
    wanda = staffing.invited(house, staffing.invite(house, ADMINISTRATOR, joining))
    pin = typed(locking.new_pin(house, Person(wanda.id, wanda.full_name, Role.DESK)))
    assert locking.reads_as_pin(pin)
    assert locking.resume(house, locked, pin)


def test_the_code_of_a_home_link(clinic: Clinic, typed: Callable[[str], str]) -> None:
    visit_id = clinic.arrange().visit.id
    _, secret = home_links.make_link(clinic.house, DESK, visit_id)
    knock = Knock("", typed(secret.code), BORN, clinic.house.new_id(), before="", device="phone")
    assert home_links.open_at_home(clinic.house, knock)


def test_the_code_of_a_witness(at: At, typed: Callable[[str], str]) -> None:
    stage = at(Station.CONSENT_READY)
    code = arranging.witness_code(stage.house, DESK, stage.visit_id)
    with stage.house.database.read() as tx:
        found = arranging.witness_for(stage.house, tx, stage.visit_id, typed(code))
    assert found is not None
    assert found.id == DESK.id


@pytest.mark.parametrize("nothing", ["", " ", "–", "\u200b", "\u2800"])
def test_nothing_that_could_be_a_code_is_no_try(clinic: Clinic, dex: Person, nothing: str) -> None:
    for _ in range(20):
        with pytest.raises(Slip):
            factors.prove(clinic.house, dex, nothing)
    window = factors.LIMITS[0][0]
    with clinic.house.database.write() as tx:
        key = f"factor:{dex.id}:{window}"
        assert count_try(tx, key, clinic.clock(), window) == 1


def test_the_code_on_a_document(at: At, typed: Callable[[str], str]) -> None:
    stage = at(Station.SEALED)
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert seal.verification_code is not None
    codes = (seal.verification_code, seal.verification_code.replace("-", ""))
    for code in codes:
        (found,) = archiving.find(stage.house, DESK, Query(code=typed(code))).visits
        assert found.visit.id == stage.visit_id
    assert archiving.find(stage.house, DESK, Query(code="–")).total == 0
