"""The fields of one entry, each read as the type it is declared to have.

Every reader reports what is wrong and answers with an empty value, so that one reading finds all
problems; content with problems is never handed out.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from questionnaire.content.nodes import Entries, Items, Node, Scalar, Unread, trap
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading, did_you_mean
from questionnaire.domain.visible import is_blank, without_invisible

LONGEST = 500
"""Letters in an ordinary text."""
TITLE = 120
LONGEST_ID = 64

ID = re.compile(r"[a-z0-9][a-z0-9_]*")
RULE_ID = re.compile(r"[A-Z]{2}-[0-9]{2}")
SOURCE_ID = re.compile(r"[A-Z][0-9]{1,4}")
QUIZ_ID = re.compile(r"[a-z][a-z0-9_]*-[0-9]{1,2}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_LONGEST_NUMBER = 20
MOST = 100_000_000
"""A whole number that a file of rules may give where nothing else bounds it."""

Word = TypeVar("Word", bound=StrEnum)
Thing = TypeVar("Thing")


class Fields:
    """The entry `what` (“question”, “rule”, …), read field by field; `close` ends it."""

    def __init__(self, reading: Reading, node: Node, what: str) -> None:
        self.reading = reading
        self.what = what
        self.place = node.place
        self._read: set[str] = set()
        self._is_read = isinstance(node, Entries)
        if not isinstance(node, Entries):
            expected(reading, node, f"A {what} is written as keys with values.")
            node = Entries({}, {}, node.place)
        self._entries = node

    def close(self) -> None:
        """Report the keys nobody asked for."""
        for key, place in self._entries.lines.items():
            if key not in self._read:
                hint = did_you_mean(key, self._read)
                self.reading.problem(place, f"A {self.what} has no “{key}”.{hint}")

    def place_of(self, key: str) -> Place:
        """Where `key` stands; the entry itself when it is not there."""
        return self._entries.lines.get(key, self.place)

    def node(self, key: str) -> Node | None:
        """The value of `key` as it stands, or None."""
        self._read.add(key)
        return self._entries.values.get(key)

    def needed(self, key: str) -> Node | None:
        """The value of `key`; its absence is a problem."""
        found = self.node(key)
        if found is None and self._is_read:
            self.reading.problem(self.place, f"This {self.what} has no “{key}”.")
        return found

    def text(self, key: str, longest: int = LONGEST) -> str:
        """A text that must be there."""
        found = self.needed(key)
        return text(self.reading, found, longest) if found else ""

    def optional_text(self, key: str, longest: int = LONGEST) -> str:
        """A text, or an empty one when left out."""
        found = self.node(key)
        return text(self.reading, found, longest) if found else ""

    def id(self, sort: str, form: re.Pattern[str] = ID, key: str = "id") -> str:
        """The id of this thing; it must be new among its sort."""
        found = self.needed(key)
        if found is None:
            return ""
        name = text(self.reading, found, LONGEST_ID)
        if name and not form.fullmatch(name):
            self.reading.problem(found.place, f"{name} is not a {sort} id.")
        elif name:
            self.reading.give_name(sort, name, found.place)
        return name

    def own_words(
        self, key: str, longest: int = TITLE, known: dict[str, Place] | None = None
    ) -> str:
        """A text that must be there and that nothing else of its sort has: people tell by it.

        `known` are those beside it, where it need not differ from all of the folder.
        """
        written, place = self.text(key, longest), self.place_of(key)
        known = self.reading.worded.setdefault(self.what, {}) if known is None else known
        if (first := known.get(as_read(written))) and written:
            sentence = f"Another {self.what} has the same words: {first.file}, line {first.line}."
            self.reading.problem(place, sentence)
        known.setdefault(as_read(written), place)
        return written

    def texts(
        self, key: str, longest: int = LONGEST, *, needed: bool = True, may_be_empty: bool = False
    ) -> tuple[str, ...]:
        """A list of texts, each once; what holds nothing is left out, not written as empty."""
        found = self.needed(key) if needed else self.node(key)
        if isinstance(found, Items) and not found.parts and not may_be_empty:
            self.reading.problem(self.place_of(key), f"“{key}” is an empty list.")
        return texts(self.reading, found, longest) if found else ()

    def names(self, key: str, sort: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of ids of things of that sort."""
        found = self.texts(key, LONGEST_ID, needed=needed)
        self.reading.refer(sort, found, self.place_of(key))
        return found

    def treatments(self, *, needed: bool = True) -> frozenset[str]:
        """`for`: `all` (the empty set), or treatments."""
        found = self.needed("for") if needed else self.node("for")
        if found is None or (isinstance(found, Scalar) and found.text == "all"):
            return frozenset()
        listed = texts(self.reading, found, LONGEST_ID)
        if not listed and isinstance(found, Items):
            self.reading.problem(found.place, f"No treatment asks for this {self.what}.")
        self.reading.refer("treatment", listed, found.place)
        return frozenset(listed)

    def switch(self, key: str, *, needed: bool = False) -> bool:
        """`true` or `false`; false when left out."""
        found = self.needed(key) if needed else self.node(key)
        return switch(self.reading, found) if found else False

    def number(self, key: str) -> Fraction | None:
        """An exact number, or None when left out."""
        found = self.node(key)
        return number(self.reading, found) if found else None

    def whole(self, key: str, *, least: int = 0, most: int = MOST) -> int:
        """A whole number from `least` to `most` that must be there."""
        found = self.needed(key)
        amount = number(self.reading, found) if found else None
        if found is None or amount is None:
            return least
        if amount.denominator != 1 or not least <= amount <= most:
            sentence = f"“{key}” is a whole number from {least} to {most}."
            self.reading.problem(found.place, sentence)
            return least
        return int(amount)

    def word(self, key: str, words: type[Word], default: Word | None = None) -> Word:
        """One of a fixed set of words."""
        found = self.needed(key) if default is None else self.node(key)
        fallback = default or next(iter(words))
        if found is None:
            return fallback
        written = text(self.reading, found, LONGEST_ID)
        try:
            return words(written)
        except ValueError:
            if written:
                known = ", ".join(words)
                self.reading.problem(found.place, f"“{key}” is one of {known}, not {written}.")
            return fallback

    def children(
        self, key: str, read: Callable[[Node], Thing], *, needed: bool = True
    ) -> tuple[Thing, ...]:
        """A list of entries, each read by `read`."""
        found = self.needed(key) if needed else self.node(key)
        return tuple(read(part) for part in parts(self.reading, found, key)) if found else ()


def expected(reading: Reading, node: Node, sentence: str) -> None:
    """Say what should stand here, unless it is known already that it could not be read."""
    if not isinstance(node, Unread):
        reading.problem(node.place, sentence)


def parts(reading: Reading, node: Node, what: str) -> tuple[Node, ...]:
    """The parts of a list; anything else is a problem."""
    if isinstance(node, Items):
        return node.parts
    expected(reading, node, f"“{what}” is a list.")
    return ()


def text(reading: Reading, node: Node, longest: int = LONGEST) -> str:
    """A text without traps, without spaces around it, not empty and not longer than `longest`."""
    if not isinstance(node, Scalar):
        expected(reading, node, "A text is needed here.")
        return ""
    if reason := trap(node):
        reading.problem(node.place, reason)
        return ""
    written = node.text.strip()
    if is_blank(written):
        reading.problem(node.place, "There is nothing written here.")
    elif len(written) > longest:
        sentence = f"This text has {len(written)} letters; at most {longest} fit here."
        reading.problem(node.place, sentence)
    reading.written.setdefault(written, node.place)
    return written


def texts(reading: Reading, node: Node, longest: int = LONGEST) -> tuple[str, ...]:
    """A list of texts, each once."""
    if not isinstance(node, Items):
        expected(reading, node, "A list is needed here.")
        return ()
    found: dict[str, str] = {}
    for part in node.parts:
        written = text(reading, part, longest)
        if (words := as_seen(written)) in found:
            reading.problem(part.place, f"“{written}” is in this list twice.")
        elif written:
            found[words] = written
    return tuple(found.values())


def as_seen(written: str) -> str:
    """Words without what nobody sees: signs without a shape, and more than one space."""
    return " ".join(without_invisible(written).split())


def as_read(written: str) -> str:
    """Words as a reader tells them apart from others, which is not by their capitals."""
    return as_seen(written).casefold()


def switch(reading: Reading, node: Node) -> bool:
    """`true` or `false`, written so and without quotes."""
    if not isinstance(node, Scalar) or not node.plain or node.text not in {"true", "false"}:
        expected(reading, node, "Write true or false here, without quotes.")
        return False
    return node.text == "true"


def number(reading: Reading, node: Node) -> Fraction | None:
    """An exact decimal number, written without quotes, like 12 or 0.5."""
    if not isinstance(node, Scalar) or not node.plain:
        expected(reading, node, "Write a number here, without quotes.")
        return None
    if not _NUMBER.fullmatch(node.text) or len(node.text) > _LONGEST_NUMBER:
        octal = f"; {node.text} can be read in base eight" if node.text.startswith("0") else ""
        reading.problem(node.place, f"Write a number like 12 or 0.5 here{octal}.")
        return None
    return Fraction(node.text)


def day(reading: Reading, node: Node) -> date | None:
    """A date written like 1985-03-27, with or without quotes."""
    if isinstance(node, Scalar) and re.fullmatch(r"\d{4}-\d\d-\d\d", node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    expected(reading, node, "Write a real date here, like 1985-03-27.")
    return None


def known_names(
    reading: Reading, names: Iterable[str], known: Collection[str], what: str, place: Place
) -> tuple[str, ...]:
    """The names that are among `known`; the others are problems (“There is no `what` …”)."""
    kept: list[str] = []
    for name in names:
        if name in known:
            kept.append(name)
        else:
            reading.problem(place, f"There is no {what} {name}.{did_you_mean(name, known)}")
    return tuple(kept)
