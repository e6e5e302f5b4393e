"""Signed consents that could not be sealed: shown to staff with what to do, until they are."""

from dataclasses import dataclass

from questionnaire.domain.errors import WrongStation
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.archiving import allow_archive
from questionnaire.journey.house import House
from questionnaire.records.finding import visits_by_id
from questionnaire.records.sealing import CUT_OFF, Seal, ask_again, in_trouble
from questionnaire.records.visits import get_visit

WAYS_OUT: dict[str, tuple[str, str]] = {
    "SealRefused": (
        "The document was made, looked over and refused: it does not say all that was signed.",
        "Tell whoever looks after the machine. The record is safe; nobody has to sign again.",
    ),
    "LanguageGone": (
        "The document is in a language that is no longer among the clinic's.",
        "Whoever looks after the machine brings its folder back into the rules (the log names it).",
    ),
    "CertificateExpiredError": (
        "There is no sealing certificate that may seal now.",
        "Whoever looks after the machine issues a new one (the self-check says how).",
    ),
    "CertificatesMissingError": (
        "The clinic's certificates are not there, or not those of these records.",
        "Whoever looks after the machine brings them back from the safe copy of the keys.",
    ),
    "ShelfUnavailable": (
        "The disk of the archive cannot be reached.",
        "Whoever looks after the machine mounts it; it is then sealed by itself.",
    ),
    "CannotBeRead": (
        "Something that cannot be read lies where this document belongs.",
        "Whoever looks after the machine looks at it (the self-check says how), and moves it away.",
    ),
    CUT_OFF: (
        "The program ended while it was at work on this document.",
        "Whoever looks after the machine looks into its log: too little memory, or a power cut?",
    ),
}
"""What a problem means and what to do, by the word it begins with."""
UNKNOWN = (
    "It failed in a way that the program does not know.",
    "Whoever looks after the machine finds it in the log by the number of the visit.",
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One signed consent that could not be sealed: what went wrong, and what to do about it."""

    visit: Visit
    seal: Seal
    what: str
    to_do: str


def troubles(house: House, person: Person) -> tuple[Trouble, ...]:
    """Every signed consent whose last try to be sealed failed, the longest due first."""
    allow_archive(person)
    with house.database.read() as tx:
        seals = in_trouble(tx, house.clock())
        visits = visits_by_id(tx, [seal.visit_id for seal in seals])
    return tuple(Trouble(visits[seal.visit_id], seal, *way_out(seal.problem)) for seal in seals)


def way_out(problem: str) -> tuple[str, str]:
    """What a problem means and what to do about it, in two sentences or more."""
    known = WAYS_OUT.get(problem) or WAYS_OUT.get(problem.split(":", maxsplit=1)[0])
    return known or UNKNOWN


def try_again(house: House, person: Person, visit_id: str) -> None:
    """Have a document sealed at once, also one that was set aside.

    Raises `NotFound` for a visit that is not there, and `WrongStation` when the document does not
    wait, or somebody is at work on it.
    """
    allow_archive(person)
    with house.database.write() as tx:
        get_visit(tx, visit_id)
        if not ask_again(tx, visit_id, house.clock()):
            raise WrongStation("This consent is sealed, or is being sealed just now.")
        house.note(tx, person, "seal_asked_again", visit_id)
    house.call_sealer(visit_id)
