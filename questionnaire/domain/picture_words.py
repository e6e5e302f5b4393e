"""The words that belong to a picture: the number first, both sides of it, never “1 in x”.

They stand under the picture and are its name for a screen reader and in the sealed document. The
sentences of another language go in as `Phrases`.
"""

from dataclasses import dataclass, fields, replace
from fractions import Fraction

from questionnaire.domain.findings import Finding, Gain, NoGain
from questionnaire.domain.language import Say, digits, figure, in_english, to_say
from questionnaire.domain.pictures import (
    Group,
    RiskPicture,
    helped_groups,
    whole_people,
)
from questionnaire.domain.wording import number_in_words


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one language; `{…}` marks what is put in."""

    people: str
    amount: str
    about: str
    fewer_than: str
    more_than: str
    to: str
    happened: str
    not_shown: str
    in_picture: str
    dummy: str
    treatment: str
    comparison: str
    gain: str
    no_gain: str
    helped: str
    say: Say = in_english
    """How the language writes figures."""


ENGLISH = Phrases(
    people=to_say("people"),
    amount=to_say("{number} out of {base}"),
    about=to_say("about {number}"),
    fewer_than=to_say("fewer than {number}"),
    more_than=to_say("more than {number}"),
    to=to_say("{low} to {high}"),
    happened=to_say("{amount} {people} had this; {others} did not."),
    not_shown=to_say("That is fewer than 1 in a picture of {base}, so no figure is filled."),
    in_picture=to_say("In a picture of {base} that is {number}."),
    dummy=to_say("With a dummy treatment: {sentence}"),
    treatment=to_say("With the treatment"),
    comparison=to_say("With {against}"),
    gain=to_say(
        "{mean} more than with {against}, on average. The true average is likely {low} to {high}."
    ),
    no_gain=to_say("No clear difference from {against}."),
    helped=to_say("{treated} people got better. With {against}: {dummy}."),
)


def phrases_in(say: Say) -> Phrases:
    """The sentences in the reader's language."""
    names = (each.name for each in fields(Phrases) if each.name != "say")
    return replace(ENGLISH, say=say, **{name: say(getattr(ENGLISH, name)) for name in names})


DUMMY_TREATMENT = to_say("a dummy treatment")


def risk_words(picture: RiskPicture, phrases: Phrases = ENGLISH) -> str:
    """Both sides of a risk, and of the dummy treatment beside it, ending in a full stop.

    They name the picture only where it is drawn: where it fills a figure.
    """
    words = _capital(_sentence(_as_told(picture.group), phrases))
    if picture.fills:
        words = group_words(picture.group, phrases)
    if picture.comparison is None:
        return words
    beside = _sentence(picture.comparison, phrases)
    return f"{words} {phrases.dummy.format(sentence=beside)}"


def group_words(group: Group, phrases: Phrases = ENGLISH) -> str:
    """How many of a group it happened to, and how many not."""
    told = _as_told(group)
    sentence = _capital(_sentence(told, phrases))
    if told.base == group.base:
        return sentence
    base = figure(group.base, phrases.say)
    if 0 < group.high < 1:
        return f"{sentence} {phrases.not_shown.format(base=base)}"
    number = amount(group.low, group.high, group.base, phrases)
    return f"{sentence} {phrases.in_picture.format(base=base, number=number)}"


def amount(
    low: Fraction, high: Fraction, base: int, phrases: Phrases = ENGLISH, *, under: bool = False
) -> str:
    """An amount of people in words: `9 to 23`, `about 19`, `fewer than 1`."""
    if under:
        return phrases.fewer_than.format(number=_figure(high, phrases))
    words = [_one(each, base, phrases) for each in (low, high)]
    rounded = [each.denominator != 1 and not _is_end(each, base) for each in (low, high)]
    if any(_is_end(each, base) for each in (low, high)):
        words = [_about(*each, phrases) for each in zip(words, rounded, strict=True)]
        rounded = []
    if words[0] == words[1]:
        return _about(words[0], any(rounded), phrases)
    return _about(phrases.to.format(low=words[0], high=words[1]), any(rounded), phrases)


def finding_words(finding: Finding, against: str, phrases: Phrases = ENGLISH) -> str:
    """What one study found, in a sentence; its label stands before it.

    `against` names what the treatment was compared with, such as `a dummy shot`.
    """
    if isinstance(finding, NoGain):
        return phrases.no_gain.format(against=against)
    if isinstance(finding, Gain):
        gain = (finding.mean, finding.low, finding.high)
        mean, low, high = (_figure(each, phrases) for each in gain)
        return phrases.gain.format(mean=mean, low=low, high=high, against=against)
    treated, dummy = (out_of(each, phrases) for each in helped_groups(finding))
    return _capital(phrases.helped.format(treated=treated, dummy=dummy, against=against))


def out_of(group: Group, phrases: Phrases = ENGLISH) -> str:
    """How many of how many: `about 19 out of 100`."""
    number = amount(group.low, group.high, group.base, phrases, under=group.under)
    return phrases.amount.format(number=number, base=figure(group.base, phrases.say))


def _sentence(group: Group, phrases: Phrases) -> str:
    others = amount(group.base - group.high, group.base - group.low, group.base, phrases)
    if group.under:
        others = phrases.more_than.format(number=_figure(group.base - group.high, phrases))
    people = group.people or phrases.people
    words = out_of(group, phrases)
    return phrases.happened.format(amount=words, people=people, others=others)


def _one(amount: Fraction, base: int, phrases: Phrases) -> str:
    if not _is_end(amount, base):
        return _figure(Fraction(whole_people(amount, base)), phrases)
    if amount < 1:
        return phrases.fewer_than.format(number=1)
    return phrases.more_than.format(number=_figure(Fraction(base - 1), phrases))


def _about(words: str, rounded: bool, phrases: Phrases) -> str:  # noqa: FBT001  # a yes or no
    return phrases.about.format(number=words) if rounded else words


def _is_end(amount: Fraction, base: int) -> bool:
    """Whether it is somebody but less than one person, or everybody but less than one."""
    return 0 < amount < 1 or base - 1 < amount < base


def _as_told(group: Group) -> Group:
    """The group among as many people as its words name."""
    if group.count is not None and group.out_of is not None:
        return _counted(group)
    if not group.under and not group.low < 1 <= group.high:
        return _wide_enough(group)
    return group


def _counted(group: Group) -> Group:
    """The group as the source counted it: so many of so many."""
    count, base = Fraction(group.count or 0), group.out_of or group.base
    return Group(base, count, count, people=group.people)


def _wide_enough(group: Group) -> Group:
    """The same rate among so many people that whole people tell it: 14 out of 100,000, not 1.4.

    Rounding to whole people changes no figure by more than a tenth.
    """
    base = group.base
    while any(_rounded_away(each, base) for each in (group.on(base).low, group.on(base).high)):
        base *= 10
    return group.on(base)


def _rounded_away(amount: Fraction, base: int) -> bool:
    return abs(whole_people(amount, base) - amount) > amount / 10


def _figure(number: Fraction, phrases: Phrases) -> str:
    if number.denominator == 1:
        return figure(int(number), phrases.say)
    return digits(number_in_words(number), phrases.say)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
