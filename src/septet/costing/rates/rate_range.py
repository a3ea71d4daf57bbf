"""Rates of one prefix by network: the price of a number whose network is not known is a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import mul

from .money import PICOS_IN_MICRO, to_amount, to_micros
from .rate import Price, Rate

__all__ = ["RateRange", "network_key"]

_ZERO = Decimal(0)


def network_key(name: str | None) -> str:
    """Return the form in which names of networks are compared: without regard to case and spaces.

    Args:
        name: The name; None and empty names give an empty text.
    """
    return " ".join(name.split()).casefold() if name else ""


@dataclass(frozen=True, slots=True)
class RateRange:
    """The rates of one prefix, of which that of its network applies to each number.

    >>> rates = [Rate("1", Decimal(price), "USD", network=price) for price in ("0.01", "0.03")]
    >>> RateRange(tuple(rates)).price_of(segments=2)
    Price(lowest=Decimal('0.02'), highest=Decimal('0.06'), currency='USD')

    Attributes:
        rates: The rates, at most one for each network; one without a network is possible too.
        shares: The shares of traffic of networks, by `network_key`; the network of the rest, if
            their sum is less than 1, is not known.
    """

    rates: tuple[Rate, ...]
    shares: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    _weights: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shares = (self.shares.get(network_key(rate.network), _ZERO) for rate in self.rates)
        object.__setattr__(self, "_weights", tuple(map(to_micros, shares)))

    @property
    def prefix(self) -> str:
        """The first digits of the numbers, without "+"."""
        return self.rates[0].prefix

    @property
    def currency(self) -> str:
        """Three capital letters (ISO 4217)."""
        return self.rates[0].currency

    @property
    def country(self) -> str | None:
        """The name of the destination in the card: the first one, if any rate has one."""
        return next((rate.country for rate in self.rates if rate.country), None)

    @property
    def destination(self) -> str:
        """The name of the destination in an estimate: the country, else "+" and the prefix."""
        return self.country or self.rates[0].destination

    @property
    def is_mixed(self) -> bool:
        """Whether some rates are per segment and others per message."""
        return len({rate.per for rate in self.rates}) > 1

    def price_of(self, segments: int) -> Price:
        """Return the price of a message of some segments, surcharges included.

        Args:
            segments: The segments of the message.

        Returns:
            The lowest and the highest price; shares of traffic say nothing about one message.
        """
        costs = [rate.cost_in_micros(segments) for rate in self.rates]
        return Price(to_amount(min(costs)), to_amount(max(costs)), self.currency)

    def bounds_in_picos(self, segments: int, messages: int) -> tuple[int, int]:
        """Return the lowest and the highest cost of messages on unknown networks, shares applied.

        Args:
            segments: The segments of all messages together. If the range is mixed, all messages
                must have the same number of them.
            messages: The number of messages, for rates per message.

        Returns:
            Two numbers of picos of the currency.
        """
        costs = [rate.cost_in_micros(segments, messages) for rate in self.rates]
        known = sum(map(mul, self._weights, costs))
        rest = PICOS_IN_MICRO - sum(self._weights)  # picos of a cost in micros
        return known + rest * min(costs), known + rest * max(costs)
