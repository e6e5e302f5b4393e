"""What patients are told the clinic or the program does is said somewhere, kept, and shown."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from questionnaire.cli.sentences import sentences
from questionnaire.content import load_library
from questionnaire.content.translation_texts import texts_of
from questionnaire.web.patient.turn_taking import NEEDS
from questionnaire.web.staff.policy import ALLOWED
from tests.named import ROOT, missing_tests, read

MUST, MAY = {"says", "at"}, {"tests", "people"}
DOORS: Mapping[str, Mapping[str, object]] = {"patient": NEEDS, "staff": ALLOWED}
SOUNDS_LIKE_ONE = re.compile(
    r"\bwe (?:will|keep|open)\b|\byou can (?:change|go on|stop|close|try)\b|\bwithdraw"
    r"|\b(?:is|are|was|were) (?:kept|saved|locked|covered|closed|received|destroyed|deleted)\b"
    r"|\basked (?:again|about again)\b|\bworks? (?:once|until|for)\b|\bno longer\b"
    r"|\b(?:gives|offers|sends|shows) (?:you|the patient)\b|\bnothing (?:is|was|will|in it)\b"
    r"|\bonly the people\b|\byour clinician (?:reads|answers|signs|sees|talks|will)\b"
    r"|\bat any time\b|\bfrom now on\b|\bstays\b|\bgoes on\b|\bnot decide\b|\beach day\b",
    re.IGNORECASE,
)
CLINIC_DOES = re.compile(
    r"\bwe (?:open|use ones|test on|call if|look again|never|do not give|cannot use|say so"
    r"|must (?:use|take)|can (?:help|get)|will help|help|must say|treat|first)\b|\byou can watch\b"
    r"|\byour name goes\b|\bthe clinic (?:tells you|may|must say|can fill)\b"
    r"|\bso we (?:wait|need|can (?:plan|keep|have|reach|support))\b|\bmust be treated\b",
    re.IGNORECASE,
)
"""What a text about health or a treatment says that the clinic does."""
NOT_BUILT = re.compile(
    r"withdrawal code|asked (?:again|about again) on|each day of treatment|record replaced"
    r"|replaced by a later|can be changed at any time",
    re.IGNORECASE,
)
PROMISE: dict[str, Any] = {
    "says": ["This form is locked"],
    "at": "patient staying.left_alone",
    "tests": ["tests/test_promises.py::test_every_promise_is_said_kept_and_shown"],
}


def promises() -> list[dict[str, Any]]:
    """What docs/promises.yaml lists."""
    written = read("docs/promises.yaml")
    assert written.keys() == {"promises"}
    listed: list[dict[str, Any]] = written["promises"]
    return listed


def told() -> dict[str, str]:
    """Everything that may promise something: a sentence of a page, or a text by its id → words."""
    texts = texts_of(load_library(ROOT / "rules"))
    return {**{sentence: sentence for sentence in sentences()}, **texts}


def problems(listed: list[dict[str, Any]], said: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a list of promises, sentence by sentence."""
    for promise in listed:
        if not promise.keys() >= MUST or not promise.keys() <= MUST | MAY or not promise["says"]:
            yield f"{promise}: its keys are not those of a promise"
            continue
        first = promise["says"][0]
        yield from (f"nobody says “{words}”" for words in promise["says"] if words not in said)
        if not _is_place(promise["at"]):
            yield f"“{first}”: there is no {promise['at']}"
        if not promise.get("tests") and not promise.get("people"):
            yield f"“{first}”: neither a test nor somebody keeps it"
        yield from (f"there is no test {name}" for name in missing_tests(promise.get("tests", ())))


def _is_place(at: str) -> bool:
    door, _, page = at.partition(" ")
    return page in DOORS[door] if door in DOORS else (ROOT / at).exists()


def test_every_promise_is_said_kept_and_shown() -> None:
    assert list(problems(promises(), told())) == []


def test_no_sentence_promises_what_is_not_listed() -> None:
    listed = {words for promise in promises() for words in promise["says"]}
    assert sorted(key for key, words in told().items() if _promises(key, words) - listed) == []


def _promises(key: str, words: str) -> set[str]:
    if key == words:
        return {key} if SOUNDS_LIKE_ONE.search(words) else set()
    is_facts = key.startswith(("right.", "clinic."))
    return {key} if is_facts or CLINIC_DOES.search(words) else set()


def test_what_is_not_built_yet_is_promised_nowhere() -> None:
    library = texts_of(load_library(ROOT / "rules")).values()
    said = [words for words in (*sentences(), *library) if NOT_BUILT.search(words)]
    staff = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if NOT_BUILT.search(path.read_text(encoding="utf-8"))
    ]
    assert (said, staff) == ([], [])


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ({"says": ["We never sleep."]}, "nobody says “We never sleep.”"),
        ({"at": "patient withdrawing.page"}, "there is no patient withdrawing.page"),
        ({"at": "questionnaire/reconfirming.py"}, "there is no questionnaire/reconfirming.py"),
        ({"tests": []}, "neither a test nor somebody keeps it"),
        ({"tests": ["tests/test_promises.py::test_gone"]}, "there is no test tests/test_promises"),
        ({"because": "x"}, "its keys are not those of a promise"),
    ],
)
def test_a_promise_that_does_not_hold_is_named(spoilt: dict[str, Any], problem: str) -> None:
    said = {"This form is locked": "This form is locked"}
    assert list(problems([PROMISE], said)) == []
    (found,) = problems([{**PROMISE, **spoilt}], said)
    assert problem in found
