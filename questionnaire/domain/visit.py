"""The stations of a visit, the moves allowed between them, and who may make each.

Nothing is edited backwards: a later answer makes a new revision and reopens the review.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from questionnaire.domain.errors import NotAllowed, WrongStation


class Station(StrEnum):
    """Where a visit stands on its way from the desk to the archive."""

    ARRANGED = "arranged"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    CONSENT_READY = "consent_ready"
    PATIENT_SIGNED = "patient_signed"
    COUNTERSIGNED = "countersigned"
    SEALED = "sealed"
    DECLINED = "declined"
    DEFERRED = "deferred"
    NOT_PROCEEDING = "not_proceeding"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Role(StrEnum):
    """Who acts, to the clinic. `PATIENT`, `SEALER`, `TABLET`, `STRANGER` never sign in."""

    PATIENT = "patient"
    DESK = "desk"
    CLINICIAN = "clinician"
    ARCHIVIST = "archivist"
    ADMINISTRATOR = "administrator"
    SEALER = "sealer"
    TABLET = "tablet"
    STRANGER = "stranger"


class Move(StrEnum):
    """What can be done to a visit; each move is one entry in the ledger."""

    START = "start"
    SUBMIT = "submit"
    REOPEN = "reopen"
    OPEN_REVIEW = "open_review"
    MAKE_READY = "make_ready"
    TAKE_BACK = "take_back"
    SIGN = "sign"
    COUNTERSIGN = "countersign"
    SEAL = "seal"
    DECLINE = "decline"
    DEFER = "defer"
    RESUME = "resume"
    STOP = "stop"
    REVISE = "revise"


REFERENCE_LENGTH = 12
"""How many signs of a visit's id are its reference."""

_S = Station
_BEFORE_SIGNING = (
    _S.ARRANGED,
    _S.IN_PROGRESS,
    _S.SUBMITTED,
    _S.UNDER_REVIEW,
    _S.CONSENT_READY,
)

MOVES: dict[Move, tuple[frozenset[Station], Station, frozenset[Role]]] = {
    Move.START: (frozenset({_S.ARRANGED}), _S.IN_PROGRESS, frozenset({Role.PATIENT})),
    Move.SUBMIT: (frozenset({_S.IN_PROGRESS}), _S.SUBMITTED, frozenset({Role.PATIENT})),
    Move.REOPEN: (
        frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.CONSENT_READY, _S.DEFERRED}),
        _S.IN_PROGRESS,
        frozenset({Role.CLINICIAN, Role.DESK}),
    ),
    Move.OPEN_REVIEW: (frozenset({_S.SUBMITTED}), _S.UNDER_REVIEW, frozenset({Role.CLINICIAN})),
    Move.MAKE_READY: (frozenset({_S.UNDER_REVIEW}), _S.CONSENT_READY, frozenset({Role.CLINICIAN})),
    Move.TAKE_BACK: (
        frozenset({_S.CONSENT_READY, _S.PATIENT_SIGNED, _S.NOT_PROCEEDING}),
        _S.UNDER_REVIEW,
        frozenset({Role.CLINICIAN}),
    ),
    Move.SIGN: (frozenset({_S.CONSENT_READY}), _S.PATIENT_SIGNED, frozenset({Role.PATIENT})),
    Move.COUNTERSIGN: (
        frozenset({_S.PATIENT_SIGNED}),
        _S.COUNTERSIGNED,
        frozenset({Role.CLINICIAN}),
    ),
    Move.SEAL: (frozenset({_S.COUNTERSIGNED}), _S.SEALED, frozenset({Role.SEALER})),
    Move.DECLINE: (frozenset(_BEFORE_SIGNING), _S.DECLINED, frozenset({Role.PATIENT})),
    Move.DEFER: (
        frozenset({*_BEFORE_SIGNING}),
        _S.DEFERRED,
        frozenset({Role.PATIENT, Role.CLINICIAN}),
    ),
    Move.RESUME: (frozenset({_S.DEFERRED}), _S.UNDER_REVIEW, frozenset({Role.CLINICIAN})),
    Move.STOP: (
        frozenset(_BEFORE_SIGNING),
        _S.NOT_PROCEEDING,
        frozenset({Role.CLINICIAN, Role.DESK}),
    ),
    Move.REVISE: (frozenset({_S.CONSENT_READY}), _S.IN_PROGRESS, frozenset({Role.PATIENT})),
}

REACHED = frozenset({_S.ARRANGED, *(station for _, station, _ in MOVES.values())})
"""The stations at which a visit can be."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: staff by account id, a patient by patient id."""

    id: str
    name: str
    role: Role
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The person the visit is for, as the desk wrote them down."""

    id: str
    full_name: str
    date_of_birth: date


@dataclass(frozen=True, slots=True)
class Visit:
    """One coming of one patient; `version` grows by one with every move (for 409s).

    `treatments` are treatment ids; empty means the patient is not sure yet, which asks the
    questions of all seven. Times are UTC.
    """

    id: str
    patient: Patient
    station: Station
    version: int
    treatments: tuple[str, ...]
    clinician_id: str
    language: str
    identity_check: str
    appointment_at: datetime
    arranged_at: datetime
    deferred_until: date | None = None

    @property
    def reference(self) -> str:
        """What leads staff from a form on paper to the visit, like `3F9A-21C7-88D0`."""
        signs = self.id[:REFERENCE_LENGTH].upper()
        return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def after(station: Station, move: Move, role: Role) -> Station:
    """The station a visit is at after `move` made by somebody with `role`.

    Raises `NotAllowed` when the role may never make the move and `WrongStation` when the
    move cannot be made from `station`.
    """
    origins, destination, roles = MOVES[move]
    if role not in roles:
        raise NotAllowed("Your role does not include this step.")
    if station not in origins:
        words = station.replace("_", " ")
        raise WrongStation(f"This step cannot be taken now: the visit is “{words}”.")
    return destination
