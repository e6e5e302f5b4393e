"""What stands in other boxes of a staff page is kept for who typed it, and stops no act."""

import json
from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role
from questionnaire.web.staff.drafts import MOST, OTHERS, PAGE
from tests.web.staff.door import Door, address, hire

BOXES = json.dumps({"price": "100 </script> & 'more'", "tell": False})


def kept(door: Door, page: str = "/people") -> bool:
    return "100 \\u003c/script\\u003e \\u0026" in door.read(page)


def test_words_are_shown_again_to_who_typed_them_and_to_nobody_else(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    assert door.post("/drafts", {PAGE: "/staff/people", OTHERS: BOXES}).status_code == 204
    assert kept(door)
    assert not kept(door, "/account")
    hire(door, "Other Adminson", Role.ADMINISTRATOR)
    other = door.another()
    other.sign_in(address("Other Adminson"))
    assert not kept(other)
    assert door.post("/drafts", {PAGE: "/staff/people", OTHERS: "{}"}).status_code == 204
    assert not kept(door)


ODD = {
    "too much": json.dumps({"price": "x" * MOST}),
    "no JSON": "[",
    "too deep": "[" * 60_000,
    "deep": '{"a":' * 20_000,
    "a list": "[1]",
    "numbers": '{"a": 1}',
    "half a sign": '{"a": "\\ud800"}',
    "not a number": '{"a": NaN}',
}


@pytest.mark.parametrize("odd", ODD)
def test_what_no_page_of_ours_sends_is_refused_and_keeps_no_act_from_being_done(
    signed_in: Callable[..., Door], odd: str
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    answer = door.post("/drafts", {PAGE: "/staff/people", OTHERS: ODD[odd]})
    assert answer.status_code == 422
    done = door.post("/account/known", {PAGE: "/staff/account", OTHERS: ODD[odd]})
    assert done.status_code == 303


def test_a_page_of_no_length_of_ours_is_refused(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    assert door.post("/drafts", {PAGE: "/staff/" + "x" * 300, OTHERS: "{}"}).status_code == 422


def test_the_token_for_a_page_is_plain_text(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    answer = door.get("/drafts/token")
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True) == door.token()
