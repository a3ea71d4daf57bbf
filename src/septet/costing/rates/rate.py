"""One rate of a card: the price of a segment or a message to the numbers with some prefix.

Amounts are `Decimal` outside and integers of millionths inside, so that they are exact whatever the
decimal context of the caller is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from .money import PICOS_IN_MICRO, parse_price, to_amount, to_micros

__all__ = ["KINDS", "NO_SURCHARGE", "Kind", "Price", "Rate", "usual_per"]

Kind: TypeAlias = Literal["sms", "mms", "rcs", "rcs-single"]
KINDS: tuple[Kind, ...] = ("sms", "mms", "rcs", "rcs-single")
NO_SURCHARGE = Decimal(0)
_MAX_MICROS = 10**15  # prices are below 1,000,000,000


class Price(NamedTuple):
    """What a message costs: an amount, or a range if it depends on a network that is not known.

    Attributes:
        lowest: The smallest possible amount.
        highest: The largest possible amount; equal to `lowest` if the price is known.
        currency: Three capital letters (ISO 4217).
    """

    lowest: Decimal
    highest: Decimal
    currency: str

    @property
    def amount(self) -> Decimal | None:
        """The price; None if it is a range."""
        return self.lowest if self.lowest == self.highest else None


@dataclass(frozen=True, slots=True)
class Rate:
    """What a message to one destination costs.

    >>> rate = Rate("44", Decimal("0.0395"), "GBP", country="United Kingdom")
    >>> rate.cost(segments=2)
    Decimal('0.079')

    Attributes:
        prefix: The first digits of the numbers, without "+".
        price: The price of a segment or of a message, at most 6 decimal places.
        currency: Three capital letters (ISO 4217).
        country: The name of the destination in the card, if it has one.
        network: The network, if the rate is not for all of them.
        surcharge: An amount that is added to each price, at most 6 decimal places.
        per: Whether price and surcharge apply to each segment or once to the whole message. A
            segment of RCS is 160 bytes of UTF-8; MMS have no segments.
        valid_from: The first day of the rate; None if it has always been valid.
        kind: What is sent: an SMS, an MMS, an RCS message, or one of more than 160 bytes
            ("rcs-single").
        place: The position of the rate in the card ("line 3"), if it was read from one; it is
            ignored when rates are compared.

    Raises:
        TypeError: `price` or `surcharge` is not a `Decimal`.
        ValueError: `price` or `surcharge` is negative, 1,000,000,000 or more, or has more than 6
            decimal places.
    """

    prefix: str
    price: Decimal
    currency: str
    country: str | None = None
    network: str | None = None
    surcharge: Decimal = NO_SURCHARGE
    per: Literal["segment", "message"] = "segment"
    valid_from: date | None = None
    kind: Kind = "sms"
    place: str | None = field(default=None, compare=False)
    _micros: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        micros = _micros_of("price", self.price)
        if self.surcharge is not NO_SURCHARGE:  # saves time in large cards
            micros += _micros_of("surcharge", self.surcharge)
        object.__setattr__(self, "_micros", micros)

    @property
    def first_day(self) -> date:
        """The first day of the rate; `date.min` if it has always been valid."""
        return self.valid_from or date.min

    @property
    def destination(self) -> str:
        """The name of the destination in an estimate: the country, else "+" and the prefix."""
        return self.country or f"+{self.prefix}"

    def cost(self, segments: int, messages: int = 1) -> Decimal:
        """Return the cost of some messages, surcharges included.

        Args:
            segments: The segments of all messages together.
            messages: The number of messages, for rates per message.

        Returns:
            The exact amount in the currency of the rate, with at least two decimal places.
        """
        return to_amount(self.cost_in_micros(segments, messages))

    def price_of(self, segments: int) -> Price:
        """Return the price of a message of some segments; see `RateRange.price_of`.

        Args:
            segments: The segments of the message.
        """
        amount = self.cost(segments)
        return Price(amount, amount, self.currency)

    def bounds_in_picos(self, segments: int, messages: int) -> tuple[int, int]:
        """Return the cost of some messages twice; see `RateRange.bounds_in_picos`.

        Args:
            segments: All segments of the messages.
            messages: How many messages there are.
        """
        picos = self.cost_in_micros(segments, messages) * PICOS_IN_MICRO
        return picos, picos

    def cost_in_micros(self, segments: int, messages: int = 1) -> int:
        """Return the cost of some messages in millionths of the currency; see `cost`.

        Args:
            segments: All segments of the messages.
            messages: How many messages there are.
        """
        return self._micros * (segments if self.per == "segment" else messages)


def usual_per(kind: Kind, prefix: str) -> Literal["segment", "message"]:
    """Return what a price applies to if a card does not say it.

    Args:
        kind: What is sent.
        prefix: The first digits of the numbers, without "+".

    Raises:
        ValueError: The price is of RCS to a prefix that may be of the US or of a country with the
            same code, where RCS is billed otherwise.
    """
    if kind == "rcs" and prefix != "1" and prefix.startswith("1"):
        raise ValueError(
            f"per is empty for RCS to {prefix}: give segment if each 160 bytes cost the price, as "
            "in the US, or message if it is for any text, as elsewhere"
        )
    return "segment" if kind == "sms" or (kind, prefix) == ("rcs", "1") else "message"


@lru_cache(maxsize=1 << 16, typed=True)  # large cards have few prices
def _micros_of(name: str, amount: Decimal) -> int:
    if not isinstance(amount, Decimal):
        raise TypeError(f"{name} must be Decimal, not {type(amount).__name__}")
    try:
        micros = to_micros(amount)
    except ValueError:
        micros = -1
    if 0 <= micros < _MAX_MICROS:
        return micros
    return to_micros(parse_price(name, f"{amount:f}"))  # which raises the usual error
