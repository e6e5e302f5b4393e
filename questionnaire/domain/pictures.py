"""Risks as pictures of people: how many figures to fill for what somebody counted.

Only what somebody counted is drawn. A picture has 100 figures, or 1,000 where 100 are too few to
show it; all pictures of one page have the same number, so that they can be compared by eye.
Figures filled are counted from the exact rate, never from rounded words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from questionnaire.domain.findings import Helped
from questionnaire.domain.treatment import Band, Frequency, Rate

HUNDRED, THOUSAND = 100, 1_000

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of `base` people, and how many of them it happened to.

    `low` and `high` are exact and may be parts of a person; they are equal when one figure was
    counted. `under` says that `high` itself was not reached (“fewer than”). `people` says who was
    counted, empty for people in general; `out_of` how many were looked at and `count` how many of
    those it happened to, where the source says so.
    """

    base: int
    low: Fraction
    high: Fraction
    under: bool = False
    people: str = ""
    out_of: int | None = None
    count: int | None = None

    @property
    def filled(self) -> int:
        """Figures it surely happened to: what is less than one person fills no figure."""
        return whole_people(self.low, self.base)

    @property
    def perhaps(self) -> int:
        """Further figures it happened to in some counts and not in others."""
        most = ceil(self.high) - 1 if self.under else whole_people(self.high, self.base)
        return most - self.filled

    @property
    def empty(self) -> int:
        """Figures it did not happen to."""
        return self.base - self.filled - self.perhaps

    def on(self, base: int) -> "Group":
        """The same rate among another number of people."""
        share = Fraction(base, self.base)
        return replace(self, base=base, low=self.low * share, high=self.high * share)


@dataclass(frozen=True, slots=True)
class RiskPicture:
    """One risk among `group`, beside those who got a dummy treatment, if anybody compared them."""

    group: Group
    comparison: Group | None = None

    @property
    def base(self) -> int:
        """Figures in each group: 100 or 1,000."""
        return self.group.base

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group to draw, side by side."""
        return (self.group,) if self.comparison is None else (self.group, self.comparison)

    @property
    def fills(self) -> bool:
        """Whether it fills a figure at all: a picture of nobody says nothing."""
        return any(each.empty < each.base for each in self.groups)

    def on(self, base: int) -> "RiskPicture":
        """The same risk among another number of figures."""
        beside = None if self.comparison is None else self.comparison.on(base)
        return RiskPicture(self.group.on(base), beside)


def risk_picture(frequency: Frequency) -> RiskPicture | None:
    """The picture of how often a harm happens; None unless somebody counted it.

    It has 100 figures, or 1,000 when the lowest figure is under 1 in 100.
    """
    rate = frequency.rate
    if rate is None or not frequency.counted or frequency.band is Band.NOT_KNOWN:
        return None
    base = THOUSAND if rate.low < 1 else HUNDRED
    group = Group(
        base,
        _of(rate.low, base),
        _of(rate.high, base),
        people=rate.people,
        out_of=rate.out_of,
        count=rate.count,
    )
    return RiskPicture(group, _comparison(rate, base))


def page_base(pictures: Iterable[RiskPicture]) -> int:
    """How many figures each picture of a page has: 1,000 for all when one needs them."""
    return max((each.base for each in pictures), default=HUNDRED)


def helped_groups(finding: Helped) -> tuple[Group, Group]:
    """Out of 100 people: who got better with the treatment, and with the dummy."""
    treated, dummy = finding.treated, finding.dummy
    return Group(HUNDRED, treated, treated), Group(HUNDRED, dummy, dummy)


def whole_people(amount: Fraction, base: int) -> int:
    """The figures to fill for an exact amount of people.

    Halves go up, but nobody is filled for less than one person, and nobody is left out for less
    than one person either.
    """
    if amount < 1:
        return 0
    if base - 1 < amount < base:
        return base - 1
    return floor(amount + _HALF)


def _comparison(rate: Rate, base: int) -> Group | None:
    if rate.comparison is None:
        return None
    amount = _of(rate.comparison, base)
    low = Fraction(0) if rate.comparison_under else amount
    return Group(base, low, amount, under=rate.comparison_under, out_of=rate.comparison_out_of)


def _of(percent: Fraction, base: int) -> Fraction:
    return percent * base / HUNDRED
