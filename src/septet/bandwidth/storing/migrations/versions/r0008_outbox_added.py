"""The time when a message was added to the outbox."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, text

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; of messages that are queued already, the last change is taken."""
    op.add_column("outbox", Column("added_at", DateTime(timezone=True)))
    op.execute(text("UPDATE outbox SET added_at = changed_at WHERE state = 'queued'"))
