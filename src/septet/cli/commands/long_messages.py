"""Messages of more segments than allowed, as a table and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields

from ...costing import LongMessage
from ...display.characters import visible
from ...files.whole_files import whole_file
from ..terminal import Column, Terminal

__all__ = ["print_long_messages", "write_long_messages"]

_TEXT_SHOWN = 40


def print_long_messages(messages: Iterable[LongMessage], out: Terminal) -> None:
    """Write a table of the messages, of each the beginning of its text."""
    out.table(
        "The first messages of more segments than allowed",
        [
            Column("File"),
            Column("Row", is_number=True),
            Column("Segments", is_number=True),
            Column("Recipient"),
            Column("Text"),
        ],
        [
            [
                visible(found.source),
                f"{found.row:,}",
                f"{found.segments:,}",
                visible(found.recipient or ""),
                visible(_beginning(found.text)),
            ]
            for found in messages
        ],
    )


def write_long_messages(path: str, messages: Iterable[LongMessage]) -> None:
    """Write the messages as CSV; the file is there with all of them, or not at all.

    Raises:
        OSError: It cannot be written.
    """
    with (
        whole_file(path) as unfinished,
        unfinished.open("w", encoding="utf-8", errors="replace", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(LongMessage)])
        writer.writerows(map(astuple, messages))


def _beginning(text: str) -> str:
    return text if len(text) <= _TEXT_SHOWN else f"{text[: _TEXT_SHOWN - 1]}…"
