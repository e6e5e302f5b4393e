"""Which shape of a drawn line stands for which letters, in the order they are read (`text_layer`).

From the left, the first shape of a cluster stands for all its letters, marks included: a mark is
drawn higher or lower, and readers part what does not stand on one line. From the right each letter
and each mark is a shape of its own, put from right to left, for poppler turns every stretch round:
a shape that stood for two letters would give them backwards. A number or a name from the left that
stands within is told whole, by one unseen shape stretched over all of its own.

No mark of direction is told: who searches types none. poppler alone needs some, to know where a
stretch ends, and alone takes a text that is stated for one shape (`stated`) before its name.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

from questionnaire.documents.glyphs import PRESENTATION_FORMS, Cluster, Glyph, is_mark
from questionnaire.documents.signs import LEFT_TO_RIGHT, RIGHT_TO_LEFT, SILENT, STOP

NEXT_TO_NOTHING = 0.01
LONGEST_NAME = 30
"""UTF-16 code units: poppler cannot read a name of more than 63, mutool none of more than 32."""

KNOWN_TO_POPPLER = re.compile("[\u05be-\u074a\u0780-\u07b1]")
"""Hebrew, Arabic, Syriac and Thaana."""


@dataclass(frozen=True, slots=True)
class Told:
    """A shape and what it stands for at this place."""

    glyph: Glyph
    name: str
    share: float = 1.0
    """Over so much of the shape's own width."""
    is_unseen: bool = False
    """Whether it is only there to be read."""
    stated: str = ""
    """What poppler is told in place of the name."""


def text_objects(line: list[Cluster]) -> Iterator[list[Told]]:
    """The shapes of a line in the order they are read; what stands in one list is read as one."""
    for from_the_right, group in groupby(line, _is_turned(line)):
        if from_the_right:
            yield from _from_the_right(list(group))
        else:
            yield from _signs_apart(list(_from_the_left(group)))


def _is_turned(line: list[Cluster]) -> Callable[[Cluster], bool]:
    """Which clusters of a line are in a stretch that is read from the right."""
    lowest = min(each.level for each in line)
    return lambda each: each.level > lowest or lowest % 2 == 1


def stop(line: list[Cluster], spoken: list[list[Told]]) -> Told:
    """What ends the last word from the right of a line, beside the end of the line.

    Two marks for poppler, which guesses the spaces of a line that begins with single letters.
    """
    end = spoken[-1][-1].glyph
    if _is_turned(line)(line[-1]):
        return replace(_unseen(end, STOP, -NEXT_TO_NOTHING), stated=2 * RIGHT_TO_LEFT)
    return _unseen(end, STOP, 1)


def silent_apart(objects: Iterable[list[Told]]) -> tuple[list[list[Told]], list[Told]]:
    """Apart from the rest, shapes that say nothing and take no room: they would part a word."""
    spoken: list[list[Told]] = []
    silent: list[Told] = []
    for each in objects:
        silent += [told for told in each if _takes_no_room(told)]
        spoken.append([told for told in each if not _takes_no_room(told)])
    return [each for each in spoken if each], silent


def _takes_no_room(told: Told) -> bool:
    return told.name == SILENT and told.glyph.width == 0


def _from_the_left(stretch: Iterable[Cluster]) -> Iterator[Told]:
    """Each cluster's first shape with a width says its letters, and those that follow shapeless."""
    told: list[Told] = []
    for cluster in stretch:
        if cluster.glyphs:
            told += _said(cluster)
        elif told:
            told[-1] = replace(told[-1], name=told[-1].name + cluster.text)
    yield from told


def _said(cluster: Cluster) -> list[Told]:
    if _is_plain(cluster):
        return [
            Told(each, letter) for each, letter in zip(cluster.glyphs, cluster.text, strict=True)
        ]
    if _is_long(cluster.text):
        return _told_unseen(cluster.glyphs, cluster.text)
    speaker = next((each for each in cluster.glyphs if each.width), cluster.glyphs[0])
    name = cluster.text or SILENT
    return [Told(each, name if each is speaker else SILENT) for each in cluster.glyphs]


def _is_plain(cluster: Cluster) -> bool:
    """Whether each shape says one letter, and none is a mark: readers part what stands higher."""
    return not any(map(is_mark, cluster.text)) and [
        each.font.to_unicode[each.number] for each in cluster.glyphs
    ] == list(cluster.text)


def _from_the_right(stretch: list[Cluster]) -> Iterator[list[Told]]:
    """From the right, one letter a shape; what stands in it from the left is told as a whole."""
    for from_the_right, group in groupby(reversed(stretch), lambda each: each.is_from_the_right):
        if from_the_right:
            letters = (it for each in group if each.glyphs for it in _letters(each))
            told = [it for letter in letters for it in _marks_apart(letter)]
            yield from ([each] for each in _held(told[::-1], RIGHT_TO_LEFT)[::-1])
        else:
            yield from _signs_apart(_held(_within(list(group)[::-1]), LEFT_TO_RIGHT))


def _within(stretch: list[Cluster]) -> list[Told]:
    """From the left, among words from the right: whole if one name can hold it."""
    glyphs = [glyph for each in stretch for glyph in each.glyphs]
    text = "".join(each.text for each in stretch)
    if glyphs and text and not _is_long(text):
        return _told_unseen(glyphs, text)
    return list(_from_the_left(stretch))


def _is_long(text: str) -> bool:
    return len(text.encode("utf-16-le")) > 2 * LONGEST_NAME


def _told_unseen(glyphs: Sequence[Glyph], text: str) -> list[Told]:
    """Unseen shapes side by side over all of these, which say the text, and these, silent."""
    start = min(each.x for each in glyphs)
    names = [text]
    if _is_long(text):
        most = LONGEST_NAME // 2
        names = [text[at : at + most] for at in range(0, len(text), most)]
    width = (max(each.x + each.width for each in glyphs) - start) / len(names)
    widest = replace(max(glyphs, key=_own_width), width=width, rise=0)
    share = width / _own_width(widest) if width and _own_width(widest) else 1
    spoken = [
        Told(replace(widest, x=start + at * width), name, share, is_unseen=True)
        for at, name in enumerate(names)
    ]
    return spoken + [Told(replace(each, width=0), SILENT) for each in glyphs]


def closed(text: str) -> str:
    """The text from the left, marked at its end where poppler would take that for neutral."""
    return text if text[-1:].isalnum() else text + LEFT_TO_RIGHT


def _held(told: list[Told], mark: str) -> list[Told]:
    """From the left, the ends held by a mark where poppler would take them for part of the rest."""
    held = list(told)
    if spoken := [at for at, each in enumerate(told) if not _takes_no_room(each)]:
        first, last = spoken[0], spoken[-1]
        if not _is_firm(told[first].name[0], mark):
            held[first] = replace(told[first], stated=mark + told[first].name)
        if not _is_firm(told[last].name[-1], mark):
            held[last] = replace(held[last], stated=(held[last].stated or held[last].name) + mark)
    return held


def _is_firm(sign: str, mark: str) -> bool:
    """Whether poppler knows which way a sign goes: of many scripts it does not."""
    way = unicodedata.bidirectional(sign)
    if mark == LEFT_TO_RIGHT:
        return way in {"EN", "AN"} or (sign.isascii() and sign.isalpha())
    is_known = bool(KNOWN_TO_POPPLER.match(sign)) or ord(sign) in PRESENTATION_FORMS
    return is_known and way in {"R", "AL"}


def _signs_apart(told: list[Told]) -> Iterator[list[Told]]:
    """From the left, what stands before the first single letter alone.

    pypdf may still read from the right, and takes signs and longer names for either way.
    """
    names = [each.name for each in told]
    letter = next((at for at, it in enumerate(names) if len(it) == 1 and it.isalnum()), len(names))
    yield from ([each] for each in told[:letter])
    yield told[letter:]


def _letters(cluster: Cluster) -> Iterator[Told]:
    """One letter a shape; those that share one are told by unseen copies, each at its part."""
    wide = [each for each in reversed(cluster.glyphs) if each.width]
    shapes = wide + [each for each in reversed(cluster.glyphs) if not each.width]
    letters = _with_their_marks(cluster.text)
    if wide and (shared := len(letters) - len(wide) + 1) > 1:
        whole, share = shapes[0], 1 / shared
        for at in range(shared):
            x = whole.x + whole.width * share * (shared - 1 - at)
            yield Told(replace(whole, x=x), letters[at], share, is_unseen=True)
        shapes[0], letters[:shared] = replace(whole, width=0), [SILENT]
    for at, glyph in enumerate(shapes):
        yield Told(glyph, letters[at] if at < len(letters) else SILENT)


def _marks_apart(letter: Told) -> Iterator[Told]:
    """A letter, then each mark that stands on it by a shape of its own."""
    alone = replace(letter, name=letter.name[:1])
    return chain([alone], _beside(alone, letter.name[1:]))


def _beside(told: Told, signs: str) -> Iterator[Told]:
    """Unseen copies of a shape, one for each sign, left of it, that take next to no room."""
    for at, sign in enumerate(signs, start=1):
        yield _unseen(told.glyph, sign, -at * NEXT_TO_NOTHING)


def _unseen(glyph: Glyph, sign: str, moved: float) -> Told:
    """A copy that stands for a sign, moved by so much of the shape's width."""
    place = replace(glyph, x=glyph.x + moved * _own_width(glyph), rise=0)
    return Told(place, sign, NEXT_TO_NOTHING, is_unseen=True)


def _own_width(glyph: Glyph) -> float:
    """Its width in its font, without what was put after it; CSS pixels."""
    return float(glyph.font.widths[glyph.number] * glyph.size / 1000)


def _with_their_marks(text: str) -> list[str]:
    """The letters of a text, each with the marks that stand on it."""
    letters: list[str] = []
    for each in text:
        if letters and is_mark(each):
            letters[-1] += each
        else:
            letters.append(each)
    return letters
