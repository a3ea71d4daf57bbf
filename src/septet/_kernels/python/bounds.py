"""Checks of arguments, once per call of a kernel; the compiled kernels raise the same errors."""

from __future__ import annotations

from ...standard.graphemes import CLASSES_LENGTH, WIDTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized
    from typing import Any

__all__ = [
    "check_clusters",
    "check_facts",
    "check_length",
    "check_list",
    "check_min_length",
    "check_pairs",
    "check_record",
    "check_rows",
    "list_changed",
    "list_item",
]


def check_rows(first: int, stop: int) -> int:
    """Check a range of rows, and return the number of rows from `first` up to `stop`.

    Raises:
        ValueError: `first` is negative or greater than `stop`.
    """
    if not 0 <= first <= stop:
        raise ValueError(f"rows {first} to {stop}: first must be from 0 to stop")
    return stop - first


def check_pairs(pairs: tuple[tuple[int, int, int, int], ...]) -> None:
    """Check that the first pair of tables, if there is any, is the default one.

    Raises:
        ValueError: The first pair has other tables.
    """
    if pairs and pairs[0][:2] != (0, 0):
        raise ValueError(f"the first pair must have the default tables (0, 0), not {pairs[0][:2]}")


def check_record(name: str, record: type[object]) -> None:
    """Check the type of records that a kernel makes.

    Raises:
        TypeError: It is not a subclass of `tuple`.
    """
    if not issubclass(record, tuple):
        raise TypeError(f"{name} must be a subclass of tuple, not {record.__name__}")


def check_clusters(classes: bytes, transitions: bytes, certain: tuple[int, ...]) -> None:
    """Check the lengths of the tables of a `ClusterRules`.

    Raises:
        ValueError: A table has another length.
    """
    check_length("classes", len(classes), CLASSES_LENGTH)
    check_length("transitions", len(transitions), WIDTH * WIDTH)
    check_length("certain", len(certain), WIDTH)


def check_min_length(name: str, length: int, rows: int) -> None:
    """Check that a buffer has a value for each row that is read or written.

    Raises:
        ValueError: `length` is less than `rows`.
    """
    if length < rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")


def check_length(name: str, length: int, rows: int) -> None:
    """Check that a buffer has exactly one value for each row.

    Raises:
        ValueError: `length` is not `rows`.
    """
    if length != rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")


def check_facts(segments: Sized, units: Sized | None, encodings: Sized | None, rows: int) -> None:
    """Check that buffers for facts have a value for each row.

    Raises:
        ValueError: A buffer is too short, or only one of `units` and `encodings` is given.
    """
    if (units is None) != (encodings is None):
        raise ValueError("units and encodings must be given together")
    check_min_length("segments", len(segments), rows)
    if units is not None and encodings is not None:
        check_min_length("units", len(units), rows)
        check_min_length("encodings", len(encodings), rows)


def list_changed() -> RuntimeError:
    """Return the error for a list that changed while it was read."""
    return RuntimeError("the list changed while it was read")


def check_list(items: list[Any], stop: int) -> None:
    """Check that a list has the rows that are to be read.

    Raises:
        RuntimeError: The list has fewer than `stop` items.
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
