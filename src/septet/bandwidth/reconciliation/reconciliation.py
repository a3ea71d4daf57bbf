"""All messages of a store, as we count them against what the provider reported."""

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
from .facts import facts_of
from .prices import Prices
from .reasons import Reason, Reasons
from .rows import open_rows, row_of
from .sums import Sums

__all__ = ["Reconciliation", "reconcile"]

_VERSION = 1
_EXAMPLES_KEPT = 20


@dataclass(slots=True)
class Reconciliation:
    """The sums of comparisons: every message is in `compared` or in `left_out`, once.

    Attributes:
        total: All that could be compared.
        compared: The same by kind, as in "SMS sent".
        left_out: What could not be, by the reason; figures that are missing count as 0.
        differences: What was compared and differs, by the likely reason.
        unpriced: What was compared and has no price, by the reason; empty without a rate card.
        examples: The first twenty that differ.
    """

    total: Sums = field(default_factory=Sums)
    compared: dict[str, Sums] = field(default_factory=dict)
    left_out: dict[LeftOut, Sums] = field(default_factory=dict)
    differences: dict[Reason, Sums] = field(default_factory=dict)
    unpriced: dict[str, Sums] = field(default_factory=dict)
    examples: list[Comparison] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return self.total.messages + sum(sums.messages for sums in self.left_out.values())

    @property
    def differing(self) -> int:
        """How many of them differ."""
        return sum(sums.messages for sums in self.differences.values())

    def add(self, comparison: Comparison) -> None:
        """Add a message."""
        if comparison.left_out is not None:
            self.left_out.setdefault(comparison.left_out, Sums()).add(comparison)
            return
        self.total.add(comparison)
        kind = f"{comparison.facts.medium} {comparison.facts.direction}"
        self.compared.setdefault(kind, Sums()).add(comparison)
        if isinstance(comparison.price, str):
            self.unpriced.setdefault(comparison.price, Sums()).add(comparison)
        if comparison.reason is not None:
            self.differences.setdefault(comparison.reason, Sums()).add(comparison)
            if len(self.examples) < _EXAMPLES_KEPT:
                self.examples.append(comparison)

    def to_json(self) -> str:
        """Return all of it as JSON in ASCII, version 1; docs/reconcile.md describes it."""
        groups = {
            name: {key: sums.to_dict() for key, sums in sorted(getattr(self, name).items())}
            for name in ("compared", "left_out", "differences", "unpriced")
        }
        facts = {
            "version": _VERSION,
            "messages": self.messages,
            "differing": self.differing,
            "total": self.total.to_dict(),
            **groups,
            "examples": [row_of(comparison) for comparison in self.examples],
        }
        return json.dumps(facts, indent=2)


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
    """Compare the segments of all messages of a store with what the provider reported.

    The text of what was sent is in the outbox of the store, for callbacks do not repeat it. The
    store is read once, a message at a time.

    Args:
        store: The store.
        rates: A card to price what was sent by: each message by the rates of the day on which it
            was made (UTC), or of the card's day if that is not told.
        segmenter: The rules to count by; the default ones if left out.
        since: The first day (UTC) of messages that are looked at; all from the beginning without.
        until: The last day; all to the end without.
        output: A CSV file to write the messages that differ to; it is there when all are written.
        all_rows: Write all messages, also equal ones and those that cannot be compared.

    Raises:
        EncodingError: GSM-7 is forced and a text has another character.
        OSError: The file cannot be written.
        StoreError: The store cannot be read.
        ValueError: The last day is before the first.
    """
    if since is not None and until is not None and until < since:
        raise ValueError(f"the last day, {until}, is before the first, {since}")
    first, last = since or date.min, until or date.max
    has_period = since is not None or until is not None
    rules = segmenter or Segmenter()
    reasons = Reasons(rules)
    prices = None if rates is None else Prices(rates)
    result = Reconciliation()
    writing = nullcontext() if output is None else open_rows(output)
    with writing as write:
        for stored in store.messages():
            facts = facts_of(stored)
            if facts.time is not None and not first <= facts.time.date() <= last:
                continue
            if facts.time is None and has_period:
                comparison = Comparison(facts, None, None, None, None, LeftOut.NO_TIME)
            else:
                comparison = compare(facts, rules, reasons)
            if prices is not None:
                comparison = replace(comparison, price=prices.find(comparison, stored.events))
            result.add(comparison)
            if write is not None and (all_rows or comparison.reason is not None):
                write(comparison)
    return result
