"""Prints or writes the messages that take more segments than allowed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields

from ...costing import LongMessage
from ...display.characters import visible
from ...display.wording import shorten
from ...files.whole_files import text_of, whole_file
from ..terminal import Column, Terminal, number

__all__ = ["print_long_messages", "write_long_messages"]

_MAX_TEXT = 40


def print_long_messages(messages: Iterable[LongMessage], out: Terminal) -> None:
    """Write a table of messages, with the beginnings of their texts.

    Args:
        messages: The messages; all of them are shown.
        out: Where the table goes.
    """
    out.table(
        "First messages over the limit",
        [
            Column("File"),
            number("Row"),
            number("Segments"),
            Column("Recipient"),
            Column("Text"),
        ],
        [
            [
                visible(message.source),
                f"{message.row:,}",
                f"{message.segments:,}",
                visible(message.recipient or ""),
                visible(shorten(message.text, _MAX_TEXT)),
            ]
            for message in messages
        ],
    )


def write_long_messages(path: str, messages: Iterable[LongMessage]) -> None:
    """Write messages as CSV. If that fails, a file that was there before stays as it is.

    Args:
        path: The file.
        messages: The messages.

    Raises:
        OSError: The file cannot be written.
    """
    with whole_file(path) as file, text_of(file, "replace") as text:
        writer = csv.writer(text)
        writer.writerow([field.name for field in fields(LongMessage)])
        writer.writerows(map(astuple, messages))
