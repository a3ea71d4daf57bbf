"""The script that Alembic runs to migrate a database; `schema` passes the connection."""

from __future__ import annotations

from alembic import context

from septet.bandwidth.storing.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
