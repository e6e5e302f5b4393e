"""What is kept while `rules/` is read: problems, names given, and names referred to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from questionnaire.content.problems import Level, Place, Problem


@dataclass(slots=True)
class Reading:
    """One reading of the whole folder.

    `names` goes from a sort of thing (“question”, “source”, …) to its ids and where each stands;
    `written` from each text to where it stands first; `worded` from a sort of thing to the words
    by which people tell these apart, and where each stands.
    """

    problems: list[Problem] = field(default_factory=list)
    names: dict[str, dict[str, Place]] = field(default_factory=dict)
    references: list[tuple[str, str, Place]] = field(default_factory=list)
    written: dict[str, Place] = field(default_factory=dict)
    worded: dict[str, dict[str, Place]] = field(default_factory=dict)

    def problem(self, place: Place, sentence: str) -> None:
        """Say what must be mended."""
        self.problems.append(Problem(place, sentence))

    def note(self, place: Place, sentence: str) -> None:
        """Say what is worth a look."""
        self.problems.append(Problem(place, sentence, Level.NOTE))

    def give_name(self, sort: str, name: str, place: Place) -> None:
        """Remember where a thing got its id, and report the same id given twice."""
        known = self.names.setdefault(sort, {})
        if name in known:
            first = known[name]
            self.problem(place, f"{sort} {name} is already in {first.file}, line {first.line}.")
        else:
            known[name] = place

    def refer(self, sort: str, names: Iterable[str], place: Place) -> None:
        """Remember that `names` must be given somewhere as that sort of thing."""
        self.references.extend((sort, name, place) for name in names)

    def resolve_references(self) -> None:
        """Report every id that was referred to and never given."""
        for sort, name, place in self.references:
            known = self.names.get(sort, {})
            if name not in known:
                self.problem(place, f"There is no {sort} {name}.{did_you_mean(name, known)}")

    def place_of(self, sort: str, name: str) -> Place:
        """Where the thing with that id stands."""
        return self.names[sort][name]


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A hint with the id that looks most alike, or nothing."""
    alike = get_close_matches(name, known, n=1, cutoff=0.7)
    return f" Did you mean {alike[0]}?" if alike else ""
