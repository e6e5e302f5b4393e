"""The network outside: nothing but the mail server is ever reached, and no test reaches it."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from questionnaire.mail import Letter, MailServer, send
from tests.clinics import OPENED, Clinic
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
        "journey/test_letter.py": {"ssl"},
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


REACH = """
import os, socket
from app import open_doors
from questionnaire.mail import MailServer
from questionnaire.outbound import stay_at_home
from questionnaire.settings import Settings
open_doors(Settings.from_environment(os.environ))
for reach in (
    lambda: socket.create_connection(("192.0.2.1", 443), timeout=0.01),
    lambda: socket.getaddrinfo("example.org", 443),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 9)),
):
    try:
        reach()
    except PermissionError:
        print("refused")
stay_at_home(MailServer("mail.example.org", 587, "desk@clinic.example", encrypted=True))
line = socket.socket()
line.settimeout(0.01)
try:
    line.connect(("192.0.2.1", 587))
except PermissionError:
    print("refused")
except OSError:
    print("tried")
"""


def test_the_running_clinic_reaches_nobody_but_its_mail_server(clinic: Clinic) -> None:
    clinic.house.database.close()
    others = {name: text for name, text in os.environ.items() if "CANDOUR" not in name}
    done = subprocess.run(
        [sys.executable, "-c", REACH],
        cwd=PROGRAM.parent,
        env=others
        | {
            "CANDOUR_DATA": str(clinic.settings.data),
            "CANDOUR_KEYS": str(clinic.settings.keys),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.split() == ["refused"] * 3 + ["tried"], done.stderr
