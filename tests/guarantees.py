"""At the end of `pytest -m guarantees`: every security line with its tests and their result."""

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

COUNTED = pytest.StashKey[str]()
LINES = Path(__file__).resolve().parents[1] / "docs" / "guarantees.yaml"


def security_lines() -> dict[str, str]:
    """What each numbered security line says."""
    written = yaml.safe_load(LINES.read_text())["lines"]
    return {line["id"]: line["says"] for line in written}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write down which lines each test is to show, so that its report carries them."""
    for item in items:
        numbers = [number for mark in item.iter_markers("guarantees") for number in mark.args]
        if numbers:
            item.user_properties.append(("guarantees", " ".join(numbers)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the lines; a line is shown when it has tests of its own and all of them passed."""
    if "guarantees" not in terminalreporter.config.getoption("-m", default=""):
        return
    outcomes: dict[str, list[bool]] = defaultdict(list)
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            for name, numbers in getattr(report, "user_properties", ()):
                if name == "guarantees" and report.when in {"call", "setup"}:
                    for number in numbers.split():
                        outcomes[number].append(outcome == "passed" and report.when == "call")
    lines = security_lines()
    terminalreporter.section("guarantees")
    shown = 0
    for number, says in lines.items():
        results = outcomes.get(number, [])
        is_shown = bool(results) and all(results)
        shown += is_shown
        state = "shown" if is_shown else "FAILED" if results else "not shown"
        terminalreporter.write_line(f"{number} {state:>9} by {len(results):>2} tests: {says[:90]}")
    terminalreporter.config.stash[COUNTED] = f"{shown} of {len(lines)}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say how many lines are shown, as the very last line."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and COUNTED in config.stash:
        reporter.write_line(f"guarantees: {config.stash[COUNTED]} security lines shown")
