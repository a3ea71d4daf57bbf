"""Every event as it arrived."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Text, UniqueConstraint

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of events."""
    # Compared by octets: no change of the system's collation can spoil the index.
    text = Text().with_variant(Text(collation="C"), "postgresql")
    op.create_table(
        "events",
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("message_id", text, nullable=False),
        Column("recipient", text, nullable=False),
        Column("type", text, nullable=False),
        Column("digest", LargeBinary(), nullable=False),
        Column("raw", LargeBinary(), nullable=False),
        Column("reason", Text()),
        UniqueConstraint("message_id", "recipient", "type", "digest", name="events_key"),
    )
