"""Comparisons as rows: what a CSV file has of each message."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...costing import format_amount
from ...files.whole_files import whole_file
from .comparisons import Comparison, Price

__all__ = ["COLUMNS", "open_rows", "row_of"]

COLUMNS = (
    *("message_id", "time", "direction", "medium", "from", "to", "encoding", "unit_count"),
    *("estimated_segments", "reported_segments", "difference", "reason"),
    *("currency", "estimated_cost", "reported_cost", "cost_difference", "note"),
)


def row_of(found: Comparison) -> dict[str, object]:
    """Return a comparison under the names of `COLUMNS`, in values that JSON has too.

    The note says why the figures cannot be compared, or why there is no price.
    """
    facts, analysis, price = found.facts, found.analysis, found.price
    note = found.left_out or (price if isinstance(price, str) else None)
    amounts: list[str | None] = [None] * 4
    if isinstance(price, Price):
        difference = price.reported - price.estimated
        amounts = [
            price.currency,
            *map(format_amount, (price.estimated, price.reported, difference)),
        ]
    return {
        "message_id": facts.message_id,
        "time": facts.time and facts.time.isoformat(),
        "direction": facts.direction,
        "medium": facts.medium,
        "from": facts.from_,
        "to": " ".join(facts.to),
        "encoding": analysis and analysis.encoding,
        "unit_count": analysis and analysis.unit_count,
        "estimated_segments": found.estimated,
        "reported_segments": found.reported,
        "difference": found.difference,
        "reason": found.reason,
        **dict(zip(COLUMNS[-5:-1], amounts, strict=True)),
        "note": note,
    }


@contextmanager
def open_rows(path: str | os.PathLike[str]) -> Iterator[Callable[[Comparison], object]]:
    """Open a CSV file, which is there with all rows when the block ends, or not at all.

    Yields:
        A function that writes a row.

    Raises:
        OSError: It cannot be written.
    """
    with (
        whole_file(path) as unfinished,
        # Ids and numbers come from JSON, where half a surrogate pair is text.
        unfinished.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        yield lambda found: writer.writerow(row_of(found))
