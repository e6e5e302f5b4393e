"""Which clinic roots are known, and how often in a row a sealing ended in the middle."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "known_root",
        sa.Column("certificate_sha256", sa.Text(), nullable=False),
        sa.Column("known_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_sha256", name=op.f("pk_known_root")),
    )
    op.add_column(
        "seal", sa.Column("cut_off", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
