"""The table of events."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, LargeBinary, Text, UniqueConstraint

from septet.bandwidth.storing.columns import ID, KEY_TEXT

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of events."""
    op.create_table(
        "events",
        Column("id", ID, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("message_id", KEY_TEXT, nullable=False),
        Column("recipient", KEY_TEXT, nullable=False),
        Column("type", KEY_TEXT, nullable=False),
        Column("digest", LargeBinary(), nullable=False),
        Column("raw", LargeBinary(), nullable=False),
        Column("reason", Text()),
        UniqueConstraint("message_id", "recipient", "type", "digest", name="events_key"),
    )
