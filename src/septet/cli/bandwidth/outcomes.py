"""`septet outcomes`: what became of the messages whose callbacks a store has."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ...display.characters import visible
from ..arguments import Commands, add_command
from ..terminal import Cell, Column, Terminal, terminal

if TYPE_CHECKING:
    from ...bandwidth import ErrorCode, Outcome, OutcomeState

__all__ = ["add_to"]

_EXAMPLES = """\
examples:
  septet outcomes events.db
  septet outcomes events.db --output outcomes.csv
  septet outcomes postgresql://user@host/events --output outcomes.parquet

There is one outcome for each message and recipient. A conflict is one whose
receipts contradict each other: both a delivery and a failure, or failures for
different reasons.
"""
_SUFFIXES = (".csv", ".parquet")
_SHOWN_ERRORS = 10


def add_to(commands: Commands) -> None:
    """Add the command `outcomes`."""
    summary = "what became of the messages whose callbacks a store has"
    command = add_command(commands, "outcomes", summary, _EXAMPLES, _run)
    command.add_argument(
        "store", metavar="STORE", help="an SQLite file, or a URL of SQLite or PostgreSQL"
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        type=_output,
        help="write a row for each outcome to a .csv or .parquet file, instead of the tables",
    )


def _output(value: str) -> str:
    if Path(value).suffix.lower() not in _SUFFIXES:
        raise argparse.ArgumentTypeError(f"{value} ends neither in .csv nor in .parquet")
    return value


def _run(arguments: argparse.Namespace) -> int:
    """Print the outcomes in numbers, or write them to a file."""
    from ...bandwidth import open_store

    out = terminal(sys.stdout)
    with open_store(arguments.store, create=False) as store:
        if arguments.output is not None:
            count = store.export(arguments.output)
            out.line(f"{visible(arguments.output)}: {count:,} outcomes")
        else:
            _print_outcomes(store.all_outcomes(), out)
            out.line(
                f"{visible(store.database.name)}: {store.event_count():,} events,"
                f" undecodable: {store.undecodable_count():,}"
            )
    return 0


def _print_outcomes(outcomes: Iterable[Outcome], out: Terminal) -> None:
    states: Counter[OutcomeState] = Counter()
    conflicts: Counter[OutcomeState] = Counter()
    errors: Counter[tuple[int, ErrorCode | None]] = Counter()
    for outcome in outcomes:
        states[outcome.state] += 1
        conflicts[outcome.state] += bool(outcome.conflict)
        if outcome.error_code is not None:
            errors[outcome.error_code, outcome.error] += 1
    total: list[Cell] = [
        [(cell, "strong")]
        for cell in ("Total", f"{states.total():,}", "", f"{conflicts.total():,}")
    ]
    out.table(
        "Outcomes",
        [Column("State"), _number("Recipients"), _number("Share"), _number("Conflicts")],
        [
            *(
                [state, f"{count:,}", f"{count / states.total():.1%}", f"{conflicts[state]:,}"]
                for state, count in states.most_common()
            ),
            total,
        ],
    )
    if errors:
        out.table(
            "Most frequent error codes",
            [_number("Code"), _number("Recipients"), Column("Send again?"), Column("Meaning")],
            [
                [
                    str(code),
                    f"{count:,}",
                    "" if error is None else error.retry,
                    "" if error is None else error.meaning,
                ]
                for (code, error), count in errors.most_common(_SHOWN_ERRORS)
            ],
        )


def _number(heading: str) -> Column:
    return Column(heading, is_number=True)
