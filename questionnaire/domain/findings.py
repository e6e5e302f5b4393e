"""What studies found, as figures that can be drawn: gains with their interval, or people helped.

Gains and percentages are never mixed in one picture: they have no scale in common.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Gain:
    """A mean gain over what it was compared with; `low` and `high` are its 95 % interval."""

    label: str
    mean: Fraction
    low: Fraction
    high: Fraction
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoGain:
    """A study that found no clear difference: nothing is drawn but a mark at no change."""

    label: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Helped:
    """Percent of people who got better, with the treatment and with what it was compared with."""

    label: str
    treated: Fraction
    dummy: Fraction
    sources: tuple[str, ...] = ()


Finding = Gain | NoGain | Helped


@dataclass(frozen=True, slots=True)
class ResultsPicture:
    """What studies found, one row each, on one scale.

    `measures` says what is counted (`Extra hairs in each square centimetre`), `against` what the
    treatment was compared with (`a dummy shot`).
    """

    measures: str
    against: str
    findings: tuple[Finding, ...]
