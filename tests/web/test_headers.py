"""What every answer of either door carries, and what is refused before a route sees it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from questionnaire.documents.page import install_filters
from questionnaire.domain.errors import ChangedSince, StillOpen, TooManyTries
from questionnaire.settings import Settings
from questionnaire.web import display
from questionnaire.web.bodies import LARGE_BODIES
from questionnaire.web.headers import protect

ROOT = Path(__file__).parents[2]
PRIVATE_WORDS = "Quillon Abernathy takes warfarin"
SETTINGS = Settings.from_environment({})
SECURE = replace(SETTINGS, secure_cookies=True)
REFUSALS = {
    "changed": ChangedSince("Somebody else changed this."),
    "open": StillOpen("Not yet.", ("One point is still open.",)),
    "tries": TooManyTries("Wait."),
}


def build(settings: Settings) -> Flask:
    app = Flask("door", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.secret_key = ROOT.name
    app.config[LARGE_BODIES] = {"upload": 4_000_000}
    install_filters(app.jinja_env)
    protect(app, settings, door="staff", whose=str)
    app.register_blueprint(display.blueprint)
    app.add_template_filter(dict.items, "counted")
    nobody = {"signed_in": lambda: None, "somebody": False, "page_of_form": lambda: ""}
    app.context_processor(
        lambda: {"clinic_name": "Aurelia <Clinic>"} | nobody | display.display_values(request)
    )

    @app.get("/")
    def start() -> str:
        return app.jinja_env.from_string("{{ csrf_token() }}").render(
            app.jinja_env.globals | {"csrf_token": _token(app)}
        )

    @app.post("/keep")
    @app.post("/upload", endpoint="upload")
    def keep() -> str:
        return f"kept {len(request.form)}"

    @app.get("/refused/<name>")
    def refused(name: str) -> str:
        raise REFUSALS[name]

    @app.get("/fault")
    def fault() -> str:
        raise ValueError(PRIVATE_WORDS)

    @app.get("/disk")
    def disk() -> str:
        raise OSError(28, PRIVATE_WORDS)

    return app


def _token(app: Flask) -> object:
    context: dict[str, object] = {}
    app.update_template_context(context)
    return context["csrf_token"]


@pytest.fixture(params=[SETTINGS, SECURE], ids=["http", "https"])
def settings(request: pytest.FixtureRequest) -> Settings:
    kind: Settings = request.param
    return kind


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with build(settings).test_client() as client:
        client.environ_base["wsgi.url_scheme"] = "https" if settings.secure_cookies else "http"
        yield client


@pytest.mark.guarantees("S25")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nowhere", 404),
        ("/keep", 405),
        ("/fault", 500),
        ("/disk", 503),
        ("/refused/changed", 409),
        ("/refused/tries", 429),
        ("/static/clinic.css", 200),
    ],
)
def test_every_answer_carries_the_safe_headers(
    client: FlaskClient, settings: Settings, path: str, status: int
) -> None:
    answer, again = client.get(path), client.get(path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    assert "unsafe" not in policy
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert policy != again.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    only_https = "max-age=31536000; includeSubDomains" if settings.secure_cookies else None
    assert answer.headers.get("Strict-Transport-Security") == only_https
    answer.close()
    again.close()


def test_a_page_may_not_be_stored_but_the_stylesheet_may(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert client.get("/fault").headers["Cache-Control"] == "no-store"
    sheet = client.get("/static/clinic.css")
    sheet.close()
    assert "max-age=3600" in sheet.headers["Cache-Control"]
    unchanged = client.get("/static/clinic.css", headers={"If-None-Match": sheet.headers["ETag"]})
    assert unchanged.status_code == 304
    assert "Content-Security-Policy" in unchanged.headers
    unchanged.close()


@pytest.mark.guarantees("S24")
def test_a_form_needs_this_browsers_token(client: FlaskClient) -> None:
    token = client.get("/").get_data(as_text=True)
    assert client.post("/keep", data={"csrf_token": token}).status_code == 200
    assert client.post("/keep", headers={"X-CSRF-Token": token}).status_code == 200
    for wrong in ("", token[:-1], "é", token + "0", "é" + token[1:], token[64:] * 2):
        assert client.post("/keep", data={"csrf_token": wrong}).status_code == 400
    stranger = client.application.test_client()
    assert stranger.post("/keep", data={"csrf_token": token}).status_code == 400


@pytest.mark.guarantees("S24")
@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_a_form_sent_by_another_site_is_refused(client: FlaskClient, site: str) -> None:
    token = client.get("/").get_data(as_text=True)
    answer = client.post("/keep", data={"csrf_token": token}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403


@pytest.mark.guarantees("S19")
def test_cookies_are_kept_from_scripts_and_other_hosts(
    client: FlaskClient, settings: Settings
) -> None:
    cookie = client.get("/").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie.split("; ")) is settings.secure_cookies
    assert cookie.startswith("__Host-staff-form=") is settings.secure_cookies


@pytest.mark.guarantees("S35")
def test_too_large_or_too_many_is_refused(client: FlaskClient) -> None:
    token = client.get("/").get_data(as_text=True)
    right = {"csrf_token": token}
    assert client.post("/keep", data=right | {"a": "x" * 600_000}).status_code == 413
    assert client.post("/keep", data=right | {f"f{n}": "" for n in range(1000)}).status_code == 413
    many = client.post(
        "/keep",
        data=right | {f"f{n}": "" for n in range(1200)},
        content_type="multipart/form-data",
    )
    assert many.status_code == 413
    assert client.post("/keep", data=right | {"a": "x" * 9_000}).status_code == 200


@pytest.mark.guarantees("S50")
def test_a_fault_is_a_page_with_a_number_and_without_its_words(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/fault")
    page = answer.get_data(as_text=True)
    found = re.search(r"<strong>([0-9a-f]{8})</strong>", page)
    assert found is not None
    assert found[1] in caplog.text
    assert "ValueError" in caplog.text
    assert "Quillon" not in page + caplog.text
    assert "Traceback" not in page
    assert "ValueError" not in page


def test_a_refusal_is_a_page_with_its_reasons(client: FlaskClient) -> None:
    answer = client.get("/refused/open")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert '<p class="govuk-body">Not yet.</p>' in page
    assert "<li>One point is still open.</li>" in page
    assert "Aurelia &lt;Clinic&gt;" in page


@pytest.mark.parametrize("path", ["/refused/tries", "/disk"])
def test_a_page_that_asks_to_wait_says_how_long(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Retry-After"] == "60"


def test_a_wrong_method_names_the_right_one(client: FlaskClient) -> None:
    assert "POST" in client.get("/keep").headers["Allow"]


def test_an_error_page_comes_out_even_when_it_cannot_be_drawn(client: FlaskClient) -> None:
    app = client.application

    @app.context_processor
    def broken() -> dict[str, object]:
        raise RuntimeError(PRIVATE_WORDS)

    answer = client.get("/fault")
    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert "Quillon" not in answer.get_data(as_text=True)


def test_the_look_is_kept_on_the_device(client: FlaskClient) -> None:
    token = client.get("/").get_data(as_text=True)
    for choice in ({"show_text": "largest"}, {"show_screen": "dark"}):
        answer = client.post("/display", data={"csrf_token": token, "back": "/nowhere"} | choice)
        assert (answer.status_code, answer.location) == (303, "/nowhere")
    page = client.get("/nowhere").get_data(as_text=True)
    assert 'class="govuk-template text-largest dark">' in page


@pytest.mark.guarantees("S26")
@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil", "/a\r\nX: y", "evil"],
)
def test_choosing_a_look_never_leads_away(client: FlaskClient, address: str) -> None:
    token = client.get("/").get_data(as_text=True)
    answer = client.post("/display", data={"csrf_token": token, "back": address})
    assert (answer.status_code, answer.location) == (303, "/")
