"""`septet bandwidth outcomes`: shows or exports what happened to the messages of a store."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ...display.characters import visible
from ...display.wording import plural
from ..arguments import Parser
from ..outputs import check_outputs
from ..terminal import Cell, Column, Terminal, number, terminal

if TYPE_CHECKING:
    from ...bandwidth import ErrorCode, Outcome, OutcomeState

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet bandwidth outcomes --store events.db
  septet bandwidth outcomes --store events.db --output outcomes.csv
  septet bandwidth outcomes --store postgresql://user@host/events

Each recipient of a message has one outcome. A conflict is an outcome whose callbacks contradict
each other: both a delivery and a failure, or failures for different reasons.
"""
_SUFFIXES = (".csv", ".parquet")
_MAX_ERRORS = 10


def add_to(group: Parser) -> None:
    """Add the command `bandwidth outcomes`."""
    summary = "Show or export what happened to each message."
    command = group.add_command("outcomes", summary, _DETAILS, _run)
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help="Read events from this database: an SQLite file, or a URL of SQLite or PostgreSQL.",
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        type=_output,
        help="Write each outcome to this .csv or .parquet file instead of printing tables.",
    )


def _output(value: str) -> str:
    if Path(value).suffix.lower() not in _SUFFIXES:
        raise argparse.ArgumentTypeError(f"the name must end in .csv or .parquet: {value}")
    return value


def _run(arguments: argparse.Namespace) -> int:
    """Print tables of the outcomes, or write each of them to a file."""
    check_outputs(arguments, ["--output"], [arguments.store])
    from ...bandwidth import open_store

    out = terminal(sys.stdout)
    with open_store(arguments.store, create=False) as store:
        if arguments.output is not None:
            count = store.export(arguments.output)
            out.line(f"{visible(arguments.output)}: {plural(count, 'outcome')}")
        else:
            _print_outcomes(store.all_outcomes(), out)
            out.line(
                f"{visible(store.database.name)}: {plural(store.event_count(), 'event')}, "
                f"{store.undecodable_count():,} undecodable"
            )
    return 0


def _print_outcomes(outcomes: Iterable[tuple[object, Outcome]], out: Terminal) -> None:
    states: Counter[OutcomeState] = Counter()
    conflicts: Counter[OutcomeState] = Counter()
    errors: Counter[tuple[int, ErrorCode | None]] = Counter()
    for _, outcome in outcomes:
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
        [Column("State"), number("Recipients"), number("Share"), number("Conflicts")],
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
            [number("Code"), number("Recipients"), Column("Send again?"), Column("Meaning")],
            [
                [
                    str(code),
                    f"{count:,}",
                    "" if error is None else error.retry,
                    "" if error is None else error.meaning,
                ]
                for (code, error), count in errors.most_common(_MAX_ERRORS)
            ],
        )
