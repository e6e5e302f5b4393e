"""YAML read strictly: words stay words, every node knows its line, and every trap is refused.

Nothing is guessed from how a word looks; the field a word stands in decides what it means. Refused
are duplicate keys, tabs, anchors, aliases, tags, hidden signs, several documents in one file, and
words without quotes that other programs would read as something else (`no`, `12:30`, `010`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from questionnaire.content.problems import Place, Problem

LARGEST_FILE = 1_000_000
"""Letters in one file."""
DEEPEST = 24
"""Levels of nesting."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010ffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
    + "]"
)
"""Controls, signs that turn the order of others or that nobody sees, private ones (like a bullet of
Word's), which each font draws otherwise or not at all, and what is no character."""
_HIDDEN_IN_QUOTES = re.compile(f"\t|{_HIDDEN.pattern}")
"""The same where a text in quotes can hold them as numbers, like `\u202e`; and a tab."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or text as written; `plain` when it stands without quotes."""

    text: str
    plain: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    parts: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entries:
    """Keys and values, in the order written; `lines` goes from key to where it stands."""

    values: dict[str, "Node"]
    lines: dict[str, Place]
    place: Place


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read and has been reported; nobody needs to hear more about it."""

    place: Place


Node = Scalar | Items | Entries | Unread


class Unreadable(Exception):  # noqa: N818  # carried to the list of problems, never shown alone
    """The file cannot be read any further; `problem` says why."""

    def __init__(self, place: Place, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(place, sentence)


def compose(content: bytes, file: str, problems: list[Problem]) -> Node:
    """The node tree of one file; what is wrong joins `problems`."""
    try:
        text = _decode(content, file)
        problems.extend(_hidden_signs(text, file))
        return _Composer(file, problems).compose(yaml.parse(text, Loader=_Loader))
    except Unreadable as found:
        problems.append(found.problem)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1 if mark else 1)
        problems.append(Problem(place, f"This is not written as YAML: {error.problem}."))
    except yaml.YAMLError:  # only for signs that _hidden_signs has named already
        pass
    return Unread(Place(file, 1))


def _decode(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Place(file, line), "This file is not in UTF-8.") from None
    if len(text) > LARGEST_FILE:
        raise Unreadable(Place(file, 1), f"This file has more than {LARGEST_FILE:,} letters.")
    return text.replace("\r\n", "\n")


def _hidden_signs(text: str, file: str) -> Iterable[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            yield Problem(Place(file, number), "There is a tab here; use spaces.")
        if found := _HIDDEN.search(line):
            yield Problem(Place(file, number), _hidden(found.group()))


def _hidden(sign: str) -> str:
    return f"There is a hidden sign here (U+{ord(sign):04X}); remove it."


class _Composer:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.open: list[tuple[yaml.CollectionStartEvent, list[Node]]] = []
        self.root: Node | None = None

    def compose(self, events: Iterable[yaml.Event]) -> Node:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                start, parts = self.open.pop()
                self._add(self._closed(start, parts))
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        if self.root is None:
            raise Unreadable(Place(self.file, 1), "This file is empty.")
        return self.root

    def _start(self, event: yaml.DocumentStartEvent) -> None:
        if self.root is not None:
            raise Unreadable(self._place(event), "A second document starts here.")
        if event.version or event.tags:
            self._problem(event, "Lines that start with % are not used here.")

    def _node(self, event: yaml.NodeEvent) -> None:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, f"*{event.anchor} repeats another place; write it out.")
            self._add(Unread(place))
            return
        if event.anchor:
            self._problem(
                event, f"&{event.anchor} is an anchor; write things out where they stand."
            )
        if tag := getattr(event, "tag", None):
            self._problem(event, f"{tag} is a tag; tags are not used here.")
        if isinstance(event, yaml.ScalarEvent):
            if event.style == '"' and (found := _HIDDEN_IN_QUOTES.search(event.value)):
                self._problem(event, _hidden(found.group()))
            scalar = Scalar(event.value, not event.style, place)
            self._add(Unread(place) if event.tag else scalar)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self.open) == DEEPEST:
                raise Unreadable(place, "This is nested too deeply.")
            self.open.append((event, []))

    def _closed(self, start: yaml.CollectionStartEvent, parts: list[Node]) -> Node:
        place = self._place(start)
        if start.tag:
            return Unread(place)
        if isinstance(start, yaml.SequenceStartEvent):
            return Items(tuple(parts), place)
        values: dict[str, Node] = {}
        lines: dict[str, Place] = {}
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(Problem(key.place, "Only a word can be a key."))
            elif key.text in values:
                first = lines[key.text].line
                sentence = f"“{key.text}” is here twice (first in line {first})."
                self.problems.append(Problem(key.place, sentence))
            else:
                if key.plain and (reason := trap(key)):
                    self.problems.append(Problem(key.place, reason))
                values[key.text], lines[key.text] = value, key.place
        return Entries(values, lines, place)

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, event.start_mark.line + 1 if event.start_mark else 1)

    def _problem(self, event: yaml.Event, sentence: str) -> None:
        self.problems.append(Problem(self._place(event), sentence))


_TRAPS = (
    (re.compile(r"y|yes|true|on", re.IGNORECASE), "true"),
    (re.compile(r"n|no|false|off", re.IGNORECASE), "false"),
    (re.compile(r"~|null|", re.IGNORECASE), "nothing"),
    (re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?"), "a number of seconds"),
    (re.compile(r"[-+]?0o?[0-7_]+"), "a number in base eight"),
    (re.compile(r"[-+]?0x[\da-f_]+", re.IGNORECASE), "a number in base sixteen"),
    (re.compile(r"[-+]?0b[01_]+"), "a number in base two"),
    (re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?"), "a date"),
    (re.compile(r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[-+]?\d+)?", re.IGNORECASE), "a number"),
    (re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE), "a number"),
    (re.compile(r"=|<<"), "an instruction"),
)
_LONGEST_TRAP = 40


def trap(scalar: Scalar) -> str:
    """Why a text without quotes could be read as something else; empty when it could not."""
    text = scalar.text
    if not scalar.plain or len(text) > _LONGEST_TRAP:
        return ""
    for pattern, reading in _TRAPS:
        if pattern.fullmatch(text):
            if not text:
                return "There is nothing written here."
            return f'Without quotes {text} can be read as {reading}; write "{text}".'
    return ""
