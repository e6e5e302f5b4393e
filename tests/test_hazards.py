"""Every hazard says what stands against it, and the tests it names are there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.named import ROOT, missing_tests, read

MUST = {"id", "kind", "harm", "causes", "controls", "tests"}
MAY = {"clinical": {"gap"}, "security": {"gap", "threats"}}
THREATS = tuple("ABCDEFGH")
SAYS = re.compile(r"[A-Z].*[.]", re.DOTALL)
HAZARD: dict[str, Any] = {
    "id": "H1",
    "kind": "security",
    "threats": ["A", "H"],
    "harm": "Something goes wrong.",
    "causes": ["a slip"],
    "controls": "Something stands against it.",
    "tests": ["tests/test_hazards.py::test_every_threat_is_answered"],
}


def hazards() -> list[dict[str, Any]]:
    """What docs/hazards.yaml lists."""
    written = read("docs/hazards.yaml")
    assert written.keys() == {"hazards"}
    listed: list[dict[str, Any]] = written["hazards"]
    return listed


def problems(listed: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with a list of hazards, sentence by sentence."""
    numbers = [hazard.get("id") for hazard in listed]
    expected = [f"H{number}" for number in range(1, len(listed) + 1)]
    if numbers != expected:
        yield f"The ids are not {expected[0]} to {expected[-1]} in order."
    for hazard in listed:
        yield from (f"{hazard.get('id')}: {sentence}" for sentence in wrong_with(hazard))


def wrong_with(hazard: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one hazard."""
    may = MAY.get(hazard.get("kind", ""))
    if may is None or not hazard.keys() >= MUST or not hazard.keys() <= MUST | may:
        yield "its keys or its kind are not those of a hazard"
        return
    for key in ("harm", "controls", "gap"):
        if not SAYS.fullmatch(str(hazard.get(key, "None."))):
            yield f"{key} is no sentence"
    for key in ("causes", "tests", "threats"):
        if not all(isinstance(each, str) and each for each in hazard.get(key, ())):
            yield f"{key} is not a list of texts"
    if not hazard["causes"] or len(set(hazard["tests"])) < len(hazard["tests"]):
        yield "it has no cause, or names a test twice"
    if not hazard["tests"] and "gap" not in hazard:
        yield "it has neither a test nor a gap"
    threats = hazard.get("threats", [])
    if hazard["kind"] == "security" and (not threats or set(threats) - set(THREATS)):
        yield "it belongs to no threat from A to H"
    yield from (f"there is no test {name}" for name in missing_tests(hazard["tests"]))


def test_every_hazard_is_whole_and_its_tests_are_there() -> None:
    assert list(problems(hazards())) == []


def test_every_threat_is_answered() -> None:
    answered = {threat for hazard in hazards() for threat in hazard.get("threats", ())}
    assert answered == set(THREATS)


def test_the_security_page_tells_each_threat_and_names_only_hazards_there_are() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert re.findall(r"^### ([A-Z])\. ", page, re.MULTILINE) == list(THREATS)
    security = {one["id"]: one["threats"] for one in hazards() if one["kind"] == "security"}
    parts = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    for threat, part in zip(THREATS, parts, strict=True):
        named = set(re.findall(r"\bH\d+\b", part.split("\n## ")[0]))
        assert named == {key for key, threats in security.items() if threat in threats}, threat


def test_a_whole_hazard_passes() -> None:
    assert list(problems([HAZARD])) == []
    assert list(problems([HAZARD | {"tests": [], "gap": "Nothing shows it."}])) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id": "H2"}, "The ids are not H1 to H1 in order."),
        ({"kind": "other"}, "H1: its keys or its kind are not those of a hazard"),
        ({"kind": "clinical"}, "H1: its keys or its kind are not those of a hazard"),
        ({"severity": "high"}, "H1: its keys or its kind are not those of a hazard"),
        ({"harm": ""}, "H1: harm is no sentence"),
        ({"controls": ["Much."]}, "H1: controls is no sentence"),
        ({"gap": None}, "H1: gap is no sentence"),
        ({"causes": []}, "H1: it has no cause, or names a test twice"),
        ({"causes": [1]}, "H1: causes is not a list of texts"),
        ({"threats": ["Z"]}, "H1: it belongs to no threat from A to H"),
        ({"threats": []}, "H1: it belongs to no threat from A to H"),
        ({"tests": []}, "H1: it has neither a test nor a gap"),
        ({"tests": HAZARD["tests"] * 2}, "H1: it has no cause, or names a test twice"),
        *(
            ({"tests": [name]}, f"H1: there is no test {name}")
            for name in (
                "tests/test_hazards.py::test_that_is_gone",
                "tests/test_hazards.py::problems",
                "tests/test_hazards.py",
                "tests/test_gone.py::test_x",
                "tests/named.py::read",
                "test_a_whole_hazard_passes",
            )
        ),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_hazard_is_said(changed: dict[str, Any], sentence: str) -> None:
    assert sentence in list(problems([HAZARD | changed]))


def test_a_hazard_left_out_or_listed_twice_is_noticed() -> None:
    two = HAZARD | {"id": "H2"}
    assert list(problems([HAZARD, two])) == []
    for listed in ([two], [HAZARD, HAZARD], [two, HAZARD], [HAZARD, HAZARD | {"id": "H3"}]):
        assert any("in order" in sentence for sentence in problems(listed))
