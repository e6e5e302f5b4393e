"""A passkey in a real browser: made as the first second step, then enough to sign in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession

from tests.browser import staff_part
from tests.browser.serving import Served, free_port
from tests.browser.watching import Watched

pytestmark = pytest.mark.whole

OWNER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A fingerprint reader built into the device, and its owner's finger on it."""


@pytest.fixture
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A clinic that is reached by a name: passkeys are bound to names."""
    clinic = Served(tmp_path_factory.mktemp("named"), free_port(), "localhost")
    try:
        clinic.set_up()
        clinic.open_doors()
        yield clinic
    finally:
        clinic.stop()


def reader(person: Watched) -> tuple[CDPSession, str]:
    """A fingerprint reader in this browser."""
    devices = person.context.new_cdp_session(person.page)
    devices.send("WebAuthn.enable")
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": OWNER})
    return devices, made["authenticatorId"]


@pytest.mark.guarantees("S11", "S15")
def test_a_passkey_signs_in_without_a_password(
    named: Served, watched: Callable[..., Watched]
) -> None:
    person = watched("passkey", "Ada")
    devices, device = reader(person)
    staff_part.first_administrator(person, named)
    assert person.heading == "Set up a second step"
    person.write("A name for this passkey", "my tablet")
    person.press("Make a passkey")
    assert person.heading == "Your recovery codes"
    person.press("I have written them down", "link")
    person.press(staff_part.NAME, "link")
    assert "my tablet" in person.page.locator("main").inner_text()
    person.press("Switch person")
    assert person.heading == "Sign in"
    person.press("Use a passkey")
    assert person.heading == "Home"
    assert person.complaints == []

    person.press("Sign out")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    person.touch(person.page.get_by_role("button", name="Use a passkey"))
    person.page.get_by_text("The passkey was not used.").wait_for()
    assert person.heading == "Sign in"
