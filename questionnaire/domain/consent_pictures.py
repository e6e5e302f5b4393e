"""The pictures of a consent record, as what they are drawn from: counts, findings and areas.

The screen and the sealed document draw from the same parts, so they cannot differ.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeopleText:
    """A group of people as the patient saw it drawn: numbers of figures, written in digits.

    Of `base` figures `filled` are those it happened to, and `perhaps` further ones those it
    happened to in some counts and not in others. `words` say the same. `who` says which group it
    is when two stand side by side.
    """

    base: str
    filled: str
    perhaps: str
    words: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class FindingText:
    """What one study found, as drawn. `kind` is gain, no_gain or helped.

    A gain has its mean and the ends of its interval, in digits; help has two groups of people.
    """

    kind: str
    label: str
    words: str
    sources: tuple[str, ...]
    mean: str = ""
    low: str = ""
    high: str = ""
    people: tuple[PeopleText, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultsText:
    """What studies found as one picture: what it counts, and what it was compared with."""

    measures: str
    against: str
    findings: tuple[FindingText, ...]


@dataclass(frozen=True, slots=True)
class AreasText:
    """Areas chosen on maps.

    `maps` are the drawings they stand on; `places` every place there is with its words, in order
    (the first has number 1); `chosen` the ids of those chosen; `name` the set, in a plan.
    """

    maps: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    name: str = ""
