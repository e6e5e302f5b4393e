"""The documentation says what is so: its commands, files, links and packages exist."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup

from app import create_app
from questionnaire import settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
COMMAND = re.compile(r"flask --app app ((?:[a-z][a-z-]* ?)+)")
RUN_NOT_IMPORTED = {"gunicorn"}
ONLY_FOR_TYPE_CHECKERS = {"_typeshed"}
BROUGHT_ALONG = {"argon2-cffi"}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def packages(name: str) -> set[str]:
    """The names in a requirements file, as PyPI spells them in addresses."""
    found = re.findall(r"^([A-Za-z][A-Za-z0-9._-]*)", page(name), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", one).lower() for one in found}


def test_the_readme_is_read_in_one_go() -> None:
    assert len(page("README.md").splitlines()) <= 120


@pytest.mark.parametrize(
    "command",
    sorted({one.strip() for path in PAGES for one in COMMAND.findall(path.read_text("utf-8"))}),
)
def test_every_command_named_exists(command: str) -> None:
    typed = FlaskGroup(create_app=create_app), [*command.split(), "--help"]
    result = CliRunner().invoke(*typed, prog_name="flask")
    assert result.exit_code == 0
    assert f"Usage: flask {command} " in result.output


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_module_the_architecture_names_exists() -> None:
    named = set(re.findall(r"`((?:questionnaire/)?[a-z_/]+(?:\.py|/))`", page("ARCHITECTURE.md")))
    assert named
    missing = {
        name
        for name in named
        if not any((ROOT / top / name).exists() for top in ("", "questionnaire"))
    }
    assert missing == set()


def test_every_room_is_in_the_architecture() -> None:
    rooms = {folder.parent.name for folder in (ROOT / "questionnaire").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}" not in page("ARCHITECTURE.md")} == set()


def test_what_a_clinician_is_sent_to_exists() -> None:
    first_door = page("CONTRIBUTING.md").split("## I write Python")[0]
    named = re.findall(r"^\| `([^`]+)` \|", first_door, re.MULTILINE)
    assert named
    assert [name for name in named if not (ROOT / "rules" / name).exists()] == []


@pytest.mark.parametrize("package", sorted(packages("requirements.in")))
def test_every_package_has_a_decision(package: str) -> None:
    assert any(package in path.read_text("utf-8").lower() for path in DECISIONS)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-audit"])
def test_every_package_asked_for_is_pinned(name: str) -> None:
    assert packages(f"{name}.in") - packages(f"{name}.txt") == set()


def test_what_is_imported_is_what_is_asked_for() -> None:
    imported: set[str] = set()
    for path in [ROOT / "app.py", *(ROOT / "questionnaire").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    homes = packages_distributions()
    known = sys.stdlib_module_names | {"questionnaire", "app"} | ONLY_FOR_TYPE_CHECKERS
    outside = imported - known
    needed = {re.sub(r"[-_.]+", "-", homes[name][0]).lower() for name in outside}
    assert needed | RUN_NOT_IMPORTED | BROUGHT_ALONG == packages("requirements.in")


def test_the_list_of_decisions_names_every_page_once_in_order() -> None:
    listed = re.findall(r"\]\(([0-9]{4}-[a-z0-9-]+\.md)\)", page("docs/decisions/README.md"))
    assert listed == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_context_choice_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert [
        part for part in ("Context", "Choice", "Consequences") if f"**{part}.**" not in text
    ] == []
    assert len(text.splitlines()) <= 60


def test_the_settings_page_lists_exactly_the_settings() -> None:
    read = set(re.findall(r"CANDOUR_[A-Z_]+", Path(settings.__file__).read_text("utf-8")))
    listed = set(
        re.findall(r"^\| `(CANDOUR_[A-Z_]+)` \|", page("docs/deployment.md"), re.MULTILINE)
    )
    assert listed == read | {"CANDOUR_VENV", "CANDOUR_PATIENCE"}
