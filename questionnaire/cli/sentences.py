"""The sentences of pages and messages that patients read, found where they are written.

A template says `t("…")`. The program says `say("…")` at once, keeps a sentence for later with
`to_say("…")`, or raises it as a slip or a refusal.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
_TEMPLATES, _PROGRAM = ROOT / "templates", ROOT / "questionnaire"
_SPEAKS_TO_PATIENTS = (
    "documents/ink.py",
    "domain/answers.py",
    "journey/consenting.py",
    "journey/asking.py",
    "journey/hands.py",
    "journey/intake.py",
    "journey/quizzing.py",
    "journey/rates.py",
    "journey/rows.py",
    "journey/signing.py",
    "journey/turns.py",
    "records/signing.py",
    "records/visits.py",
    "web/*.py",
    "web/patient/*.py",
)
"""The modules whose slips and refusals a patient may meet; elsewhere only staff do."""

_SAYING = frozenset({"say", "to_say"})


def sentences() -> dict[str, str]:
    """Every sentence → where it stands first, like `templates/patient/code.html:7`."""
    found: dict[str, str] = {}
    for path in patient_templates():
        for line, sentence in said_in_template(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, f"{path.relative_to(ROOT)}:{line}")
    speaking = {path for part in _SPEAKS_TO_PATIENTS for path in _PROGRAM.glob(part)}
    for path in sorted(_PROGRAM.rglob("*.py")):
        if path.is_relative_to(_PROGRAM / "content"):
            continue
        source = path.read_text(encoding="utf-8")
        for line, sentence in said_in_program(source, raised=path in speaking):
            found.setdefault(sentence, f"{path.relative_to(ROOT)}:{line}")
    return found


def patient_templates() -> tuple[Path, ...]:
    """The templates that a patient may meet: all but those of the staff's door."""
    paths = sorted(_TEMPLATES.rglob("*.html"))
    return tuple(
        path for path in paths if path.name != "layout_staff.html" and path.parent.name != "staff"
    )


def said_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of each `t("…")`."""
    for call in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Call):
        named = isinstance(call.node, nodes.Name) and call.node.name == "t"
        if named and call.args and isinstance(call.args[0], nodes.Const):
            yield call.lineno, call.args[0].value


def said_in_program(source: str, *, raised: bool) -> Iterator[tuple[int, str]]:
    """Line and sentence of each `say` and `to_say`, and of each slip or refusal if `raised`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in _SAYING:
            yield from _first(node)
        elif raised and isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            is_refusal = not _name(node.exc.func).endswith("Error")
            yield from _first(node.exc) if is_refusal else ()


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _first(call: ast.Call) -> Iterator[tuple[int, str]]:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        yield call.lineno, call.args[0].value
