"""The settings of an installation: what is read, what is refused, in which words."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from questionnaire.mail import MailServer
from questionnaire.only_one import AlreadyRunning, only_one
from questionnaire.settings import Settings, SettingsError, check_place, main
from tests.faults.odd_files import KINDS, put


def test_one_machine_needs_no_settings() -> None:
    here = Path.cwd()
    assert Settings.from_environment({}) == Settings(
        data=here / "data",
        keys=here / "keys",
        rules=here / "rules",
        host="127.0.0.1",
        port=8000,
        public_address="http://127.0.0.1:8000",
        secure_cookies=False,
        proxy_hops=0,
        anchors=None,
        mail=None,
        anchor_mail="",
        backup_key=None,
    )


def test_every_setting_is_read(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("invented\n")
    settings = Settings.from_environment(
        {
            "CANDOUR_DATA": str(tmp_path / "data"),
            "CANDOUR_KEYS": str(tmp_path / "keys"),
            "CANDOUR_RULES": str(tmp_path / "rules"),
            "CANDOUR_HOST": "0.0.0.0",  # noqa: S104  # read here, not listened on
            "CANDOUR_PORT": "8443",
            "CANDOUR_PUBLIC_ADDRESS": "https://consent.example.org/",
            "CANDOUR_SECURE_COOKIES": "on",
            "CANDOUR_PROXY_HOPS": "1",
            "CANDOUR_ANCHORS": str(tmp_path / "anchors"),
            "CANDOUR_SMTP_HOST": "mail.example.org",
            "CANDOUR_SMTP_PORT": "465",
            "CANDOUR_SMTP_FROM": "Front desk <desk@clinic.example>",
            "CANDOUR_SMTP_USER": "desk",
            "CANDOUR_SMTP_PASSWORD_FILE": str(password),
            "CANDOUR_ANCHOR_MAIL": "keeper@clinic.example",
            "CANDOUR_BACKUP_KEY": "/srv/backup.pub",
        }
    )
    assert settings == Settings(
        data=tmp_path / "data",
        keys=tmp_path / "keys",
        rules=tmp_path / "rules",
        host="0.0.0.0",  # noqa: S104  # as above
        port=8443,
        public_address="https://consent.example.org",
        secure_cookies=True,
        proxy_hops=1,
        anchors=tmp_path / "anchors",
        mail=MailServer(
            "mail.example.org",
            465,
            "Front desk <desk@clinic.example>",
            encrypted=True,
            user="desk",
            password="invented",  # noqa: S106  # of no server
        ),
        anchor_mail="keeper@clinic.example",
        backup_key=Path("/srv/backup.pub"),
    )
    assert "invented" not in repr(settings)


def test_mail_travels_in_the_clear_only_on_this_machine() -> None:
    for host, encrypted in (("127.0.0.1", False), ("localhost", False), ("192.0.2.7", True)):
        env = {"CANDOUR_SMTP_HOST": host, "CANDOUR_SMTP_FROM": "desk@clinic.example"}
        mail = Settings.from_environment(env).mail
        assert mail is not None
        assert (mail.port, mail.encrypted) == (587, encrypted)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CANDOUR_SMTP_FROM", ""),
        ("CANDOUR_SMTP_FROM", "nobody"),
        ("CANDOUR_SMTP_FROM", "desk@clinic.example, other@clinic.example"),
        ("CANDOUR_SMTP_FROM", "Desk <desk@clinic.example>, Other <other@clinic.example>"),
        ("CANDOUR_SMTP_FROM", "desk@clinic.example; other@clinic.example"),
        ("CANDOUR_SMTP_FROM", "Desk <desk@clinic.example"),
        ("CANDOUR_SMTP_FROM", "Desk desk@clinic.example>"),
        ("CANDOUR_SMTP_FROM", "Desks: desk@clinic.example;"),
        ("CANDOUR_SMTP_FROM", "<desk@clinic.example> Desk"),
        ("CANDOUR_SMTP_FROM", "desk@clinic.example\nBcc: x@y.z"),
        ("CANDOUR_SMTP_PORT", "0"),
        ("CANDOUR_ANCHOR_MAIL", "nobody"),
        ("CANDOUR_ANCHOR_MAIL", "a@b.example, c@d.example"),
        ("CANDOUR_SMTP_PASSWORD_FILE", "/nowhere/password"),
    ],
)
def test_a_mail_setting_that_cannot_work_is_said(variable: str, value: str) -> None:
    env = {"CANDOUR_SMTP_HOST": "mail.example.org", "CANDOUR_SMTP_FROM": "desk@clinic.example"}
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment(env | {variable: value})


def test_a_mark_is_mailed_only_where_there_is_a_server() -> None:
    with pytest.raises(SettingsError, match="CANDOUR_SMTP_HOST"):
        Settings.from_environment({"CANDOUR_ANCHOR_MAIL": "keeper@clinic.example"})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environment({"CANDOUR_PORT": "", "CANDOUR_DATA": ""}).port == 8000


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.9:1", "http://[::1]:8000"]
)
def test_plain_http_is_for_this_machine(address: str) -> None:
    settings = Settings.from_environment({"CANDOUR_PUBLIC_ADDRESS": address})
    assert (settings.public_address, settings.secure_cookies) == (address, False)


def test_cookies_are_secure_over_https() -> None:
    address = {"CANDOUR_PUBLIC_ADDRESS": "https://consent.example.org"}
    assert Settings.from_environment(address).secure_cookies


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        (
            "CANDOUR_PORT",
            "eighty",
            'CANDOUR_PORT must be a whole number from 1 to 65535, not "eighty".',
        ),
        ("CANDOUR_PORT", "0", 'CANDOUR_PORT must be a whole number from 1 to 65535, not "0".'),
        (
            "CANDOUR_PORT",
            "65536",
            'CANDOUR_PORT must be a whole number from 1 to 65535, not "65536".',
        ),
        (
            "CANDOUR_PROXY_HOPS",
            "-1",
            'CANDOUR_PROXY_HOPS must be a whole number from 0 to 9, not "-1".',
        ),
        ("CANDOUR_HOST", "::1", 'CANDOUR_HOST must be an IPv4 address or a name, not "::1".'),
        (
            "CANDOUR_PUBLIC_ADDRESS",
            "consent.example.org",
            (
                "CANDOUR_PUBLIC_ADDRESS must look like https://consent.example.org "
                '(nothing after the name), not "consent.example.org".'
            ),
        ),
        (
            "CANDOUR_PUBLIC_ADDRESS",
            "http://[half",
            (
                "CANDOUR_PUBLIC_ADDRESS must look like https://consent.example.org "
                '(nothing after the name), not "http://[half".'
            ),
        ),
        (
            "CANDOUR_PUBLIC_ADDRESS",
            "https://example.org/consent",
            (
                "CANDOUR_PUBLIC_ADDRESS must look like https://consent.example.org "
                '(nothing after the name), not "https://example.org/consent".'
            ),
        ),
        (
            "CANDOUR_PUBLIC_ADDRESS",
            "http://consent.example.org",
            (
                "CANDOUR_PUBLIC_ADDRESS must begin with https:// (http://consent.example.org would "
                "carry answers in the clear; plain http is for 127.0.0.1 and localhost only)."
            ),
        ),
        (
            "CANDOUR_HOST",
            "192.0.2.7",
            (
                "CANDOUR_PUBLIC_ADDRESS must begin with https:// (http://192.0.2.7:8000 would "
                "carry answers in the clear; plain http is for 127.0.0.1 and localhost only)."
            ),
        ),
        (
            "CANDOUR_SECURE_COOKIES",
            "maybe",
            'CANDOUR_SECURE_COOKIES must be on or off, not "maybe".',
        ),
    ],
)
def test_a_wrong_value_gets_one_sentence(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({variable: value})
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("written", ["~nobodyatall/x", "x" * 5000, "loop/data"])
@pytest.mark.parametrize("name", ["CANDOUR_DATA", "CANDOUR_KEYS", "CANDOUR_ANCHORS"])
def test_what_cannot_be_a_folder_is_said_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, written: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(SettingsError, match=f"^{name} .{written[:100]}.* cannot be a place: "):
        Settings.from_environment({name: written})


@pytest.mark.parametrize("kind", KINDS)
def test_a_password_file_that_is_none_is_said_at_once(tmp_path: Path, kind: str) -> None:
    put(tmp_path / "password", kind)
    with pytest.raises(SettingsError, match=r"CANDOUR_SMTP_PASSWORD_FILE .* cannot be read"):
        Settings.from_environment(
            {
                "CANDOUR_SMTP_HOST": "localhost",
                "CANDOUR_SMTP_FROM": "desk@clinic.example",
                "CANDOUR_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
            }
        )


def test_cookies_over_https_cannot_be_made_insecure() -> None:
    with pytest.raises(SettingsError, match=r"off only for http://127\.0\.0\.1"):
        Settings.from_environment(
            {
                "CANDOUR_PUBLIC_ADDRESS": "https://consent.example.org",
                "CANDOUR_SECURE_COOKIES": "off",
            }
        )


@pytest.mark.parametrize("keys", ["here", "here/keys", "here/../here/keys"])
def test_keys_never_lie_in_the_data_folder(tmp_path: Path, keys: str) -> None:
    with pytest.raises(SettingsError, match="must be outside the data folder"):
        Settings.from_environment(
            {"CANDOUR_DATA": str(tmp_path / "here"), "CANDOUR_KEYS": str(tmp_path / keys)}
        )


@pytest.mark.guarantees("S46")
@pytest.mark.parametrize("anchors", ["data", "data/anchors", "keys"])
def test_anchors_never_lie_beside_what_they_watch(tmp_path: Path, anchors: str) -> None:
    with pytest.raises(SettingsError, match="must be outside the data and keys folders"):
        Settings.from_environment(
            {
                "CANDOUR_DATA": str(tmp_path / "data"),
                "CANDOUR_KEYS": str(tmp_path / "keys"),
                "CANDOUR_ANCHORS": str(tmp_path / anchors),
            }
        )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def place(folder: Path, port: int) -> dict[str, str]:
    return {
        "CANDOUR_DATA": str(folder / "data"),
        "CANDOUR_KEYS": str(folder / "keys"),
        "CANDOUR_PORT": str(port),
    }


def test_a_good_place_gets_folders_for_the_owner_only(tmp_path: Path) -> None:
    check_place(Settings.from_environment(place(tmp_path, free_port())))
    modes = {folder.name: oct(folder.stat().st_mode & 0o777) for folder in tmp_path.iterdir()}
    assert modes == {"data": "0o700", "keys": "0o700"}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(SettingsError) as refusal:
        check_place(Settings.from_environment(place(tmp_path, free_port())))
    assert str(refusal.value) == f"The folder {tmp_path}/data cannot be written: file exists."


def test_a_data_folder_that_is_worked_on_is_no_good_place(tmp_path: Path) -> None:
    settings = Settings.from_environment(place(tmp_path, free_port()))
    check_place(settings)
    with only_one(settings.data), pytest.raises(AlreadyRunning, match="already runs with the data"):
        check_place(settings)
    check_place(settings)


def test_the_check_prints_where_to_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    for name, value in place(tmp_path, port).items():
        monkeypatch.setenv(name, value)
    assert main() == 0
    assert capsys.readouterr().out == f"127.0.0.1 {port} {tmp_path / 'data'}\n"


def test_a_taken_port_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        for name, value in place(tmp_path, port).items():
            monkeypatch.setenv(name, value)
        assert main() == 1
    assert capsys.readouterr().err == (
        f"Port {port} on 127.0.0.1 cannot be used: address already in use. "
        "Choose another with CANDOUR_PORT.\n"
    )


def test_the_check_runs_as_a_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "questionnaire.settings"],
        env={**os.environ, **place(tmp_path, free_port()), "CANDOUR_PORT": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'CANDOUR_PORT must be a whole number from 1 to 65535, not "none".\n'


@pytest.mark.parametrize("name", ["CANDOUR_DATA", "CANDOUR_KEYS", "CANDOUR_ANCHORS"])
def test_a_folder_on_a_disk_that_is_not_mounted_is_said_and_not_made(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "not mounted")
    with pytest.raises(SettingsError, match=f"{name} .* leads to where nothing is"):
        Settings.from_environment({name: str(tmp_path / "link")})
    (tmp_path / "not mounted").mkdir()
    Settings.from_environment({name: str(tmp_path / "link")})
