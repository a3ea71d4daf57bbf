"""Counted batches, and what observes them: each observer adds up one kind of figures."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple, Protocol

from ...columns.column_types import AnalysisColumns
from ..reading.sources import Batch

__all__ = ["BatchFacts", "CountedBatch", "Observer"]


class BatchFacts(NamedTuple):
    """The facts of the messages of a batch, row by row.

    Attributes:
        columns: Encoding, units and segments of each row; a row without text has no units.
        rates: For each row the index of its rate in `RateCard.rates`, or a value of `Unpriced`.
            `Unpriced.NO_RATE` everywhere without a card.
    """

    columns: AnalysisColumns
    rates: array[int]


class CountedBatch(NamedTuple):
    """A batch whose messages were counted and whose rates were found.

    Attributes:
        batch: The batch. Lists in it that are read again are copies, so callers cannot change them.
        texts: The texts of the messages: a list or an Arrow array.
        facts: The facts of each row.
        segments: The segments of each row, as in `facts`.
        units: The septets or code units of each row; 0 without text.
        encodings: The position of each row's encoding in `Encoding`; 0 for GSM-7, 1 for UCS-2.
        groups: For each group column the number of each row's value.
    """

    batch: Batch
    texts: Any
    facts: BatchFacts
    segments: memoryview
    units: memoryview
    encodings: memoryview
    groups: list[array[int]]

    @property
    def rates(self) -> array[int]:
        """The index of each row's rate, as in `facts`."""
        return self.facts.rates


class Observer(Protocol):
    """Looks at counted batches and adds up one kind of figures."""

    def add(self, counted: CountedBatch) -> None:
        """Look at one more batch."""

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the figures."""
