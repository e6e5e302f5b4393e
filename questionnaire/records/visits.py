"""Patients and their visits: arranging, finding by code, moving from station to station."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from questionnaire.domain.birth_dates import slips_of
from questionnaire.domain.errors import ChangedSince, NotFound, Refusal
from questionnaire.domain.figures import plain_code
from questionnaire.domain.lookalikes import as_seen
from questionnaire.domain.visit import REFERENCE_LENGTH, Patient, Station, Visit
from questionnaire.records.database import Transaction
from questionnaire.records.names import (
    in_different_scripts,
    may_be_one_name,
    name_key,
    same_when_typed,
)
from questionnaire.records.tables import patient as patients
from questionnaire.records.tables import visit as visits


class CodeTaken(Refusal):
    """Another visit holds this code; draw another."""


def add_patient(tx: Transaction, patient: Patient, *, at: datetime) -> None:
    """Write down somebody new: what their visits will have in common."""
    tx.connection.execute(insert(patients).values(id=patient.id, created_at=at))


def maybe_same(tx: Transaction, full_name: str, date_of_birth: date) -> list[Visit]:
    """Visits of people who may be this one, latest appointment first.

    Born that day with a name that may be the same, looks like it or is in another script, or with
    this very name and a birth date one slip away. Who they are is for a person to say; see
    `names`. A name without a letter finds nobody.
    """
    rows = tx.connection.execute(
        all_visits()
        .where(visits.c.date_of_birth.in_({date_of_birth, *slips_of(date_of_birth)}))
        .order_by(visits.c.appointment_at.desc(), visits.c.id)
    )
    return [
        visit_from(row)
        for row in rows
        if (
            _may_be_one_name(row.full_name, full_name)
            if row.date_of_birth == date_of_birth
            else same_when_typed(row.full_name, full_name)
        )
    ]


def _may_be_one_name(one: str, other: str) -> bool:
    return (
        may_be_one_name(one, other)
        or may_be_one_name(as_seen(one), as_seen(other))
        or in_different_scripts(one, other)
    )


def visits_of_patient(tx: Transaction, patient_id: str) -> list[Visit]:
    """Every visit of one person, latest appointment first."""
    rows = tx.connection.execute(
        all_visits()
        .where(visits.c.patient_id == patient_id)
        .order_by(visits.c.appointment_at.desc(), visits.c.id)
    )
    return [visit_from(row) for row in rows]


def add_visit(
    tx: Transaction, visit: Visit, *, arranged_by: str, code: str, code_expires_at: datetime
) -> None:
    """Write down a visit with its code for the tablet. Raises `CodeTaken`."""
    tx.connection.execute(
        insert(visits).values(
            id=visit.id,
            **_identity(visit.patient),
            station=visit.station,
            version=visit.version,
            treatments=json.dumps(visit.treatments),
            clinician_id=visit.clinician_id,
            language=visit.language,
            identity_check=visit.identity_check,
            appointment_at=visit.appointment_at,
            arranged_at=visit.arranged_at,
            arranged_by=arranged_by,
            deferred_until=visit.deferred_until,
        )
    )
    set_code(tx, visit.id, code, code_expires_at)


def get_visit(tx: Transaction, visit_id: str) -> Visit:
    """The visit as it stands. Raises `NotFound`."""
    visit = find_visit(tx, visit_id)
    if visit is None:
        raise NotFound("There is no such visit.")
    return visit


def visits_by_reference(tx: Transaction, reference: str) -> tuple[Visit, ...]:
    """The visits with this reference, however it was typed: as good as always one, or none."""
    signs = plain_code(reference).lower()
    if len(signs) != REFERENCE_LENGTH:
        return ()
    named = func.substr(visits.c.id, 1, REFERENCE_LENGTH) == signs
    return tuple(visit_from(row) for row in tx.connection.execute(all_visits().where(named)))


def find_visit(tx: Transaction, visit_id: str) -> Visit | None:
    """The visit as it stands, or None when there is none with this id."""
    row = tx.connection.execute(_WITH_ID, {"visit_id": visit_id}).one_or_none()
    return None if row is None else visit_from(row)


def move_visit(
    tx: Transaction, visit: Visit, station: Station, *, deferred_until: date | None = None
) -> Visit:
    """The visit at its new station, one version on.

    Raises `ChangedSince` when somebody moved it after `visit` was read.
    """
    moved = replace(
        visit, station=station, version=visit.version + 1, deferred_until=deferred_until
    )
    _change(tx, visit, station=station, version=moved.version, deferred_until=deferred_until)
    return moved


def set_treatments(tx: Transaction, visit: Visit, treatments: Sequence[str]) -> Visit:
    """The visit with other treatments, one version on. Raises `ChangedSince` as above."""
    changed = replace(visit, treatments=tuple(treatments), version=visit.version + 1)
    _change(tx, visit, treatments=json.dumps(changed.treatments), version=changed.version)
    return changed


def set_details(
    tx: Transaction,
    visit: Visit,
    *,
    treatments: Sequence[str],
    clinician_id: str,
    language: str,
    appointment_at: datetime,
) -> Visit:
    """The visit with other details, one version on. Raises `ChangedSince` as above."""
    changed = replace(
        visit,
        treatments=tuple(treatments),
        clinician_id=clinician_id,
        language=language,
        appointment_at=appointment_at,
        version=visit.version + 1,
    )
    _change(
        tx,
        visit,
        treatments=json.dumps(changed.treatments),
        clinician_id=clinician_id,
        language=language,
        appointment_at=appointment_at,
        version=changed.version,
    )
    return changed


def set_language(tx: Transaction, visit: Visit, language: str) -> Visit:
    """The visit to be read in another language, one version on. Raises `ChangedSince` as above."""
    changed = replace(visit, language=language, version=visit.version + 1)
    _change(tx, visit, language=language, version=changed.version)
    return changed


def set_patient(tx: Transaction, visit: Visit, patient: Patient, identity_check: str) -> Visit:
    """The visit of the person it is really for, and how that was checked, one version on.

    Raises `ChangedSince` as above.
    """
    changed = replace(
        visit, patient=patient, identity_check=identity_check, version=visit.version + 1
    )
    _change(
        tx,
        visit,
        **_identity(patient),
        identity_check=identity_check,
        version=changed.version,
    )
    return changed


def _identity(patient: Patient) -> dict[str, object]:
    return {
        "patient_id": patient.id,
        "full_name": patient.full_name,
        "name_key": name_key(patient.full_name),
        "date_of_birth": patient.date_of_birth,
    }


def set_code(tx: Transaction, visit_id: str, code: str, expires_at: datetime) -> None:
    """Give the visit a new code; its old one stops working. Raises `CodeTaken`, `NotFound`."""
    hashed = tx.ring.code_hash(code)
    holder = tx.connection.scalar(select(visits.c.id).where(visits.c.code_hash == hashed))
    if holder not in {None, visit_id}:
        raise CodeTaken("This code is in use. Please make another one.")
    changed = tx.connection.execute(
        update(visits)
        .where(visits.c.id == visit_id)
        .values(code_hash=hashed, code_expires_at=expires_at, code_used_at=None)
    )
    if changed.rowcount != 1:
        raise NotFound("There is no such visit.")


def visit_for_code(tx: Transaction, code: str, now: datetime) -> Visit | None:
    """The visit a live code opens; unknown, used and expired codes look the same: None."""
    row = tx.connection.execute(
        all_visits()
        .where(visits.c.code_hash == tx.ring.code_hash(code))
        .where(visits.c.code_used_at.is_(None))
        .where(visits.c.code_expires_at > now)
    ).one_or_none()
    return None if row is None else visit_from(row)


def move_code_end(tx: Transaction, visit_id: str, until: datetime, now: datetime) -> None:
    """Let a code that still works end at another time; one that does not stays as it is."""
    tx.connection.execute(
        update(visits)
        .where(visits.c.id == visit_id)
        .where(visits.c.code_used_at.is_(None))
        .where(visits.c.code_expires_at > now)
        .values(code_expires_at=until)
    )


def code_works_until(tx: Transaction, visit_id: str, code: str, now: datetime) -> datetime | None:
    """Until when a code opens this visit; None when it is used, too old, or another one's."""
    until: datetime | None = tx.connection.scalar(
        select(visits.c.code_expires_at)
        .where(visits.c.id == visit_id)
        .where(visits.c.code_hash == tx.ring.code_hash(code))
        .where(visits.c.code_used_at.is_(None))
        .where(visits.c.code_expires_at > now)
    )
    return until


def use_code(tx: Transaction, visit_id: str, now: datetime) -> bool:
    """Use up the visit's code; True for the one call that did."""
    used = tx.connection.execute(
        update(visits)
        .where(visits.c.id == visit_id)
        .where(visits.c.code_used_at.is_(None))
        .where(visits.c.code_expires_at > now)
        .values(code_used_at=now)
    )
    return used.rowcount == 1


def visits_between(tx: Transaction, start: datetime, end: datetime) -> list[Visit]:
    """Visits with an appointment from `start` until just before `end`, earliest first."""
    return _listed(
        tx,
        all_visits().where(visits.c.appointment_at >= start).where(visits.c.appointment_at < end),
    )


def visits_at(tx: Transaction, stations: Iterable[Station]) -> list[Visit]:
    """Visits standing at any of `stations`, earliest appointment first."""
    return _listed(tx, all_visits().where(visits.c.station.in_(list(stations))))


def all_visits() -> Select[Any]:
    """Every visit, for `visit_from`."""
    return select(visits)


_WITH_ID: Final = all_visits().where(visits.c.id == bindparam("visit_id"))


def visit_from(row: Row[Any]) -> Visit:
    """The visit in a row of `all_visits`."""
    return Visit(
        id=row.id,
        patient=Patient(row.patient_id, row.full_name, row.date_of_birth),
        station=Station(row.station),
        version=row.version,
        treatments=tuple(json.loads(row.treatments)),
        clinician_id=row.clinician_id,
        language=row.language,
        identity_check=row.identity_check,
        appointment_at=row.appointment_at,
        arranged_at=row.arranged_at,
        deferred_until=row.deferred_until,
    )


def _listed(tx: Transaction, query: Select[Any]) -> list[Visit]:
    ordered = query.order_by(visits.c.appointment_at, visits.c.id)
    return [visit_from(row) for row in tx.connection.execute(ordered)]


def _change(tx: Transaction, visit: Visit, **values: object) -> None:
    changed = tx.connection.execute(
        update(visits)
        .where(visits.c.id == visit.id)
        .where(visits.c.version == visit.version)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise ChangedSince("This visit has changed since you opened it. Please look again.")
