"""What both doors refuse to serve, and how every cookie they hand out over https is kept."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from werkzeug.test import Client

from app import open_doors
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.web.patient import create_patient_app
from tests.clinics import DESK, Clinic, Stage

LOOKS = {"__Host-text_size", "__Host-screen"}
"""How a page looks on this device: no secret, and kept for a year."""

PAGES = ("/", "/start", "/static/clinic.css", "/staff/sign-in")
NOT_THERE = (
    *("/.git/HEAD", "/.env", "/app.py", "/static", "/static/", "/static/fonts/"),
    *("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"),
    *("/docs", "/openapi.json", "/metrics", "/health", "/console", "/admin"),
)


@pytest.fixture
def client(clinic: Clinic) -> Client:
    """A stranger's browser at the clinic's address."""
    return Client(open_doors(clinic.settings))


@pytest.mark.guarantees("S53")
def test_files_folders_and_pages_for_machines_are_not_there(client: Client) -> None:
    asked = [mount + path for mount in ("", "/staff") for path in NOT_THERE]
    assert [path for path in asked if client.get(path).status_code != 404] == []


@pytest.mark.guarantees("S53")
def test_nothing_is_sent_back_to_who_asks_for_a_trace(client: Client) -> None:
    for path in PAGES:
        answer = client.open(path, method="TRACE", headers={"Cookie": "planted=word"})
        assert answer.status_code in {400, 405}, path
        assert "planted" not in answer.text


def test_no_answer_is_shared_with_another_origin(client: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in (*PAGES, "/nowhere"):
        for method in ("GET", "OPTIONS"):
            with client.open(path, method=method, headers=asked) as answer:
                shared = [name for name in answer.headers if name[0].startswith("Access-Control")]
            assert shared == [], (path, method)


@pytest.mark.guarantees("S19")
def test_every_cookie_of_a_turn_is_bound_to_the_host_and_kept_from_scripts(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.IN_PROGRESS)
    place = "https://consent.example"
    secure = replace(stage.clinic.settings, secure_cookies=True, public_address=place)
    client = Client(create_patient_app(stage.house, secure, secret_key=bytes(32)))
    handed: dict[str, str] = {}

    def ask(path: str, typed: dict[str, str] | None = None) -> str:
        method = "GET" if typed is None else "POST"
        answer = client.open(path, method=method, base_url=place, data=typed)
        for cookie in answer.headers.getlist("Set-Cookie"):
            handed[cookie.partition("=")[0]] = cookie
        return answer.text.partition('name="csrf_token" value="')[2].partition('"')[0]

    token = ask("/")
    ask("/display", {"csrf_token": token, "show_text": "largest", "show_screen": "dark"})
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    ask("/", {"csrf_token": token, "code": code})
    ask("/you", {"csrf_token": ask("/you"), "me": "yes"})
    ask("/check", {"csrf_token": ask("/check")})
    assert handed.keys() >= {"__Host-turn", "__Host-patient-form"} | LOOKS
    for name, cookie in handed.items():
        parts = set(cookie.split("; "))
        assert {"Secure", "HttpOnly", "Path=/"} <= parts, cookie
        assert "SameSite=Lax" in parts if name in LOOKS else "SameSite=Strict" in parts, cookie
        assert name.startswith("__Host-"), cookie
