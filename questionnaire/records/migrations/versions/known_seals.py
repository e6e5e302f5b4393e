"""Which sealing certificates are known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "known_seal",
        sa.Column("certificate_sha256", sa.Text(), nullable=False),
        sa.Column("known_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_sha256", name=op.f("pk_known_seal")),
    )
