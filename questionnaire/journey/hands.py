"""How somebody signs: what they gave with their hand, and everything that is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass

from questionnaire.documents.ink import read_strokes
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.consent import Method, Stroke
from questionnaire.domain.errors import BadInk
from questionnaire.domain.language import to_say
from questionnaire.domain.slips import Reading
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Person
from questionnaire.records.names import same_when_typed

AGREE = to_say("Tick the box to say that you agree")
NO_NAME = to_say("Type your full name, or tick that it is your name")
OTHER_NAME = to_say("Type your full name as it stands here.")
OWN_NAME_TYPED = to_say("This is another name. Type yours as it stands here, or empty the box.")
NO_WAY = to_say("Pick how you would like to sign")
NO_INK = to_say("Draw your signature in the box, or pick another way")
NO_CODE = to_say("Ask the member of staff beside you for the code")
WRONG_CODE = to_say("This code does not work. Please ask the member of staff beside you.")


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody gave as a signature: their name, and how they signed.

    The name is typed, or ticked as it stands in the document (`own_name`) by whom it names.
    `method` is None where none was picked. `strokes` is the drawing as JSON; `witness_code` the
    code of the member of staff who watched. `agreed` is the patient's tick.
    """

    full_name: str
    method: Method | None
    strokes: str = ""
    witness_code: str = ""
    own_name: bool = False
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A hand that can be taken: the name, how it signed, the drawing, and who watched."""

    name: str
    method: Method
    ink: tuple[Stroke, ...]
    witness: str


def patients_hand(hand: Hand, name: str, witness_for: Callable[[str], Person | None]) -> Given:
    """The patient's signature. Raises `Slips` for all that is missing or wrong at once.

    `name` is who the document is for; `witness_for` knows whose code it is.
    """
    reading, typed, witness = Reading(), "", ""
    ink: tuple[Stroke, ...] = ()
    with reading.of("agree"):
        if not hand.agreed:
            raise Slip(AGREE)
    with reading.of("full_name"):
        typed = _name(hand, name, NO_NAME)
    with reading.of("method"):
        if hand.method in {None, Method.TICKED}:
            raise Slip(NO_WAY)
        ink = _ink(hand)
    with reading.of("witness_code"):
        witness = _witness(hand, witness_for)
    return _taken(reading, hand, typed, ink, witness)


def clinicians_hand(hand: Hand, name: str) -> Given:
    """The clinician's signature, drawn or typed. Raises `Slips` for all that is wrong at once."""
    reading, typed = Reading(), ""
    ink: tuple[Stroke, ...] = ()
    with reading.of("full_name"):
        typed = _name(hand, name, "Type your full name.")
    with reading.of("method"):
        if hand.method not in {Method.DRAWN, Method.TYPED}:
            raise Slip("Draw your signature, or sign with your typed name.")
        ink = _ink(hand)
    return _taken(reading, hand, typed, ink)


def _taken(
    reading: Reading, hand: Hand, name: str, ink: tuple[Stroke, ...], witness: str = ""
) -> Given:
    reading.refuse_slips()
    if hand.method is None:
        raise Slip(NO_WAY)
    is_ticked = hand.own_name and hand.method is Method.TYPED and is_blank(hand.full_name)
    return Given(name, Method.TICKED if is_ticked else hand.method, ink, witness)


def _name(hand: Hand, expected: str, if_none: str) -> str:
    if hand.own_name and is_blank(hand.full_name):
        return expected
    name = clean_text(hand.full_name)
    if not name:
        raise Slip(if_none)
    if not same_when_typed(name, expected):
        raise Slip(OWN_NAME_TYPED if hand.own_name else OTHER_NAME)
    return name


def _ink(hand: Hand) -> tuple[Stroke, ...]:
    if hand.method is not Method.DRAWN:
        return ()
    if not hand.strokes:
        raise Slip(NO_INK)
    try:
        return read_strokes(hand.strokes)
    except BadInk as bad:
        raise Slip(bad.sentence) from bad


def _witness(hand: Hand, witness_for: Callable[[str], Person | None]) -> str:
    if hand.method is not Method.WITNESSED:
        return ""
    if not hand.witness_code.strip():
        raise Slip(NO_CODE)
    person = witness_for(hand.witness_code)
    if person is None:
        raise Slip(WRONG_CODE)
    return person.name
