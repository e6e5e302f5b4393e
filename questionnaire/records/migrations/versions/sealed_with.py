"""Which certificate sealed a document."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the column."""
    op.add_column("seal", sa.Column("certificate_sha256", sa.Text(), nullable=True))
