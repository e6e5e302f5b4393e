"""The desk: arranging a visit, its code for the tablet, and the day's list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.errors import NotAllowed, NotReadable
from questionnaire.domain.figures import plain_code
from questionnaire.domain.identity import Difference, as_written
from questionnaire.domain.visible import has_letter
from questionnaire.domain.visit import Move, Patient, Person, Role, Station, Visit, after
from questionnaire.journey.clinic_facts import refuse_not_set_up
from questionnaire.journey.denying import DENIED_BY, denied_at
from questionnaire.journey.differing import TOLD_BY, differ
from questionnaire.journey.doubting import doubts_about, refuse_doubtful
from questionnaire.journey.found_out import give_back_unanswered
from questionnaire.journey.house import House
from questionnaire.journey.sameness import Said, who_is_new
from questionnaire.journey.standing import load_sheet, situation_of
from questionnaire.records.answers import last_submission
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry, entries_of
from questionnaire.records.patient_sessions import close_sessions_of_visit
from questionnaire.records.visits import (
    add_visit,
    code_works_until,
    find_visit,
    get_visit,
    move_visit,
    set_code,
    visits_between,
    visits_of_patient,
)

CODE_LIVES = timedelta(hours=24)
WITNESS_CODE_LIVES = timedelta(hours=1)
LONGEST_NAME = 200
KEY = re.compile(r"[0-9a-f]{32}")
DESK_ROLES = frozenset({Role.DESK, Role.CLINICIAN, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Request:
    """What the desk writes down to arrange a visit; `treatments` empty means “not sure”.

    `same_as` is the id of the patient whom the desk says it is; `none_of` those it says it is not;
    `sure` names the doubts that the desk confirmed; `renamed` is as in `Said`.
    """

    full_name: str
    date_of_birth: date
    treatments: tuple[str, ...]
    clinician_id: str
    language: str
    identity_check: str
    appointment_at: datetime
    same_as: str = ""
    none_of: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    renamed: str = ""

    @property
    def said(self) -> Said:
        """What the desk said about who it is."""
        return Said(self.same_as, self.none_of, self.renamed)


@dataclass(frozen=True, slots=True)
class Arranged:
    """A new visit and the code for the tablet; the code is shown once and kept only as a hash."""

    visit: Visit
    code: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of the day's list: completeness, never a flag or an answer about health.

    `to_settle` is what the patient says differently than the desk wrote it down; `denied_at` when
    somebody at the tablet said that they are not this patient.
    """

    visit: Visit
    asked: int
    answered: int
    to_settle: tuple[Difference, ...]
    denied_at: datetime | None


def arrange(house: House, desk: Person, request: Request, *, key: str) -> Arranged:
    """Arrange a visit; the same `key` again gives the same visit with a fresh code.

    `key` is 32 hexadecimal digits, drawn for the form; it becomes the visit's id.
    Raises `WhoIsIt` while nobody said whether it is somebody who was here before, `Doubtful` for
    what looks like a slip and was not confirmed, `Slip` for a name that cannot be kept,
    `NotReadable` for a key that was used for something else, `NotSetUp` while the clinic is not
    set up, and `NotAllowed` for other roles.
    """
    allow_desk(desk)
    name = full_name(request.full_name)
    if not KEY.fullmatch(key):
        raise NotReadable("This form is out of date. Please open it again.")
    now, code = house.clock(), house.new_code()
    with house.database.write() as tx:
        known = find_visit(tx, key)
        if known is not None:
            _refuse_other(house, tx, known, request, name)
            give_code(house, tx, desk, known, code)
            return Arranged(known, code)
        refuse_not_set_up(tx)
        patient = Patient(house.new_id(), name, request.date_of_birth)
        visit = Visit(
            id=key,
            patient=who_is_new(house, tx, desk, patient, request.said, key),
            station=Station.ARRANGED,
            version=1,
            treatments=known_treatments(house, request.treatments),
            clinician_id=request.clinician_id,
            language=request.language,
            identity_check=request.identity_check,
            appointment_at=request.appointment_at,
            arranged_at=now,
        )
        doubts = doubts_about(house, tx, visit)
        refuse_doubtful(house, tx, desk, visit, doubts, request.sure)
        expires = max(now, request.appointment_at) + CODE_LIVES
        add_visit(tx, visit, arranged_by=desk.id, code=code, code_expires_at=expires)
        house.note(tx, desk, "visit_arranged", visit.id)
    return Arranged(visit, code)


def full_name(typed: str) -> str:
    """A patient's name as it is kept.

    Raises `Slip` when there is none, it is too long, or it holds no letter of any script.
    """
    name = as_written(clean_text(typed))
    if not name or len(name) > LONGEST_NAME:
        raise Slip("Write the patient's full name, 200 letters at most.")
    if not has_letter(name):
        raise Slip("Write the patient's full name in letters.")
    return name


def _refuse_other(house: House, tx: Transaction, known: Visit, request: Request, name: str) -> None:
    """A form sent again must say the same: Back and a changed name would mix up two patients."""
    arranged = Request(
        known.patient.full_name,
        known.patient.date_of_birth,
        known.treatments,
        known.clinician_id,
        known.language,
        known.identity_check,
        known.appointment_at,
        request.same_as,
        request.none_of,
        request.sure,
    )
    asked = replace(request, full_name=name, treatments=known_treatments(house, request.treatments))
    if arranged != asked or not _is_meant(tx, known, request):
        raise NotReadable("This form is out of date. Please open it again.")


def _is_meant(tx: Transaction, known: Visit, request: Request) -> bool:
    """Whether the visit is of the very person the desk says now."""
    if request.same_as:
        return known.patient.id == request.same_as
    return not request.none_of or visits_of_patient(tx, known.patient.id) == [known]


def allow_desk(person: Person) -> None:
    """Raises `NotAllowed` for people who do not arrange visits."""
    if person.role not in DESK_ROLES:
        raise NotAllowed("Your role does not include arranging visits.")


def known_treatments(house: House, treatments: Iterable[str]) -> tuple[str, ...]:
    """The treatments in the order of the rules. Raises `Slip` for one that is not offered."""
    wanted = set(treatments)
    if unknown := wanted - house.library.treatments.keys():
        raise Slip(f"There is no treatment called {min(unknown)}.")
    return tuple(key for key in house.library.treatments if key in wanted)


def new_code(house: House, person: Person, visit_id: str) -> str:
    """A fresh code for the tablet; the old one and any open turn end."""
    allow_desk(person)
    code = house.new_code()
    with house.database.write() as tx:
        give_code(house, tx, person, get_visit(tx, visit_id), code)
    return code


def give_code(house: House, tx: Transaction, person: Person, visit: Visit, code: str) -> None:
    """Give the visit this code; the old one and any open turn end."""
    now = house.clock()
    close_sessions_of_visit(tx, visit.id, now)
    set_code(tx, visit.id, code, max(now, visit.appointment_at) + CODE_LIVES)
    house.note(tx, person, "code_given", visit.id)


def code_until(house: House, person: Person, visit_id: str, code: str) -> datetime | None:
    """Until when a code opens the visit; None once it opens nothing any more."""
    allow_desk(person)
    with house.database.read() as tx:
        return code_works_until(tx, visit_id, code, house.clock())


def witness_code(house: House, person: Person, visit_id: str) -> str:
    """A four-sign code a member of staff types on the tablet to witness a signature.

    Raises `NotAllowed` for the clinician who decided: they sign under it themselves.
    """
    allow_desk(person)
    code = house.new_code(4)
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        if person.role is Role.CLINICIAN and _decided_by(tx, visit.id) == person.id:
            raise NotAllowed("You decided and countersign this. Somebody else is the witness.")
        body = {"code_hash": tx.ring.code_hash(f"witness:{visit.id}:{code}")}
        append_entry(tx, visit.id, "witness_code", body, at=house.clock(), person=person)
        house.note(tx, person, "witness_code_given", visit.id)
    return code


def witness_for(house: House, tx: Transaction, visit_id: str, code: str) -> Person | None:
    """The member of staff whose newest code for this visit, at most an hour old, was typed."""
    typed = tx.ring.code_hash(f"witness:{visit_id}:{plain_code(code)}")
    newest = entries_of(tx, visit_id, "witness_code")[-1:]
    for entry in newest:
        if entry.body["code_hash"] == typed and house.clock() - entry.at < WITNESS_CODE_LIVES:
            return entry.person
    return None


def _decided_by(tx: Transaction, visit_id: str) -> str:
    """The id of who decided last; empty before a decision."""
    decisions = entries_of(tx, visit_id, "decision")
    return decisions[-1].person.id if decisions else ""


def day(house: House, person: Person, on: date) -> tuple[DayLine, ...]:
    """The visits of one day at the clinic, by appointment."""
    allow_desk(person)
    zone = house.zone
    start = datetime.combine(on, time.min, zone)
    with house.database.read() as tx:
        visits = visits_between(tx, start, start + timedelta(days=1))
        return tuple(_line(house, tx, visit) for visit in visits)


def _line(house: House, tx: Transaction, visit: Visit) -> DayLine:
    sent = last_submission(tx, visit.id)
    answers = load_sheet(house, tx, visit.id).answers
    now = situation_of(house, visit, answers, sent.at if sent else None)
    questions = now.questionnaire.questions
    asked = [
        key
        for key in now.asked
        if questions[key].answered_by is AnsweredBy.PATIENT and not questions[key].optional
    ]
    told = entries_of(tx, visit.id, *TOLD_BY, *DENIED_BY)
    return DayLine(
        visit,
        len(asked),
        sum(key in now.answers for key in asked),
        differ(house, visit, answers, sent.at if sent else None, told),
        denied_at(told),
    )


def reopen(house: House, person: Person, visit_id: str) -> str:
    """Give the form back to the patient; a fresh code. Raises `WrongStation`."""
    allow_desk(person)
    with house.database.write() as tx:
        return give_back(house, tx, person, get_visit(tx, visit_id))[1]


def give_back(house: House, tx: Transaction, person: Person, visit: Visit) -> tuple[Visit, str]:
    """Give the form back in this transaction: the visit and its fresh code."""
    role = person.role if person.role is Role.CLINICIAN else Role.DESK
    give_back_unanswered(house, tx, visit)
    visit = move_visit(tx, visit, after(visit.station, Move.REOPEN, role))
    house.note(tx, person, Move.REOPEN.value, visit.id)
    code = house.new_code()
    give_code(house, tx, person, visit, code)
    return visit, code


def stop(house: House, person: Person, visit_id: str, words: str) -> None:
    """Close a visit that will not go on; `words` say why."""
    allow_desk(person)
    with house.database.write() as tx:
        close_visit(house, tx, person, get_visit(tx, visit_id), words)


def close_visit(house: House, tx: Transaction, person: Person, visit: Visit, words: str) -> None:
    """Close the visit in this transaction; its open turns end. Raises `WrongStation`."""
    role = person.role if person.role is Role.CLINICIAN else Role.DESK
    now = house.clock()
    move_visit(tx, visit, after(visit.station, Move.STOP, role))
    close_sessions_of_visit(tx, visit.id, now)
    body = {"words": clean_text(words)}
    append_entry(tx, visit.id, "stopped", body, at=now, person=person)
    house.note(tx, person, Move.STOP.value, visit.id)
