"""The network outside: nothing but the mail server is ever reached, and no test reaches it."""

import ast
import socket
from pathlib import Path

import pytest

from questionnaire.mail import Letter, MailServer, send
from tests.clinics import OPENED
from tests.offline import ReachedOut

pytestmark = pytest.mark.guarantees("S57")

PROGRAM = Path(__file__).parents[1] / "questionnaire"
REACHING = frozenset(
    {"aiohttp", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "smtplib"}
    | {"socket", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc.client"}
)


def reaching(file: Path) -> set[str]:
    """What a module imports that could reach another machine."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & REACHING


def test_only_the_mail_module_can_reach_another_machine() -> None:
    found = {file.relative_to(PROGRAM).as_posix(): reaching(file) for file in PROGRAM.rglob("*.py")}
    assert {name: modules for name, modules in found.items() if modules} == {
        "mail.py": {"smtplib", "ssl"},
        "settings.py": {"socket"},
        "journey/home_mail.py": {"ssl"},
        "journey/anchor_mail.py": {"ssl"},
        "documents/fetch.py": {"urllib.request"},
    }, "a port of this machine that is free; a type; the way from an address to a file's path"


@pytest.mark.parametrize("host", ["192.0.2.1", "mail.example.org"])
def test_these_tests_are_stopped_before_they_reach_out(host: str) -> None:
    server = MailServer(host, 587, "desk@clinic.example", encrypted=True)
    with pytest.raises(ReachedOut):
        send(server, Letter("a@b.example", "Subject", "Words", "1"), OPENED)


def test_a_look_up_and_a_datagram_are_stopped_too() -> None:
    with pytest.raises(ReachedOut):
        socket.getaddrinfo("example.org", 443)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as talker,
        pytest.raises(ReachedOut),
    ):
        talker.sendto(b"", ("192.0.2.1", 9))
