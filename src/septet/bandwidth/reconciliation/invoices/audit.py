"""Compares an invoice with the messages of a store: two sequences in the order of message ids."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ....costing import Rate, RateCard, UnreadableRows
from ....costing.rates.money import to_amount
from ....costing.rates.rate_range import RateRange
from ....costing.rates.unpriced import DEPENDS_ON_NETWORK
from ....segmentation import Segmenter
from ... import Event, EventStore, StoredMessage
from ...storing.columns import key_of
from ..comparisons import compare
from ..prices import Prices, is_free
from ..reasons import ReasonFinder
from ..reported_messages import ReportedMessage, merge_reports
from .columns import InvoiceColumns
from .findings import AuditAmounts, AuditedMessage, AuditTotals, Finding, format_exactly
from .lines import BilledMessage, InvoiceLines
from .rows import open_audit_rows, row_of_audited

__all__ = ["InvoiceAudit", "audit_invoice"]

_VERSION = 1
_EXAMPLES_KEPT = 5  # of each finding
_NO_TEXT = "no text is stored"
_ZERO = Decimal(0)
_MICROS = 10**6  # prices have up to six decimals


@dataclass(slots=True)
class InvoiceAudit:
    """The totals of an audit: each message is in `agreed`, in `findings` or in `not_compared`.

    Attributes:
        line_count: The lines of the invoice that could be read.
        credit_count: Those of them with a negative amount.
        unreadable: Lines that could not be read, with the first five of them.
        without_id: Lines without a message id, such as fees and sums.
        amounts_without_id: The sums of these lines by currency.
        has_amounts: Whether the invoice has amounts; else the card prices the billed segments.
        total: The totals of all messages.
        agreed: The totals of messages that were billed as expected.
        findings: The totals of messages that were not, by finding.
        not_compared: The totals of billed messages of the store that cannot be compared, by reason.
        examples: The first five messages of each finding.
    """

    line_count: int = 0
    credit_count: int = 0
    unreadable: UnreadableRows = field(default_factory=UnreadableRows)
    without_id: int = 0
    amounts_without_id: Mapping[str, Decimal] = field(default_factory=dict)
    has_amounts: bool = True
    total: AuditTotals = field(default_factory=AuditTotals)
    agreed: AuditTotals = field(default_factory=AuditTotals)
    findings: dict[Finding, AuditTotals] = field(default_factory=dict)
    not_compared: dict[str, AuditTotals] = field(default_factory=dict)
    examples: list[AuditedMessage] = field(default_factory=list)

    @property
    def finding_count(self) -> int:
        """The number of messages that were not billed as expected."""
        return sum(totals.messages for totals in self.findings.values())

    def add(self, audited: AuditedMessage) -> None:
        """Add a message."""
        self.total.add(audited)
        if audited.finding is not None:
            totals = self.findings.setdefault(audited.finding, AuditTotals())
            totals.add(audited)
            if totals.messages <= _EXAMPLES_KEPT:
                self.examples.append(audited)
        elif audited.is_compared:
            self.agreed.add(audited)
        else:
            self.not_compared.setdefault(audited.note or _NO_TEXT, AuditTotals()).add(audited)

    def to_json(self) -> str:
        """Return the result as JSON in ASCII; docs/reconcile.md describes its version 1."""
        values = {
            "version": _VERSION,
            "lines": self.line_count,
            "credits": self.credit_count,
            "unreadable": self.unreadable.to_dict(),
            "without_id": {
                "lines": self.without_id,
                "amounts": {
                    currency: format_exactly(amount)
                    for currency, amount in sorted(self.amounts_without_id.items())
                },
            },
            "has_amounts": self.has_amounts,
            "total": self.total.to_dict(),
            "agreed": self.agreed.to_dict(),
            "findings": {
                finding: totals.to_dict() for finding, totals in sorted(self.findings.items())
            },
            "not_compared": {
                reason: totals.to_dict() for reason, totals in sorted(self.not_compared.items())
            },
            "examples": [row for audited in self.examples for row in row_of_audited(audited)],
        }
        return json.dumps(values, indent=2)


def audit_invoice(
    store: EventStore,
    invoice: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    columns: InvoiceColumns = InvoiceColumns(),  # noqa: B008 - it is immutable
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
    since: date | None = None,
    until: date | None = None,
    encoding: str | None = None,
    output: str | os.PathLike[str] | None = None,
    all_rows: bool = False,
) -> InvoiceAudit:
    """Compare the lines of an invoice with the messages of a store.

    The lines are sorted in a temporary file; the store is read once, one message at a time.

    Args:
        store: The store.
        invoice: One or more files with a line for each message and recipient, or for each segment.
        columns: The columns that the headings do not tell.
        rates: The rate card for sent messages; each is priced at the rates of the day on which it
            was created (UTC), or of the card's day if its time is unknown.
        segmenter: The rules to count by; the default rules if left out.
        since: The first day (UTC) of the invoice: earlier messages need not be billed.
        until: The last day (UTC) of the invoice: later messages need not be billed.
        encoding: The encoding of CSV and JSON Lines files; UTF-8 if left out.
        output: A CSV file for the messages that were not billed as expected; it appears when it is
            complete.
        all_rows: Write all messages.

    Raises:
        EncodingError: GSM-7 is forced, but a text has a character that is not GSM-7.
        OSError: A file cannot be read or written.
        SourceError: The invoice is damaged or of an unknown kind, a column is missing or cannot be
            chosen, or an amount has no currency.
        StoreError: The store cannot be read.
        ValueError: `until` is before `since`, or the encoding is unknown.
    """
    if since is not None and until is not None and until < since:
        raise ValueError(f"until={until} is before since={since}")
    paths = [invoice] if isinstance(invoice, str | os.PathLike) else list(invoice)
    auditor = _Auditor(rates, segmenter or Segmenter(), since or date.min, until or date.max)
    writing = nullcontext() if output is None else open_audit_rows(output)
    with (
        InvoiceLines([os.fspath(path) for path in paths], columns, encoding) as lines,
        writing as write,
    ):
        result = InvoiceAudit(
            lines.line_count,
            lines.credit_count,
            lines.unreadable,
            lines.without_id,
            dict(lines.amounts_without_id),
            lines.columns.amount is not None,
        )
        for billed, stored in _merge(lines.messages(), store.messages()):
            audited = auditor.audit(billed, stored, lines)
            if audited is None:
                continue
            result.add(audited)
            if write is not None and (all_rows or audited.finding is not None):
                write(audited)
    return result


def _merge(
    billed: Iterator[BilledMessage], stored: Iterator[StoredMessage]
) -> Iterator[tuple[BilledMessage | None, StoredMessage | None]]:
    """Yield what is billed and what is stored of each message, in the order of keys."""
    line, message = next(billed, None), next(stored, None)
    while line is not None or message is not None:
        key = None if message is None else key_of(message.message_id)
        if line is None or (key is not None and key < line.key):
            yield None, message
            message = next(stored, None)
        elif key is None or line.key < key:
            yield line, None
            line = next(billed, None)
        else:
            yield line, message
            line, message = next(billed, None), next(stored, None)


class _Auditor:
    """Compares one message after the other."""

    def __init__(
        self, rates: RateCard | None, segmenter: Segmenter, first: date, last: date
    ) -> None:
        self._segmenter = segmenter
        self._reason_finder = ReasonFinder(segmenter)
        self._prices = None if rates is None else Prices(rates)
        self._first, self._last = first, last

    def audit(
        self, billed: BilledMessage | None, stored: StoredMessage | None, lines: InvoiceLines
    ) -> AuditedMessage | None:
        """Return the comparison of a message; None if it was not to be billed, and was not."""
        if stored is None:
            return None if billed is None else _not_in_store(billed, lines)
        message = merge_reports(stored)
        if billed is None and not self._is_to_be_billed(message, stored.events):
            return None
        estimated = compare(message, self._segmenter, self._reason_finder).estimated
        recipients = max(1, len(message.to))
        expected_segments = None if estimated is None else estimated * recipients
        rate = None
        if self._prices is not None and expected_segments is not None:
            rate = self._prices.find_rate(message, expected_segments, stored.events)
        billed_segments: int | None = 0
        if billed is not None:
            billed_segments = _billed_segments(billed, recipients, lines)
            if _has_lines_for_segments(billed, recipients, expected_segments):
                billed_segments = expected_segments
            elif estimated is not None and billed_segments == estimated:
                expected_segments = estimated  # one line for all recipients
        surplus = 0
        if billed is not None:
            surplus = max(0, _surplus(billed, recipients, expected_segments, lines))
        amounts = _amounts(billed, billed_segments, expected_segments, rate, lines, surplus)
        is_unbillable = message.direction == "sent" and is_free(stored.events)
        if is_unbillable:
            amounts = {
                currency: AuditAmounts.of(each.billed, _ZERO) for currency, each in amounts.items()
            }
        differs = any(each.difference for each in amounts.values())
        has_billed = any(each.billed for each in amounts.values())
        finding = None
        if billed is None:
            finding = Finding.NOT_BILLED
        elif surplus:
            finding = Finding.TWICE
        elif is_unbillable:
            finding = Finding.NOT_BILLABLE if has_billed or not lines.columns.amount else None
        elif None not in (billed_segments, expected_segments) and (
            billed_segments != expected_segments
        ):
            finding = Finding.SEGMENTS
        elif differs:
            finding = Finding.PRICE
        note = rate if isinstance(rate, str) else None
        if isinstance(rate, RateRange) and all(each.expected is None for each in amounts.values()):
            note = DEPENDS_ON_NETWORK
        return AuditedMessage(
            message.message_id,
            message,
            finding,
            _NO_TEXT if expected_segments is None else note,
            0 if billed is None else billed.line_count,
            billed_segments,
            expected_segments,
            amounts,
        )

    def _is_to_be_billed(self, message: ReportedMessage, events: Sequence[Event]) -> bool:
        is_in_period = message.time is None or (self._first <= message.time.date() <= self._last)
        return message.direction == "sent" and is_in_period and not is_free(events)


def _not_in_store(billed: BilledMessage, lines: InvoiceLines) -> AuditedMessage:
    recipients = max(1, billed.recipient_count)
    return AuditedMessage(
        billed.message_id,
        None,
        Finding.NOT_RECEIVED if billed.is_received else Finding.NOT_SENT,
        None,
        billed.line_count,
        _billed_segments(billed, recipients, lines),
        0,
        {currency: AuditAmounts.of(amount, _ZERO) for currency, amount in billed.amounts.items()},
    )


def _billed_segments(billed: BilledMessage, recipients: int, lines: InvoiceLines) -> int | None:
    """Return the segments of the lines of a message; None if a line has none."""
    if lines.columns.has_line_for_segment:
        return billed.charge_count
    counts = billed.segments if billed.recipient_count else billed.segments[:recipients]
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _has_lines_for_segments(
    billed: BilledMessage, recipients: int, expected_segments: int | None
) -> bool:
    """Return whether the lines of a message for one recipient have its segments together."""
    return recipients == 1 and expected_segments == billed.total_segments is not None


def _surplus(
    billed: BilledMessage, recipients: int, expected_segments: int | None, lines: InvoiceLines
) -> int:
    """Return how many lines are too many, after those that credits take back."""
    if lines.columns.has_line_for_segment:
        return 0  # they are too many segments
    if _has_lines_for_segments(billed, recipients, expected_segments):
        return 0
    allowed = billed.recipient_count or recipients
    if lines.columns.segments is None:  # a line may be a message or a segment
        allowed = max(allowed, expected_segments or 0)
    return billed.charge_count - billed.credit_count - allowed


def _amounts(
    billed: BilledMessage | None,
    billed_segments: int | None,
    expected_segments: int | None,
    rate: Rate | RateRange | str | None,
    lines: InvoiceLines,
    surplus: int,
) -> dict[str, AuditAmounts]:
    """Return what was billed and what was expected, by currency.

    If the price depends on the network, the nearest possible one is expected, without the share of
    lines that are too many.
    """
    expected: dict[str, Decimal] = {}
    charged: Mapping[str, Decimal] = {} if billed is None else billed.amounts
    if isinstance(rate, Rate | RateRange) and expected_segments is not None:
        price, currency = rate.price_of(expected_segments), rate.currency
        if billed is None:
            charged = {currency: _ZERO}
        elif lines.columns.amount is None and billed_segments is not None:
            amount = rate.price_of(billed_segments).amount
            charged = {} if amount is None else {currency: amount}
        if price.amount is not None:
            expected[currency] = price.amount
        elif charged and billed is not None:
            given = charged.get(currency, _ZERO)
            if surplus:
                charges = billed.charge_count - billed.credit_count
                given = to_amount(round(Fraction(given) * _MICROS * (charges - surplus) / charges))
            expected[currency] = min(max(given, price.lowest), price.highest)
    return {
        currency: AuditAmounts.of(
            charged.get(currency, _ZERO if charged else None),
            expected.get(currency, _ZERO if expected else None),
        )
        for currency in sorted({*charged, *expected})
    }
