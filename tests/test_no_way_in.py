"""Ways in that are not there: code in data, pictures from outside, patterns that never end."""

import ast
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from questionnaire.content.library import load_library
from questionnaire.content.problems import ContentProblems
from tests.content.test_checks import lay

PROGRAM = Path(__file__).parents[1] / "questionnaire"
LONG = 100_000
HOSTILE = (
    *("a", "0", " ", "-", ".", "a ", "0,000", "=", "\\", '"', "{", "a@", "1_", "\u202f1", "1:0"),
    *("a.a", "-0", "é", "9999/", "A-00"),
)
WAYS = frozenset({"fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer"})


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Every module of the program, read as Python."""
    files = [(file.relative_to(PROGRAM).as_posix(), file) for file in PROGRAM.rglob("*.py")]
    return [(name, ast.parse(file.read_text("utf-8"))) for name, file in files]


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each call in a module, with what is called as it is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield as_written(node.func), node


def as_written(node: ast.expr) -> str:
    """Names and dots; `ast.unparse`, which is slow, knows the rest."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{as_written(node.value)}.{node.attr}"
    return ast.unparse(node)


@pytest.mark.guarantees("S32")
def test_nothing_runs_what_stands_in_data() -> None:
    banned = {"eval", "exec", "compile", "yaml.load", "yaml.unsafe_load", "yaml.full_load"}
    banned |= {"pickle.loads", "pickle.load", "marshal.loads", "render_template_string"}
    found = {
        (name, called)
        for name, tree in trees()
        for called, _ in calls(tree)
        if called in banned or called.endswith((".from_string", ".unsafe_load"))
    }
    assert found == set()


@pytest.mark.guarantees("S32")
@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [ls]", "!!python/name:os.system", "!include x"]
)
def test_a_tag_in_a_content_file_is_refused_with_its_line(tmp_path: Path, tag: str) -> None:
    folder = lay(tmp_path / "rules")
    clinic = folder / "clinic.yaml"
    clinic.write_text(clinic.read_text().replace("data_use: ", f"data_use: {tag} ", 1))
    with pytest.raises(ContentProblems, match=r"clinic\.yaml:\d+: "):
        load_library(folder)


def as_text(pattern: object) -> str:
    """A pattern for texts or for bytes, as one for texts."""
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else str(pattern)


def compiled_in(
    module: str, tree: ast.Module
) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """The patterns a module keeps under a name of its own, however they are put together."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and ast.unparse(node.value).startswith("re.compile"):
                yield target.id, getattr(import_module(module), target.id)


def patterns() -> set[tuple[str, str]]:
    """Every pattern of the program, with each way it is used."""
    written: dict[str, str] = {}
    used: dict[str, set[str]] = {}
    found: set[tuple[str, str]] = set()
    for file, tree in trees():
        for called, node in calls(tree):
            name, _, way = called.rpartition(".")
            if name == "re" and node.args and isinstance(node.args[0], ast.Constant):
                pattern = as_text(node.args[0].value)
                found.add((pattern, "fullmatch" if way == "compile" else way))
            used.setdefault(name.rpartition(".")[2], set()).add(way)
        module = ".".join(("questionnaire", *Path(file).with_suffix("").parts))
        for name, pattern in compiled_in(module, tree):
            written[name] = as_text(pattern.pattern)
    anywhere = {(text, way) for name, text in written.items() for way in used.get(name, set())}
    return {(text, way) for text, way in found | anywhere if way in WAYS}


@pytest.mark.guarantees("S32")
@pytest.mark.parametrize(("pattern", "way"), sorted(patterns()))
def test_no_pattern_is_slowed_down_by_a_long_text(pattern: str, way: str) -> None:
    """One that tries every way to split such a text takes minutes: it is ended, and fails."""
    read = getattr(re.compile(pattern), way)
    for sign in HOSTILE:
        text = (sign * LONG)[:LONG] + "!"
        with ended_after(seconds=20):
            result = read("", text) if way in {"sub", "subn"} else read(text)
            if way == "finditer":
                sum(1 for _ in result)


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """End what would take this process so much of a processor, whatever else the machine does."""
    signal.signal(signal.SIGVTALRM, lambda *_: pytest.fail("still trying"))
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.mark.guarantees("S36")
def test_two_pages_take_files_and_only_the_logos_reader_decodes_pictures() -> None:
    reads_files = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "request.files"
    }
    assert reads_files == {"web/staff/archive.py", "web/staff/setting_up.py"}
    decoders = {"PIL", "PIL.Image", "cv2", "imageio", "cairosvg"}
    decode = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in (getattr(node, "module", None), *(each.name for each in node.names))
        if alias in decoders
    }
    assert decode == {"look.py"}
