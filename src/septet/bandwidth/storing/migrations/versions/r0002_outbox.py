"""Messages that wait to be sent, and what became of sending them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of the outbox."""
    text = Text().with_variant(Text(collation="C"), "postgresql")
    op.create_table(
        "outbox",
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
        Column("batch", text),
        Column("position", Integer(), nullable=False),
        Column("message", Text(), nullable=False),
        Column("segment_count", Integer(), nullable=False),
        Column("state", text, nullable=False),
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
