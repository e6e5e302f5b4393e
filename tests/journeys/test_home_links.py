"""The home link: made at the desk, opened with a birth date, guessed at, taken back, grown old."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from questionnaire.domain.errors import BadCode, NotAllowed, TooManyTries, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, home_links, intake, locking, turns
from questionnaire.journey.home_links import Knock, LinkOver, Secret
from questionnaire.journey.turns import Turn
from questionnaire.records.tables import home_link
from tests.at_once import at_once, or_refusal
from tests.clinics import ARCHIVIST, BORN, DESK, SCENES, Clinic, Stage

At = Callable[..., Stage]
WRONG = date(1980, 3, 14)


def make(clinic: Clinic, visit_id: str) -> Secret:
    return home_links.make_link(clinic.house, DESK, visit_id)[1]


def knock(clinic: Clinic, secret: Secret | None = None, **changed: object) -> Knock:
    """Somebody with the link, the right birth date and a fresh page in a browser of their own."""
    token = secret.token if secret else ""
    fresh = Knock(token, "", BORN, page=clinic.house.new_id(), before="", device="phone")
    return replace(fresh, **changed)


def open_it(clinic: Clinic, secret: Secret, **changed: object) -> Turn:
    """The turn that opens."""
    token = home_links.open_at_home(clinic.house, knock(clinic, secret, **changed))
    turn = turns.turn_of(clinic.house, token or "")
    assert turn is not None
    return turn


def works(clinic: Clinic, visit_id: str) -> bool:
    _, state = home_links.link_state(clinic.house, DESK, visit_id)
    return bool(state and state.works)


def tried(clinic: Clinic, visit_id: str) -> int:
    _, state = home_links.link_state(clinic.house, DESK, visit_id)
    assert state is not None
    return state.link.tries


def all_at_once(threads: int, work: Callable[[int], object]) -> Counter[object]:
    """How often each result or refusal came of a piece of work that all threads begin together."""
    return Counter(at_once(threads, or_refusal(work)))


def test_the_right_birth_date_opens_the_form_and_the_ledger_says_at_home(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    turn = open_it(clinic, make(clinic, visit_id))
    assert (turn.at_home, turn.visit.station) == (True, Station.IN_PROGRESS)
    made, started = clinic.events(visit_id)[-2:]
    assert (made.action, made.person, made.detail) == ("home_link_made", DESK, {"by_mail": False})
    assert (started.action, started.detail) == (
        "turn_started",
        {"station": "in_progress", "at_home": True},
    )
    assert tried(clinic, visit_id) == 0


def test_the_code_opens_the_form_as_the_link_does(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    untidy = f" {secret.code.replace('-', '').lower()} "
    assert len(secret.code.replace("-", "")) == 10
    token = home_links.open_at_home(clinic.house, knock(clinic, code=untidy))
    assert turns.turn_of(clinic.house, token or "") is not None


@pytest.mark.guarantees("S13", "S37")
def test_forty_wrong_birth_dates_at_once_are_five_tries_and_the_right_one_is_refused(
    clinic: Clinic,
) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    found = all_at_once(
        40,
        lambda number: home_links.open_at_home(
            clinic.house, knock(clinic, secret, born=WRONG, device=f"phone-{number}")
        ),
    )
    assert found == {BadCode: 5, LinkOver: 35}
    evaluated = [each for each in clinic.events(visit_id) if each.action == "home_link_refused"]
    assert sorted(each.detail["number"] for each in evaluated) == [1, 2, 3, 4, 5]
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret))
    _, state = home_links.link_state(clinic.house, DESK, visit_id)
    assert state is not None
    assert (state.works, state.is_tried_out) == (False, True)


@pytest.mark.guarantees("S13")
def test_five_right_birth_dates_at_once_open_one_turn(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    found = all_at_once(
        5, lambda _: bool(home_links.open_at_home(clinic.house, knock(clinic, secret)))
    )
    assert found == {True: 1, LinkOver: 4}
    assert clinic.actions(visit_id).count("turn_started") == 1


@pytest.mark.guarantees("S13")
def test_four_wrong_tries_leave_one_and_a_new_open_of_the_clinic_forgets_none(
    clinic: Clinic,
) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    for _ in range(4):
        with pytest.raises(BadCode):
            home_links.open_at_home(clinic.house, knock(clinic, secret, born=WRONG))
    assert tried(clinic, visit_id) == 4
    turn = open_it(clinic, secret)
    assert tried(clinic, visit_id) == 4, "the right one costs nothing"
    with pytest.raises(BadCode):
        home_links.open_at_home(clinic.house, knock(clinic, secret, born=WRONG, before=turn.token))
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret, before=turn.token))


def test_unknown_and_wrong_get_the_same_words(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    refused = []
    for wrong in (
        knock(clinic, secret, born=WRONG),
        knock(clinic, Secret("0" * 64, "")),
        knock(clinic, code="ZZZZ-ZZZZ-ZZ"),
        knock(clinic),
        knock(clinic, before="0" * 64),
    ):
        with pytest.raises(BadCode) as refusal:
            home_links.open_at_home(clinic.house, wrong)
        refused.append(str(refusal.value))
    assert len(set(refused)) == 1


def test_the_same_browser_comes_back_as_often_as_it_likes_and_another_does_not(
    clinic: Clinic,
) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    turn = open_it(clinic, secret)
    for _ in range(7):
        locking.lock(clinic.house, turn)
        assert turns.turn_of(clinic.house, turn.token) is None
        turn = open_it(clinic, Secret("", ""), before=turn.token)
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret))
    assert turns.turn_of(clinic.house, turn.token) is not None


def test_a_page_whose_reply_was_lost_may_be_sent_again_for_a_while(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    page = clinic.house.new_id()
    first = open_it(clinic, secret, page=page)
    again = open_it(clinic, secret, page=page)
    assert again.token != first.token
    clinic.clock.forward(home_links.SAME_PAGE)
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret, page=page))


@pytest.mark.parametrize(
    ("ahead", "lives"),
    [(timedelta(days=3), timedelta(days=4)), (timedelta(days=60), timedelta(days=14))],
    ids=["a day after the appointment", "two weeks at most"],
)
def test_a_link_grows_old(clinic: Clinic, ahead: timedelta, lives: timedelta) -> None:
    request = arranging.Request(
        full_name="Marigold Testwell",
        date_of_birth=BORN,
        treatments=("prp_injections",),
        clinician_id="1",
        language="en",
        identity_check="Photo card seen at the desk",
        appointment_at=clinic.clock() + ahead,
    )
    visit = arranging.arrange(clinic.house, DESK, request, key=clinic.house.new_id()).visit
    secret = make(clinic, visit.id)
    clinic.clock.forward(lives - timedelta(seconds=1))
    assert works(clinic, visit.id)
    clinic.clock.forward(timedelta(seconds=1))
    assert not works(clinic, visit.id)
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret))


def test_a_newer_link_ends_the_older_one_and_what_it_opened(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    old = make(clinic, visit_id)
    turn = open_it(clinic, old)
    new = make(clinic, visit_id)
    assert turns.turn_of(clinic.house, turn.token) is None
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, old, before=turn.token))
    assert open_it(clinic, new).visit.id == visit_id


def test_a_link_taken_back_opens_nothing_and_ends_what_it_opened(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    turn = open_it(clinic, secret)
    home_links.revoke_link(clinic.house, DESK, visit_id)
    assert turns.turn_of(clinic.house, turn.token) is None
    assert not works(clinic, visit_id)
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret, before=turn.token))
    home_links.revoke_link(clinic.house, DESK, visit_id)
    assert clinic.actions(visit_id).count("home_link_revoked") == 1


def test_a_form_opened_at_the_clinic_closes_the_link(clinic: Clinic) -> None:
    walk = clinic.arrange()
    secret = make(clinic, walk.visit.id)
    clinic.clock.forward(timedelta(minutes=1))
    turns.enter_code(clinic.house, walk.code, device="tablet")
    assert not works(clinic, walk.visit.id)
    with pytest.raises(LinkOver):
        home_links.open_at_home(clinic.house, knock(clinic, secret))


def test_once_sent_a_link_tells_only_that_it_was_received(clinic: Clinic) -> None:
    walk = clinic.arrange()
    secret = make(clinic, walk.visit.id)
    turn = open_it(clinic, secret)
    SCENES[Station.SUBMITTED](walk)
    clinic.clock.forward(timedelta(hours=1))
    assert turns.turn_of(clinic.house, turn.token) is None
    assert home_links.open_at_home(clinic.house, knock(clinic, secret, before=turn.token)) is None


@pytest.mark.parametrize("station", [Station.SUBMITTED, Station.CONSENT_READY, Station.SEALED])
def test_there_is_no_link_when_there_is_nothing_to_fill_in(at: At, station: Station) -> None:
    stage = at(station)
    with pytest.raises(WrongStation):
        make(stage.clinic, stage.visit_id)


def test_there_is_no_link_for_an_appointment_that_is_over(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    clinic.clock.forward(timedelta(days=2))
    with pytest.raises(WrongStation):
        make(clinic, visit_id)


def test_only_the_desk_makes_sees_and_takes_back_links(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    for act in (home_links.make_link, home_links.revoke_link, home_links.link_state):
        with pytest.raises(NotAllowed):
            act(clinic.house, ARCHIVIST, visit_id)


@pytest.mark.guarantees("S37")
def test_one_device_and_everybody_together_may_guess_only_so_often(clinic: Clinic) -> None:
    for number in range(turns.MOST_TRIES + 1):
        with pytest.raises(BadCode if number < turns.MOST_TRIES else TooManyTries):
            home_links.open_at_home(clinic.house, knock(clinic, Secret("0" * 64, "")))
    for number in range(home_links.MOST_CODES + 2):
        refusal = BadCode if number < home_links.MOST_CODES else TooManyTries
        with pytest.raises(refusal):
            home_links.open_at_home(
                clinic.house, knock(clinic, code="ZZZZ-ZZZZ-ZZ", device=f"phone-{number}")
            )
    assert clinic.actions("home_links") == ["home_codes_guessed"], "told once, not each time"


def test_the_last_visits_answers_are_not_shown_at_home(at: At) -> None:
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(timedelta(days=30))
    walk = stage.clinic.arrange()
    at_home = open_it(stage.clinic, make(stage.clinic, walk.visit.id))
    assert intake.pages(stage.house, at_home).from_last_time == frozenset()
    assert intake.pages(stage.house, walk.turn()).from_last_time != frozenset()


@pytest.mark.guarantees("S38")
def test_only_hashes_of_the_secret_are_kept(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    with clinic.house.database.read() as tx:
        kept = repr(tx.connection.execute(home_link.select()).one())
    for part in (secret.token, secret.code, secret.code.replace("-", ""), BORN.isoformat()):
        assert part not in kept
