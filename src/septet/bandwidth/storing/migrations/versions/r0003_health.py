"""The table that health checks write to."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, Integer

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of health checks."""
    op.create_table(
        "health",
        Column("id", Integer(), primary_key=True, autoincrement=False),
        Column("checked_at", DateTime(timezone=True), nullable=False),
    )
