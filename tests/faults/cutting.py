"""A served clinic with people in it, and connections to it that are cut in the middle of a page."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import TestResponse

from questionnaire.clinic import door_secret, open_clinic
from questionnaire.journey import turns
from questionnaire.settings import Settings
from questionnaire.web.patient import create_patient_app
from questionnaire.web.staff import create_staff_app
from questionnaire.web.staff.policy import EVERYBODY
from tests.browser.serving import Served
from tests.clinics import Clinic, Clock, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door
from tests.web.staff.door import field as hidden

SAFE = {"GET", "HEAD", "OPTIONS"}
PATIENCE = 300
"""Seconds to wait for a reply before a test gives up."""


def open_served(served: Served) -> Clinic:
    """The clinic that is being served, opened beside it; the time stands at now."""
    settings = Settings.from_environment(served.environment)
    clock = Clock(datetime.now(UTC))
    return Clinic(settings, replace(open_clinic(settings), clock=clock), clock, [])


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody's browser at one served door: what it would send, by hand, over a bare socket."""

    served: Served
    app: Flask
    mount: str
    cookies: str
    token: str

    def unsafe(self, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Method and path of every route that may change something; `values` are for ids."""
        urls = self.app.url_map.bind("localhost", script_name=self.mount)
        for rule in self.app.url_map.iter_rules():
            known = {name: values.get(name, "0" * 32) for name in rule.arguments}
            for method in sorted((rule.methods or set()) - SAFE):
                yield method, urls.build(rule.endpoint, known)

    def body(self, key: str, **typed: str) -> bytes:
        """A form of ours: its token and one-time key first, and words behind them."""
        return urlencode({"csrf_token": self.token, "key": key, **typed}).encode()

    def send(self, method: str, path: str, body: bytes, *, keep: int | None = None) -> int:
        """The status of the reply to a request of which only `keep` bytes of the body arrive."""
        length = f"Content-Length: {len(body)}"
        return self._send(method, path, length, body[:keep])

    def send_in_chunks(self, method: str, path: str, body: bytes, *, keep: int) -> int:
        """The same for a body in chunks; the rest of the last chunk never comes."""
        half = keep // 2
        chunks = b"%x\r\n%s\r\n%x\r\n%s" % (half, body[:half], len(body) - half, body[half:keep])
        return self._send(method, path, "Transfer-Encoding: chunked", chunks)

    def send_without_end(self, method: str, path: str, body: bytes, end: bytes) -> int:
        """The same for a body whose chunks all came, but of what ends them only `end`."""
        chunks = b"%x\r\n%s\r\n%s" % (len(body), body, end)
        return self._send(method, path, "Transfer-Encoding: chunked", chunks)

    def _send(self, method: str, path: str, framing: str, body: bytes) -> int:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.served.name}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nCookie: {self.cookies}\r\n"
            f"{framing}\r\n\r\n"
        )
        with socket.create_connection((self.served.name, self.served.port), PATIENCE) as link:
            link.sendall(head.encode() + body)
            link.shutdown(socket.SHUT_WR)
            reply = b"".join(iter(lambda: link.recv(65_536), b""))
        return int(reply.split(b" ", 2)[1])


def patient_of(served: Served, stage: Stage) -> Sender:
    """The patient of a visit, in the middle of a turn."""
    settings = stage.clinic.settings
    app = create_patient_app(stage.house, settings, secret_key=door_secret(settings, "patient"))
    client = app.test_client()
    token = turns.enter_code(stage.house, stage.walk.code, device="tablet")
    client.set_cookie("turn", f"{token}.met")
    client.get("/start")
    return _sender(served, app, client.get("/start"), "")


def somebody_of_staff(served: Served, clinic: Clinic) -> Sender:
    """Somebody signed in who has every role."""
    app = create_staff_app(
        clinic.house, clinic.settings, secret_key=door_secret(clinic.settings, "staff")
    )
    door = enter_as(Door(clinic, app, app.test_client()), *EVERYBODY)
    return _sender(served, app, door.get("/account"), "/staff")


def _sender(served: Served, app: Flask, page: TestResponse, mount: str) -> Sender:
    cookies = page.request.environ["HTTP_COOKIE"]
    return Sender(served, app, mount, cookies, hidden(page.text, "csrf_token"))


@dataclass
class DyingLink:
    """A way to the clinic on which a page posted to `path` breaks off, once it `is_weak`.

    Only `most` bytes of it arrive, and the answer to it is lost; every other page gets through.
    `over` is set once the server has dealt with what arrived.
    """

    served: Served
    path: str
    most: int
    is_weak: bool = False
    over: threading.Event = field(default_factory=threading.Event)
    is_cut: bool = False

    def carry(self, browser: socket.socket) -> None:
        """Carry one connection to its end."""
        wanted = f"POST {self.path} ".encode()
        with browser, socket.create_connection((self.served.name, self.served.port)) as server:
            cut = threading.Event()
            back = threading.Thread(target=_carry_back, args=(server, browser, cut))
            back.start()
            while data := _some(browser):
                if self.is_weak and not self.is_cut and wanted in data:
                    self.is_cut = True
                    cut.set()
                    while len(data) < self.most:
                        data += _some(browser)
                    server.sendall(data[: self.most])
                    break
                server.sendall(data)
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)
            back.join()
            if cut.is_set():
                self.over.set()
                while _some(browser):
                    pass


def _carry_back(server: socket.socket, browser: socket.socket, cut: threading.Event) -> None:
    while data := _some(server):
        if not cut.is_set():
            with suppress(OSError):
                browser.sendall(data)


def _some(link: socket.socket) -> bytes:
    try:
        return link.recv(65_536)
    except ConnectionError:
        return b""


@contextmanager
def through(link: DyingLink) -> Iterator[str]:
    """The address at which a browser finds the clinic behind this way."""
    carrying: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                browser, _ = listener.accept()
                carrying.append(threading.Thread(target=link.carry, args=(browser,)))
                carrying[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
    for thread in carrying:
        thread.join()
