"""Flag rules: what points at something to discuss, why, and how the flags of a visit add up.

A flag points; only a clinician concludes. Silence never looks like “no concern”: a rule that
cannot be decided asks to clarify, and a rule that fails is shown as broken and blocks sign-off.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from questionnaire.domain.answers import Choices, Withheld
from questionnaire.domain.condition import Condition, Facts, Leaf, State, Truth, deciding, evaluate
from questionnaire.domain.situation import Situation


class Severity(StrEnum):
    """What a flag asks for, from shown only to not before it is settled in writing."""

    INFO = "info"
    DISCUSS = "discuss"
    CAUTION = "caution"
    STOP = "stop"

    @property
    def weight(self) -> int:
        """0 for info to 3 for stop."""
        return _WEIGHTS[self]


_WEIGHTS = {severity: weight for weight, severity in enumerate(Severity)}


class Triage(StrEnum):
    """The most severe flag that fires; `info` alone is clear."""

    CLEAR = "clear"
    DISCUSS = "discuss"
    CAUTION = "caution"
    STOP = "stop"


class IfUnknown(StrEnum):
    """What to do while a rule cannot be decided."""

    CLARIFY = "clarify"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Rule:
    """One flag rule. `treatments` empty means all; it runs if one of them was chosen.

    `tell_patient` is added to the patient's consent document once a clinician confirms the flag;
    after an action of `resolved_by`, which says that the point is gone, only if they ask for it.
    An action of `holds_back` says that the treatment is not given, or not now.
    `sources` are source ids.
    """

    id: str
    topic: str
    title: str
    severity: Severity
    when: Condition
    discuss: str
    actions: tuple[str, ...]
    why: str
    sources: tuple[str, ...]
    treatments: frozenset[str] = frozenset()
    tell_patient: str = ""
    resolved_by: tuple[str, ...] = ()
    holds_back: tuple[str, ...] = ()
    if_unknown: IfUnknown = IfUnknown.CLARIFY
    if_unknown_because: str = ""

    def is_for(self, treatments: Collection[str]) -> bool:
        """Whether it is about one of these treatments."""
        return not self.treatments or not self.treatments.isdisjoint(treatments)


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule's outcome that needs attention.

    `because` are the leaves that decided it; `waits_for` the asked questions without an answer
    (only when it could not be decided); `fault` what went wrong (only when broken).
    """

    rule: Rule
    because: tuple[Leaf, ...] = ()
    waits_for: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A row or a whole question (`option` is empty) that the person did not settle.

    Also a list whose rows are answered and under which they would rather say it to the clinician.
    """

    question: str
    option: str
    state: Withheld

    @property
    def key(self) -> str:
        """`question.option`, or `question` alone."""
        return f"{self.question}.{self.option}" if self.option else self.question


@dataclass(frozen=True, slots=True)
class Flags:
    """All that the rule set points at, each tuple in the order of rules and questions."""

    fires: tuple[Flag, ...]
    clarify: tuple[Flag, ...]
    broken: tuple[Flag, ...]
    unsure: tuple[Unsure, ...]

    @property
    def triage(self) -> Triage:
        """The highest severity among the flags that fire; unknown never changes it."""
        severest = max((flag.rule.severity for flag in self.fires), key=_weight, default=None)
        if severest in {None, Severity.INFO}:
            return Triage.CLEAR
        return Triage(str(severest))


# Looked up once; see condition.py.
_TRUE, _UNKNOWN, _CLARIFY = Truth.TRUE, Truth.UNKNOWN, IfUnknown.CLARIFY


def _weight(severity: Severity) -> int:
    return severity.weight


def raise_flags(rules: Iterable[Rule], situation: Situation) -> Flags:
    """Run every rule that is for one of the chosen treatments.

    Total: whatever a rule does, the outcome is a flag, a clarify item, a broken item or silence
    because its condition is false.
    """
    fires: list[Flag] = []
    clarify: list[Flag] = []
    broken: list[Flag] = []
    facts = situation.facts
    for rule in rules:
        if not rule.is_for(situation.treatments):
            continue
        try:
            truth = evaluate(rule.when, facts)
            if truth is _TRUE:
                fires.append(Flag(rule, deciding(rule.when, facts)))
            elif truth is _UNKNOWN and rule.if_unknown is _CLARIFY:
                because = deciding(rule.when, facts)
                clarify.append(Flag(rule, because, _waits_for(situation, because)))
        except Exception as fault:  # noqa: BLE001  # whatever it is, it must reach the clinician
            broken.append(Flag(rule, fault=f"{type(fault).__name__}: {fault}"))
    return Flags(tuple(fires), tuple(clarify), tuple(broken), tuple(left_open(situation)))


def _waits_for(situation: Situation, because: Iterable[Leaf]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for leaf in because:
        measure = situation.questionnaire.measures.get(leaf.about)
        for key in measure.inputs if measure else (leaf.about,):
            if _is_open(situation.facts, key):
                found[key] = None
    return tuple(found)


def questions_behind(flag: Flag, situation: Situation) -> tuple[str, ...]:
    """The questions whose answers decided a flag, in the order of its rule; only asked ones."""
    measures, asked = situation.questionnaire.measures, set(situation.asked)
    found: dict[str, None] = {}
    for leaf in flag.because:
        measure = measures.get(leaf.about)
        found.update(dict.fromkeys(measure.inputs if measure else (leaf.about,)))
    return tuple(key for key in found if key in asked)


def clear_questions(flags: Flags, situation: Situation) -> frozenset[str]:
    """Asked questions that decided no flag and left nothing unsure."""
    pointed_at = {unsure.question for unsure in flags.unsure}
    for flag in (*flags.fires, *flags.clarify):
        pointed_at.update(questions_behind(flag, situation))
    return frozenset(situation.asked) - pointed_at


def _is_open(facts: Facts, key: str) -> bool:
    known = facts[key]
    return known is State.BLANK or bool(getattr(known, "not_sure", None))


def left_open(situation: Situation) -> Iterator[Unsure]:
    """What the patient left open, whether or not a clinician has asked since."""
    for key in situation.asked:
        answer = situation.said(key)
        if isinstance(answer, Withheld):
            yield Unsure(key, "", answer)
        elif isinstance(answer, Choices):
            if answer.tell_clinician:
                yield Unsure(key, "", Withheld.TELL_CLINICIAN)
            for option in situation.questionnaire.questions[key].options:
                if option.id in answer.not_sure:
                    yield Unsure(key, option.id, Withheld.NOT_SURE)
