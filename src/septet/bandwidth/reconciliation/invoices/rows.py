"""Writes audited messages as rows of a CSV file, one for each currency.

Cells from outside that a spreadsheet would run as a formula begin with an apostrophe.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ....files.csv_writer import csv_writer
from ....files.whole_files import whole_file
from .findings import AuditAmounts, AuditedMessage

__all__ = ["COLUMNS", "open_audit_rows", "row_of_audited"]

COLUMNS = (
    *("message_id", "finding", "time", "direction", "medium", "to", "lines"),
    *("billed_segments", "expected_segments"),
    *("currency", "billed", "expected", "difference", "note"),
)
_FROM_OUTSIDE = ("message_id", "to")


def row_of_audited(audited: AuditedMessage) -> Iterator[dict[str, object]]:
    """Yield the rows of a message, by the names of `COLUMNS`, in types that JSON has too."""
    message = audited.message
    nothing: dict[str | None, AuditAmounts] = {None: AuditAmounts()}
    for currency, amounts in {**audited.amounts}.items() or nothing.items():
        yield {
            "message_id": audited.message_id,
            "finding": audited.finding,
            "time": None if message is None or message.time is None else message.time.isoformat(),
            "direction": message and message.direction,
            "medium": message and message.medium,
            "to": message and " ".join(message.to),
            "lines": audited.line_count,
            "billed_segments": audited.billed_segments,
            "expected_segments": audited.expected_segments,
            "currency": currency,
            **amounts.to_dict(),
            "note": audited.note,
        }


@contextmanager
def open_audit_rows(
    path: str | os.PathLike[str],
) -> Iterator[Callable[[AuditedMessage], object]]:
    """Open a CSV file that appears under its name only when the block ends without an error.

    Args:
        path: The file.

    Yields:
        A function that writes the rows of a message.

    Raises:
        OSError: The file cannot be written.
    """
    with whole_file(path) as file, csv_writer(file, COLUMNS, _FROM_OUTSIDE) as write_row:

        def write(audited: AuditedMessage) -> None:
            for row in row_of_audited(audited):
                write_row(row)

        yield write
