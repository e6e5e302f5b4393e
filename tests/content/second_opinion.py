"""The rules worked out a second time, straight from the YAML, sharing nothing with the app.

Truth is 1, 0 or None (not known). A value is None when asked and blank, the word `hidden` when not
asked, a number, or a pair of sets: picked, and not sure.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

HIDDEN = "hidden"
OPEN = {
    "not_sure",
    "rather_not_say",
    "would_rather_tell_the_clinician",
    "would_rather_talk_about_it",
}
ORDER = ["clear", "discuss", "caution", "stop"]


def load(path: Path) -> Any:
    """One file, everything as text."""
    return yaml.load(path.read_text(), Loader=yaml.CBaseLoader)  # noqa: S506  # only text comes out


class SecondOpinion:
    """Questions, measures and rules as plain dictionaries."""

    def __init__(self, rules: Path) -> None:
        sections = load(rules / "questions.yaml")["sections"]
        self.questions = {q["id"]: q for part in sections for q in part["questions"]}
        self.measures = {m["id"]: m for m in load(rules / "measures.yaml")["measures"]}
        self.flags = [f for p in (rules / "flags").glob("*.yaml") for f in load(p)["flags"]]
        self.treatments = [load(p)["id"] for p in (rules / "treatments").glob("*.yaml")]

    def about(self, patient: dict[str, Any]) -> dict[str, Any]:
        """What the batch should say about one patient."""
        self.patient = patient
        wanted = patient["answers"].get("treatments_wanted")
        picked = wanted["yes"] if isinstance(wanted, dict) else wanted or []
        self.chosen = set(patient["treatments"]) | (set(picked) - {"not_sure"})
        if "not_sure" in picked or not self.chosen:
            self.chosen = set(self.treatments)
        self.known: dict[str, Any] = {}
        asked = [key for key in self.questions if self.value(key) != HIDDEN]
        fires, clarify = [], []
        for flag in self.flags:
            if flag["for"] == "all" or self.chosen & set(flag["for"]):
                truth = self.truth(flag["when"])
                if truth:
                    fires.append(flag)
                elif truth is None and flag["if_unknown"] == "clarify":
                    clarify.append(flag["id"])
        levels = [ORDER.index(f["severity"]) for f in fires if f["severity"] != "info"]
        return {
            "id": patient["id"],
            "asked": asked,
            "fires": sorted(flag["id"] for flag in fires),
            "clarify": sorted(clarify),
            "unsure": sorted(
                f"{key}.{row}"
                for key in asked
                if isinstance(given := patient["answers"].get(key), dict)
                for row in given.get("not_sure", [])
            ),
            "broken": [],
            "triage": ORDER[max(levels, default=0)],
        }

    def value(self, key: str) -> Any:
        """What is known of a question or measure, worked out once."""
        if key not in self.known:
            self.known[key] = self.measure(key) if key in self.measures else self.answer(key)
        return self.known[key]

    def answer(self, key: str) -> Any:  # noqa: PLR0911  # one return for each kind
        """A question's answer, seen as tests see it."""
        question = self.questions[key]
        if question["for"] != "all" and not self.chosen & set(question["for"]):
            return HIDDEN
        if "ask_when" in question and self.truth(question["ask_when"]) != 1:
            return HIDDEN
        given = self.patient["answers"].get(key)
        if key == "date_of_birth":
            return date.fromisoformat(self.patient["date_of_birth"])
        if key == "treatments_wanted" and given is None:
            given = self.patient["treatments"] or None
        if given is None or question["kind"] in {"text", "date"}:
            return given
        others = {o["id"] for o in question.get("options", [])} - OPEN
        if question["kind"] == "single":
            return {given}, others if given in OPEN else set()
        if question["kind"] != "multiple":
            return Fraction(str(given))
        rows = given if isinstance(given, dict) else {"yes": given}
        yes, unsure = set(rows.get("yes", [])), set(rows.get("not_sure", []))
        none = {o["id"] for o in question["options"] if "exclusive" in o}
        if yes & OPEN and key != "treatments_wanted":
            unsure = unsure or others - none - yes
            return yes, unsure if yes - OPEN else unsure | none
        if not yes and none:
            return (set(), unsure | none) if unsure else (none, set())
        return yes, unsure

    def measure(self, key: str) -> Any:  # noqa: PLR0911  # one return for each measure
        """A measure's value."""
        measure = self.measures[key]
        if key == "body_image_screen":
            truth = self.truth(measure["positive_when"])
            return None if truth is None else ({"positive" if truth else "negative"}, set())
        inputs = [self.value(name) for name in measure["inputs"]]
        if HIDDEN in inputs:
            return HIDDEN
        if None in inputs or any(isinstance(it, tuple) and it[1] for it in inputs):
            return None
        if key == "age":
            on = date.fromisoformat(self.patient["on"])
            return Fraction(
                on.year - inputs[0].year - (on.timetuple()[1:3] < inputs[0].timetuple()[1:3])
            )
        if key == "bmi":
            return inputs[1] * 10000 / inputs[0] ** 2
        options = [o for name in measure["inputs"] for o in self.questions[name]["options"]]
        picked = set().union(*(it[0] for it in inputs)) - {"none"}
        if key == "eating_concern_count":
            return Fraction(len(picked))
        scores = {o["id"]: int(o["score"]) for o in options}
        return Fraction(sum(scores[name] for it in inputs for name in it[0]))

    def truth(self, when: dict[str, Any]) -> int | None:
        """Kleene's truth of a condition."""
        ((key, inside),) = when.items()
        if key == "not":
            truth = self.truth(inside)
            return None if truth is None else 1 - truth
        if key in {"all", "any"}:
            return _joined(key, [self.truth(part) for part in inside])
        return _joined("all", [self.test(key, test, limit) for test, limit in inside.items()])

    def test(self, key: str, test: str, limit: Any) -> int | None:
        """One test on one value."""
        value = self.value(key)
        if test == "answered":
            return int((value is not None and value != HIDDEN) == (limit == "true"))
        if value is None or value == HIDDEN:
            return None if value is None else 0
        if isinstance(value, Fraction):
            number = Fraction(limit)
            return int({
                "is": value == number, "below": value < number, "at_most": value <= number,
                "above": value > number, "at_least": value >= number,
            }[test])  # fmt: skip
        named = {limit} if test == "is" else set(limit)
        holds = 1 if value[0] & named else None if value[1] & named else 0
        return holds if test != "none_of" or holds is None else 1 - holds


def _joined(word: str, truths: Iterable[int | None]) -> int | None:
    found, decisive = set(truths), 0 if word == "all" else 1
    return decisive if decisive in found else None if None in found else 1 - decisive
