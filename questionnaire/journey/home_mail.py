"""The words that carry a home link, and the e-mail with it, sent by the worker.

The words name the clinic and the day, no treatment and nothing about health. An e-mail's secret
is drawn when it is sent and stored nowhere; its address is forgotten as soon as it was sent or
never will be.
"""

import logging
import ssl
from datetime import datetime, timedelta
from urllib.parse import urlencode

from questionnaire.addresses import NoAddress, email_address
from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.answers import Slip
from questionnaire.domain.language import SOURCE_LANGUAGE, to_say
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.home_links import LINK_STATIONS, Secret, draw_secret, renew_link
from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER
from questionnaire.mail import Letter, MailRefused, MailServer, send
from questionnaire.records.home_links import (
    HomeLink,
    Mail,
    due_mail,
    end_mail,
    mail_tried,
    set_secret,
)
from questionnaire.records.visits import get_visit

MOST_MAIL_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
"""Doubled after each try that failed: eight tries take about two hours."""
_SUBJECT = to_say("{clinic}: your form before your appointment")
_PLEASE_FILL_IN = to_say(
    "Please fill in your form before your appointment at {clinic} on {day}. Open this page:"
)
log = logging.getLogger(__name__)


def mail_link(house: House, person: Person, visit_id: str, to: str) -> None:
    """Let the worker send a fresh link to an address; links made before open nothing any more.

    Raises `Slip` for what cannot be an address, else like `make_link`.
    """
    try:
        address = email_address(to)
    except NoAddress:
        raise Slip("Write the e-mail address, like name@example.org.") from None
    with house.database.write() as tx:
        renew_link(house, tx, person, visit_id, mail_to=address)


def link_address(house: House, visit: Visit, public_address: str, token: str = "") -> str:
    """Where the form is filled in at home; with a `token` it is the link itself.

    The secret stands behind the `#`, which browsers send to nobody.
    """
    language = house.offered_speech(visit.language).language.code
    query = "" if language == SOURCE_LANGUAGE else f"?{urlencode({'language': language})}"
    return f"{public_address}/v{query}" + (f"#{token}" if token else "")


def link_words(house: House, visit: Visit, public_address: str, secret: Secret) -> str:
    """The message with a link, in the language the patient reads."""
    say = house.offered_speech(visit.language).say
    day = date_in_words(house.day_of(visit.appointment_at), say)
    asked = say(_PLEASE_FILL_IN).format(clinic=house.clinic.name, day=day)
    return "\n\n".join(
        (
            asked,
            link_address(house, visit, public_address, secret.token),
            say(to_say("It asks for your date of birth. Please keep this link to yourself.")),
            say(to_say("If the link does not open, go to this page and type the code:")),
            f"{link_address(house, visit, public_address)}\n{secret.code}",
            say(to_say("Questions? Call us: {phone}")).format(phone=house.clinic.phone),
        )
    )


def send_waiting(
    house: House,
    server: MailServer,
    public_address: str,
    trusted: ssl.SSLContext | None = None,
) -> None:
    """Send every e-mail that is due; one that fails waits longer each time and is given up.

    `trusted` is for `mail.send`.
    """
    while waiting := _next(house):
        link, visit, to, secret = waiting
        say = house.offered_speech(visit.language).say
        letter = Letter(
            to=to,
            subject=say(_SUBJECT).format(clinic=house.clinic.name),
            text=link_words(house, visit, public_address, secret) + "\n",
            letter_id=house.new_id(),
        )
        try:
            send(server, letter, house.clock(), trusted)
        except MailRefused as problem:
            log.warning("an e-mail with a home link was not taken: %s", problem)
            if problem.for_good:
                _end(house, link, Mail.FAILED)
        else:
            _end(house, link, Mail.SENT)


def _next(house: House) -> tuple[HomeLink, Visit, str, Secret] | None:
    """The e-mail to send now, its link with a fresh secret; those given up are ended."""
    now = house.clock()
    while True:
        with house.database.write() as tx:
            due = due_mail(tx, now)
            if due is None:
                return None
            link, to = due
            visit = get_visit(tx, link.visit_id)
            if visit.station in LINK_STATIONS and not _is_given_up(link, now):
                mail_tried(tx, link.id, now + FIRST_PAUSE * 2**link.mail_tries)
                secret = draw_secret(house)
                set_secret(tx, link.id, secret.token, secret.code)
                return link, visit, to, secret
        _end(house, link, Mail.SENT if link.opened_at else Mail.FAILED)


def _is_given_up(link: HomeLink, now: datetime) -> bool:
    """One that was opened had arrived, though the server's reply was lost."""
    tried_enough = link.mail_tries >= MOST_MAIL_TRIES
    return tried_enough or link.expires_at <= now or link.opened_at is not None


def _end(house: House, link: HomeLink, state: Mail) -> None:
    with house.database.write() as tx:
        if end_mail(tx, link.id, state):
            house.note(tx, KEEPER, f"home_link_mail_{state.value}", link.visit_id)
