"""The messages that a file describes, for the outbox."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from ...bandwidth import Message, MessageError
from ...columns.surveys import listed
from ...costing.reading.opening import open_file
from ...costing.reading.sources import Batch, Columns
from ...display.wording import plural

__all__ = ["read_messages"]

_MAX_PROBLEMS = 5


def read_messages(arguments: argparse.Namespace) -> tuple[list[Message], list[str]]:
    """Return the messages of a file, and what is wrong with some of its rows.

    Args:
        arguments: The arguments of `outbox add`.

    Returns:
        All messages; and the first problems, each with its place. If there is a problem, the
        messages are incomplete.
    """
    others = [name for name in (arguments.from_column, arguments.tag_column) if name is not None]
    columns = Columns(arguments.text, arguments.to, by=tuple(others))
    messages: list[Message] = []
    problems: list[str] = []
    count = 0
    with open_file(arguments.file, columns) as file:
        for batch in file:
            for row, values in _rows(batch, arguments):
                try:
                    messages.append(Message(arguments.application_id, **values))
                except (MessageError, TypeError) as error:
                    count += 1
                    if count <= _MAX_PROBLEMS:
                        problems.append(f"{batch.source}, row {row}: {error}")
        unreadable = file.unreadable
    problems += [f"{arguments.file}, {row}" for row in unreadable.examples]
    more = count + unreadable.count - len(problems)
    if more:
        problems.append(f"{plural(more, 'more row')} like these")
    return messages, problems


def _rows(batch: Batch, arguments: argparse.Namespace) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the values of each row."""
    texts, recipients = listed(batch.texts), listed(batch.recipients)
    groups = [listed(group) for group in batch.groups]
    senders = repeat(arguments.from_) if arguments.from_column is None else groups.pop(0)
    tags = groups.pop(0) if groups else repeat(None)
    skipped = set(batch.skipped)
    row = batch.first_row - 1
    for text, to, from_, tag in zip(texts, recipients, senders, tags, strict=False):
        row += 1
        while row in skipped:
            row += 1
        yield row, {"from_": from_, "to": to, "text": text, "tag": tag or None}
