"""Which septet stands for which character: look-up tables made from `alphabet_data`.

Identifier 0 means the tables that every handset has: the default alphabet and the extension
table (3GPP TS 23.038, 6.2.1 and 6.2.1.1). A national locking shift table replaces the first, a
national single shift table the second (6.2.1.2); the identifiers are those of `Language`.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from .alphabet_data import (
    DEFAULT_ALPHABET,
    EXTENSION_TABLE,
    LOCKING_SHIFT_TABLES,
    SINGLE_SHIFT_TABLES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ESCAPE",
    "LOCKING_IDS",
    "SINGLE_IDS",
    "locking_chars",
    "locking_table",
    "single_chars",
    "single_table",
]

ESCAPE = 0x1B
"""The escape: the next septet is read in the single shift table (6.2.1, note 1)."""

LOCKING_IDS = (0, *LOCKING_SHIFT_TABLES)
"""Identifiers with a table for unescaped septets."""

SINGLE_IDS = (0, *SINGLE_SHIFT_TABLES)
"""Identifiers with a table for escaped septets."""

_NAMED_CELLS = {"SP": " ", "LF": "\n", "CR": "\r", "FF": "\f"}
_EMPTY_CELLS = ("··", "ESC")
_COLUMNS = 8


@cache
def locking_chars(identifier: int = 0) -> tuple[str, ...]:
    """Return the character of each unescaped septet, "" if it has none.

    Args:
        identifier: 0 for the default alphabet, or a national language identifier.

    Raises:
        KeyError: The language has no locking shift table.
    """
    return _read(LOCKING_SHIFT_TABLES[identifier] if identifier else DEFAULT_ALPHABET)


@cache
def single_chars(identifier: int = 0) -> tuple[str, ...]:
    """Return the character of each septet after the escape, "" if it has none.

    Args:
        identifier: 0 for the extension table, or a national language identifier.

    Raises:
        KeyError: The language has no single shift table.
    """
    return _read(SINGLE_SHIFT_TABLES[identifier] if identifier else EXTENSION_TABLE)


@cache
def locking_table(identifier: int = 0) -> Mapping[str, int]:
    """Return the septet of each character that takes one septet; see `locking_chars`."""
    return _septets(locking_chars(identifier))


@cache
def single_table(identifier: int = 0) -> Mapping[str, int]:
    """Return the septet after the escape of each character that takes two; see `single_chars`."""
    return _septets(single_chars(identifier))


def _read(grid: str) -> tuple[str, ...]:
    cells = grid.split()
    return tuple(_char(cell) for column in range(_COLUMNS) for cell in cells[column::_COLUMNS])


def _char(cell: str) -> str:
    if len(cell) == 1:
        return cell
    if cell in _EMPTY_CELLS:
        return ""
    return _NAMED_CELLS.get(cell) or chr(int(cell, 16))


def _septets(chars: tuple[str, ...]) -> Mapping[str, int]:
    table: dict[str, int] = {}
    for septet, char in enumerate(chars):
        if char:
            # The Indic tables contain * and ¡ twice: senders use the lower septet.
            table.setdefault(char, septet)
    return MappingProxyType(table)
