"""Which shape of a drawn line stands for which letters, in the order they are read (`text_layer`).

From the left, the first shape of a cluster stands for all its letters, marks included: a mark is
drawn higher or lower, and readers part what does not stand on one line. From the right each letter
and each mark is a shape of its own, put from right to left, for poppler turns every stretch round:
a shape that stood for two letters would give them backwards.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby

from questionnaire.documents.glyphs import Cluster, Glyph, is_mark
from questionnaire.documents.signs import LEFT_TO_RIGHT, RIGHT_TO_LEFT, SILENT, STOP

NEXT_TO_NOTHING = 0.01


@dataclass(frozen=True, slots=True)
class Told:
    """A shape and what it stands for at this place."""

    glyph: Glyph
    name: str
    share: float = 1.0
    """Less than 1: an unseen copy of the shape, over so much of its width."""

    @property
    def is_unseen(self) -> bool:
        """Whether it is only there to be read."""
        return self.share < 1


def text_objects(line: list[Cluster]) -> Iterator[list[Told]]:
    """The shapes of a line in the order they are read; what stands in one list is read as one."""
    lowest = min(each.level for each in line)
    for from_the_right, group in groupby(line, lambda each: each.level > lowest or lowest % 2 == 1):
        if from_the_right:
            yield from _from_the_right(list(group))
        else:
            yield list(_from_the_left(group))


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
    speaker = next((each for each in cluster.glyphs if each.width), cluster.glyphs[0])
    return [Told(each, cluster.text if each is speaker else SILENT) for each in cluster.glyphs]


def _is_plain(cluster: Cluster) -> bool:
    """Whether each shape says one letter, and none is a mark: readers part what stands higher."""
    return not any(map(is_mark, cluster.text)) and [
        each.font.to_unicode[each.number] for each in cluster.glyphs
    ] == list(cluster.text)


def _from_the_right(stretch: list[Cluster]) -> Iterator[list[Told]]:
    """From the right, one letter a shape; what stands in it from the left is told by one shape."""
    told: list[list[Told]] = []
    for from_the_right, group in groupby(reversed(stretch), lambda each: each.is_from_the_right):
        if from_the_right:
            letters = (it for each in group if each.glyphs for it in _letters(each))
            told += _enclosed([it for letter in letters for it in _marks_apart(letter)])
        else:
            backwards = list(group)
            glyphs = [each for cluster in backwards for each in reversed(cluster.glyphs)]
            names = [closed("".join(each.text for each in reversed(backwards)))]
            told.append([Told(each, names.pop() if names else SILENT) for each in glyphs])
    told = [each for each in told if each]  # marks of direction have no shape
    yield from told
    if spoken := _spoken(each for letter in told for each in letter):
        yield from ([each] for each in _beside(spoken[-1], STOP))


def closed(text: str) -> str:
    """The text from the left, marked at its end where a reader would take that for neutral."""
    is_closed = text[-1:].isalnum() or text.endswith(LEFT_TO_RIGHT)
    return text if is_closed else text + LEFT_TO_RIGHT


def _enclosed(letters: list[Told]) -> Iterator[list[Told]]:
    """Each letter alone, a right-to-left mark before the first and after the last of them."""
    spoken = _spoken(letters)
    if spoken:
        yield [_unseen(spoken[0].glyph, RIGHT_TO_LEFT, spoken[0].share - NEXT_TO_NOTHING)]
    yield from ([each] for each in letters)
    if spoken:
        yield from ([each] for each in _beside(spoken[-1], RIGHT_TO_LEFT))


def _spoken(told: Iterable[Told]) -> list[Told]:
    return [each for each in told if not _takes_no_room(each)]


def _letters(cluster: Cluster) -> Iterator[Told]:
    """One letter a shape; those that share one are told by unseen copies, each at its part."""
    wide = [each for each in reversed(cluster.glyphs) if each.width]
    shapes = wide + [each for each in reversed(cluster.glyphs) if not each.width]
    letters = _with_their_marks(cluster.text)
    if wide and (shared := len(letters) - len(wide) + 1) > 1:
        whole, share = shapes[0], 1 / shared
        for at in range(shared):
            x = whole.x + whole.width * share * (shared - 1 - at)
            yield Told(replace(whole, x=x), letters[at], share)
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
    width = glyph.font.widths[glyph.number] * glyph.size / 1000
    return Told(replace(glyph, x=glyph.x + moved * width, rise=0), sign, NEXT_TO_NOTHING)


def _with_their_marks(text: str) -> list[str]:
    """The letters of a text, each with the marks that stand on it."""
    letters: list[str] = []
    for each in text:
        if letters and is_mark(each):
            letters[-1] += each
        else:
            letters.append(each)
    return letters
