"""Name and birth date stand on each visit, as they were given for it, with today's key of the name.

A patient is what visits of one person have in common, and nothing more.
"""

import sqlalchemy as sa
from alembic import op

from questionnaire.records.names import name_key

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Copy name and birth date of every patient to their visits."""
    op.add_column("visit", sa.Column("full_name", sa.Text(), nullable=True))
    op.add_column("visit", sa.Column("name_key", sa.Text(), nullable=True))
    op.add_column("visit", sa.Column("date_of_birth", sa.Date(), nullable=True))
    connection = op.get_bind()
    give = sa.text(
        "UPDATE visit SET full_name = :full_name, name_key = :name_key,"
        " date_of_birth = :date_of_birth WHERE patient_id = :id"
    )
    for id_, full_name, date_of_birth in connection.execute(
        sa.text("SELECT id, full_name, date_of_birth FROM patient")
    ):
        connection.execute(
            give,
            {
                "id": id_,
                "full_name": full_name,
                "name_key": name_key(full_name),
                "date_of_birth": date_of_birth,
            },
        )
    with op.batch_alter_table("visit") as visit:
        for name in ("full_name", "name_key", "date_of_birth"):
            visit.alter_column(name, nullable=False)
        visit.create_index(op.f("ix_visit_date_of_birth"), ["date_of_birth"], unique=False)
    with op.batch_alter_table("patient") as patient:
        patient.drop_index(op.f("ix_patient_date_of_birth"))
        for name in ("full_name", "name_key", "date_of_birth"):
            patient.drop_column(name)
