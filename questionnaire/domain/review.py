"""The clinician's part: what was done about each flag, the plan, and the decision.

A review is told as entries that are only ever added; this module folds them into what stands
now. A decision counts only for the answers it was made on (their SHA-256).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from questionnaire.domain.basis import basis_of, former_basis_of
from questionnaire.domain.flags import Flag, Flags, Severity
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.situation import Situation
from questionnaire.domain.visit import Person

UNDO_SECONDS = 10
ADULT_AGE = 18


class DecisionKind(StrEnum):
    """What the clinician decided, in their own name."""

    PROCEED = "proceed"
    PROCEED_WITH_PLAN = "proceed_with_plan"
    WAIT = "wait"
    REFER = "refer"
    DO_NOT_TREAT = "do_not_treat"

    @property
    def goes_ahead(self) -> bool:
        """Whether the patient is asked for consent next."""
        return self in {DecisionKind.PROCEED, DecisionKind.PROCEED_WITH_PLAN}


@dataclass(frozen=True, slots=True)
class Disposition:
    """What was done about one item; `tell` adds the rule's paragraph to this patient's consent.

    `basis` is a fingerprint of what the point rested on (`basis.py`): when that changes it counts
    no more.
    """

    item: str
    basis: str
    actions: tuple[str, ...]
    words: str
    tell: bool
    confirmed: bool
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, as the clinician wrote it. Empty text means not stated yet.

    `places` are areas picked on maps, such as `scalp.crown`; `areas` the words added to them.
    `details` are the facts a treatment's text says the clinic must state, as (label, value).
    `written_in` is the code of the language of the clinician's own words in plan and decision;
    empty where they did not say.
    """

    treatments: tuple[str, ...] = ()
    product: str = ""
    batch: str = ""
    areas: str = ""
    places: tuple[str, ...] = ()
    sessions: str = ""
    interval: str = ""
    price: str = ""
    not_included: str = ""
    details: tuple[tuple[str, str], ...] = ()
    benefit_view: str = ""
    capacity: str = ""
    discussed: str = ""
    written_in: str = SOURCE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision, bound to one set of answers.

    `record_id` and `withdrawal_code` are drawn with it and printed on the consent document.
    """

    kind: DecisionKind
    words: str
    until: date | None
    answers_sha256: str
    record_id: str
    withdrawal_code: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That somebody took a visit back under review, and why."""

    words: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A point or a risk the clinician added for this patient; `id` is stable within the visit."""

    id: str
    text: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What the clinician says to the patient's own words."""

    words: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What stands of the review now; `taken_back` until the next decision.

    `former` is a decision that counts no more, until the next.

    `earlier` are the dispositions by item that count no more, oldest first: another was recorded,
    or what the point rested on has changed. `reply_before` is a reply to other words of the patient
    than theirs now.
    """

    dispositions: dict[str, Disposition] = field(default_factory=dict)
    earlier: dict[str, tuple[Disposition, ...]] = field(default_factory=dict)
    points: tuple[Note, ...] = ()
    risks: tuple[Note, ...] = ()
    reply: Reply | None = None
    reply_before: Reply | None = None
    plan: Plan = field(default_factory=Plan)
    decision: Decision | None = None
    former: Decision | None = None
    taken_back: TakenBack | None = None

    @property
    def reply_to_words(self) -> str:
        """The words of the reply that counts; empty when there is none."""
        return self.reply.words if self.reply else ""


def flag_item(rule_id: str) -> str:
    """The name under which a fired flag is dealt with."""
    return f"flag:{rule_id}"


def clarify_item(rule_id: str) -> str:
    """The name under which an undecided rule is dealt with."""
    return f"clarify:{rule_id}"


def unsure_item(key: str) -> str:
    """The name under which a not-sure row or question is dealt with."""
    return f"unsure:{key}"


def items_to_settle(flags: Flags, situation: Situation) -> dict[str, str]:
    """Every item that must be settled, with its basis: all but `info` flags and broken rules."""
    items = items_with_basis(flags, situation)
    for flag in flags.fires:
        if flag.rule.severity is Severity.INFO:
            del items[flag_item(flag.rule.id)]
    return items


def items_with_basis(flags: Flags, situation: Situation) -> dict[str, str]:
    """Every item a disposition can be about, with the fingerprint of what it rests on."""
    return {
        **{item: basis_of(flag, situation) for item, flag in _pointed_at(flags).items()},
        **{unsure_item(unsure.key): unsure.state.value for unsure in flags.unsure},
    }


def _pointed_at(flags: Flags) -> dict[str, Flag]:
    return {
        **{flag_item(flag.rule.id): flag for flag in flags.fires},
        **{clarify_item(flag.rule.id): flag for flag in flags.clarify},
    }


def still_counting(review: Review, flags: Flags, situation: Situation) -> Review:
    """The review in which a disposition counts while what it rested on stands.

    One of an earlier release counts while every whole answer behind its point is the same; at a
    stop only with its reason and confirmation.
    """
    items, pointed_at = items_with_basis(flags, situation), _pointed_at(flags)

    def counts(done: Disposition) -> bool:
        flag = pointed_at.get(done.item)
        return items.get(done.item) == done.basis or (
            flag is not None
            and former_basis_of(flag, situation) == done.basis
            and (flag.rule.severity is not Severity.STOP or bool(done.words and done.confirmed))
        )

    return keep_only(review, counts)


def undecided(review: Review) -> Review:
    """The review in which no decision counts: the visit came back."""
    return replace(review, decision=None, former=review.decision or review.former)


def keep_only(review: Review, counts: Callable[[Disposition], bool]) -> Review:
    """The review in which every other disposition is an earlier one."""
    kept, earlier = dict[str, Disposition](), dict(review.earlier)
    for item, done in review.dispositions.items():
        if counts(done):
            kept[item] = done
        else:
            earlier[item] = (*earlier.get(item, ()), done)
    return replace(review, dispositions=kept, earlier=earlier)


def open_items(items: Iterable[str], review: Review) -> tuple[str, ...]:
    """The items nobody has dealt with yet."""
    return tuple(item for item in items if item not in review.dispositions)


def blocks_going_ahead(
    flags: Flags, situation: Situation, review: Review, unanswered: Iterable[str]
) -> tuple[str, ...]:
    """Why the patient cannot be asked for consent yet, each reason in the clinician's words.

    `unanswered` are the texts of clinician questions without an answer.
    """
    reasons = [f"The rule {flag.rule.id} could not be run: {flag.fault}" for flag in flags.broken]
    left = len(open_items(items_to_settle(flags, situation), review))
    if left:
        reasons.append(f"{left} {'point is' if left == 1 else 'points are'} still open.")
    reasons += _held_back(flags, review)
    reasons += [f"Not answered yet: {text}" for text in unanswered]
    age = situation.facts.get("age")
    if isinstance(age, Fraction) and age < ADULT_AGE:
        reasons.append(f"The patient is under {ADULT_AGE}: no consent is taken here.")
    reasons += _plan_gaps(review.plan)
    return tuple(reasons)


def _held_back(flags: Flags, review: Review) -> Iterator[str]:
    """Points settled by not treating, or not now, while the plan has a treatment they are about."""
    planned = frozenset(review.plan.treatments)
    for flag in flags.fires:
        done, rule = review.dispositions.get(flag_item(flag.rule.id)), flag.rule
        if done is None or not rule.is_for(planned):
            continue
        for action in done.actions:
            if action in rule.holds_back:
                yield (
                    f"The point “{rule.title}” was settled with “{action}”. Settle it anew, or "
                    "change the plan or the decision."
                )


def _plan_gaps(plan: Plan) -> list[str]:
    needed = {
        "the treatment": plan.treatments,
        "the areas": plan.areas or plan.places,
        "the sessions": plan.sessions,
        "the price": plan.price,
        "what was discussed": plan.discussed,
        "the patient's capacity to decide": plan.capacity,
    }
    return [f"The plan does not state {what}." for what, value in needed.items() if not value]
