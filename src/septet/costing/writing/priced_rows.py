"""What priced files say about each row, made once for each distinct encoding, rate and segments."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..._kernels import number_prices
from ...standard.encoding import Encoding
from ..insights.counted_batches import BatchFacts
from ..rates.card import RateCard
from ..rates.pricing import find_price
from ..rates.rate import Price
from ..rates.unpriced import DEPENDS_ON_NETWORK, NO_TEXT

__all__ = ["ADDED", "BOUNDS", "PricedRows", "RowPrice", "RowPricer"]

ADDED = ("encoding", "unit_count", "segment_count", "price", "currency", "note")
"""The columns that follow those of the source."""

BOUNDS = ("price_lowest", "price_highest")
"""The columns that follow these if any price is a range."""

_ENCODINGS = tuple(map(str, Encoding))


class RowPrice(NamedTuple):
    """The added columns of some rows, but their units; also the bounds of a known price."""

    encoding: str | None
    segment_count: int
    price: Decimal | None
    currency: str | None
    note: str | None
    price_lowest: Decimal | None = None
    price_highest: Decimal | None = None


class PricedRows(NamedTuple):
    """The added columns of a batch.

    Attributes:
        unit_counts: Units of each row, as int32; 0 without text.
        numbers: For each row an index of `prices`, as int32.
        prices: The distinct values of the other columns.
    """

    unit_counts: memoryview
    numbers: memoryview
    prices: list[RowPrice]

    @property
    def has_range(self) -> bool:
        """Whether the price of a row is a range."""
        return any(each.price is None and each.price_lowest is not None for each in self.prices)


class RowPricer:
    """Prices the rows of batches; threads may share it."""

    def __init__(self, rates: RateCard | None) -> None:
        """Start without prices.

        Args:
            rates: The card to price by; None to price nothing.
        """
        self._rates = rates
        self._price = cache(self._find_price)

    def price(self, facts: BatchFacts) -> PricedRows:
        """Return the added columns of a batch."""
        columns = facts.columns
        numbers = memoryview(bytearray(4 * len(columns))).cast("i")
        distinct = number_prices(
            columns.segment_count.memory,
            columns.unit_count.memory,
            columns.encoding.memory,
            memoryview(facts.rates),
            numbers,
        )
        prices = [self._price(*facts_of_price) for facts_of_price in distinct]
        return PricedRows(columns.unit_count.memory, numbers, prices)

    def _find_price(self, encoding: int, index: int, segments: int) -> RowPrice:
        if not segments:
            return RowPrice(None, 0, None, None, NO_TEXT)
        price = find_price(self._rates, index, segments)
        if not isinstance(price, Price):
            return RowPrice(_ENCODINGS[encoding], segments, None, None, price)
        lowest, highest, currency = price
        note = None if lowest == highest else DEPENDS_ON_NETWORK
        return RowPrice(
            _ENCODINGS[encoding], segments, price.amount, currency, note, lowest, highest
        )
