"""The one Alembic environment; ``cms.db.migrate`` says for whom it runs and on which connection."""

from alembic import context

from cms.db.migrate import environment_options

owner = context.config.attributes["owner"]
context.configure(connection=context.config.attributes["connection"], **environment_options(owner))
with context.begin_transaction():
    context.run_migrations()
