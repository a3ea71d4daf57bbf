"""`septet bandwidth reconcile`: compares septet's segment counts with the provider's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ...costing import RateCard
from ...costing.rates.money import format_aligned
from ...display.characters import visible
from ...display.wording import plural
from ...standard.encoding import UNIT_NAMES
from ..arguments import Parser, UsageError, add_rules, day, require, segmenter
from ..outputs import check_outputs
from ..terminal import Column, Terminal, complain, number, terminal
from .invoice_tables import print_audit

if TYPE_CHECKING:
    from ...bandwidth.reconciliation import Amounts, Comparison, ComparisonTotals, Reconciliation

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet bandwidth reconcile --store events.db --rates rates.csv
  septet bandwidth reconcile --store events.db --since 2026-10-01
  septet bandwidth reconcile --store events.db --output differences.csv
  septet bandwidth reconcile --store e.db --rates r.csv --invoice october.csv

Callbacks do not repeat the texts of sent messages, so these texts are read from the outbox in
the same database. Each message is priced by the rates of the day on which it was sent.

With --invoice, the lines of an invoice are compared with the messages instead: what was billed and
not sent, sent and not billed, or billed with other segments or at another price.
"""
_STATUSES = {1: "error, or something differs, or lines could not be read"}
_REQUIRES = {
    "--all": "--output",
    "--invoice-id": "--invoice",
    "--invoice-segments": "--invoice",
    "--invoice-amount": "--invoice",
    "--invoice-currency": "--invoice",
    "--encoding": "--invoice",
}
_MEANINGS = {"--output": "the file to write", "--invoice": "the invoice"}
_Name = TypeVar("_Name", bound=str)


def add_to(group: Parser) -> None:
    """Add the command `bandwidth reconcile`."""
    summary = "Compare the segment counts of Bandwidth with septet's own."
    command = group.add_command("reconcile", summary, _DETAILS, _run, statuses=_STATUSES)
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help="Read messages from this database: an SQLite file, or a URL of SQLite or PostgreSQL.",
    )
    command.add_argument(
        "--rates", metavar="FILE", help="Show what the differences cost by this rate card."
    )
    command.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="Compare messages from this day (UTC) on, such as 2026-10-01.",
    )
    command.add_argument(
        "--until", type=day, metavar="DATE", help="Compare messages up to and including this day."
    )
    command.add_argument(
        "--output",
        metavar="CSV",
        type=_output,
        help="Write every message whose counts differ to this .csv file.",
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="Write the other messages to the file too. Needs --output.",
    )
    command.add_argument(
        "--json", action="store_true", help="Print the result as JSON instead of tables."
    )
    _add_invoice(command)
    add_rules(command)


def _add_invoice(command: Parser) -> None:
    invoice = command.add_argument_group("invoice")
    invoice.add_argument(
        "--invoice",
        metavar="FILE",
        action="append",
        default=[],
        help="Compare the lines of this invoice, a file of Bandwidth's or any other with a line "
        "for each message and recipient, or for each segment. Can be given several times.",
    )
    for role, text in (
        ("id", "the message ids"),
        ("segments", "the billed segments"),
        ("amount", "the amounts"),
    ):
        invoice.add_argument(
            f"--invoice-{role}",
            metavar="COLUMN",
            help=f"Take {text} from this column, if its heading is not known.",
        )
    invoice.add_argument(
        "--invoice-currency",
        metavar="COLUMN|CUR",
        help="Take the currencies from this column, or all amounts to be in this currency.",
    )
    invoice.add_argument(
        "--encoding",
        metavar="NAME",
        help="Read the invoice in this encoding, such as windows-1252 (default: UTF-8).",
    )


def _output(value: str) -> str:
    if Path(value).suffix.lower() != ".csv":
        raise argparse.ArgumentTypeError(f"the name must end in .csv: {value}")
    return value


def _run(arguments: argparse.Namespace) -> int:
    """Print what differs and return the exit status: 1 if anything does."""
    require(arguments, _REQUIRES, _MEANINGS)
    if arguments.since and arguments.until and arguments.until < arguments.since:
        raise UsageError(f"--until {arguments.until} is before --since {arguments.since}")
    rates_file = [] if arguments.rates is None else [arguments.rates]
    check_outputs(arguments, ["--output"], [arguments.store, *rates_file, *arguments.invoice])
    if arguments.invoice:
        return _audit(arguments)
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
        messages = plural(result.messages, "message")
        out.line(f"{visible(name)}: {messages}, {result.differing:,} with different counts")
    return 1 if result.differing else 0


def _audit(arguments: argparse.Namespace) -> int:
    """Print how the invoice differs and return the exit status."""
    from ...bandwidth import open_store
    from ...bandwidth.reconciliation import InvoiceColumns, audit_invoice

    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    columns = InvoiceColumns(
        arguments.invoice_id,
        arguments.invoice_segments,
        arguments.invoice_amount,
        arguments.invoice_currency,
    )
    with open_store(arguments.store, create=False) as store:
        result = audit_invoice(
            store,
            arguments.invoice,
            columns=columns,
            rates=rates,
            segmenter=segmenter(arguments),
            since=arguments.since,
            until=arguments.until,
            encoding=arguments.encoding,
            output=arguments.output,
            all_rows=arguments.all,
        )
    if arguments.json:
        print(result.to_json())
    else:
        print_audit(result, terminal(sys.stdout))
    if count := result.unreadable.count:
        examples = ", ".join(map(str, result.unreadable.examples))
        more = ", ..." if count > len(result.unreadable.examples) else ""
        complain(f"{plural(count, 'line')} could not be read ({examples}{more})")
    return 1 if result.finding_count or result.unreadable.count else 0


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
            [Column("Reason"), number("Messages"), number("Estimated"), number("Reported")],
            [
                [reason, f"{sums.messages:,}", f"{sums.estimated:,}", f"{sums.reported:,}"]
                for reason, sums in _ranked(result.left_out)
            ],
        )


def _ranked(groups: Mapping[_Name, ComparisonTotals]) -> list[tuple[str, ComparisonTotals]]:
    return sorted(groups.items(), key=lambda group: (-group[1].messages, group[0]))


def _print_sums(
    title: str,
    heading: str,
    groups: list[tuple[str, ComparisonTotals]],
    currencies: list[str],
    out: Terminal,
) -> None:
    """Write groups with their segments, and the differences in each currency."""
    amounts = [
        format_aligned(
            [sums.costs[c].difference if c in sums.costs else Decimal(0) for _, sums in groups]
        )
        for c in currencies
    ]
    out.table(
        title,
        [
            Column(heading),
            *map(number, ("Messages", "Estimated", "Reported", "Difference")),
            *(number(f"in {currency}") for currency in currencies),
        ],
        [
            [
                name,
                f"{sums.messages:,}",
                f"{sums.estimated:,}",
                f"{sums.reported:,}",
                f"{sums.difference:,}",
                *differences,
            ]
            for (name, sums), *differences in zip(groups, *amounts, strict=True)
        ],
    )


def _print_costs(costs: Mapping[str, Amounts], out: Terminal) -> None:
    out.table(
        "Cost",
        [Column("Currency"), *map(number, ("Estimated", "Reported", "Difference"))],
        [
            [currency, *format_aligned([sums.estimated, sums.reported, sums.difference])]
            for currency, sums in sorted(costs.items())
        ],
    )


def _print_examples(examples: Sequence[Comparison], out: Terminal) -> None:
    out.table(
        "First messages with different counts",
        [
            *(Column("Message"), Column("Time"), Column("To"), Column("Encoding")),
            *map(number, ("Units", "Estimated", "Reported")),
            Column("Likely reason"),
        ],
        [
            [
                visible(comparison.message.message_id),
                "" if comparison.message.time is None else f"{comparison.message.time:%Y-%m-%d}",
                visible(" ".join(comparison.message.to)),
                "" if comparison.analysis is None else UNIT_NAMES[comparison.analysis.encoding][0],
                "" if comparison.analysis is None else f"{comparison.analysis.unit_count:,}",
                f"{comparison.estimated:,}",
                f"{comparison.reported:,}",
                comparison.reason or "",
            ]
            for comparison in examples
        ],
    )
