"""Consent records, signatures, seals, and the ledger that can only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consent_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("record_sha256", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=False),
        sa.Column("void_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_consent_record_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_record")),
        sa.UniqueConstraint("record_id", name=op.f("uq_consent_record_record_id")),
    )
    op.create_index(
        "uq_consent_record_standing",
        "consent_record",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("record_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("void_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_signature_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(
        "uq_signature_standing",
        "signature",
        ["visit_id", "role"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "seal",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("record_sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("shelf_name", sa.Text(), nullable=True),
        sa.Column("verification_code", sa.Text(), nullable=True),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_seal_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_seal")),
        sa.UniqueConstraint("shelf_name", name=op.f("uq_seal_shelf_name")),
        sa.UniqueConstraint("verification_code", name=op.f("uq_seal_verification_code")),
    )
    op.create_index(op.f("ix_seal_file_sha256"), "seal", ["file_sha256"], unique=False)
    op.create_index(op.f("ix_seal_state"), "seal", ["state"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_subject"), "ledger", ["subject"], unique=False)
    op.execute(
        """
        CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END
        """
    )
    op.execute(
        """
        CREATE TRIGGER ledger_keeps_words BEFORE UPDATE ON ledger
        WHEN NOT (
            NEW.detail IS NULL AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at
            AND NEW.actor_id IS OLD.actor_id AND NEW.actor_role IS OLD.actor_role
            AND NEW.action IS OLD.action AND NEW.subject IS OLD.subject
            AND NEW.commitment IS OLD.commitment AND NEW.mac IS OLD.mac
        )
        BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END
        """
    )
