"""Messages that were sent before: found by hashes of numbers and texts, in bounded memory."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import cache
from typing import Any, NamedTuple

from ..._kernels import Hasher, HashSet, PrefixIndex, count_distinct_rows, find_sent_rows
from ...columns.surveys import find_prefixes, listed_rows
from ...columns.text_rows import hash_column
from ..rates.card import RateCard
from ..rates.phone_numbers import may_be_number
from ..rates.pricing import MessageCounts, move_to_groups
from ..rates.unpriced import Unpriced
from .counted_batches import CountedBatch
from .savings import SAME_MESSAGE, SAME_NUMBER, Savings

__all__ = ["MAX_REMEMBERED", "RepeatFinder", "SentMessages"]

MAX_REMEMBERED = 4_000_000
"""How many messages are remembered to find repeats; above that, repeats are not reported.

Their hashes take at most 100 MB in the compiled implementation.
"""


class SentMessages(NamedTuple):
    """The messages of a batch that have a text and a number.

    Attributes:
        rows: Their row numbers, in order, as int32.
        numbers: A hash of the number in each row of the batch, as the card reads it.
        messages: A hash of the number and the text in each row.
        segments: The segments of each row.
        rates: The index of each row's rate, or a value of `Unpriced`.
    """

    rows: memoryview
    numbers: array[int]
    messages: array[int]
    segments: memoryview
    rates: array[int]


class RepeatFinder:
    """Remembers the hashes of messages, in the order of the rows of a campaign."""

    def __init__(self, savings: Savings, rates: RateCard | None, key: bytes) -> None:
        """Start with no messages.

        Args:
            savings: Receives the repeats.
            rates: The card to price by; None to price nothing.
            key: The secret key of the hashes, 16 bytes.
        """
        self._savings = savings
        self._rates = rates
        self._hasher = Hasher(key)
        self._counts: MessageCounts = Counter()
        self._seen = {SAME_MESSAGE: HashSet(), SAME_NUMBER: HashSet()}

    def hash(self, counted: CountedBatch) -> SentMessages | None:
        """Return the hashes of the messages of a batch; None if it has no recipients.

        Several threads may call this, also while another one calls `add`.
        """
        recipients = counted.batch.recipients
        if recipients is None:
            return None
        matches = counted.rates
        if self._rates is None:
            matches = find_prefixes(PrefixIndex(()), recipients)
        numbers = self._hash_numbers(counted.units, recipients)
        messages = numbers[:]
        hash_column(self._hasher, counted.texts, messages)
        rows = self._find_sent_rows(counted.units, matches, recipients)
        return SentMessages(rows, numbers, messages, counted.segments, counted.rates)

    def _hash_numbers(self, units: memoryview, recipients: Any) -> array[int]:
        """Return a hash of the number in each row; one number has one hash, however it is written.

        Without a card that reads other numbers than E.164, numbers are as they are written.
        """
        numbers = array("Q", bytes(8 * len(units)))
        card = self._rates
        adds_plus = card is not None and card.adds_plus
        hash_column(self._hasher, recipients, numbers, adds_plus)
        if card is None or card.number_reader is None:
            return numbers
        plain = find_prefixes(PrefixIndex((), adds_plus), recipients)
        _, rows = find_sent_rows(units, memoryview(plain), Unpriced.NO_RATE, Unpriced.NOT_E164)
        read = cache(card.number_reader.to_e164)
        cells = [read(cell or "") or "" for cell in listed_rows(recipients, rows)]
        hashes = array("Q", bytes(8 * len(cells)))
        hash_column(self._hasher, cells, hashes, adds_plus)
        for row, number in zip(rows, hashes, strict=True):
            numbers[row] = number
        return numbers

    def _find_sent_rows(
        self, units: memoryview, matches: array[int], recipients: Any
    ) -> memoryview:
        rows, doubtful = find_sent_rows(
            units, memoryview(matches), Unpriced.NO_RATE, Unpriced.NOT_E164
        )
        if not len(doubtful) or (self._rates is not None and self._rates.reads_written):
            return rows
        # Equal cells that are certainly no number, such as "n/a" or 4.47911E+11, are not one
        # recipient. A card that reads other numbers than E.164 knows them.
        cells = listed_rows(recipients, doubtful)
        numbers = {cell for cell in set(cells) if may_be_number(cell or "")}
        found = [row for row, cell in zip(doubtful, cells, strict=True) if cell in numbers]
        return memoryview(array("i", sorted([*rows, *found])))

    def add(self, sent: SentMessages) -> None:
        """Count the messages whose hash was there before; see `Savings.repeats`."""
        if self._savings.repeats is None:
            return
        for name, hashes in ((SAME_MESSAGE, sent.messages), (SAME_NUMBER, sent.numbers)):
            repeated = self._seen[name].insert(memoryview(hashes), sent.rows)
            columns = [memoryview(sent.rates), sent.segments]
            for count, rate, segments in count_distinct_rows(columns, repeated, []):
                self._counts[name, rate, segments] += count
        if len(self._seen[SAME_MESSAGE]) > MAX_REMEMBERED:
            self._savings.repeats = None
            self._seen.clear()
            self._counts.clear()

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the savings."""
        if self._savings.repeats is not None:
            move_to_groups(self._counts, self._savings.repeats, self._rates)
