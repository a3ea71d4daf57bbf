"""The revision of a database's schema: checks and migrations."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from ..exceptions import StoreError

__all__ = ["VERSION_TABLE", "check_readable", "migrate"]

VERSION_TABLE = "septet_version"
"""The table with the revision of the schema. It does not have Alembic's usual name, because other
programs may keep their tables in the same database."""

_TABLES: dict[str, set[str]] = {
    "0001": {"events"},
    "0002": {"outbox"},
    "0003": {"health"},
    "0004": set(),
    "0005": {"handling", "unhandled"},
    "0006": set(),
    "0007": set(),
}
"""The tables that each revision adds."""

_FIRST_READABLE = "0002"
"""The first revision with everything that readers need."""

_LOCK_KEY = 0x5E97E7
"""The key of PostgreSQL's advisory lock around a migration."""

_migrating = threading.Lock()
"""Alembic can run only one migration at a time in a process."""


def migrate(connection: Connection, name: str, create: bool) -> None:
    """Migrate a database to the current revision.

    Args:
        connection: A connection in a transaction that may write.
        name: The name of the database in messages.
        create: Create the tables if there are none; False makes that an error.

    Raises:
        StoreError: The database is not a store, is damaged, or was created by a newer version.
    """
    with _migrating:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        revision = _revision(connection, name)
        if revision is None and not create:
            raise StoreError(f"{name} is not a septet event store")
        if revision == max(_TABLES):
            return
        config = Config()
        folder = str(Path(__file__).with_name("migrations"))
        config.set_main_option("script_location", folder.replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_readable(connection: Connection, name: str) -> None:
    """Check that a database which cannot be written to has a revision that can be read.

    Raises:
        StoreError: It is not a store, is damaged, or has another revision.
    """
    revision = _revision(connection, name)
    if revision is None:
        raise StoreError(f"{name} is not a septet event store")
    if revision < _FIRST_READABLE:
        raise StoreError(
            f"{name} was created by an older version of septet and cannot be written to; "
            "open a copy that can be"
        )


def _revision(connection: Connection, name: str) -> str | None:
    """Return the revision of a database, and None without one.

    Raises:
        StoreError: The revision is unknown, or the tables are not those of the revision.
    """
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    revisions = context.get_current_heads()
    tables = set(inspect(connection).get_table_names()) & set().union(*_TABLES.values())
    if not revisions:
        if tables:
            raise StoreError(
                f"{name}: the database has the table {min(tables)}, but {VERSION_TABLE} names no "
                "revision; either another program created it, or the store is damaged and must be "
                "restored from a backup"
            )
        return None
    revision = revisions[0]
    if len(revisions) > 1 or not re.fullmatch(r"[0-9]{4}", str(revision)):
        found = ", ".join(repr(str(revision))[:20] for revision in revisions[:3])
        raise StoreError(
            f"{name}: the table {VERSION_TABLE} is damaged: expected one revision such as "
            f"{max(_TABLES)}, got {found}; restore the store from a backup"
        )
    if revision not in _TABLES:
        raise StoreError(f"{name} was created by a newer version of septet")
    expected = set().union(*(tables for key, tables in _TABLES.items() if key <= revision))
    if tables != expected:
        table = min(tables ^ expected)
        state = "is missing" if table in expected else "exists already"
        raise StoreError(
            f"{name}: the store is damaged: {VERSION_TABLE} names the revision {revision}, but the "
            f"table {table} {state}; restore the store from a backup"
        )
    return revision
