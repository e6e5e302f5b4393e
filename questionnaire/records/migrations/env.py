"""Runs the steps inside the transaction that `migrating.bring_up_to_date` opened."""

from alembic import context

from questionnaire.records.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
