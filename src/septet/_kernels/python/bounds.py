"""Bounds that every kernel checks once per call; the compiled ones raise the same errors."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized
    from typing import Any

__all__ = [
    "check_facts",
    "check_length",
    "check_list",
    "check_room",
    "check_rows",
    "list_changed",
    "list_item",
]


def check_rows(first: int, stop: int) -> int:
    """Return the number of rows from `first` up to `stop`.

    Raises:
        ValueError: `first` is negative or beyond `stop`.
    """
    if not 0 <= first <= stop:
        raise ValueError(f"rows {first} to {stop}: first must be from 0 to stop")
    return stop - first


def check_room(name: str, length: int, rows: int) -> None:
    """Refuse a buffer that is shorter than the rows that are read or written.

    Raises:
        ValueError: `length` is less than `rows`.
    """
    if length < rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")


def check_length(name: str, length: int, rows: int) -> None:
    """Refuse a buffer that does not have one value for each row.

    Raises:
        ValueError: `length` is not `rows`.
    """
    if length != rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")


def check_facts(segments: Sized, units: Sized | None, encodings: Sized | None, rows: int) -> None:
    """Refuse buffers that do not have a value for each row.

    Raises:
        ValueError: One is too short, or there is only one of `units` and `encodings`.
    """
    if (units is None) != (encodings is None):
        raise ValueError("units and encodings must be given together")
    check_room("segments", len(segments), rows)
    if units is not None and encodings is not None:
        check_room("units", len(units), rows)
        check_room("encodings", len(encodings), rows)


def list_changed() -> RuntimeError:
    """Return the error for a list that is not what it was."""
    return RuntimeError("the list changed while it was read")


def check_list(items: list[Any], stop: int) -> None:
    """Refuse a list that has become shorter than the rows that are to be read.

    Raises:
        RuntimeError: It has fewer than `stop` items.
    """
    if stop > len(items):
        raise list_changed()


def list_item(items: list[Any], row: int) -> Any:
    """Return an item of a list that other threads may change.

    Raises:
        RuntimeError: The list has become shorter.
    """
    try:
        return items[row]
    except IndexError:
        raise list_changed() from None
