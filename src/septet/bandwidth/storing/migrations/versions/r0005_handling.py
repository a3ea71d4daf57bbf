"""The tables of the events that `on_event` has not handled yet."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Index, Integer

from septet.bandwidth.storing.columns import KEY_TEXT

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "handling",
        Column("id", Integer(), primary_key=True, autoincrement=False),
        Column("last_event", BigInteger(), nullable=False),
    )
    op.create_table(
        "unhandled",
        Column("event_id", BigInteger(), primary_key=True, autoincrement=False),
        Column("message_id", KEY_TEXT),
        Column("attempt_count", Integer(), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Index("unhandled_message", "message_id", "event_id"),
        Index("unhandled_due", "due_at"),
    )
