"""The table of the security standard is whole, counts right, and its tests are there."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.named import ROOT, missing_tests, read

SECTIONS = {
    "1": (2, 9, 11, 3, 2),
    "2": (3, 3, 4, 1),
    "3": (0, 2, 4, 6, 5, 0, 2),
    "4": (3, 1, 2, 4),
    "5": (1, 3, 2, 3),
    "6": (3, 12, 4, 4, 5, 3, 0, 4),
    "7": (3, 4, 2, 5, 2, 2),
    "8": (2, 3, 1, 1),
    "9": (3, 4),
    "10": (2, 2, 4, 11, 5, 2, 3),
    "11": (2, 3, 3, 4, 1, 1),
    "12": (3, 2, 4),
    "13": (1, 5, 2, 5),
    "14": (2, 4, 3),
    "15": (3, 3, 7),
    "16": (1, 5, 4, 3, 3),
    "17": (1, 4, 2),
}
"""How many requirements of levels 1 and 2 each section of each chapter of ASVS 5.0.0 has."""

LEVEL_ONE = 70
MUST = {"id", "level", "about", "status"}
STATUSES = {
    "shown": MUST | {"tests"},
    "partly": MUST | {"note"},
    "not shown": MUST | {"note"},
    "not applicable": MUST | {"note"},
}
"""What a row must hold; only what is partly shown may name tests as well."""

ROW: dict[str, Any] = {
    "id": "1.1.1",
    "level": 2,
    "about": "something",
    "status": "shown",
    "tests": ["tests/test_asvs.py::test_every_row_is_whole_and_its_tests_are_there"],
}


def rows() -> list[dict[str, Any]]:
    """The table, requirement by requirement."""
    listed: list[dict[str, Any]] = read("docs/asvs.yaml")["requirements"]
    return listed


def wrong_with(row: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one row."""
    must = STATUSES.get(row.get("status", ""), set())
    may = {"tests"} if row.get("status") == "partly" else set()
    if not must or not must <= row.keys() <= must | may:
        yield "its keys are not those of its status"
        return
    if row["level"] not in {1, 2} or not all(str(row[key]).strip() for key in must - {"tests"}):
        yield "it has no level or no words"
    tests = row.get("tests", [])
    if (row["status"] == "shown" and not tests) or len(set(tests)) < len(tests):
        yield "it names no test, or one twice"
    yield from (f"there is no test {name}" for name in missing_tests(tests))


def test_every_row_is_whole_and_its_tests_are_there() -> None:
    wrong = {row.get("id"): list(wrong_with(row)) for row in rows()}
    assert {number: sentences for number, sentences in wrong.items() if sentences} == {}


def test_every_requirement_has_one_row_in_order() -> None:
    numbers = [
        f"{chapter}.{section}"
        for chapter, sections in SECTIONS.items()
        for section, requirements in enumerate(sections, start=1)
        for _ in range(requirements)
    ]
    listed = [row["id"] for row in rows()]
    assert [number.rpartition(".")[0] for number in listed] == numbers
    assert sorted(set(listed), key=_parts) == listed
    assert sum(row["level"] == 1 for row in rows()) == LEVEL_ONE


def _parts(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def test_the_totals_at_the_head_are_those_of_the_rows() -> None:
    counts = Counter(row["status"] for row in rows())
    told = read("docs/asvs.yaml")["totals"]
    assert told == {
        "requirements": len(rows()),
        "applicable": len(rows()) - counts["not applicable"],
        **{status: counts[status] for status in STATUSES},
    }
    head = (ROOT / "docs/asvs.yaml").read_text(encoding="utf-8")
    assert f"# {told['applicable']} of the {len(rows())} requirements" in head


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": "done"}, "its keys are not those of its status"),
        ({"status": "partly"}, "its keys are not those of its status"),
        ({"note": "More to say."}, "its keys are not those of its status"),
        ({"level": 3}, "it has no level or no words"),
        ({"about": " "}, "it has no level or no words"),
        ({"tests": []}, "it names no test, or one twice"),
        ({"tests": ROW["tests"] * 2}, "it names no test, or one twice"),
        ({"tests": ["tests/test_asvs.py::gone"]}, "there is no test tests/test_asvs.py::gone"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_row_is_said(changed: dict[str, Any], sentence: str) -> None:
    assert list(wrong_with(ROW)) == []
    assert sentence in list(wrong_with(ROW | changed))
