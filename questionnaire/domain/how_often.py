"""How often a harm happens, in words a patient reads: the number first, never “1 in x”.

A frequency without a rate is given in words only. “Not known” is said plainly.
"""

from fractions import Fraction

from questionnaire.domain.treatment import Band, Frequency, Rate

NOBODY_HAS_COUNTED = "Nobody has counted how often this happens."

_BAND_WORDS = {
    Band.VERY_COMMON: "Very common",
    Band.COMMON: "Common",
    Band.UNCOMMON: "Uncommon",
    Band.RARE: "Rare",
    Band.VERY_RARE: "Very rare",
}


def how_often(frequency: Frequency) -> str:
    """The frequency in words, ending in a full stop."""
    if frequency.rate is not None:
        return _counted(frequency.rate)
    if frequency.band is Band.NOT_KNOWN:
        return NOBODY_HAS_COUNTED
    return f"{_BAND_WORDS[frequency.band]}. The exact number is not known."


def _counted(rate: Rate) -> str:
    people = rate.people or "people"
    if rate.count is not None and rate.out_of is not None:
        return f"{rate.count:,} out of {rate.out_of:,} {people}."
    base = _base(rate.low)
    low, high = _of(rate.low, base), _of(rate.high, base)
    amount = low if low == high else f"{low} to {high}"
    words = f"{amount} out of {base:,} {people}"
    if rate.comparison is not None:
        under = "under " if rate.comparison_under else ""
        words += f"; {under}{_of(rate.comparison, base)} out of {base:,} with a dummy treatment"
    return f"{words[0].upper()}{words[1:]}."


def _base(percent: Fraction) -> int:
    base = 100
    while percent * base < 100 and base < 1_000_000:  # noqa: PLR2004  # 100 percent
        base *= 10
    return base


def _of(percent: Fraction, base: int) -> str:
    amount = percent * base / 100
    rounded = round(amount) if amount >= 1 or amount == 0 else float(round(amount, 1))
    return f"{rounded:,}" if amount == rounded else f"about {rounded:,}"
