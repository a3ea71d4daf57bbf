"""Writing outcomes to a file: CSV, or Parquet by pyarrow (extra `arrow`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ...exceptions import MissingExtraError
from ...files.csv_writer import csv_writer
from ...files.whole_files import whole_file
from ..outcomes import Outcome, OutcomeState

__all__ = ["write_outcomes"]

_GROUP_ROWS = 32_768
_FROM_OUTSIDE = ("message_id", "to", "from", "tag", "carrier_name", "application_id")


def write_outcomes(outcomes: Iterable[Outcome], path: str | os.PathLike[str]) -> int:
    """Write outcomes to a file, one row each, and return the number of rows.

    The file appears, or replaces an older one, when it is complete. In CSV, cells that a
    spreadsheet would run as a formula begin with an apostrophe.

    Args:
        outcomes: The outcomes in the order of the rows.
        path: A path that ends in `.csv` or `.parquet`.

    Raises:
        ValueError: The path has another ending.
        MissingExtraError: pyarrow is not installed.
        OSError: The file cannot be written.
    """
    write = _writer(Path(path))
    with whole_file(path) as stream:
        return write(outcomes, stream)


def _writer(target: Path) -> Callable[[Iterable[Outcome], IO[bytes]], int]:
    suffix = target.suffix.lower()
    if suffix == ".csv":
        return _write_csv
    if suffix != ".parquet":
        raise ValueError(f"the file name must end in .csv or .parquet, got {target.name!r}")
    try:
        import pyarrow.parquet  # noqa: F401 (before any file is opened)
    except ImportError:
        raise MissingExtraError("pyarrow", "arrow", "writing Parquet") from None
    return _write_parquet


def _row(outcome: Outcome) -> dict[str, Any]:
    """Return the columns of an outcome; a field that its event lacks is None."""
    event, error = outcome.event, outcome.error
    return {
        "message_id": _utf8(outcome.message_id),
        "to": _utf8(outcome.to),
        "state": outcome.state.value,
        "time": outcome.time,
        "error_code": outcome.error_code,
        "error": error and error.meaning,
        "retry": error and error.retry.value,
        "is_conflict": bool(outcome.conflict),
        "from": event and _utf8(event.from_),
        "segment_count": event and event.segment_count,
        "tag": event and _utf8(event.tag),
        "carrier_name": event and _utf8(event.carrier_name),
        "application_id": event and _utf8(event.application_id),
    }


def _utf8(text: str | None) -> str | None:
    """Return a text that UTF-8 can encode, with escapes for lone surrogates."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


_COLUMNS = tuple(_row(Outcome("", "", OutcomeState.PENDING, None, ())))


def _write_csv(outcomes: Iterable[Outcome], stream: IO[bytes]) -> int:
    count = 0
    with csv_writer(stream, _COLUMNS, _FROM_OUTSIDE) as write_row:
        for row in map(_row, outcomes):
            row["time"] = row["time"] and row["time"].isoformat()
            row["is_conflict"] = str(row["is_conflict"]).lower()
            write_row(row)
            count += 1
    return count


def _write_parquet(outcomes: Iterable[Outcome], stream: IO[bytes]) -> int:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types: dict[str, pyarrow.DataType] = {
        "time": pyarrow.timestamp("us", tz="UTC"),
        "error_code": pyarrow.int32(),
        "is_conflict": pyarrow.bool_(),
        "segment_count": pyarrow.int32(),
    }
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in _COLUMNS])
    count = 0
    with ParquetWriter(stream, schema) as writer:
        for rows in _groups(map(_row, outcomes)):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(islice(rows, _GROUP_ROWS)):
        yield group
