"""A clinic served for real browsers, and browsers that look at every page they come to."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from questionnaire.content import load_library
from questionnaire.domain.library import Library
from tests.browser.serving import ROOT, Served, free_port
from tests.browser.watching import Watched

TABLET = {"width": 768, "height": 1024}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A clinic without anybody in it yet, served with its worker."""
    clinic = Served(tmp_path_factory.mktemp("served"), free_port())
    try:
        clinic.set_up()
        clinic.open_doors()
        clinic.start_worker()
        yield clinic
    finally:
        clinic.stop()


@pytest.fixture(scope="session")
def library() -> Library:
    """The questions, rules and texts the clinic is served with."""
    return load_library(ROOT / "rules")


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """`watched(who, …)`: a fresh browser that looks at every page it comes to."""
    opened: list[BrowserContext] = []

    def start(
        who: str,
        *names: str,
        looks: bool = True,
        also_on: Sequence[ViewportSize] = (),
        **options: Any,
    ) -> Watched:
        context = browser.new_context(**{"viewport": TABLET, "locale": "en-GB"} | options)
        opened.append(context)
        page = context.new_page()
        taps = bool(options.get("has_touch"))
        return Watched(context, page, who, names, looks=looks, taps=taps, also_on=tuple(also_on))

    yield start
    for context in opened:
        context.close()
