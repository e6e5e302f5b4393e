"""Pages before signing that were left and not sent, as they are shown again, without a script."""

from collections.abc import Callable, Mapping

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import locking, turns
from tests.clinics import Stage
from tests.web.patient.tablet import Tablet
from tests.web.patient.test_consent import INK, TYPED, read_everything, to_signing

Turns = Callable[..., tuple[Tablet, Stage]]
SIGN = {"agree": "yes", "full_name": "Marigold <b>&", "own_name": "yes", "method": "drawn"}


def begin(tablet: Tablet, typed: Mapping[str, str | list[str]]) -> None:
    """Tell what stands in the boxes of the open page, as its script does."""
    hidden = {name: values[0] for name, values in tablet.page.boxes("hidden").items()}
    data = {**hidden, **typed, "typed": "yes"}
    assert tablet.client.post(tablet.address, data=data).status_code == 204


def test_ticks_and_choices_wait_as_they_were_left(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    read_everything(tablet)
    every = tablet.open("/statements").boxes("checkbox")["ticked"]
    pages: dict[str, list[Mapping[str, list[str]]]] = {
        "/statements": [{"ticked": every[::2]}, {"ticked": every}, {}],
        "/photos": [{"photos": ["record", "publication"]}, {"photos": ["teaching"]}, {}],
        "/not-today": [{"wish": ["no"]}, {"wish": ["more-time"]}],
        f"/quiz/{stage.house.library.treatments['prp_injections'].quiz[0].id}": [
            {"choice": ["not_sure"]}
        ],
    }
    for path, left in pages.items():
        for boxes in left:
            tablet.open(path)
            begin(tablet, boxes)
            assert tablet.open(path).ticked() == boxes, path
            assert tablet.open("/document").headings == ["Before you decide"]


def test_a_tick_or_photo_that_was_sent_can_be_taken_back_and_the_look_changed(
    turn_at: Turns,
) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    read_everything(tablet)
    for path, name in (("/statements", "ticked"), ("/photos", "photos")):
        every = tablet.open(path).boxes("checkbox")[name]
        tablet.post({name: every})
        assert tablet.open(path).ticked() == {name: every}
        assert tablet.post({name: every[1:], "show_text": "larger"}).ticked() == {name: every[1:]}
        tablet.open(path)
        begin(tablet, {name: every[1:]})
        assert tablet.open(path).ticked() == {name: every[1:]}


def test_who_picks_no_treatment_after_asking_for_time_is_understood(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    tablet.open("/not-today?wish=more-time")
    assert tablet.page.ticked() == {"wish": ["more-time"]}
    tablet.post({"wish": "no"})
    assert stage.station is Station.DECLINED


def test_a_signature_half_given_waits_in_its_turn_without_the_witness_code(
    turn_at: Turns,
) -> None:
    tablet, stage = to_signing(turn_at)
    here = tablet.address
    begin(tablet, {**SIGN, "ink": INK, "witness_code": "S3CRET-Q7"})
    tablet.open("/reading")
    page = tablet.open(here)
    assert page.boxes("text") == {"full_name": [SIGN["full_name"]], "witness_code": [""]}
    assert page.ticked() == {"agree": ["yes"], "own_name": ["yes"], "method": ["drawn"]}
    assert page.hidden("ink") == INK
    tablet.start(stage)
    page = tablet.open(here)
    assert page.boxes("text") == {"full_name": [""], "witness_code": [""]}
    assert (page.ticked(), page.hidden("ink")) == ({}, "")


def test_a_locked_turn_keeps_the_ticks_and_no_half_signature(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    here = tablet.address
    begin(tablet, SIGN)
    tablet.open("/photos")
    begin(tablet, {"photos": ["record"]})
    cookie = tablet.client.get_cookie("turn")
    assert cookie
    turn = turns.turn_of(stage.house, cookie.value.removesuffix(".met"))
    assert turn
    locking.lock(stage.house, turn)
    tablet.start(stage)
    assert tablet.open("/photos").ticked() == {"photos": ["record"]}
    assert tablet.open(here).ticked() == {}


def test_who_agreed_to_one_document_has_not_agreed_to_another(turn_at: Turns) -> None:
    tablet, _ = to_signing(turn_at)
    begin(tablet, {**SIGN, "ink": INK})
    page = tablet.open(f"/sign?shown={'0' * 64}")
    assert page.ticked() == {"own_name": ["yes"], "method": ["drawn"]}
    assert page.boxes("text")["full_name"] == [SIGN["full_name"]]
    assert page.hidden("ink") == ""


def test_what_comes_after_the_signature_was_given_is_not_kept(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    tablet.post(TYPED)
    assert stage.station is Station.PATIENT_SIGNED
    body = {**SIGN, "typed": "yes", "key": stage.key()}
    assert tablet.client.post("/sign", data=body).status_code in {303, 400}


@pytest.mark.parametrize("path", ["/quiz/no-such-question", "/statements"])
def test_only_pages_of_this_visit_and_stage_are_kept(turn_at: Turns, path: str) -> None:
    tablet, stage = turn_at(
        Station.CONSENT_READY if path.startswith("/quiz") else Station.IN_PROGRESS
    )
    tablet.open("/your-questions")
    hidden = {name: values[0] for name, values in tablet.page.boxes("hidden").items()}
    reply = tablet.client.post(path, data={**hidden, "typed": "yes", "key": stage.key()})
    assert reply.status_code != 204
