"""A whole clinic for each test that asks for one; see `tests/clinics.py`."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from werkzeug.routing import Rule

from questionnaire.domain.visit import Station
from questionnaire.worker import Sealer
from tests import password_cost
from tests.clinics import PRP, Clinic, Clinics, Stage
from tests.offline import stay_here

pytest_plugins = ("tests.guarantees",)
stay_here()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # run in the background of a script:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what tests start hears Ctrl-C

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the modules that one half of the tests has nothing in: reading them takes long."""
    half = config.getoption("markexpr")
    if collection_path.suffix != ".py" or half not in {"whole", "not whole"}:
        return None
    words = collection_path.read_text(encoding="utf-8")
    unwanted = (
        "mark.whole" not in words if half == "whole" else "pytestmark = pytest.mark.whole" in words
    )
    return unwanted or None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a screen, or else Playwright's own.

    It keeps pages for Back as people's browsers do. For one module at a time: the event loop
    Playwright keeps running would be in the way of tests that come after in the same process.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=list(QUIET),
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield opened
        opened.close()


class _RuleCompiledOnce(Rule):
    """An address whose builder, the same for every map it is in, is compiled once."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # as Werkzeug calls it
        what = self.rule, self.subdomain, repr(self.defaults), append_unknown
        if what not in self._builders:
            self._builders[what] = super()._compile_builder(append_unknown)
        return self._builders[what]


@pytest.fixture(scope="session", autouse=True)
def _doors_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test makes its own doors; their templates and addresses are compiled once."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {"bytecode_cache": cache}
    Flask.url_rule_class = _RuleCompiledOnce


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_at_small_cost() -> None:
    """Whoever signs in to try something else need not wait as an attacker has to."""
    password_cost.hash_at(password_cost.LEAST)


@pytest.fixture(scope="session")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Clinics:
    """Where the clinics of this run come from."""
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "scenes"
    shared.mkdir(exist_ok=True)
    return Clinics(tmp_path_factory.mktemp("clinics"), shared)


@pytest.fixture
def clinic(clinics: Clinics) -> Iterator[Clinic]:
    """A clinic with nobody in it yet."""
    opened = clinics.open()
    yield opened
    opened.house.database.close()


@pytest.fixture
def bare(clinics: Clinics) -> Iterator[Clinic]:
    """A clinic that nobody has set up."""
    opened = clinics.bare()
    yield opened
    opened.house.database.close()


@pytest.fixture
def sealer_of() -> Iterator[Callable[..., Sealer]]:
    """`sealer_of(folder, open_house, …)`: a worker that lets go of its queue when the test ends."""
    made: list[Sealer] = []

    def make(*about: Any, **more: Any) -> Sealer:
        made.append(Sealer(*about, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def at(clinics: Clinics) -> Iterator[Callable[..., Stage]]:
    """`at(station, treatment)`: a clinic of its own with one visit at that station."""
    opened: list[Stage] = []

    def stage(station: Station, treatment: str = PRP) -> Stage:
        opened.append(clinics.at(station, treatment))
        return opened[-1]

    yield stage
    for each in opened:
        each.clinic.house.database.close()
