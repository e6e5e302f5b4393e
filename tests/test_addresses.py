"""E-mail addresses and public addresses: read as they were meant, or refused; never in between."""
# ruff: noqa: RUF001  # signs that look alike are what is typed

from email.headerregistry import Address
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.addresses import NoAddress, email_address, holds_contact, public_address
from questionnaire.journey.passkeys import place_of
from questionnaire.settings import Settings, SettingsError
from questionnaire.web.headers import ONE_YEAR
from tests.clinics import Clinic
from tests.web.staff.door import open_door

UNUSABLE = [
    "https://consent.example.org.",
    "https://consent.example.org ",
    "https://consent.example.org#x",
    "https://consent.example.org#",
    "https://consent.example.org?x=1",
    "https://consent.example.org?",
    "https://consent.example.org/form",
    "https://consent.example.org//",
    "https://user:pw@consent.example.org",
    "https://@consent.example.org",
    "https://consent.example.org:99999",
    "https://consent.example.org:0",
    "https://consent.example.org:",
    "https://consent.example.org:x",
    "https://consent.example.org\u200b",
    "https://consent\u00ad.example.org",
    "https://consent.example.org\n",
    "https://con\tsent.example.org",
    "https://consent example.org",
    "https://consent..example.org",
    "https://-consent.example.org",
    "https://consent_form.example.org",
    "https://[v1.x]",
    "https://[v1.fe:1]",
    "https://[fe80::1%25eth0]",
    "https://[fe80::1%eth0]",
    "https://consent%2eexample.org",
    "https://[consent.example.org]",
    "https://[192.0.2.7]",
    "https://1.2.3",
    "https://256.1.1.1",
    "https://consent.example.org\\x",
    "https:consent.example.org",
    "https://",
    "ftp://consent.example.org",
    "javascript://consent.example.org",
    "//consent.example.org",
]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://consent.example.org", "https://consent.example.org"),
        ("https://consent.example.org/", "https://consent.example.org"),
        ("HTTPS://Consent.Example.ORG", "https://consent.example.org"),
        ("  https://consent.example.org", "https://consent.example.org"),
        ("https://consent.example.org:443", "https://consent.example.org"),
        ("https://consent.example.org:8443/", "https://consent.example.org:8443"),
        ("http://localhost:80", "http://localhost"),
        ("https://münchen-klinik.example", "https://xn--mnchen-klinik-wob.example"),
        ("https://MÜNCHEN-Klinik.example", "https://xn--mnchen-klinik-wob.example"),
        ("https://عيادة.example", "https://xn--mgber2b7e.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://192.0.2.7", "https://192.0.2.7"),
    ],
)
def test_a_public_address_is_what_browsers_send(written: str, found: str) -> None:
    assert str(public_address(written)) == found
    assert public_address(found) == public_address(written)


@pytest.mark.parametrize("written", UNUSABLE)
def test_an_address_that_cannot_work_is_said_at_the_start(written: str) -> None:
    with pytest.raises(SettingsError, match=r"nothing after the name"):
        Settings.from_environment({"CANDOUR_PUBLIC_ADDRESS": written})


@pytest.mark.parametrize("written", ["HTTPS://consent.example.org", " https://consent.example.org"])
def test_cookies_are_secure_however_https_is_written(clinic: Clinic, written: str) -> None:
    settings = Settings.from_environment({"CANDOUR_PUBLIC_ADDRESS": written})
    assert settings.secure_cookies
    door = open_door(Clinic(settings, clinic.house, clinic.clock, []))
    answer = door.get("/sign-in")
    assert f"max-age={ONE_YEAR}" in answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(it.startswith("__Host-") and "; Secure" in it for it in cookies)


def test_a_passkey_is_bound_to_the_name_that_browsers_send() -> None:
    place = place_of("https://MÜNCHEN-klinik.example:443")
    assert place is not None
    host = "xn--mnchen-klinik-wob.example"
    assert (place.name, place.origin) == (host, f"https://{host}")
    assert place_of("https://192.0.2.7") is None


@given(some.text(max_size=30))
def test_whatever_is_written_is_one_address_or_none(written: str) -> None:
    try:
        found = public_address(f"https://{written}")
    except NoAddress:
        return
    assert str(found).isascii()
    assert str(public_address(str(found))) == str(found)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ann@example.org", "ann@example.org"),
        (" ann@example.org\n", "ann@example.org"),
        ("\u202aann@example.org\u202c", "ann@example.org"),
        ("Ann.O'Brien+form@Example.ORG", "Ann.O'Brien+form@example.org"),
        ("a_b%c-d@mail.example.org", "a_b%c-d@mail.example.org"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("1@1.example", "1@1.example"),
    ],
)
def test_an_email_address_is_kept_as_it_was_typed(typed: str, found: str) -> None:
    assert email_address(typed) == found


@pytest.mark.parametrize(
    "typed",
    ["", "ann", "@example.org", "ann@", "ann@example", "ann@@example.org", "a@b@example.org",
     "ann,bob@example.org", "ann;ray@example.org", "ann(ray@example.org", "ann>ray@example.org",
     "ann:ray@example.org", "=?utf-8?q?bob?=@example.org", "[ann@example.org",
     "mailto:ann@example.org",
     ".ann.@example.org", "ann.@example.org", "ann..b@example.org", "ann@-example.org",
     "ann@example-.org", "ann@.example.org", "ann@example.org.", "ann@example..org",
     "ann@[127.0.0.1]",
     "ann@127.0.0.1", "ann b@example.org", "ann@exam ple.org", '"ann"@example.org',
     "Ann <ann@example.org>",
     "ann@example.org, bob@example.org", "ann@example.org\r\nBcc: x@example.org", "än@example.org",
     "ann＠example.org", "ａｎｎ@example.org", "a" * 65 + "@example.org", "a@" + "b." * 130 + "org",
     "ann\u200b@example.org x", "ann|bob@example.org", "ann!bob@example.org",
     "ann/x=y@example.org"],
)  # fmt: skip
def test_what_may_be_read_as_another_address_is_none(typed: str) -> None:
    with pytest.raises(NoAddress):
        email_address(typed)


@given(some.text(some.sampled_from("ab1.,;:<>()[]\"'=?+-_%@ \\\u200b"), max_size=24))
def test_a_taken_address_is_one_address_to_every_mail_program(typed: str) -> None:
    try:
        found = email_address(f"{typed}@example.org")
    except NoAddress:
        return
    assert getaddresses([found]) == [("", found)]
    assert str(Address(addr_spec=found)) == found


@pytest.mark.parametrize(
    "words",
    [
        "ada@mail.example",
        "Ada <ada@mail.example>, evenings",
        "mailto:ada@mail.example.",
        "My son: 07700 900123",
        "+44 (0)7700 900-123",
        "079.418.22.10",
        "\u0661\u0662\u0663\u0664 \u0665\u0666\u0667\u0668",
        "+966 50 123 4567 or ada@mail.example",
        "555-0123",
        "tel\u00a007700\u00a0900123",
        "０３－１２３４－５６７８",
        "（０３）１２３４－５６７８",
        "ada＠mail.example",
        "050·123·4567",
        "03・1234・5678",
        "050_123_4567",
        "2031-03-04 10:30, 07700 900123",
        "+49 30.11.2026",
        "0123-45-67",
    ],
)
def test_somebody_can_be_reached_by_a_number_or_an_address_anywhere_in_the_words(
    words: str,
) -> None:
    assert holds_contact(words)


@pytest.mark.parametrize(
    "words",
    [
        "2",
        "",
        "me",
        "you know me",
        "ada@",
        "@mail.example",
        "12 34",
        "a1b2c3d4e5f6g7h8",
        "ask 999",
        "2031-03-04 10:30",
        "2031-03-04",
        "on 4.3.2031",
        "04/03/2031 10:30",
        "٢٠٣١-٠٣-٠٤ ١٠:٣٠",
    ],
)
def test_nobody_can_be_reached_by_anything_less(words: str) -> None:
    assert not holds_contact(words)


@given(some.integers(0, 10**20), some.sampled_from(("{}", "call {} please", "{} (home)")))
def test_the_figures_of_a_telephone_number_are_seven_to_fifteen(number: int, words: str) -> None:
    assert holds_contact(words.format(number)) is (7 <= len(str(number)) <= 15)
