"""What a page held that was saved, as a keyed hash beside its one-time key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; pages saved before have none, so that they are never taken for saved."""
    op.add_column("saved_page", sa.Column("body_hash", sa.Text(), nullable=True))
