"""What is wrong in `rules/`, said as sentences that name the file and the line."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A problem keeps the app from starting; a note is only worth a look."""

    PROBLEM = "problem"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line (counted from 1) of a file, named as people see it: `rules/questions.yaml`."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one line."""

    place: Place
    sentence: str
    level: Level = Level.PROBLEM

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.sentence}"


class ContentProblems(Exception):  # noqa: N818  # named for what it carries
    """The content cannot be used; `problems` lists everything that is in the way."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
