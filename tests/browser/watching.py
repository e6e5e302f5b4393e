"""A browser in somebody's hands: every page it comes to is looked at from all sides."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    ViewportSize,
)

PICTURES: Final = Path("test-results")
WANTS_PICTURES: Final = bool(os.environ.get("PICTURES"))
"""Whether to keep a picture of every page, for people who want to look."""

SMALLEST_TARGET: Final = 44
AXE: Final = Axe()
NETWORK: Final = "Failed to load resource"
"""How the console starts what `refused` tells better."""

FAULTS: Final = (Path(__file__).parent / "faults_of_page.js").read_text(encoding="utf-8")
"""What axe does not see: small targets, choices without a legend, a page wider than its screen."""

Role = Literal["button", "link", "checkbox", "radio", "textbox", "combobox", "group", "heading"]


@dataclass
class Watched:
    """One browser; `tap` when it is touched, `names` are never to stand in a title or address."""

    context: BrowserContext
    page: Page
    who: str
    names: tuple[str, ...] = ()
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    looks: bool = True
    taps: bool = False
    also_on: tuple[ViewportSize, ...] = ()
    """Other screens on which each page is measured, too."""
    pictures: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._note_refusal)

    def go(self, address: str) -> None:
        """Type an address, or follow a printed one."""
        self.page.goto(address)
        self.look()

    def press(self, words: str, role: Role = "button", *, within: Locator | None = None) -> None:
        """Press a button or follow a link, and look at the page it leads to."""
        place = within or self.page
        self.follow(place.get_by_role(role, name=words, exact=True))

    def follow(self, target: Locator) -> None:
        """Press what leads to another page, and look at it."""
        self.page.evaluate("() => { document.documentElement.dataset.here = 'yes' }")
        self.touch(target)
        self.page.locator("html:not([data-here])").wait_for(state="attached")
        self.page.wait_for_load_state()
        self.look()

    def touch(self, target: Locator) -> None:
        """Touch or click one thing on this page."""
        if self.taps:
            target.tap()
        else:
            target.click()

    def write(self, label: str, words: str) -> None:
        """Type into the box with this label."""
        self.page.get_by_label(label, exact=True).fill(words)

    @property
    def heading(self) -> str:
        """The page's main heading."""
        return self.page.locator("h1").inner_text().strip()

    def look(self) -> None:
        """Everything that must hold on every page."""
        self._keep_picture()
        if not self.looks:
            return
        where = f"{self.page.url} “{self.page.title()}”"
        report = AXE.run(self.page)
        assert report.violations_count == 0, f"{where}: {report.generate_report()}"
        own = self.page.viewport_size
        for screen in (*self.also_on, own):
            if screen and self.also_on:
                self.page.set_viewport_size(screen)
            faults = self.page.evaluate(FAULTS, SMALLEST_TARGET)
            assert faults == [], f"{where} on {screen}: {faults}"
        told = f"{self.page.title()} {self.page.url}".casefold()
        assert not [name for name in self.names if name.casefold() in told], where
        self.assert_quiet()

    def assert_quiet(self, refused: Iterable[str] = ()) -> None:
        """Neither the console nor the server complained, but for pages `refused` on purpose."""
        assert self.complaints == []
        assert self.refused == list(refused)
        self.refused.clear()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NETWORK):
            self.complaints.append(message.text)

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400:
            path = re.sub(r"^https?://[^/]+", "", response.url)
            self.refused.append(f"{response.status} {path}")

    def _keep_picture(self) -> None:
        if WANTS_PICTURES:
            self.pictures += 1
            name = re.sub(r"\W+", "-", self.heading).strip("-").lower()
            path = PICTURES / f"{self.who}-{self.pictures:03}-{name}.png"
            self.page.screenshot(path=path, full_page=True)
