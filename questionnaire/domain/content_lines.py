"""A part of the content as short lines, so that two versions of it can be laid side by side."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction

from questionnaire.domain.condition import All, Any, Condition, Leaf, Not
from questionnaire.domain.wording import number_in_words

Lines = dict[str, str]
"""Where in the part → what stands there, like `options / aspirin / text` → `Aspirin`."""

_INDENT = "  "


def lines_of(value: object) -> Lines:
    """Every fact of a part that is not empty, the same in every process."""
    return dict(_lines(value, ""))


def _lines(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Leaf | All | Any | Not):
        yield place, "\n".join(_condition(value))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _lines(getattr(value, field.name), _inside(place, field.name))
    elif isinstance(value, Mapping):
        for key in value:
            yield from _lines(value[key], _inside(place, str(key)))
    elif isinstance(value, tuple | list) and any(map(is_dataclass, value)):
        for number, each in enumerate(value, start=1):
            yield from _lines(each, _inside(place, getattr(each, "id", "") or str(number)))
    elif words := _words(value):
        yield place, words


def _words(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, Fraction):
        return number_in_words(value)
    if isinstance(value, AbstractSet):
        return ", ".join(sorted(map(_words, value)))
    if isinstance(value, tuple | list):
        return "; ".join(map(_words, value))
    return str(value.value if isinstance(value, Enum) else value)


def _condition(condition: Condition) -> Iterable[str]:
    if isinstance(condition, Leaf):
        return (f"{condition.about} {condition.test.value} {_words(condition.limit)}",)
    if isinstance(condition, Not):
        return _under("not", (condition.part,))
    return _under("all" if isinstance(condition, All) else "any", condition.parts)


def _under(heading: str, parts: Iterable[Condition]) -> Iterable[str]:
    lines = (f"{_INDENT}{line}" for part in parts for line in _condition(part))
    return (f"{heading}:", *lines)


def _inside(place: str, name: str) -> str:
    return f"{place} / {name}" if place else name
