"""The page on which a clinician takes a change of the rules into use."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import rules_signing
from tests.clinics import Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

At = Callable[..., Stage]


@pytest.mark.guarantees("S58")
def test_a_change_is_shown_with_whom_it_touches_and_taken_into_use(at: At) -> None:
    stage = at(Station.ARRANGED)
    before = {"Somebody": ["CG-01"], "Somebody who is gone": []}
    rules_signing.remember_golden(replace(stage.house, golden=lambda _: before))
    first, *others = stage.house.library.rules
    rules = (replace(first, title="A title looked at anew"), *others)
    library = replace(stage.house.library, rules=rules, version="a1" * 32)
    newer = replace(stage.house, library=library, golden=lambda _: {"Somebody": ["ZZ-99"]})
    clinic = replace(stage.clinic, house=newer)
    clinician = enter_as(open_door(clinic), Role.CLINICIAN)
    desk = enter_as(clinician.another(), Role.DESK)
    assert "The rules were changed." in desk.read("/")
    assert desk.get("/rules").status_code == 403
    assert 'href="/staff/rules"' in clinician.read("/")
    page = clinician.read("/rules")
    for words in (
        f"{first.id}</span>: A title looked at anew",
        "ZZ-99",
        "no longer",
        "CG-01",
        "gone",
    ):
        assert words in page
    assert f">{first.title}</td>" in page
    assert ">A title looked at anew</td>" in page
    assert clinician.post("/rules", {"version": "b2" * 32}).status_code == 409
    assert clinician.post("/rules", {"version": "a1" * 32}).status_code == 303
    assert "are the ones that were taken into use" in clinician.read("/rules")
    assert "The rules were changed." not in desk.read("/")
