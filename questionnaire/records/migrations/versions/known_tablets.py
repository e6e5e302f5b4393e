"""The clinic's tablets, turns that lock, and the PINs that unlock them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables, and the columns of a turn."""
    op.create_table(
        "tablet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_tablet_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tablet_token_hash")),
    )
    op.create_table(
        "staff_pin",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_pin_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_pin")),
        sa.UniqueConstraint("pin_hash", name=op.f("uq_staff_pin_pin_hash")),
    )
    op.add_column("patient_session", sa.Column("locked_at", sa.BigInteger(), nullable=True))
    op.add_column("patient_session", sa.Column("tablet_id", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_patient_session_tablet_id"), "patient_session", ["tablet_id"], unique=False
    )
