"""Ids that SQLite never gives again, even after the last rows were deleted."""

from __future__ import annotations

from alembic import op

from septet.bandwidth.storing.columns import partial

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Copy the tables into new ones on SQLite; sequences of PostgreSQL only grow."""
    if op.get_bind().dialect.name == "sqlite":
        options = {"sqlite_autoincrement": True}
        for table in ("events", "outbox"):
            with op.batch_alter_table(table, recreate="always", table_kwargs=options):
                pass
        # Of indexes that seem equally good, SQLite takes the newest one.
        op.drop_index("outbox_queue", "outbox")
        op.create_index("outbox_queue", "outbox", ["sender", "id"], **partial("state = 'queued'"))
