"""E-mails with home links and test letters, handed to a real server on loopback with TLS."""

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Station
from questionnaire.journey import home_links, home_mail, test_letter
from questionnaire.journey.anchor_mail import AGAIN_AFTER, mail_anchor
from questionnaire.journey.keeping import ledger_problems
from questionnaire.mail import Letter, MailRefused, MailServer, send
from questionnaire.records.home_links import Mail
from questionnaire.records.tables import home_link
from tests.browser.serving import free_port
from tests.clinics import ADMINISTRATOR, DESK, OPENED, SCENES, Clinic, Stage
from tests.journeys.test_home_links import make, open_it
from tests.journeys.test_keeping import with_empty_ledger
from tests.self_signed import self_signed
from tests.web.patient.reading_in import offering_drafts

TO = "marigold.testwell@patient.example"
PLACE = "https://consent.example.org"


@dataclass
class PostOffice:
    """What a mail server was given; `answer` is what it says to each letter."""

    answer: str = "250 OK"
    refuses: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    sent_to: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take the address, or refuse it for good."""
        if self.refuses:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the library's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        if self.answer.startswith("250"):
            self.letters.append(letter)
            self.encrypted.append(session.ssl is not None)
            self.sent_to.append(envelope.rcpt_tos)
        return self.answer


@dataclass(frozen=True)
class Served:
    """A mail server that runs, and the authorities that vouch for its certificate."""

    office: PostOffice
    server: MailServer
    trusted: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody but itself vouches for, with its key."""
    return self_signed(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def served(certificate: Path) -> Iterator[Served]:
    """A server that asks for STARTTLS and a name before anything else."""
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    office = PostOffice()

    def authenticate(_s: object, _n: object, _e: object, _m: str, given: object) -> AuthResult:
        right = LoginPassword(b"desk", b"invented")
        return AuthResult(success=given == right)

    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=theirs,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )
    controller.start()
    try:
        ours = MailServer(
            "127.0.0.1",
            controller.port,
            "Front desk <desk@clinic.example>",
            encrypted=True,
            user="desk",
            password="invented",  # noqa: S106  # of the server above
        )
        yield Served(office, ours, ssl.create_default_context(cafile=certificate))
    finally:
        controller.stop()


def post(clinic: Clinic, served: Served) -> None:
    """The worker's round; the test's own authority counts as one of the machine's."""
    home_mail.send_waiting(clinic.house, served.server, PLACE, trusted=served.trusted)


def mail_state(clinic: Clinic, visit_id: str) -> Mail:
    _, state = home_links.link_state(clinic.house, DESK, visit_id)
    assert state is not None
    return state.link.mail


def kept_address(clinic: Clinic) -> bytes | None:
    with clinic.house.database.read() as tx:
        return tx.connection.execute(home_link.select()).one().mail_to


@pytest.mark.guarantees("S44")
def test_a_link_is_mailed_over_tls_and_opens_the_form(clinic: Clinic, served: Served) -> None:
    visit_id = clinic.arrange().visit.id
    home_mail.mail_link(clinic.house, DESK, visit_id, f" {TO} ")
    assert mail_state(clinic, visit_id) is Mail.WAITING
    post(clinic, served)
    post(clinic, served)
    (letter,) = served.office.letters
    assert served.office.encrypted == [True]
    assert (letter["To"], letter["From"]) == (TO, "Front desk <desk@clinic.example>")
    token = letter.get_content().partition(f"{PLACE}/v#")[2][:64]
    turn = open_it(clinic, home_links.Secret(token, ""))
    assert turn.visit.id == visit_id
    assert mail_state(clinic, visit_id) is Mail.SENT
    assert kept_address(clinic) is None
    assert "home_link_mail_sent" in clinic.actions(visit_id)


def test_the_words_name_no_treatment_no_name_and_no_birth_date(
    clinic: Clinic, served: Served
) -> None:
    for treatment in clinic.house.library.treatments:
        walk = clinic.arrange(treatment)
        home_mail.mail_link(clinic.house, DESK, walk.visit.id, TO)
    post(clinic, served)
    texts = {str(letter["Subject"]) + letter.get_content() for letter in served.office.letters}
    assert len(texts) == len(clinic.house.library.treatments)
    for treatment in clinic.house.library.treatments.values():
        told = (treatment.title, *treatment.title.split(), "Marigold", "Testwell", "1979", "PRP")
        for text in texts:
            words = set(text.replace("\n", " ").split(" "))
            assert not words & {each for each in told if each[0].isupper() and len(each) > 2}


@pytest.mark.guarantees("S44")
def test_a_server_nobody_vouches_for_gets_nothing_and_is_tried_later(
    clinic: Clinic, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    visit_id = clinic.arrange().visit.id
    home_mail.mail_link(clinic.house, DESK, visit_id, TO)
    home_mail.send_waiting(clinic.house, served.server, PLACE)
    assert served.office.letters == []
    assert mail_state(clinic, visit_id) is Mail.WAITING
    assert "SSLCertVerificationError" in caplog.text
    assert TO not in caplog.text
    clinic.clock.forward(home_mail.FIRST_PAUSE)
    post(clinic, served)
    assert mail_state(clinic, visit_id) is Mail.SENT


@pytest.mark.guarantees("S44")
def test_no_word_goes_to_a_server_without_tls() -> None:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        server = MailServer("127.0.0.1", controller.port, "desk@clinic.example", encrypted=True)
        with pytest.raises(MailRefused) as refusal:
            send(server, Letter(TO, "Subject", "Words", "1"), OPENED)
        assert not refusal.value.for_good
    finally:
        controller.stop()
    assert office.letters == []


def test_an_address_that_is_refused_for_good_is_forgotten(clinic: Clinic, served: Served) -> None:
    served.office.refuses = True
    visit_id = clinic.arrange().visit.id
    home_mail.mail_link(clinic.house, DESK, visit_id, TO)
    post(clinic, served)
    assert mail_state(clinic, visit_id) is Mail.FAILED
    assert kept_address(clinic) is None
    assert clinic.actions(visit_id)[-1] == "home_link_mail_failed"


def test_a_server_that_is_busy_is_asked_again_and_in_the_end_no_more(
    clinic: Clinic, served: Served
) -> None:
    served.office.answer = "451 Busy"
    visit_id = clinic.arrange().visit.id
    home_mail.mail_link(clinic.house, DESK, visit_id, TO)
    for number in range(home_mail.MOST_MAIL_TRIES):
        post(clinic, served)
        assert mail_state(clinic, visit_id) is Mail.WAITING
        clinic.clock.forward(home_mail.FIRST_PAUSE * 2**number)
    post(clinic, served)
    assert mail_state(clinic, visit_id) is Mail.FAILED


def test_each_try_has_a_secret_of_its_own_and_only_the_last_opens(
    clinic: Clinic, served: Served
) -> None:
    visit_id = clinic.arrange().visit.id
    home_mail.mail_link(clinic.house, DESK, visit_id, TO)
    served.office.answer = "451 Busy"
    post(clinic, served)
    served.office.answer = "250 OK"
    clinic.clock.forward(home_mail.FIRST_PAUSE)
    post(clinic, served)
    (letter,) = served.office.letters
    token = letter.get_content().partition(f"{PLACE}/v#")[2][:64]
    assert open_it(clinic, home_links.Secret(token, "")).visit.id == visit_id


def test_a_newer_link_or_a_form_that_was_sent_ends_the_mail(clinic: Clinic, served: Served) -> None:
    walk = clinic.arrange()
    home_mail.mail_link(clinic.house, DESK, walk.visit.id, TO)
    make(clinic, walk.visit.id)
    post(clinic, served)
    assert served.office.letters == []
    assert mail_state(clinic, walk.visit.id) is Mail.NONE
    other = clinic.arrange(name="Basil Madeupson")
    home_mail.mail_link(clinic.house, DESK, other.visit.id, TO)
    SCENES[Station.SUBMITTED](other)
    post(clinic, served)
    assert served.office.letters == []


@pytest.mark.parametrize(
    "address",
    [
        *("", "marigold", "a@b", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>"),
        *("a@b.example\r\nBcc: x@y.z", "a" * 250 + "@b.example", "a@b_c.example", "ä@b.example"),
        *("ann,bob@example.org", "=?utf-8?q?bob?=@example.org", "\u200b"),
    ],
)
def test_what_is_no_address_is_said_and_changes_nothing(clinic: Clinic, address: str) -> None:
    visit_id = clinic.arrange().visit.id
    with pytest.raises(Slip):
        home_mail.mail_link(clinic.house, DESK, visit_id, address)
    assert home_links.link_state(clinic.house, DESK, visit_id)[1] is None


@pytest.mark.parametrize("to", ["o'brien+form@patient.example", "ann%home@patient.example"])
def test_a_letter_goes_to_exactly_the_address_that_was_typed(
    clinic: Clinic, served: Served, to: str
) -> None:
    home_mail.mail_link(clinic.house, DESK, clinic.arrange().visit.id, f"\u200e{to} ")
    post(clinic, served)
    assert served.office.sent_to == [[to]]
    assert [letter["To"] for letter in served.office.letters] == [to]


@pytest.mark.parametrize(
    "to", ["ann,bob@example.org", "ann;ray@example.org", "Ann <ann@example.org>", "", "ann@b c.org"]
)
def test_what_is_not_one_address_is_never_handed_to_a_server(served: Served, to: str) -> None:
    letter = Letter(to, "Invented", "Invented", "0")
    with pytest.raises(MailRefused) as refused:
        send(served.server, letter, OPENED, served.trusted)
    assert refused.value.for_good
    assert served.office.sent_to == []


def test_the_message_is_in_the_patients_language(clinic: Clinic) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    house, visit = stage.house, stage.walk.visit
    secret = home_links.Secret("0" * 64, "ABCD-EFGH-JK")
    english = home_mail.link_words(house, visit, PLACE, secret)
    spanish = home_mail.link_words(house, replace(visit, language="es"), PLACE, secret)
    assert f"{PLACE}/v#{secret.token}" in english
    assert f"{PLACE}/v?language=es#{secret.token}" in spanish
    assert english != spanish


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "5 March 2031"), ("es", "5 de marzo de 2031"), ("ar", "5 مارس 2031")],
)
def test_the_message_says_from_which_clinic_it_is_and_for_which_day(
    clinic: Clinic, language: str, day: str
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    evening = datetime(2031, 3, 4, 23, 30, tzinfo=UTC)
    tokyo = replace(stage.house.clinic, time_zone="Asia/Tokyo")
    house = replace(stage.house, clinic=tokyo)
    visit = replace(stage.walk.visit, language=language, appointment_at=evening)
    secret = home_links.Secret("0" * 64, "ABCD-EFGH-JK")
    first = home_mail.link_words(house, visit, PLACE, secret).partition("\n")[0]
    assert house.clinic.name in first
    assert day in first


@pytest.mark.guarantees("S46")
def test_the_ledgers_mark_is_mailed_once_a_day_and_shows_a_cut(
    clinic: Clinic, served: Served
) -> None:
    clinic.arrange()
    for _ in range(2):
        mail_anchor(clinic.house, served.server, TO, trusted=served.trusted)
    (letter,) = served.office.letters
    assert letter["To"] == TO
    seq, mac = re.findall(r"^(\d+):([0-9a-f]{64})\s*$", letter.get_content(), re.MULTILINE)[0]
    assert ledger_problems(clinic.house, None, (int(seq), mac)) == ()
    assert ledger_problems(clinic.house, None, (int(seq), "0" * 64)) != ()
    assert ledger_problems(clinic.house, None, (99, mac))[-1] == "Ledger row 99 was cut off."
    assert clinic.actions("ledger") == ["ledger_anchor_mailed"]
    clinic.clock.forward(timedelta(days=1))
    mail_anchor(clinic.house, served.server, TO, trusted=served.trusted)
    assert len(served.office.letters) == 2


def test_a_mark_that_is_refused_is_sent_a_quarter_of_an_hour_later(
    clinic: Clinic, served: Served
) -> None:
    clinic.arrange()
    served.office.answer = "451 Busy"
    for _ in range(2):
        mail_anchor(clinic.house, served.server, TO, trusted=served.trusted)
    served.office.answer = "250 OK"
    mail_anchor(clinic.house, served.server, TO, trusted=served.trusted)
    assert served.office.letters == []
    clinic.clock.forward(AGAIN_AFTER)
    mail_anchor(clinic.house, served.server, TO, trusted=served.trusted)
    assert len(served.office.letters) == 1


def test_an_empty_ledger_has_no_mark(clinic: Clinic, served: Served, tmp_path: Path) -> None:
    house = with_empty_ledger(clinic, tmp_path)
    mail_anchor(house, served.server, TO, trusted=served.trusted)
    assert served.office.letters == []


def test_a_test_letters_code_typed_back_shows_that_letters_arrive(
    clinic: Clinic, served: Served
) -> None:
    codes = []
    for number in (1, 2):
        test_letter.ask_for_letter(clinic.house, ADMINISTRATOR)
        for code in ("", "ABCDEF", *codes):
            with pytest.raises(Slip, match="last test letter"):
                test_letter.check_code(clinic.house, code)
        for _ in range(2):
            test_letter.send_asked_letter(clinic.house, served.server, served.trusted)
        assert len(served.office.letters) == number, "each is sent once"
        written = served.office.letters[-1].get_content()
        (code,) = re.findall(r"^([0-9A-F]{6})\s*$", written, re.MULTILINE)
        codes.append(code)
        test_letter.check_code(clinic.house, f" {codes[-1].lower()}\n")
    assert codes[0] != codes[1]
    with pytest.raises(Slip, match="last test letter"):
        test_letter.check_code(clinic.house, codes[0])
    assert served.office.sent_to == [[clinic.house.clinic.email]] * 2


def test_a_test_letter_that_is_refused_shows_nothing(clinic: Clinic, served: Served) -> None:
    served.office.refuses = True
    test_letter.ask_for_letter(clinic.house, ADMINISTRATOR)
    test_letter.send_asked_letter(clinic.house, served.server, served.trusted)
    state = test_letter.letter_state(clinic.house)
    assert state is not None
    assert (state.waits, state.refused) == (False, True)
    with pytest.raises(Slip, match="last test letter"):
        test_letter.check_code(clinic.house, "ABCDEF")
