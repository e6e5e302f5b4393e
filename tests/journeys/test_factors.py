"""Codes of an authenticator app, recovery codes, and the counting of tries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, NotFound, TooManyTries
from questionnaire.domain.visit import Person, Role
from questionnaire.journey import factors, staffing
from questionnaire.records.staff_sessions import put_staff_session, staff_sessions_of
from tests.authenticators import STEP, app_code
from tests.clinics import ADMINISTRATOR, CLINICIAN, Clinic

DEX = staffing.Joining("Dex Frontly", "dex@candour.example", "", frozenset({Role.DESK}))


@pytest.fixture
def dex(clinic: Clinic) -> Person:
    """A member of staff without a second step."""
    token = staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    account = staffing.invited(clinic.house, token)
    return Person(account.id, account.full_name, Role.DESK)


@pytest.fixture
def secret(clinic: Clinic, dex: Person) -> str:
    """The secret of the app they set up a minute ago."""
    drawn = factors.new_secret(clinic.house)
    factors.keep_app(clinic.house, dex, drawn, app_code(drawn, clinic.clock()), replacing=False)
    clinic.clock.forward(timedelta(seconds=2 * STEP))
    return drawn


def is_right(clinic: Clinic, person: Person, typed: str) -> bool:
    try:
        factors.prove(clinic.house, person, typed)
    except Slip:
        return False
    return True


@pytest.mark.guarantees("S12")
@pytest.mark.parametrize("later", [-1, 0, 1])
def test_a_code_is_taken_half_a_minute_early_or_late(
    clinic: Clinic, dex: Person, secret: str, later: int
) -> None:
    clinic.clock.forward(timedelta(minutes=5))
    for too_far in (-2, 2):
        assert not is_right(clinic, dex, app_code(secret, clinic.clock(), too_far))
    assert is_right(clinic, dex, app_code(secret, clinic.clock(), later))


@pytest.mark.guarantees("S12")
def test_a_code_works_once_and_none_before_it_after(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    now = app_code(secret, clinic.clock())
    assert is_right(clinic, dex, f" {now[:3]} {now[3:]} ")
    assert not is_right(clinic, dex, now)
    assert not is_right(clinic, dex, app_code(secret, clinic.clock(), -1))
    assert is_right(clinic, dex, app_code(secret, clinic.clock(), 1))


@pytest.mark.guarantees("S12")
def test_the_code_that_set_the_app_up_is_used_too(clinic: Clinic, dex: Person) -> None:
    drawn = factors.new_secret(clinic.house)
    first = app_code(drawn, clinic.clock())
    factors.keep_app(clinic.house, dex, drawn, first, replacing=False)
    assert not is_right(clinic, dex, first)


@pytest.mark.guarantees("S12")
def test_of_many_workers_with_one_code_one_is_let_in(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    now = app_code(secret, clinic.clock())
    with ThreadPoolExecutor(5) as pool:
        let_in = list(pool.map(lambda _: is_right(clinic, dex, now), range(5)))
    assert sorted(let_in) == [False, False, False, False, True]


@pytest.mark.guarantees("S13")
def test_forty_wrong_codes_at_once_are_five_looked_at(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    wrong = "000000" if app_code(secret, clinic.clock()) != "000000" else "000001"

    def outcome(_: int) -> str:
        try:
            return str(is_right(clinic, dex, wrong))
        except TooManyTries:
            return "not looked at"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(40)))
    assert outcomes.count("False") == 5
    assert outcomes.count("not looked at") == 35
    with pytest.raises(TooManyTries):
        factors.prove(clinic.house, dex, app_code(secret, clinic.clock()))
    assert clinic.actions(dex.id).count("factor_refused") == 5


@pytest.mark.guarantees("S13")
def test_the_count_outlives_a_restart_and_ends_after_a_while(
    clinic: Clinic, clinics: Callable[..., object], dex: Person, secret: str
) -> None:
    for _ in range(5):
        assert not is_right(clinic, dex, "12345")
    restarted = clinics.reopen(clinic.settings, clock=clinic.clock)  # type: ignore[attr-defined]  # Clinics
    with pytest.raises(TooManyTries):
        factors.prove(restarted.house, dex, app_code(secret, clinic.clock()))
    restarted.house.database.close()
    clinic.clock.forward(timedelta(minutes=15))
    assert is_right(clinic, dex, app_code(secret, clinic.clock()))


@pytest.mark.guarantees("S13")
def test_of_slow_guessing_thirty_codes_a_day_are_looked_at(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    for _ in range(6):
        for _ in range(5):
            assert not is_right(clinic, dex, "12345")
        clinic.clock.forward(timedelta(minutes=15))
    with pytest.raises(TooManyTries):
        factors.prove(clinic.house, dex, app_code(secret, clinic.clock()))
    factors.reset(clinic.house, ADMINISTRATOR, dex.id)
    assert not is_right(clinic, dex, "12345"), "it is looked at again"


@pytest.mark.parametrize("typed", ["", "1", "12345é", "١٢٣٤٥٦", "1234567", "-12345", "\x00" * 6])
def test_what_is_no_code_is_not_right(clinic: Clinic, dex: Person, secret: str, typed: str) -> None:
    assert secret
    assert not is_right(clinic, dex, typed)


@pytest.mark.guarantees("S16")
def test_ten_recovery_codes_work_once_each_and_are_kept_as_hashes(
    clinic: Clinic, dex: Person
) -> None:
    drawn = factors.new_secret(clinic.house)
    codes = factors.keep_app(
        clinic.house, dex, drawn, app_code(drawn, clinic.clock()), replacing=False
    )
    assert len(set(codes)) == 10
    with clinic.house.database.read() as tx:
        driver = tx.connection.connection.dbapi_connection
        assert driver is not None
        kept = repr([*driver.iterdump()]) if hasattr(driver, "iterdump") else ""
        kept += repr(driver.execute("SELECT * FROM staff_recovery_code").fetchall())
        kept += repr(driver.execute("SELECT * FROM staff_code_app").fetchall())
    for one in codes:
        assert one not in kept
        assert one.replace("-", "") not in kept
    assert drawn not in kept
    assert is_right(clinic, dex, codes[0].lower().replace("-", " "))
    assert not is_right(clinic, dex, codes[0])
    assert is_right(clinic, dex, codes[9])
    assert "recovery_code_used" in clinic.actions(dex.id)


@pytest.mark.guarantees("S16")
def test_new_recovery_codes_end_the_old_ones(clinic: Clinic, dex: Person) -> None:
    drawn = factors.new_secret(clinic.house)
    old = factors.keep_app(
        clinic.house, dex, drawn, app_code(drawn, clinic.clock()), replacing=False
    )
    new = factors.new_codes(clinic.house, dex)
    assert not set(old) & set(new)
    assert not is_right(clinic, dex, old[0])
    assert is_right(clinic, dex, new[0])


@pytest.mark.guarantees("S11", "S22")
def test_an_app_is_replaced_only_by_who_has_proven_the_old_one(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    with clinic.house.database.write() as tx:
        for token in ("here", "elsewhere"):
            put_staff_session(tx, token, {}, user_id=dex.id, now=clinic.clock())
    other = factors.new_secret(clinic.house)
    shown = app_code(other, clinic.clock())
    with pytest.raises(NotAllowed):
        factors.keep_app(clinic.house, dex, other, shown, replacing=False)
    assert is_right(clinic, dex, app_code(secret, clinic.clock(), -1))
    assert factors.keep_app(clinic.house, dex, other, shown, replacing=True, but="here") == ()
    assert not is_right(clinic, dex, app_code(secret, clinic.clock(), 1))
    with clinic.house.database.read() as tx:
        assert len(staff_sessions_of(tx, dex.id, clinic.clock())) == 1


def test_an_app_that_shows_something_else_is_not_kept(clinic: Clinic, dex: Person) -> None:
    drawn = factors.new_secret(clinic.house)
    with pytest.raises(Slip):
        factors.keep_app(clinic.house, dex, drawn, "12345", replacing=False)
    assert not factors.has_factor(clinic.house, dex.id)


@pytest.mark.guarantees("S16")
def test_an_administrator_resets_a_second_step_and_nobody_else_does(
    clinic: Clinic, dex: Person, secret: str
) -> None:
    with clinic.house.database.write() as tx:
        put_staff_session(tx, "cookie", {}, user_id=dex.id, now=clinic.clock())
    with pytest.raises(NotAllowed):
        factors.reset(clinic.house, CLINICIAN, dex.id)
    with pytest.raises(NotFound):
        factors.reset(clinic.house, ADMINISTRATOR, "nobody")
    factors.reset(clinic.house, ADMINISTRATOR, dex.id)
    assert not factors.has_factor(clinic.house, dex.id)
    assert not is_right(clinic, dex, app_code(secret, clinic.clock()))
    with clinic.house.database.read() as tx:
        assert staff_sessions_of(tx, dex.id, clinic.clock()) == ()
    events = {one.action: one.person for one in clinic.events(dex.id)}
    assert events["factors_reset"] == ADMINISTRATOR


def test_an_app_reads_the_clinic_and_the_address_from_the_square(clinic: Clinic) -> None:
    address = factors.address_for_app(clinic.house, "dex@candour.example", "GEZDGNBVGY3TQOJQ")
    assert address.startswith("otpauth://totp/Aurelia%20Clinic:dex")
    assert "secret=GEZDGNBVGY3TQOJQ&issuer=Aurelia%20Clinic" in address
