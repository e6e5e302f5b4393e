"""How often a harm happens where there is no number to draw: in words only.

What somebody counted is said by `picture_words`. “Not known” is said plainly.
"""

from questionnaire.domain.language import Say, in_english, to_say
from questionnaire.domain.treatment import Band, Frequency

NOBODY_HAS_COUNTED = to_say("Nobody has counted how often this happens.")

_BAND_WORDS = {
    Band.VERY_COMMON: to_say("Very common. The exact number is not known."),
    Band.COMMON: to_say("Common. The exact number is not known."),
    Band.UNCOMMON: to_say("Uncommon. The exact number is not known."),
    Band.RARE: to_say("Rare. The exact number is not known."),
    Band.VERY_RARE: to_say("Very rare. The exact number is not known."),
    Band.NOT_KNOWN: NOBODY_HAS_COUNTED,
}


def how_often(frequency: Frequency, say: Say = in_english) -> str:
    """The band in words, ending in a full stop."""
    return say(_BAND_WORDS[frequency.band])
