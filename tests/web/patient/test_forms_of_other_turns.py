"""A form counts in the turn its page was made in: however that ended, and whatever came after."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.journey.locking import new_pin
from questionnaire.journey.standing import load_sheet
from questionnaire.web.patient.turn_taking import NEEDS, Needs
from tests.clinics import DESK, Clinic, Stage
from tests.journeys.test_home_links import make
from tests.journeys.test_locking import hire
from tests.web.patient.tablet import Tablet
from tests.web.patient.test_home_link import typed as born

pytestmark = pytest.mark.whole

PAGE = "/questions/medicine_list"
WORDS = "Zanthoxelin forty"


def arrange(clinic: Clinic, name: str = "Marigold Testwell") -> Stage:
    return Stage(clinic, clinic.arrange(name=name))


def by_code(tablet: Tablet, stage: Stage) -> None:
    tablet.open("/")
    tablet.post({"code": stage.walk.code})
    tablet.post({"me": "yes"})


def by_link(tablet: Tablet, stage: Stage) -> None:
    tablet.open("/v")
    tablet.post(born(make(stage.clinic, stage.visit_id)))


def by_code_of_the_link(tablet: Tablet, stage: Stage) -> None:
    tablet.open("/v")
    tablet.post(born(code=make(stage.clinic, stage.visit_id).code))


def by_code_and_unlocked(tablet: Tablet, stage: Stage) -> None:
    by_code(tablet, stage)
    tablet.post({}, "/lock")
    somebody = hire(stage.house, DESK.role, name=f"{stage.visit_id} Watchful")
    tablet.post({"code": new_pin(stage.house, somebody)})
    tablet.post({"me": "yes"})


def by_link_and_come_back(tablet: Tablet, stage: Stage) -> None:
    by_link(tablet, stage)
    tablet.post({}, "/lock")
    tablet.post(born())


def stays_open(tablet: Tablet) -> None:
    del tablet


def goes_on_later(tablet: Tablet) -> None:
    tablet.post({"later": "yes"})


def is_locked(tablet: Tablet) -> None:
    tablet.post({}, "/lock")


def is_handed_back(tablet: Tablet) -> None:
    tablet.open("/goodbye/away")
    tablet.client.delete_cookie("turn")


Begin = Callable[[Tablet, Stage], None]
WAYS_IN: tuple[Begin, ...] = (
    by_code,
    by_link,
    by_code_of_the_link,
    by_code_and_unlocked,
    by_link_and_come_back,
)
"""Each is tried after each of the first ones, and after each way out."""
FIRST = (by_code, by_link, by_code_and_unlocked, by_link_and_come_back)
WAYS_OUT = (stays_open, goes_on_later, is_locked, is_handed_back)


def earlier_form(tablet: Tablet) -> dict[str, str]:
    """What the form of another tab, open since now, will send."""
    page = tablet.open(PAGE)
    hidden = {name: values[0] for name, values in page.boxes("hidden").items()}
    return {**hidden, "medicine_list": WORDS}


def refused(tablet: Tablet, address: str, form: dict[str, str]) -> bool:
    return tablet.client.post(address, data=form).status_code == 400


@pytest.mark.guarantees("S24")
@pytest.mark.parametrize("then", WAYS_IN)
def test_no_form_of_an_earlier_turn_is_saved_in_the_next_ones_visit(
    clinic: Clinic, then: Begin
) -> None:
    turned = WAYS_IN.index(then)
    ways_out = (*WAYS_OUT[turned % 4 :], *WAYS_OUT[: turned % 4])
    for first, leave in zip(FIRST, ways_out, strict=True):
        tablet, other = Tablet(clinic), arrange(clinic, "Basil Madeupson")
        first(tablet, arrange(clinic))
        form = earlier_form(tablet)
        leave(tablet)
        then(tablet, other)
        for more in ({}, {"typed": "yes"}, {"left_alone": "yes"}, {"show_language": "es"}):
            assert refused(tablet, PAGE, form | more), (first.__name__, leave.__name__, more)
        assert WORDS not in tablet.open(PAGE).html
        assert "page_saved" not in clinic.actions(other.visit_id)
        with clinic.house.database.read() as tx:
            assert load_sheet(clinic.house, tx, other.visit_id).answers == {}
        clinic.clock.forward(timedelta(minutes=11))


@pytest.mark.guarantees("S24")
@pytest.mark.parametrize("then", [by_code, by_link])
def test_no_address_of_the_door_takes_a_form_of_an_earlier_turn(
    clinic: Clinic, then: Begin
) -> None:
    tablet, other = Tablet(clinic), arrange(clinic, "Basil Madeupson")
    by_link(tablet, arrange(clinic))
    form = earlier_form(tablet)
    then(tablet, other)
    app, walked = tablet.client.application, 0
    for rule in app.url_map.iter_rules():
        begins = rule.endpoint in {"arrival.code", "home_link.page"}
        if "POST" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "x"))
        looks = {"show_language": "ar", "show_text": "larger"} if begins else {}
        assert refused(tablet, address, form | looks), rule.endpoint
        walked += NEEDS[rule.endpoint] is not Needs.NOTHING
    assert walked > 10
    assert clinic.visit(other.visit_id).language == "en"
    assert WORDS not in tablet.open(PAGE).html


@pytest.mark.guarantees("S24")
def test_before_the_name_is_confirmed_no_earlier_form_is_taken(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    by_code(tablet, arrange(clinic))
    form = earlier_form(tablet)
    tablet.open("/")
    tablet.post({"code": clinic.arrange(name="Basil Madeupson").code})
    assert refused(tablet, PAGE, form)
    assert refused(tablet, "/you", form | {"me": "yes"})


def test_who_has_no_turn_any_more_is_told_that_the_form_is_closed(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    by_code(tablet, arrange(clinic))
    form = earlier_form(tablet)
    goes_on_later(tablet)
    assert tablet.client.post(PAGE, data=form).location == "/goodbye/away"
