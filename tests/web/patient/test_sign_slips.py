"""The page to sign: everything that is wrong on it is told at once, and nothing is lost."""

from itertools import product

from questionnaire.domain.visit import Station
from tests.web.patient.tablet import Page
from tests.web.patient.test_consent import INK, Turns, to_signing

AGREES = ({"agree": "yes"}, {})
NAMES = ({"full_name": "Marigold Testwell"}, {"full_name": "Mary Testwel"})
WAYS = (
    ({"method": "drawn", "ink": INK}, ""),
    ({"method": ""}, "method"),
    ({"method": "drawn", "ink": ""}, "method"),
    ({"method": "drawn", "ink": "[[[0.5,0.5]]]"}, "method"),
    ({"method": "witnessed"}, "witness_code"),
    ({"method": "witnessed", "witness_code": "ABCD", "ink": INK}, "witness_code"),
)


def told(page: Page) -> set[str]:
    """The boxes with a message beside them; the summary leads to each of them."""
    beside = {
        attrs["id"].removesuffix("-error")
        for _, attrs in page.tags
        if "govuk-error-message" in attrs.get("class", "")
    }
    links = {link.removeprefix("#") for link in page.links("#") if link != "#main"}
    assert beside == links
    return beside


def test_every_mixture_of_slips_is_told_at_once_and_nothing_is_lost(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    for agree, name, (way, wrong) in product(AGREES, NAMES, WAYS):
        expected = {box for box in (wrong,) if box}
        expected |= set() if agree else {"agree"}
        expected |= {"full_name"} if name is NAMES[1] else set()
        if not expected:
            continue
        sent = {"ink": "", "full_name": ""} | agree | name | way
        page = tablet.post(sent)
        assert tablet.reply.status_code == 400
        assert told(page) == expected, sent
        ticked = page.ticked()
        assert ticked.get("agree", []) == ([agree["agree"]] if agree else [])
        assert ticked.get("method", []) == ([way["method"]] if way["method"] else [])
        assert page.boxes("text")["full_name"] == [name["full_name"]]
        assert page.boxes("text")["witness_code"] == [way.get("witness_code", "")]
        assert page.hidden("ink") == way.get("ink", "")
    assert stage.station is Station.CONSENT_READY


def test_too_many_codes_are_told_beside_the_box_and_another_way_still_signs(
    turn_at: Turns,
) -> None:
    tablet, stage = to_signing(turn_at)
    wrong = AGREES[0] | NAMES[0] | {"method": "witnessed", "witness_code": "ABCD"}
    for _ in range(6):
        page = tablet.post(wrong)
    assert tablet.reply.status_code == 429
    assert told(page) == {"witness_code"}
    assert page.boxes("text")["full_name"] == ["Marigold Testwell"]
    tablet.post(AGREES[0] | NAMES[0] | {"method": "typed"})
    assert stage.station is Station.PATIENT_SIGNED
