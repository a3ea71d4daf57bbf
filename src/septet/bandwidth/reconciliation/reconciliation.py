"""Compares all messages of a store, and adds up the results."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date

from ...costing import RateCard
from ...segmentation import Segmenter
from .. import EventStore
from .comparisons import Comparison, LeftOut, compare
from .prices import Prices
from .reasons import Reason, ReasonFinder
from .reported_messages import merge_reports
from .rows import open_rows, row_of
from .totals import ComparisonTotals

__all__ = ["Reconciliation", "reconcile"]

_VERSION = 1
_EXAMPLES_KEPT = 20


@dataclass(slots=True)
class Reconciliation:
    """The totals of all comparisons; every message is either in `compared` or in `left_out`.

    Attributes:
        total: The totals of all compared messages.
        compared: The same by kind, such as "SMS sent".
        left_out: Messages that cannot be compared, by reason; a missing count is added as 0.
        differences: Compared messages whose counts differ, by likely reason.
        unpriced: Compared messages without a price, by reason; empty without a rate card.
        examples: The first twenty messages that differ.
    """

    total: ComparisonTotals = field(default_factory=ComparisonTotals)
    compared: dict[str, ComparisonTotals] = field(default_factory=dict)
    left_out: dict[LeftOut, ComparisonTotals] = field(default_factory=dict)
    differences: dict[Reason, ComparisonTotals] = field(default_factory=dict)
    unpriced: dict[str, ComparisonTotals] = field(default_factory=dict)
    examples: list[Comparison] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """The number of all messages."""
        return self.total.messages + sum(totals.messages for totals in self.left_out.values())

    @property
    def differing(self) -> int:
        """The number of messages whose counts differ."""
        return sum(totals.messages for totals in self.differences.values())

    def add(self, comparison: Comparison) -> None:
        """Add the comparison of a message."""
        if comparison.left_out is not None:
            self.left_out.setdefault(comparison.left_out, ComparisonTotals()).add(comparison)
            return
        self.total.add(comparison)
        kind = f"{comparison.message.medium} {comparison.message.direction}"
        self.compared.setdefault(kind, ComparisonTotals()).add(comparison)
        if isinstance(comparison.price, str):
            self.unpriced.setdefault(comparison.price, ComparisonTotals()).add(comparison)
        if comparison.reason is not None:
            self.differences.setdefault(comparison.reason, ComparisonTotals()).add(comparison)
            if len(self.examples) < _EXAMPLES_KEPT:
                self.examples.append(comparison)

    def to_json(self) -> str:
        """Return the result as JSON in ASCII; docs/reconcile.md describes its version 1."""
        groups = {
            name: {key: totals.to_dict() for key, totals in sorted(getattr(self, name).items())}
            for name in ("compared", "left_out", "differences", "unpriced")
        }
        values = {
            "version": _VERSION,
            "messages": self.messages,
            "differing": self.differing,
            "total": self.total.to_dict(),
            **groups,
            "examples": [row_of(comparison) for comparison in self.examples],
        }
        return json.dumps(values, indent=2)


def reconcile(
    store: EventStore,
    *,
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
    since: date | None = None,
    until: date | None = None,
    output: str | os.PathLike[str] | None = None,
    all_rows: bool = False,
) -> Reconciliation:
    """Compare the segment counts of all messages of a store with those the provider reported.

    Callbacks do not repeat the texts of sent messages, so these are read from the outbox of the
    store. The store is read once, one message at a time.

    Args:
        store: The store.
        rates: The rate card for sent messages; each is priced at the rates of the day on which it
            was created (UTC), or of the card's day if its time is unknown.
        segmenter: The rules to count by; the default rules if left out.
        since: The first day (UTC) to include; None includes all days before `until`.
        until: The last day (UTC) to include; None includes all days after `since`.
        output: A CSV file for the messages that differ; it appears when it is complete.
        all_rows: Write all messages, including equal ones and those that cannot be compared.

    Raises:
        EncodingError: GSM-7 is forced, but a text has a character that is not GSM-7.
        OSError: The file cannot be written.
        StoreError: The store cannot be read.
        ValueError: `until` is before `since`.
    """
    if since is not None and until is not None and until < since:
        raise ValueError(f"until={until} is before since={since}")
    first, last = since or date.min, until or date.max
    has_period = since is not None or until is not None
    rules = segmenter or Segmenter()
    reason_finder = ReasonFinder(rules)
    prices = None if rates is None else Prices(rates)
    result = Reconciliation()
    writing = nullcontext() if output is None else open_rows(output)
    with writing as write:
        for stored in store.messages():
            message = merge_reports(stored)
            if message.time is not None and not first <= message.time.date() <= last:
                continue
            if message.time is None and has_period:
                comparison = Comparison(message, None, None, None, None, LeftOut.NO_TIME)
            else:
                comparison = compare(message, rules, reason_finder)
            if prices is not None:
                comparison = replace(comparison, price=prices.find(comparison, stored.events))
            result.add(comparison)
            if write is not None and (all_rows or comparison.reason is not None):
                write(comparison)
    return result
