"""The table of the outbox."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)

from septet.bandwidth.storing.columns import ID, KEY_TEXT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of the outbox."""
    op.create_table(
        "outbox",
        Column("id", ID, primary_key=True),
        Column("batch", KEY_TEXT),
        Column("position", Integer(), nullable=False),
        Column("message", Text(), nullable=False),
        Column("segment_count", Integer(), nullable=False),
        Column("state", KEY_TEXT, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Column("attempt_count", Integer(), nullable=False),
        Column("runner", Text()),
        Column("message_id", Text()),
        Column("status", Integer()),
        Column("reason", Text()),
        Column("answer", LargeBinary()),
        UniqueConstraint("batch", "position", name="outbox_key"),
        Index("outbox_state", "state", "id"),
    )
