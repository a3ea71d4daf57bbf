"""Prints the audit of an invoice as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from ...display.characters import visible
from ...display.wording import plural
from ..terminal import Cell, Column, Terminal, number

if TYPE_CHECKING:
    from ...bandwidth.reconciliation import AuditedMessage, AuditTotals, InvoiceAudit

__all__ = ["print_audit"]

_Name = TypeVar("_Name", bound=str)


def print_audit(result: InvoiceAudit, out: Terminal) -> None:
    """Write all figures of an audit.

    Args:
        result: The audit.
        out: Where the tables go.
    """
    groups: list[tuple[str, AuditTotals]] = [
        ("billed as expected", result.agreed),
        *((str(finding), totals) for finding, totals in _ranked(result.findings)),
        *((f"not compared: {reason}", totals) for reason, totals in _ranked(result.not_compared)),
        ("Total", result.total),
    ]
    out.table(
        "Messages",
        [
            Column(""),
            *map(number, ("Messages", "Lines", "Segments billed", "Segments expected")),
        ],
        [
            [
                name,
                *(
                    f"{count:,}"
                    for count in (
                        totals.messages,
                        totals.lines,
                        totals.billed_segments,
                        totals.expected_segments,
                    )
                ),
            ]
            for name, totals in groups
        ],
    )
    for currency in sorted(result.total.amounts):
        rows = [
            (name, totals.amounts[currency])
            for name, totals in groups
            if currency in totals.amounts
        ]
        cells = _aligned(
            [value for _, each in rows for value in (each.billed, each.expected, each.difference)]
        )
        out.table(
            f"Amounts in {currency}",
            [Column(""), *map(number, ("Billed", "Expected", "Difference"))],
            [[name, *cells[3 * row : 3 * row + 3]] for row, (name, _) in enumerate(rows)],
        )
    if result.without_id:
        amounts = result.amounts_without_id
        out.table(
            f"Lines without a message id: {result.without_id:,}",
            [Column("Currency"), number("Billed")],
            [[name, _aligned([amounts[name]])[0]] for name in sorted(amounts)],
        )
    if result.examples:
        _print_examples(result.examples, out)
    if not result.has_amounts:
        out.line("No column of amounts is known: billed segments are priced by the rate card.")
    lines, messages = plural(result.line_count, "line"), plural(result.total.messages, "message")
    out.line(f"{lines} for {messages}, {result.finding_count:,} not as expected")


def _print_examples(examples: Sequence[AuditedMessage], out: Terminal) -> None:
    rows: list[list[Cell]] = []
    for audited in examples:
        message = audited.message
        amounts = [
            f"{_aligned([each.difference])[0]} {currency}"
            for currency, each in audited.amounts.items()
            if each.difference
        ]
        rows.append(
            [
                visible(audited.message_id),
                "" if message is None or message.time is None else f"{message.time:%Y-%m-%d}",
                "" if message is None else visible(" ".join(message.to)),
                _count(audited.billed_segments),
                _count(audited.expected_segments),
                ", ".join(amounts),
                str(audited.finding),
            ]
        )
    out.table(
        "First messages that were not billed as expected",
        [
            *(Column("Message"), Column("Time"), Column("To")),
            *map(number, ("Billed", "Expected", "Difference")),
            Column("Finding"),
        ],
        rows,
    )


def _ranked(groups: Mapping[_Name, AuditTotals]) -> list[tuple[_Name, AuditTotals]]:
    return sorted(groups.items(), key=lambda group: (-group[1].messages, group[0]))


def _count(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _aligned(amounts: Sequence[Decimal | None]) -> list[str]:
    """Return amounts with the decimals of the longest, at least two; an empty text for None."""
    from ...bandwidth.reconciliation.invoices.findings import format_exactly

    texts = [format_exactly(amount) or "" for amount in amounts]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return ["" if amount is None else f"{amount:,.{decimals}f}" for amount in amounts]
