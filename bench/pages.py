"""One patient after another through the form: what each page costs to show and to save.

The requests go straight into the app that gunicorn serves, through the patient's door with a real
code, cookie and form token; every answer is saved to the encrypted database on the disk. Network
and browser are not part of the figures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from werkzeug.test import Client

from app import open_doors
from bench.figures import Figure, Lap, lap
from bench.places import DESK, arranged, empty_clinic
from questionnaire.cli import demo
from questionnaire.domain.definition import TREATMENTS_WANTED
from questionnaire.journey import arranging
from questionnaire.journey.house import House

PATIENTS = 8
FIRST_PAGE = f"/questions/{TREATMENTS_WANTED}"

Typed = dict[str, list[str]]


@dataclass
class Boxes(HTMLParser):
    """The boxes of a page's form: what the hidden ones hold, and what is filled in."""

    hidden: dict[str, str] = field(default_factory=dict)
    filled: Typed = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    _area: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a box, and what is in it."""
        box = {name: value or "" for name, value in attrs}
        name, kind = box.get("name", ""), box.get("type", "")
        if tag == "textarea":
            self._area = name
            self.names.add(name)
        elif tag == "input" and kind == "hidden":
            self.hidden.setdefault(name, box["value"])
        elif tag == "input":
            self.names.add(name)
            if kind not in {"radio", "checkbox"} or "checked" in box:
                self.filled.setdefault(name, []).append(box.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a text area."""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Keep the words in a text area."""
        if self._area and data.strip():
            self.filled.setdefault(self._area, []).append(data.strip())


class Laps(NamedTuple):
    """Every page shown, and every page saved."""

    shown: list[Lap]
    saved: list[Lap]


def measure() -> Iterator[Figure]:
    """Every page of the form, shown and saved, for one patient after another."""
    with empty_clinic() as (settings, house):
        client, laps = Client(open_doors(settings)), Laps([], [])
        example = arranged(house, 0)
        demo.fill(example)
        typed = _fill_in(house, client, example, {}, Laps([], []))
        for number in range(PATIENTS):
            _fill_in(house, client, arranged(house, number + 1), typed, laps)
    yield Figure("A page of the form shown", laps.shown)
    yield Figure("A page of the form saved", laps.saved)


def _fill_in(house: House, client: Client, walk: demo.Walk, typed: Typed, laps: Laps) -> Typed:
    """Begin the visit's turn, then go from page to page; what was sent, by box."""
    code = arranging.new_code(house, DESK, walk.visit.id)
    for address, words in (("/", {"code": code}), ("/you", {"me": "yes"})):
        client.post(address, data=_read(client.get(address).text).hidden | words)
    address, sent = FIRST_PAGE, Typed()
    while address.startswith("/questions/"):
        boxes = _read(_ask(client, address, None, laps.shown))
        here = boxes.filled | {name: typed[name] for name in boxes.names & typed.keys()}
        address = _ask(client, address, {**boxes.hidden, **here}, laps.saved)
        sent |= here
    return sent


def _ask(
    client: Client, address: str, body: Mapping[str, str | list[str]] | None, laps: list[Lap]
) -> str:
    """One request, measured: the page, or where a saved page leads."""
    replies = []

    def ask() -> None:
        replies.append(client.post(address, data=body) if body else client.get(address))

    laps.append(lap(ask))
    (reply,) = replies
    if reply.status_code != (303 if body else 200):
        raise RuntimeError(f"{address} answered {reply.status}")
    return reply.location if body else reply.text


def _read(page: str) -> Boxes:
    boxes = Boxes()
    boxes.feed(page)
    return boxes
