"""Documents that name the tests which show what they say: read strictly, each name looked up."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]


@cache
def read(name: str) -> dict[str, Any]:
    """What a YAML file of the project holds; a key given twice is refused."""
    text = (ROOT / name).read_text(encoding="utf-8")
    twice = list(_given_twice(yaml.compose(text)))
    assert twice == [], f"{name} gives a key twice"
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _given_twice(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        yield from (key for key in set(keys) if keys.count(key) > 1)
        for _, value in node.value:
            yield from _given_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _given_twice(value)


@cache
def _tests_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not (file.startswith("tests/") and path.name.startswith("test_") and path.is_file()):
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in functions if name.startswith("test_"))


def missing_tests(names: Iterable[str]) -> list[str]:
    """The names, each `tests/file.py::function`, of which there is no such test any more."""
    parts = ((name, *name.partition("::")[::2]) for name in names)
    return [name for name, file, function in parts if function not in _tests_in(file)]
