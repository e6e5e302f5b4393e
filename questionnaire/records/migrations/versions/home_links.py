"""Links by which a patient fills in the form at home."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table, and say of a turn which link opened it."""
    op.create_table(
        "home_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("page_hash", sa.Text(), nullable=True),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("mail_to", sa.LargeBinary(), nullable=True),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("mail_next_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_home_link_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_home_link_token_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_home_link_code_hash")),
    )
    op.create_index(op.f("ix_home_link_visit_id"), "home_link", ["visit_id"], unique=False)
    op.add_column("patient_session", sa.Column("home_link_id", sa.Text(), nullable=True))
