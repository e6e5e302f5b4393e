"""Passkeys (WebAuthn): a phone, a computer or a key that checks its owner and signs a challenge.

The owner must be verified by it (finger, face or PIN), so a passkey alone is enough to sign in.
Where the page stands and the challenge are checked, and a challenge is answered once.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from questionnaire.addresses import public_address
from questionnaire.domain.answers import clean_text
from questionnaire.domain.errors import Refusal
from questionnaire.domain.visit import Person
from questionnaire.journey.factors import first_codes
from questionnaire.journey.house import House
from questionnaire.records import factors
from questionnaire.records.accounts import Account, get_account
from questionnaire.records.database import Transaction
from questionnaire.records.factors import Passkey
from questionnaire.records.tries import count_try

CHALLENGE_BYTES: Final = 32
CHALLENGE_LIVES: Final = timedelta(minutes=5)
REMEMBERED_FOR: Final = timedelta(days=1)
"""How long an answered challenge is remembered; it is out of date long before."""

LONGEST_NAME: Final = 60
REFUSED: Final = (
    "This passkey could not be used, so nothing was done. Go back and try again, or use a code."
)
UNREADABLE: Final = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError)
"""What reading a key that is none may raise."""


class BadPasskey(Refusal):
    """What the browser sent does not prove anything here and now."""

    status = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Where the staff door stands: passkeys are bound to the name, and used only from there."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """The random word to be signed, in base64url, and when it was given (seconds since 1970)."""

    word: str
    given_at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent (JSON), and the challenge it was given before, if any."""

    text: str
    challenge: Challenge | None


def place_of(address: str) -> Place | None:
    """The place at a public address; None for a bare number, to which no passkey can be bound."""
    found = public_address(address)
    return None if found.is_number else Place(found.host, str(found))


def new_challenge(house: House) -> Challenge:
    """A fresh random word."""
    word = bytes_to_base64url(house.draw(CHALLENGE_BYTES))
    return Challenge(word, house.clock().timestamp())


def options_to_add(house: House, place: Place, account_id: str, challenge: Challenge) -> str:
    """What a browser needs to make a passkey, as JSON."""
    with house.database.read() as tx:
        account = get_account(tx, account_id)
        held = _described(factors.passkeys_of(tx, account_id))
        owner = tx.ring.code_hash(f"passkey-owner:{account_id}")
    options = generate_registration_options(
        rp_id=place.name,
        rp_name=house.clinic.called,
        user_id=bytes.fromhex(owner),
        user_name=account.email,
        user_display_name=account.full_name,
        challenge=base64url_to_bytes(challenge.word),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=held,
    )
    return options_to_json(options)


def keep(
    house: House,
    place: Place,
    person: Person,
    answer: Answer,
    *,
    name: str,
    replacing: bool,
    but: str = "",
) -> tuple[str, ...]:
    """Keep the passkey a browser made; recovery codes to write down, if it is the first factor.

    `replacing` and `but` are as for `factors.keep_app`. Raises `BadPasskey`.
    """
    word = _spent(house, answer.challenge)
    try:
        made = verify_registration_response(
            credential=answer.text,
            expected_challenge=word,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except UNREADABLE as problem:
        raise BadPasskey(REFUSED) from problem
    passkey = Passkey(
        bytes_to_base64url(made.credential_id),
        person.id,
        bytes_to_base64url(made.credential_public_key),
        made.sign_count,
        " ".join(clean_text(name).split())[:LONGEST_NAME] or "Passkey",
        house.clock(),
    )
    with house.database.write() as tx:
        if factors.find_passkey(tx, passkey.credential_id):
            raise BadPasskey(REFUSED)
        codes = first_codes(house, tx, person, replacing=replacing, but=but)
        factors.add_passkey(tx, passkey)
        house.note(tx, person, "factor_added", person.id, kind="passkey")
    return codes


def options_to_prove(house: House, place: Place, challenge: Challenge, account_id: str = "") -> str:
    """What a browser needs to use a passkey: one of an account, or whichever it has."""
    held: tuple[Passkey, ...] = ()
    if account_id:
        with house.database.read() as tx:
            held = factors.passkeys_of(tx, account_id)
    options = generate_authentication_options(
        rp_id=place.name,
        challenge=base64url_to_bytes(challenge.word),
        allow_credentials=_described(held),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def prove(house: House, place: Place, answer: Answer, account_id: str = "") -> Account:
    """Whose passkey signed the challenge; it must be `account_id`'s if that is given.

    Raises `BadPasskey` with the same sentence whatever was wrong.
    """
    word = _spent(house, answer.challenge)
    with house.database.write() as tx:
        passkey = factors.find_passkey(tx, _credential_id(answer.text))
        if passkey is None or account_id not in {"", passkey.account_id}:
            raise BadPasskey(REFUSED)
        account = get_account(tx, passkey.account_id)
        if not account.active:
            raise BadPasskey(REFUSED)
        _check(house, tx, place, answer, word, passkey)
    return account


def _check(
    house: House, tx: Transaction, place: Place, answer: Answer, word: bytes, passkey: Passkey
) -> None:
    try:
        used = verify_authentication_response(
            credential=answer.text,
            expected_challenge=word,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE as problem:
        raise BadPasskey(REFUSED) from problem
    factors.passkey_used(tx, passkey.credential_id, used.new_sign_count, house.clock())


def _spent(house: House, challenge: Challenge | None) -> bytes:
    """The challenge's bytes, once: asked again, or too late, it is refused."""
    now = house.clock()
    age = abs(now.timestamp() - challenge.given_at) if challenge else 0
    if challenge is None or age >= CHALLENGE_LIVES.total_seconds():
        raise BadPasskey(REFUSED)
    with house.database.write() as tx:
        times = count_try(tx, f"passkey-challenge:{challenge.word}", now, REMEMBERED_FOR)
    if times > 1:
        raise BadPasskey(REFUSED)
    return base64url_to_bytes(challenge.word)


def _credential_id(answer: str) -> str:
    try:
        sent = json.loads(answer)
    except ValueError:
        raise BadPasskey(REFUSED) from None
    return str(sent.get("id", "")) if isinstance(sent, dict) else ""


def _described(held: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(one.credential_id)) for one in held]
