"""Ids that SQLite never gives again, even after the last rows were deleted."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Copy the tables into new ones on SQLite; sequences of PostgreSQL only grow."""
    if op.get_bind().dialect.name == "sqlite":
        options = {"sqlite_autoincrement": True}
        for table in ("events", "outbox"):
            with op.batch_alter_table(table, recreate="always", table_kwargs=options):
                pass
