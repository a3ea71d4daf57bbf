"""The sending number and the expiration of messages in the outbox, and indexes for large stores."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import Column, DateTime, bindparam, column, select, table, text, update

from septet.bandwidth.storing.columns import COLLATIONS, KEY_TEXT, partial, utf8_of

revision = "0004"
down_revision = "0003"

_GROUP_ROWS = 1000


def upgrade() -> None:
    """Add the columns and the indexes."""
    op.add_column("outbox", Column("sender", KEY_TEXT, nullable=False, server_default=""))
    op.add_column("outbox", Column("expires_at", DateTime(timezone=True)))
    _fill_senders()
    op.create_index("outbox_queue", "outbox", ["sender", "id"], **partial("state = 'queued'"))
    op.create_index(
        "outbox_expiration",
        "outbox",
        ["expires_at"],
        **partial("state = 'queued' AND expires_at IS NOT NULL"),
    )
    collation = COLLATIONS[op.get_bind().dialect.name]
    op.create_index("outbox_message", "outbox", [text(f'message_id COLLATE "{collation}"')])
    op.create_index("events_undecodable", "events", ["id"], **partial("reason IS NOT NULL"))


def _fill_senders() -> None:
    """Set the sending number of each message that is queued; a damaged one has none."""
    connection = op.get_bind()
    outbox = table("outbox", column("id"), column("message"), column("state"), column("sender"))
    query = select(outbox.c.id, utf8_of(outbox.c.message)).order_by(outbox.c.id).limit(_GROUP_ROWS)
    change = update(outbox).where(outbox.c.id == bindparam("number"))
    last = 0
    while rows := connection.execute(
        query.where(outbox.c.state == "queued", outbox.c.id > last)
    ).all():
        last = rows[-1].id
        values = [{"number": number, "from": _sender_of(stored)} for number, stored in rows]
        connection.execute(change.values(sender=bindparam("from")), values)


def _sender_of(stored: bytes) -> str:
    try:
        sender = json.loads(stored)["from"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return sender if isinstance(sender, str) and sender.isascii() and sender.isprintable() else ""
