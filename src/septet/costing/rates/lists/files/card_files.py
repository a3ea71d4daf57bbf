"""Writes plain rate cards: what `septet rates import` makes of a price list."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable

from .....files.cells import as_text
from .....files.whole_files import text_of, whole_file
from ...money import format_amount
from ...rate import Rate
from ..values.headings import CARD_COLUMNS

__all__ = ["write_card"]


def write_card(path: str | os.PathLike[str], rates: Iterable[Rate]) -> None:
    """Write a rate card.

    Args:
        path: The CSV file; one that exists is replaced when the new one is complete.
        rates: The rates; one that is repeated is written once.

    Raises:
        OSError: The file cannot be written.
    """
    with whole_file(path) as file, text_of(file) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(CARD_COLUMNS)
        writer.writerows(map(_row, dict.fromkeys(rates)))


def _row(rate: Rate) -> list[str]:
    return [
        rate.prefix,
        format_amount(rate.price),
        rate.currency,
        as_text(rate.country or ""),
        as_text(rate.network or ""),
        rate.kind,
        format_amount(rate.surcharge) if rate.surcharge else "",
        rate.per,
        "" if rate.valid_from is None else rate.valid_from.isoformat(),
    ]
