"""Where a request comes from is not for the client to say."""

from dataclasses import replace

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from app import open_doors
from questionnaire.settings import Settings
from questionnaire.web.proxies import behind_proxies
from tests.clinics import Clinic

pytestmark = pytest.mark.guarantees("S55")
SETTINGS = Settings.from_environment({})
OURS, THEIRS, MADE_UP = "192.0.2.1", "198.51.100.7", "203.0.113.9"


@Request.application
def told(request: Request) -> Response:
    return Response(f"{request.remote_addr} {request.host} {request.scheme}")


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, MADE_UP, OURS),
        (0, f"{MADE_UP}, {THEIRS}", OURS),
        (1, THEIRS, THEIRS),
        (1, f"{MADE_UP}, {THEIRS}", THEIRS),
        (2, f"{MADE_UP}, {THEIRS}, {OURS}", THEIRS),
        (2, THEIRS, OURS),
        (1, "", OURS),
    ],
)
def test_only_our_own_proxies_are_believed(hops: int, forwarded: str, seen: str) -> None:
    client = Client(behind_proxies(told, replace(SETTINGS, proxy_hops=hops)))
    headers = {
        "X-Forwarded-For": forwarded,
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/staff",
        "Forwarded": f"for={MADE_UP}",
        "X-Real-IP": MADE_UP,
    }
    answer = client.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": OURS})
    assert answer.text == f"{seen} localhost http"


@pytest.mark.guarantees("S13")
def test_a_made_up_address_does_not_get_round_the_count_of_tries(clinic: Clinic) -> None:
    client = Client(open_doors(clinic.settings))
    page = client.get("/").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    statuses = {
        client.post(
            "/",
            data={"csrf_token": token, "code": "ABCD-EFGH"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        ).status_code
        for number in range(40)
    }
    assert 429 in statuses
