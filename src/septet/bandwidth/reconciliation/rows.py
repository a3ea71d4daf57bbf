"""Writes comparisons as rows of a CSV file.

Cells from outside that a spreadsheet would run as a formula begin with an apostrophe.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...costing import format_amount
from ...files.csv_writer import csv_writer
from ...files.whole_files import whole_file
from .comparisons import ComparedPrice, Comparison

__all__ = ["COLUMNS", "open_rows", "row_of"]

COLUMNS = (
    *("message_id", "time", "direction", "medium", "from", "to", "encoding", "unit_count"),
    *("estimated_segments", "reported_segments", "difference", "reason"),
    *("currency", "estimated_cost", "reported_cost", "cost_difference", "note"),
)

_FROM_OUTSIDE = ("message_id", "from", "to")


def row_of(comparison: Comparison) -> dict[str, object]:
    """Return the row of a comparison, by the names of `COLUMNS`, in types that JSON has too.

    The note has the reason why the counts are not compared, or why there is no price.
    """
    message, analysis, price = comparison.message, comparison.analysis, comparison.price
    note = comparison.left_out or (price if isinstance(price, str) else None)
    amounts: list[str | None] = [None] * 4
    if isinstance(price, ComparedPrice):
        difference = price.reported - price.estimated
        amounts = [
            price.currency,
            *map(format_amount, (price.estimated, price.reported, difference)),
        ]
    return {
        "message_id": message.message_id,
        "time": message.time and message.time.isoformat(),
        "direction": message.direction,
        "medium": message.medium,
        "from": message.from_,
        "to": " ".join(message.to),
        "encoding": analysis and analysis.encoding,
        "unit_count": analysis and analysis.unit_count,
        "estimated_segments": comparison.estimated,
        "reported_segments": comparison.reported,
        "difference": comparison.difference,
        "reason": comparison.reason,
        **dict(zip(COLUMNS[-5:-1], amounts, strict=True)),
        "note": note,
    }


@contextmanager
def open_rows(path: str | os.PathLike[str]) -> Iterator[Callable[[Comparison], object]]:
    """Open a CSV file that appears under its name only when the block ends without an error.

    Args:
        path: The file.

    Yields:
        A function that writes the row of a comparison.

    Raises:
        OSError: The file cannot be written.
    """
    with whole_file(path) as file, csv_writer(file, COLUMNS, _FROM_OUTSIDE) as write_row:
        yield lambda comparison: write_row(row_of(comparison))
