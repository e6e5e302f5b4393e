"""The files of `rules/`, each opened once."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from questionnaire.content.nodes import Node, Unread, compose
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading
from questionnaire.ordinary_files import LONGEST_TEXT_FILE, read_file

CASES = "cases"
READING_EXCEPTIONS = "reading_exceptions.yaml"
"""Both read on their own, once the library is there."""
TRANSLATIONS = "translations"
"""A folder for each language: read by `translation_files.py`."""


def fingerprint(path: Path) -> str:
    """SHA-256 over the names, lengths and bytes of all files in a folder (hex)."""
    contents: dict[str, bytes] = {}
    for file in (file for file in path.rglob("*") if file.is_file()):
        with suppress(OSError):
            contents[file.relative_to(path).as_posix()] = read_file(file, LONGEST_TEXT_FILE)
    return _digest(contents)


def _digest(contents: Mapping[str, bytes]) -> str:
    total = sha256()
    for name, content in sorted(contents.items()):
        total.update(f"{name}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


@dataclass(slots=True)
class Folder:
    """The files of one folder, opened in order; `digest` covers every name and every byte."""

    path: Path
    reading: Reading = field(default_factory=Reading)
    contents: dict[str, bytes] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    """Names of the files that were opened, or could not be."""

    def shown(self, name: str) -> str:
        """The file as people see it: `rules/questions.yaml`."""
        return f"{self.path.name}/{name}"

    def open(self, name: str) -> Node:
        """The tree of one file; `Unread` when it is missing or unreadable."""
        shown = self.shown(name)
        self.tried.add(name)
        try:
            content = read_file(self.path / name, LONGEST_TEXT_FILE)
        except OSError as error:
            self._unreadable(name, "file", error)
            return Unread(Place(shown, 1))
        self.contents[name] = content
        return compose(content, shown, self.reading.problems)

    def names(self, part: str) -> tuple[str, ...]:
        """The YAML files of a folder inside, by name; hidden ones are left alone."""
        return tuple(name for name in self.inside(part) if name.endswith(".yaml"))

    def inside(self, part: str) -> tuple[str, ...]:
        """What lies in a folder inside, but for what is hidden; nothing where there is none."""
        try:
            found = [path.name for path in (self.path / part).iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._unreadable(part, "folder", error)
            return ()
        return tuple(sorted(f"{part}/{name}" for name in found if not name.startswith(".")))

    def _unreadable(self, name: str, what: str, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        place = Place(self.shown(name), 1)
        self.reading.problem(place, f"This {what} cannot be read: {reason}.")

    def report_unread(self) -> None:
        """Report YAML files nobody opened: a rule in a misnamed file would be silently lost."""
        known = {*self.tried, *self.names(CASES), READING_EXCEPTIONS}
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            is_yaml = path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith(".")
            if is_yaml and name not in known:
                sentence = "This file is not read; see README.md for the names that are."
                self.reading.problem(Place(self.shown(name), 1), sentence)

    def digest(self) -> str:
        """SHA-256 over the names, lengths and bytes of the files opened (hex)."""
        return _digest(self.contents)
