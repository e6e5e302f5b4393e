"""Risks as pictures of 100 or 1,000 people: the number first, and both sides of it in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaire.domain.treatment import Rate, Risk

_HUNDRED, _THOUSAND = 100, 1_000


@dataclass(frozen=True, slots=True)
class Strip:
    """A rectangle of whole figures: place and size, counted in figures."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class People:
    """One picture: `some` of `base` figures are full, and `perhaps` more are half full.

    Figures are filled from the top left, `across` in a row.
    """

    base: int
    across: int
    some: int
    perhaps: int

    @property
    def words(self) -> str:
        """The picture in words: how many it happens to, and how many not."""
        most, rest = self.some + self.perhaps, self.base - self.some
        yes = _range(self.some, most)
        no = _range(self.base - most, rest)
        return (
            f"It happened to {yes} out of {self.base:,}. "
            f"It did not happen to {no} out of {self.base:,}."
        )

    @property
    def down(self) -> int:
        """Rows of figures."""
        return self.base // self.across

    def strips(self, first: int, count: int) -> tuple[Strip, ...]:
        """The rectangles that cover `count` figures from figure `first` on (from 0)."""
        found: list[Strip] = []
        end = first + count
        while first < end:
            row, column = divmod(first, self.across)
            if column == 0 and end - first >= self.across:
                rows = (end - first) // self.across
                found.append(Strip(0, row, self.across, rows))
                first += rows * self.across
            else:
                width = min(end - first, self.across - column)
                found.append(Strip(column, row, width, 1))
                first += width
        return tuple(found)

    @property
    def full(self) -> tuple[Strip, ...]:
        """Figures it happens to."""
        return self.strips(0, self.some)

    @property
    def half(self) -> tuple[Strip, ...]:
        """Figures it happens to in some counts but not in others."""
        return self.strips(self.some, self.perhaps)

    @property
    def empty(self) -> tuple[Strip, ...]:
        """Figures it does not happen to."""
        return self.strips(self.some + self.perhaps, self.base - self.some - self.perhaps)


def people_for(risks: Iterable[Risk]) -> Mapping[str, People]:
    """Risk id → picture, for the risks that somebody counted.

    All pictures of a page have 1,000 people when one risk is under 1 in 100, so that they can be
    compared. What is rarer than 1 in 1,000 has no picture: words are clearer.
    """
    counted = {risk.id: risk.frequency.rate for risk in risks if risk.frequency.rate is not None}
    base = _THOUSAND if any(rate.low < 1 for rate in counted.values()) else _HUNDRED
    return {
        key: _picture(rate, base) for key, rate in counted.items() if rate.low * base >= _HUNDRED
    }


def _picture(rate: Rate, base: int) -> People:
    some = _figures(rate.low, base)
    perhaps = _figures(rate.high, base) - some
    across = 10 if base == _HUNDRED else 40
    return People(base, across, some, perhaps)


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _figures(percent: Fraction, base: int) -> int:
    return round(percent * base / 100)
