"""The staff door as a browser meets it: pages under `/staff`, cookies, form tokens."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from passlib.hash import argon2
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Person, Role
from questionnaire.journey import staffing
from questionnaire.records import factors
from questionnaire.records.accounts import all_accounts, set_password
from questionnaire.records.factors import CodeApp
from questionnaire.records.ledger import head
from questionnaire.web.staff import create_staff_app
from questionnaire.web.staff.sign_in import keep_safe
from tests.authenticators import STEP, app_code, shown_secret
from tests.clinics import ADMINISTRATOR, Clinic

PASSWORD = "violet-kettle harbour 7 moons"  # noqa: S105  # invented, for tests
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105  # of an invented phone
MOUNT = "http://localhost/staff"
SECRET_KEY = bytes(32)
WHOLE_RECORD = re.compile(
    r"/people/(?!add)[^/]+|/setup/[a-z]+|/desk/visits/[^/]+/change|/visits/[^/]+/plan"
)
_HASHES: dict[tuple[bytes, int], str] = {}
"""The kept form of `PASSWORD` by key ring and cost: hashing is slow, and once is enough."""


@dataclass(frozen=True, slots=True)
class Door:
    """One browser at the staff door of one clinic."""

    clinic: Clinic
    app: Flask
    client: FlaskClient

    def get(self, path: str, **options: object) -> TestResponse:
        """A page."""
        return self.client.get(path, base_url=MOUNT, **options)

    def read(self, path: str, status: int = 200) -> str:
        """The words of a page, which must come with that status."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def follow(self, link: str, status: int = 200) -> str:
        """The page a one-time link opens, its secret sent as the script does."""
        answer = self.post(link)
        assert answer.status_code == status, (link, answer.status_code)
        return answer.get_data(as_text=True)

    def post(
        self, path: str, data: dict[str, object] | None = None, **options: object
    ) -> TestResponse:
        """A form of a page opened just now, with the secret behind a link's #."""
        path, _, secret = path.partition("#")
        own = {"csrf_token": self.token(), "key": self.clinic.house.new_id()}
        own |= {"made_at": self.newest(), **self.made_from(path)}
        fields = own | ({"link": secret} if secret else {}) | (data or {})
        return self.client.post(path, base_url=MOUNT, data=fields, **options)

    def token(self) -> str:
        """This browser's form token, as its first page holds it."""
        page = self.get("/sign-in", follow_redirects=True).get_data(as_text=True)
        return field(page, "csrf_token")

    def made_from(self, path: str) -> dict[str, str]:
        """What a form that holds a whole record was made from, on its page opened now."""
        if not WHOLE_RECORD.fullmatch(path):
            return {}
        page = "/people" if path.startswith("/people/") else path.removesuffix("/plan")
        html = self.get(page).get_data(as_text=True)
        _, _, form = html.partition(f'action="/staff{path}"' if path != page else "<main")
        found = re.search(r'name="made_from" value="([^"]*)"', form)
        return {"made_from": unescape(found[1]) if found else "{}"}

    def newest(self) -> str:
        """The mark of a page that is opened now."""
        with self.clinic.house.database.read() as tx:
            return str(head(tx)[0])

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Sign in with password and code; the answer to whichever of them was last.

        Whoever has no app yet sets one up.
        """
        answer = self.give_password(email, password)
        if answer.status_code != 302:
            return answer
        with self.clinic.house.database.read() as tx:
            number = next(one.id for one in all_accounts(tx) if one.email == email.lower())
            app = factors.code_app(tx, number)
        if app is None:
            self.set_up_app()
            return answer
        later = max(-1, app.last_step + 1 - self.step_now())
        if later > 1:
            self.clinic.clock.forward(timedelta(seconds=STEP))
            later = 1
        return self.give_code(app.secret, later)

    def give_password(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Send the sign-in form."""
        return self.post("/sign-in", {"email": email, "password": password})

    def give_code(self, secret: str = SECRET, later: int = 0) -> TestResponse:
        """Send what the app shows so many half minutes later than now."""
        return self.post("/second-step", {"code": app_code(secret, self.clinic.clock(), later)})

    def set_up_app(self) -> TestResponse:
        """Share a secret with an app and type its code; the page with recovery codes."""
        assert self.post("/second-step/app/new").location == "/staff/second-step/app"
        secret = shown_secret(self.read("/second-step/app"))
        answer = self.post("/second-step/app", {"code": app_code(secret, self.clinic.clock())})
        assert answer.status_code in {200, 303}
        return answer

    def step_now(self) -> int:
        """The half minute it is."""
        return int(self.clinic.clock().timestamp()) // STEP

    def cookie(self, name: str) -> str:
        """The value of a cookie this browser holds, or an empty text."""
        held = self.client.get_cookie(name)
        return held.value if held else ""

    def another(self) -> "Door":
        """Another browser."""
        return Door(self.clinic, self.app, self.app.test_client())


def open_door(clinic: Clinic) -> Door:
    """A browser that has not been at the door before."""
    app = create_staff_app(clinic.house, clinic.settings, secret_key=SECRET_KEY)
    return Door(clinic, app, app.test_client())


def hire(
    door: Door, name: str, *roles: Role, registration: str = "", has_app: bool = True
) -> Person:
    """An account with `PASSWORD` and `SECRET`; the address is the last name at clinic.example."""
    house = door.clinic.house
    joining = staffing.Joining(name, address(name), registration, frozenset(roles))
    token = staffing.invite(house, ADMINISTRATOR, joining)
    account = staffing.invited(house, token)
    kept = house.database.ring.code_key, argon2.memory_cost
    if kept not in _HASHES:
        with door.app.app_context():
            _HASHES[kept] = keep_safe(PASSWORD)
    with house.database.write() as tx:
        set_password(tx, account.id, _HASHES[kept], stamp=house.new_token())
        if has_app:
            factors.put_code_app(tx, account.id, CodeApp(SECRET, 0, house.clock()))
    return Person(account.id, name, roles[0], registration)


def address(name: str) -> str:
    """The e-mail address of somebody."""
    return f"{name.rsplit(maxsplit=1)[-1].lower()}@clinic.example"


def field(page: str, name: str) -> str:
    """The value of the first hidden field with that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])
