"""The index of events by time, for deleting old ones."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the index."""
    op.create_index("events_received", "events", ["received_at", "id"])
