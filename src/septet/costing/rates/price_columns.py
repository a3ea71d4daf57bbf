"""Prices and destinations as columns, for the adapters of data frames.

Kernels find the rate of each row and number the distinct prices; Python code runs for each of them.
"""

from __future__ import annotations

from array import array
from decimal import Decimal
from functools import cache
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from ..._kernels import number_prices
from ...columns.column_types import Column
from ...segmentation import Segmenter
from .card import RateCard
from .pricing import find_price
from .rate import Price

__all__ = ["PRICE_TYPE", "Bound", "PriceFinder", "Values", "find_destinations"]

PRICE_TYPE = 18, 6
"""The precision and the scale of decimal columns of prices.

A price and a surcharge of 255 segments take at most 12 digits before the point. DuckDB and Spark
keep 18 digits in 64 bits.
"""

T = TypeVar("T")

Bound: TypeAlias = Literal["lowest", "highest"]
"""Which bound of a price that is a range."""


class Values(NamedTuple, Generic[T]):
    """A column of few distinct values.

    Attributes:
        distinct: The values; None for rows without one.
        indexes: For each row the index of its value.
    """

    distinct: list[T | None]
    indexes: Column


class PriceFinder:
    """Finds the prices of messages; threads may share it."""

    def __init__(
        self,
        rates: RateCard,
        segmenter: Segmenter | None = None,
        *,
        currency: str | None = None,
        bound: Bound | None = None,
    ) -> None:
        """Prepare to price by a card.

        Args:
            rates: The card.
            segmenter: The rules to count by; the default rules if left out.
            currency: The currency of the prices; rows in others have none. It may be left out if
                the card has only one.
            bound: Which bound of a price is taken that depends on a network which is not known;
                None for no price then.

        Raises:
            ValueError: The card has several currencies and none is given, or no rate has the
                given one; or the bound is unknown.
        """
        currencies = sorted({rate.currency for rate in rates.all_rates if rate.kind == rates.kind})
        if currency is None and len(currencies) > 1:
            raise ValueError(
                f"the card has prices in {', '.join(currencies)}: choose one of them with "
                f"currency={currencies[0]!r}"
            )
        if currency is not None and currency not in currencies:
            raise ValueError(f"the card has prices in {', '.join(currencies)}, not in {currency!r}")
        if bound not in (None, "lowest", "highest"):
            raise ValueError(f"bound must be 'lowest' or 'highest', not {bound!r}")
        self._rates = rates
        self._segmenter = segmenter or Segmenter()
        self._currency = currency
        self._bound = bound
        self._price = cache(self._find_price)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self._rates, self._segmenter, self._currency, self._bound)

    def find(self, texts: Any, numbers: Any, networks: Any = None) -> Values[Decimal]:
        """Return the prices of messages, surcharges included; None without text or price.

        Args:
            texts: A column of texts as `septet.count_many` takes it.
            numbers: A column of their recipients.
            networks: A column of the recipients' networks; None if none is known.

        Raises:
            EncodingError: The segmenter forces GSM 7-bit and a text has another character.
            TypeError: A column is not of texts.
            ValueError: The columns differ in length.
            RuntimeError: Another thread made a list shorter in the meantime.
        """
        columns = self._segmenter.analyze_many(texts)
        rates = self._rates.match_many(numbers, networks)
        if len(rates) != len(columns):
            raise ValueError(
                f"expected {len(columns)} numbers, one for each text, got {len(rates)}"
            )
        indexes = bytearray(4 * len(columns))
        distinct = number_prices(
            columns.segment_count.memory,
            columns.unit_count.memory,
            memoryview(bytes(len(columns))),  # the encoding makes no difference to a price
            memoryview(rates),
            memoryview(indexes).cast("i"),
        )
        return Values([self._price(*facts[1:]) for facts in distinct], Column(indexes))

    def _find_price(self, index: int, segments: int) -> Decimal | None:
        price = find_price(self._rates, index, segments) if segments else None
        if not isinstance(price, Price) or self._currency not in (None, price.currency):
            return None
        return price.amount if self._bound is None else getattr(price, self._bound)


def find_destinations(rates: RateCard, numbers: Any) -> Values[str]:
    """Return the destinations of numbers as estimates name them; None without a rate.

    Args:
        rates: The card.
        numbers: A column of numbers.

    Raises:
        TypeError, ValueError, RuntimeError: As for `RateCard.match_many`.
    """
    entries = memoryview(rates.match_many(numbers))
    ones, zeros = memoryview(array("i", [1]) * len(entries)), memoryview(bytes(len(entries)))
    indexes = bytearray(4 * len(entries))
    distinct = number_prices(ones, ones, zeros, entries, memoryview(indexes).cast("i"))
    names = [rates.entries[index].destination if index >= 0 else None for _, index, _ in distinct]
    return Values(names, Column(indexes))


def _restore(
    rates: RateCard,
    segmenter: Segmenter,
    currency: str | None,
    bound: Bound | None,
) -> PriceFinder:
    return PriceFinder(rates, segmenter, currency=currency, bound=bound)
