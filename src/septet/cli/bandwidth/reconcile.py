"""`septet reconcile`: segments as we count them against those that the provider reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...costing import RateCard
from ...costing.rates.money import format_aligned
from ...display.characters import visible
from ...standard.encoding import UNIT_NAMES
from ..arguments import Commands, add_command, add_rules, day, segmenter
from ..terminal import Column, Terminal, terminal

if TYPE_CHECKING:
    from ...bandwidth.reconciliation import Amounts, Comparison, ComparisonTotals, Reconciliation

__all__ = ["add_to"]

_EXAMPLES = """\
examples:
  septet reconcile --store events.db --rates rates.csv
  septet reconcile --store events.db --since 2026-10-01 --until 2026-10-31
  septet reconcile --store events.db --output differences.csv

Texts that were sent are those of the store's outbox, for callbacks do not
repeat them. A message is priced by the rates of the day on which it was made.
The exit status is 1 if a message differs.
"""


def add_to(commands: Commands) -> None:
    """Add the command `reconcile`."""
    summary = "segments as counted here against those that Bandwidth reported"
    command = add_command(commands, "reconcile", summary, _EXAMPLES, _run)
    add_rules(command)
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help="an SQLite file, or a URL of SQLite or PostgreSQL",
    )
    command.add_argument("--rates", metavar="RATES", help="a rate card to price by")
    command.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="messages from this day on (UTC), as in 2026-10-01",
    )
    command.add_argument("--until", type=day, metavar="DATE", help="messages up to this day")
    command.add_argument(
        "--output",
        metavar="CSV",
        type=_output,
        help="write the messages that differ to a .csv file",
    )
    command.add_argument(
        "--all", action="store_true", help="write all messages, not only those that differ"
    )
    command.add_argument("--json", action="store_true", help="print the result as JSON")


def _output(value: str) -> str:
    if Path(value).suffix.lower() != ".csv":
        raise argparse.ArgumentTypeError(f"{value} does not end in .csv")
    return value


def _run(arguments: argparse.Namespace) -> int:
    """Print how figures differ and return the exit status: 1 if any do."""
    if arguments.all and arguments.output is None:
        raise argparse.ArgumentTypeError("--all needs --output: where the messages are written")
    if arguments.since and arguments.until and arguments.until < arguments.since:
        raise argparse.ArgumentTypeError("--until is before --since")
    from ...bandwidth import open_store
    from ...bandwidth.reconciliation import reconcile

    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    with open_store(arguments.store, create=False) as store:
        result = reconcile(
            store,
            rates=rates,
            segmenter=segmenter(arguments),
            since=arguments.since,
            until=arguments.until,
            output=arguments.output,
            all_rows=arguments.all,
        )
        name = store.database.name
    if arguments.json:
        print(result.to_json())
    else:
        out = terminal(sys.stdout)
        _print(result, out)
        out.line(f"{visible(name)}: {result.messages:,} messages, differing: {result.differing:,}")
    return 1 if result.differing else 0


def _print(result: Reconciliation, out: Terminal) -> None:
    currencies = sorted(result.total.costs)
    compared = [*sorted(result.compared.items()), ("Total", result.total)]
    _print_sums("Compared", "Kind", compared, currencies, out)
    if currencies:
        _print_costs(result.total.costs, out)
    if result.differences:
        reasons = _ranked(result.differences)
        _print_sums("Differences", "Likely reason", reasons, currencies, out)
        _print_examples(result.examples, out)
    if result.unpriced:
        _print_sums("Without a price", "Reason", _ranked(result.unpriced), [], out)
    if result.left_out:
        out.table(
            "Not compared",
            [Column("Reason"), _number("Messages"), _number("Estimated"), _number("Reported")],
            [
                [reason, f"{its.messages:,}", f"{its.estimated:,}", f"{its.reported:,}"]
                for reason, its in _ranked(result.left_out)
            ],
        )


def _ranked(groups: Mapping[Any, ComparisonTotals]) -> list[tuple[str, ComparisonTotals]]:
    return sorted(groups.items(), key=lambda group: (-group[1].messages, group[0]))


def _print_sums(
    title: str,
    heading: str,
    groups: list[tuple[str, ComparisonTotals]],
    currencies: list[str],
    out: Terminal,
) -> None:
    """Write groups with their segments, and what these differ by in each currency."""
    amounts = [
        format_aligned(
            [its.costs[c].difference if c in its.costs else Decimal(0) for _, its in groups]
        )
        for c in currencies
    ]
    out.table(
        title,
        [
            Column(heading),
            *map(_number, ("Messages", "Estimated", "Reported", "Difference")),
            *(_number(f"in {currency}") for currency in currencies),
        ],
        [
            [
                name,
                f"{its.messages:,}",
                f"{its.estimated:,}",
                f"{its.reported:,}",
                f"{its.difference:,}",
                *differences,
            ]
            for (name, its), *differences in zip(groups, *amounts, strict=True)
        ],
    )


def _print_costs(costs: Mapping[str, Amounts], out: Terminal) -> None:
    out.table(
        "Cost",
        [Column("Currency"), *map(_number, ("Estimated", "Reported", "Difference"))],
        [
            [currency, *format_aligned([its.estimated, its.reported, its.difference])]
            for currency, its in sorted(costs.items())
        ],
    )


def _print_examples(examples: Sequence[Comparison], out: Terminal) -> None:
    out.table(
        "The first messages that differ",
        [
            *(Column("Message"), Column("Time"), Column("To"), Column("Encoding")),
            *map(_number, ("Units", "Estimated", "Reported")),
            Column("Likely reason"),
        ],
        [
            [
                visible(found.message.message_id),
                "" if found.message.time is None else f"{found.message.time:%Y-%m-%d}",
                visible(" ".join(found.message.to)),
                "" if found.analysis is None else UNIT_NAMES[found.analysis.encoding][0],
                "" if found.analysis is None else f"{found.analysis.unit_count:,}",
                f"{found.estimated:,}",
                f"{found.reported:,}",
                found.reason or "",
            ]
            for found in examples
        ],
    )


def _number(heading: str) -> Column:
    return Column(heading, is_number=True)
