"""Column types and text rules that SQLite and PostgreSQL share.

PostgreSQL refuses some characters in a text, limits the size of an index entry, and sorts by the
system's collation. SQLite may hold a text that is not UTF-8.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

__all__ = [
    "COLLATIONS",
    "ID",
    "KEY_TEXT",
    "ascii_escaped",
    "is_plain",
    "key_of",
    "partial",
    "utf8_of",
]

ID = BigInteger().with_variant(Integer(), "sqlite")
"""The type of a primary key that grows."""

KEY_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared byte by byte, so that no change of the system's collation can spoil an
index."""

COLLATIONS = {"sqlite": "BINARY", "postgresql": "C"}
"""By dialect, the collation that compares byte by byte."""

_MAX_KEY_CHARACTERS = 512
_HASHED = "sha256:"


def is_plain(value: str) -> bool:
    """Return whether every database can hold and index a text: up to 512 printable characters."""
    return value.isascii() and value.isprintable() and len(value) <= _MAX_KEY_CHARACTERS


def key_of(value: str | None) -> str:
    """Return the key that stands for a text in an indexed column.

    Returns:
        The text itself if it is plain, otherwise its hash; an empty key for None.
    """
    if value is None:
        return ""
    if is_plain(value) and not value.startswith(_HASHED):
        return value
    return _HASHED + sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def ascii_escaped(value: str) -> str:
    """Return a text with escapes for the characters that a database may refuse."""
    return value.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")


def partial(condition: str) -> dict[str, Any]:
    """Return the options of an index over the rows for which a condition in SQL is true."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class utf8_of(FunctionElement[bytes]):  # noqa: N801 - used as a function
    """In a statement, the bytes of a column of text; empty for NULL."""

    type = LargeBinary()
    inherit_cache = True


@compiles(utf8_of, "sqlite")
def _sqlite_utf8(element: utf8_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"COALESCE(CAST({compiler.process(element.clauses, **options)} AS BLOB), x'')"


@compiles(utf8_of, "postgresql")
def _postgresql_utf8(element: utf8_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"COALESCE(convert_to({compiler.process(element.clauses, **options)}, 'UTF8'), '')"
