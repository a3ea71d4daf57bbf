"""Prints or writes the messages that take more segments than allowed."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable
from dataclasses import astuple, fields
from itertools import islice

from ....costing import LongMessage, find_long_messages
from ....display.characters import visible
from ....display.wording import shorten
from ....files.whole_files import text_of, whole_file
from ...arguments import segmenter
from ...terminal import Column, Terminal, complain, number, terminal
from .files import find_pipe

__all__ = ["report_long_messages", "write_long_messages"]

_MAX_TEXT = 40
_MAX_MESSAGES_SHOWN = 20


def report_long_messages(arguments: argparse.Namespace, files: list[str]) -> None:
    """Write all messages over the limit to a file, or the first of them to the terminal.

    Args:
        arguments: The parsed arguments of `septet estimate`.
        files: The files of messages.
    """
    if arguments.json and arguments.long is None:
        return
    if pipe := find_pipe(files):
        complain(f"the longer messages are not listed: {pipe} can be read only once")
        return
    messages = find_long_messages(
        files,
        arguments.max_per_message,
        text=arguments.text,
        template=arguments.template,
        template_column=arguments.template_column,
        to=arguments.to,
        encoding=arguments.encoding,
        sheet=arguments.sheet,
        segmenter=segmenter(arguments),
    )
    if arguments.long is not None:
        write_long_messages(arguments.long, messages)
    else:
        _print_long_messages(islice(messages, _MAX_MESSAGES_SHOWN), terminal(sys.stdout))


def _print_long_messages(messages: Iterable[LongMessage], out: Terminal) -> None:
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
