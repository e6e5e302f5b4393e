"""The clinic's own facts, one row for each version; none is ever changed or removed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import insert, select

from questionnaire.domain.clinic_details import NOT_SET_UP, ClinicDetails, Confirmation, Part
from questionnaire.domain.errors import NotFound
from questionnaire.records.database import Transaction
from questionnaire.records.tables import clinic_logo, clinic_version

_ONCE_ONE: Final = {"united_kingdom_and_european_union": ("united_kingdom", "european_union")}
"""A place that facts kept earlier name, and the places it stood for."""


@dataclass(frozen=True, slots=True)
class ClinicVersion:
    """One version: its number from 1 on, who made it and when. Number 0 is of nobody."""

    number: int
    at: datetime | None
    by: str
    details: ClinicDetails


def newest_clinic(tx: Transaction) -> ClinicVersion:
    """The version in force; number 0 with no facts in a clinic that nobody has begun to set up."""
    row = tx.connection.execute(
        select(clinic_version).order_by(clinic_version.c.number.desc()).limit(1)
    ).one_or_none()
    return ClinicVersion(0, None, "", NOT_SET_UP) if row is None else _version_from(tx, row)


def clinic_versions(tx: Transaction) -> tuple[ClinicVersion, ...]:
    """Every version there was, newest first."""
    rows = tx.connection.execute(select(clinic_version).order_by(clinic_version.c.number.desc()))
    return tuple(_version_from(tx, row) for row in rows)


def add_clinic_version(tx: Transaction, details: ClinicDetails, *, by: str, at: datetime) -> int:
    """Put a new version in force; its number."""
    number = newest_clinic(tx).number + 1
    confirmed = {
        part.value: {"by": it.by, "at": it.at.isoformat(), "words": it.words}
        for part, it in details.confirmed.items()
    }
    body = {**asdict(details), "confirmed": confirmed}
    tx.connection.execute(
        insert(clinic_version).values(
            number=number,
            made_at=at,
            made_by=by,
            body=tx.ring.seal_body(body, table="clinic_version", row=str(number)),
        )
    )
    return number


def keep_logo(tx: Transaction, png: bytes) -> str:
    """Keep a picture, once; its SHA-256. Earlier ones stay, since versions name them."""
    name = sha256(png).hexdigest()
    known = tx.connection.scalar(select(clinic_logo.c.name).where(clinic_logo.c.name == name))
    if known is None:
        sealed = tx.ring.seal(png, table="clinic_logo", column="body", row=name)
        tx.connection.execute(insert(clinic_logo).values(name=name, body=sealed))
    return name


def logo(tx: Transaction, name: str) -> bytes:
    """The picture with that SHA-256, a PNG. Raises `NotFound`."""
    sealed = tx.connection.scalar(select(clinic_logo.c.body).where(clinic_logo.c.name == name))
    if sealed is None:
        raise NotFound("There is no such picture.")
    return tx.ring.open(sealed, table="clinic_logo", column="body", row=name)


def _places(kept: Iterable[str]) -> tuple[str, ...]:
    """The places that were ticked, each once; one that was two is both."""
    return tuple(dict.fromkeys(key for name in kept for key in _ONCE_ONE.get(name, (name,))))


def _version_from(tx: Transaction, row: Any) -> ClinicVersion:
    body: dict[str, Any] = tx.ring.open_body(row.body, table="clinic_version", row=str(row.number))
    confirmed = {
        Part(part): Confirmation(it["by"], datetime.fromisoformat(it["at"]), it["words"])
        for part, it in body["confirmed"].items()
    }
    facts = {
        **body,
        "law_of": _places(body.get("law_of", ())),
        "languages": tuple(body["languages"]),
        "confirmed": confirmed,
    }
    return ClinicVersion(row.number, row.made_at, row.made_by, ClinicDetails(**facts))
