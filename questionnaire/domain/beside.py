"""A record as the patient read it, beside the same sentences in the clinic's own language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

PARTS: Final = (
    ("statements", "What the patient ticked"),
    ("personal_risks", "Risks of their own, each ticked"),
    ("quiz", "Check-questions"),
    ("patient_words", "In their own words"),
    ("answers", "Their answers"),
    ("treatments", "The treatments"),
    ("rights", "Their rights"),
)
"""Parts of a record that the patient reads and answers for, and their headings."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record: its heading, and pairs of (as it was read, in our language)."""

    title: str
    sentences: tuple[tuple[str, str], ...]


def side_by_side(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[Part, ...]:
    """Each sentence of two records of one moment that is not the same in both, part by part.

    Both are parsed JSON of `ConsentRecord`. What somebody wrote themselves is the same in both,
    and left out. Raises `ValueError` when they are not of one moment.
    """
    found = (Part(title, tuple(_pairs(theirs[key], ours[key]))) for key, title in PARTS)
    return tuple(part for part in found if part.sentences)


def _pairs(theirs: object, ours: object) -> Iterator[tuple[str, str]]:
    if isinstance(theirs, dict) and isinstance(ours, dict) and theirs.keys() == ours.keys():
        for key in theirs:
            yield from _pairs(theirs[key], ours[key])
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours, strict=True):
            yield from _pairs(one, other)
    elif type(theirs) is not type(ours) or isinstance(theirs, dict | list):
        raise ValueError("the two records are not of one moment")
    elif isinstance(theirs, str) and theirs != ours:
        yield theirs, str(ours)
