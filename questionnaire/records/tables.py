"""The tables of the clinic's records, every column with its class.

Names, dates and stations are plain columns in an encrypted file, so that they can be searched;
answers, signatures and notes are sealed once more by themselves (`body`). Staff accounts are in
`staff.py`. A change here needs a migration; a test compares the two.
"""

from typing import Any

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from questionnaire.records.columns import ColumnClass, UtcTime, column, metadata

IDENTITY = ColumnClass.IDENTITY
HEALTH = ColumnClass.HEALTH
SECRET = ColumnClass.SECRET
CLINIC = ColumnClass.CLINIC
TECHNICAL = ColumnClass.TECHNICAL


def _of_visit(*, primary_key: bool = False) -> Column[Any]:
    return column(TECHNICAL, "visit_id", Text, ForeignKey("visit.id"), primary_key=primary_key)


def _number() -> Column[Any]:
    return column(TECHNICAL, "id", Integer, primary_key=True)


clinic = Table(
    "clinic",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(TECHNICAL, "starts", Integer),
    column(TECHNICAL, "key_version", Integer),
    column(SECRET, "key_check", Text),
)

patient = Table(
    "patient",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(TECHNICAL, "created_at", UtcTime),
)

visit = Table(
    "visit",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(TECHNICAL, "patient_id", Text, ForeignKey("patient.id"), index=True),
    column(IDENTITY, "full_name", Text),
    column(IDENTITY, "name_key", Text),
    column(IDENTITY, "date_of_birth", Date, index=True),
    column(CLINIC, "station", Text, index=True),
    column(TECHNICAL, "version", Integer),
    column(CLINIC, "treatments", Text),
    column(CLINIC, "clinician_id", Text, index=True),
    column(CLINIC, "language", Text),
    column(CLINIC, "identity_check", Text),
    column(CLINIC, "appointment_at", UtcTime, index=True),
    column(CLINIC, "arranged_at", UtcTime),
    column(CLINIC, "arranged_by", Text),
    column(CLINIC, "deferred_until", Date, nullable=True),
    column(SECRET, "code_hash", Text, nullable=True, unique=True),
    column(TECHNICAL, "code_expires_at", UtcTime, nullable=True),
    column(TECHNICAL, "code_used_at", UtcTime, nullable=True),
)

answers = Table(
    "answers",
    metadata,
    _of_visit(primary_key=True),
    column(TECHNICAL, "revision", Integer),
    column(HEALTH, "body", LargeBinary),
    column(TECHNICAL, "updated_at", UtcTime),
)

saved_page = Table(
    "saved_page",
    metadata,
    _of_visit(primary_key=True),
    column(TECHNICAL, "key", Text, primary_key=True),
    column(SECRET, "body_hash", Text, nullable=True),
)

submission = Table(
    "submission",
    metadata,
    _of_visit(primary_key=True),
    column(TECHNICAL, "number", Integer, primary_key=True),
    column(HEALTH, "body", LargeBinary),
    column(TECHNICAL, "answers_sha256", Text),
    column(TECHNICAL, "rules_sha256", Text),
    column(TECHNICAL, "at", UtcTime),
)

entry = Table(
    "entry",
    metadata,
    _number(),
    _of_visit(),
    column(TECHNICAL, "seq", Integer),
    column(CLINIC, "kind", Text),
    column(TECHNICAL, "at", UtcTime),
    column(CLINIC, "person_id", Text),
    column(IDENTITY, "person_name", Text),
    column(CLINIC, "person_role", Text),
    column(CLINIC, "person_registration", Text),
    column(HEALTH, "body", LargeBinary),
    UniqueConstraint("visit_id", "seq"),
)

consent_record = Table(
    "consent_record",
    metadata,
    _number(),
    _of_visit(),
    column(TECHNICAL, "record_sha256", Text),
    column(TECHNICAL, "record_id", Text, unique=True),
    column(HEALTH, "body", LargeBinary),
    column(TECHNICAL, "frozen_at", UtcTime),
    column(TECHNICAL, "void_at", UtcTime, nullable=True),
)
Index(
    "uq_consent_record_standing",
    consent_record.c.visit_id,
    unique=True,
    sqlite_where=text("void_at IS NULL"),
)

signature = Table(
    "signature",
    metadata,
    _number(),
    _of_visit(),
    column(CLINIC, "role", Text),
    column(TECHNICAL, "record_sha256", Text),
    column(TECHNICAL, "at", UtcTime),
    column(HEALTH, "body", LargeBinary),
    column(TECHNICAL, "void_at", UtcTime, nullable=True),
)
Index(
    "uq_signature_standing",
    signature.c.visit_id,
    signature.c.role,
    unique=True,
    sqlite_where=text("void_at IS NULL"),
)

seal = Table(
    "seal",
    metadata,
    _of_visit(primary_key=True),
    column(TECHNICAL, "record_sha256", Text),
    column(TECHNICAL, "state", Text, index=True),
    column(TECHNICAL, "attempts", Integer),
    column(TECHNICAL, "cut_off", Integer),
    column(TECHNICAL, "next_try_at", UtcTime),
    column(TECHNICAL, "lease_until", UtcTime, nullable=True),
    column(TECHNICAL, "problem", Text),
    column(TECHNICAL, "file_sha256", Text, nullable=True, index=True),
    column(TECHNICAL, "shelf_name", Text, nullable=True, unique=True),
    column(CLINIC, "verification_code", Text, nullable=True, unique=True),
    column(CLINIC, "sealed_at", UtcTime, nullable=True),
    column(TECHNICAL, "certificate_sha256", Text, nullable=True),
)

known_root = Table(
    "known_root",
    metadata,
    column(TECHNICAL, "certificate_sha256", Text, primary_key=True),
    column(TECHNICAL, "known_since", UtcTime),
)

known_seal = Table(
    "known_seal",
    metadata,
    column(TECHNICAL, "certificate_sha256", Text, primary_key=True),
    column(TECHNICAL, "known_since", UtcTime),
)

patient_session = Table(
    "patient_session",
    metadata,
    column(SECRET, "token_hash", Text, primary_key=True),
    column(TECHNICAL, "visit_id", Text, ForeignKey("visit.id"), index=True),
    column(TECHNICAL, "opened_at", UtcTime),
    column(TECHNICAL, "seen_at", UtcTime),
    column(TECHNICAL, "closed_at", UtcTime, nullable=True),
    column(TECHNICAL, "locked_at", UtcTime, nullable=True),
    column(TECHNICAL, "tablet_id", Text, nullable=True, index=True),
    column(TECHNICAL, "home_link_id", Text, nullable=True),
)

home_link = Table(
    "home_link",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(TECHNICAL, "visit_id", Text, ForeignKey("visit.id"), index=True),
    column(SECRET, "token_hash", Text, nullable=True, unique=True),
    column(SECRET, "code_hash", Text, nullable=True, unique=True),
    column(TECHNICAL, "made_at", UtcTime),
    column(TECHNICAL, "expires_at", UtcTime),
    column(TECHNICAL, "revoked_at", UtcTime, nullable=True),
    column(TECHNICAL, "tries", Integer),
    column(TECHNICAL, "opened_at", UtcTime, nullable=True),
    column(SECRET, "page_hash", Text, nullable=True),
    column(CLINIC, "mail", Text),
    column(IDENTITY, "mail_to", LargeBinary, nullable=True),
    column(TECHNICAL, "mail_tries", Integer),
    column(TECHNICAL, "mail_next_at", UtcTime, nullable=True),
)

approval = Table(
    "approval",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(CLINIC, "kind", Text, index=True),
    column(CLINIC, "outcome", Text),
    column(CLINIC, "asked_by", Text),
    column(TECHNICAL, "asked_at", UtcTime),
    column(TECHNICAL, "expires_at", UtcTime),
    column(CLINIC, "decided_by", Text, nullable=True),
    column(TECHNICAL, "decided_at", UtcTime, nullable=True),
    column(TECHNICAL, "used_at", UtcTime, nullable=True),
    column(HEALTH, "body", LargeBinary),
)

tombstone = Table(
    "tombstone",
    metadata,
    column(TECHNICAL, "visit_id", Text, primary_key=True),
    column(TECHNICAL, "approval_id", Text, nullable=True),
    column(TECHNICAL, "disposed_at", UtcTime),
    column(TECHNICAL, "record_sha256", Text, nullable=True),
    column(TECHNICAL, "file_sha256", Text, nullable=True),
    column(TECHNICAL, "shelf_name", Text, nullable=True),
    column(TECHNICAL, "removed_at", UtcTime, nullable=True),
)

rules_signed = Table(
    "rules_signed",
    metadata,
    column(TECHNICAL, "number", Integer, primary_key=True),
    column(TECHNICAL, "version", Text),
    column(TECHNICAL, "signed_at", UtcTime),
    column(CLINIC, "signed_by", Text),
    column(HEALTH, "body", LargeBinary),
)

clinic_version = Table(
    "clinic_version",
    metadata,
    column(TECHNICAL, "number", Integer, primary_key=True),
    column(TECHNICAL, "made_at", UtcTime),
    column(CLINIC, "made_by", Text),
    column(HEALTH, "body", LargeBinary),
)

clinic_logo = Table(
    "clinic_logo",
    metadata,
    column(TECHNICAL, "name", Text, primary_key=True),
    column(HEALTH, "body", LargeBinary),
)

tablet = Table(
    "tablet",
    metadata,
    column(TECHNICAL, "id", Text, primary_key=True),
    column(CLINIC, "name", Text),
    column(SECRET, "code_hash", Text, nullable=True, unique=True),
    column(TECHNICAL, "code_expires_at", UtcTime),
    column(SECRET, "token_hash", Text, nullable=True, unique=True),
    column(TECHNICAL, "made_at", UtcTime),
    column(TECHNICAL, "enrolled_at", UtcTime, nullable=True),
    column(TECHNICAL, "seen_at", UtcTime, nullable=True),
    column(TECHNICAL, "revoked_at", UtcTime, nullable=True),
)

staff_session = Table(
    "staff_session",
    metadata,
    column(SECRET, "token_hash", Text, primary_key=True),
    column(SECRET, "body", LargeBinary),
    column(CLINIC, "user_id", Text, index=True),
    column(TECHNICAL, "opened_at", UtcTime),
    column(TECHNICAL, "seen_at", UtcTime),
    column(TECHNICAL, "expires_at", UtcTime),
)

draft = Table(
    "draft",
    metadata,
    column(TECHNICAL, "user_id", Text, primary_key=True),
    column(TECHNICAL, "page", Text, primary_key=True),
    column(HEALTH, "body", LargeBinary),
    column(TECHNICAL, "updated_at", UtcTime),
)

tries = Table(
    "tries",
    metadata,
    column(SECRET, "key", Text, primary_key=True),
    column(TECHNICAL, "window_start", UtcTime),
    column(TECHNICAL, "number", Integer),
)

ledger = Table(
    "ledger",
    metadata,
    column(TECHNICAL, "seq", Integer, primary_key=True),
    column(TECHNICAL, "at", UtcTime),
    column(CLINIC, "actor_id", Text),
    column(CLINIC, "actor_role", Text),
    column(CLINIC, "action", Text),
    column(TECHNICAL, "subject", Text, index=True),
    column(HEALTH, "detail", LargeBinary, nullable=True),
    column(TECHNICAL, "commitment", Text),
    column(TECHNICAL, "mac", Text),
)
