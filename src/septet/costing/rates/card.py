"""Rate cards: what a segment to a number costs, in exact money.

A rate has a prefix, a price and a currency, and if wanted a country, network, kind, surcharge, what
it is per, and the day it begins; it ends when another of its prefix begins. A card answers for one
day, and of the rates of that day the longest prefix of the number wins. Prices are `Decimal` with
at most six decimals and never floats; more decimals are an error. Amounts of different currencies
are never added.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from ..._kernels import NO_RATE, NOT_E164, PrefixIndex
from ...columns.surveys import find_prefixes, listed
from ...exceptions import RateCardError
from .card_files import check_columns, read_rows
from .checks import Finding, check_rates
from .money import parse_price, to_amount, to_micros
from .phone_numbers import RegionalNumbers, country_of

if TYPE_CHECKING:
    from array import array

__all__ = ["Rate", "RateCard", "is_e164"]

_PREFIX = re.compile(r"\+?([1-9][0-9]{0,14})")
_CURRENCY = re.compile(r"[A-Z]{3}")


def is_e164(number: str) -> bool:
    """Tell whether a number is "+" and 2 to 15 digits, the first not 0, and nothing else."""
    return PrefixIndex(()).find(number) == NO_RATE


@dataclass(frozen=True, slots=True)
class Rate:
    """What a message to one destination costs.

    Attributes:
        prefix: The digits its numbers begin with, without "+".
        price: The price of a segment or message, in the currency, with at most six decimals.
        currency: Three capital letters.
        country: The card's name for the destination, if it gives one.
        network: The operator, if the card gives one.
        surcharge: What is added to the price each time, in the same form.
        per: Whether price and surcharge are for each segment or for the whole message.
        valid_from: The first day of the rate; None if it was always there.
        place: Where it stands in the card ("line 3"), if it was read; nothing depends on it.
    """

    prefix: str
    price: Decimal
    currency: str
    country: str | None = None
    network: str | None = None
    surcharge: Decimal = Decimal(0)
    per: Literal["segment", "message"] = "segment"
    valid_from: date | None = None
    place: str | None = field(default=None, compare=False)
    _micros: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add up price and surcharge, which must be `Decimal` with at most six decimals."""
        object.__setattr__(self, "_micros", to_micros(self.price) + to_micros(self.surcharge))

    @property
    def destination(self) -> str:
        """What the estimate calls it: the country if there is one, else "+" and the prefix."""
        return self.country or f"+{self.prefix}"

    def cost(self, segments: int, messages: int = 1) -> Decimal:
        """Return what messages cost, in the currency.

        Args:
            segments: The segments of all of them.
            messages: How many messages there are.
        """
        return to_amount(self.cost_in_micros(segments, messages))

    def cost_in_micros(self, segments: int, messages: int = 1) -> int:
        """Return what messages cost, in millionths of the currency; see `cost`."""
        return self._micros * (segments if self.per == "segment" else messages)


class RateCard:
    """The rates of an account on one day, found by the longest prefix of a number.

    Cards are equal if their rates of that day are, and their region.

    Attributes:
        day: The day that the card answers for.
        region: Where numbers that are not E.164 are dialled; None if they have no rate.
        rates: The rates of that day, each with a prefix of its own.
        all_rates: The rates of all days.
    """

    def __init__(
        self, rates: Iterable[Rate], day: date | None = None, region: str | None = None
    ) -> None:
        """Index the rates of one day.

        Args:
            rates: The rates of all days; a later one replaces an earlier one of the same prefix and
                first day.
            day: The day to answer for; today if left out, and that day from then on.
            region: See `in_region`.
        """
        self.region = region
        self._numbers = None if region is None else RegionalNumbers(region)
        self.all_rates = tuple(rates)
        self.day = day or date.today()
        by_prefix = {
            rate.prefix: rate
            for rate in sorted(self.all_rates, key=_first_day)
            if _first_day(rate) <= self.day
        }
        self.rates = tuple(by_prefix.values())
        self._index = PrefixIndex(tuple(by_prefix))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a rate card from a file: TOML if its name ends in .toml, else CSV.

        Raises:
            OSError: The file cannot be opened or read.
            RateCardError: The card cannot be used; the message names the file and the place.
        """
        return cls(_check(read_rows(path), os.fspath(path)))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Self:
        """Make a rate card of rows with the columns of a file, their values as text.

        Raises:
            TypeError: A value is not text; a float above all is no price.
            RateCardError: The card cannot be used; the message names the row, counted from 1.
        """
        return cls(_check(((f"row {n}", row) for n, row in enumerate(rows, 1)), "the rate card"))

    @cached_property
    def fingerprint(self) -> str:
        """What tells its rates of the day apart from others: 32 hexadecimal digits."""
        from hashlib import sha256

        names = [each.name for each in fields(Rate) if each.compare]
        facts = sorted([_fingerprint(getattr(rate, name)) for name in names] for rate in self.rates)
        return sha256(json.dumps([self.region, facts]).encode()).hexdigest()[:32]

    def on(self, day: date) -> Self:
        """Return the card as it answers for another day."""
        return type(self)(self.all_rates, day, self.region)

    def in_region(self, region: str) -> Self:
        """Return the card as it answers for numbers that are written as they are dialled there.

        Args:
            region: Two capital letters (ISO 3166-1): what "07700 900123" is depends on it. Numbers
                in E.164 are what they are.

        Raises:
            MissingExtraError: The extra `phone` is not installed.
            ValueError: There is no such region.
        """
        return type(self)(self.all_rates, self.day, region)

    def with_countries(self) -> Self:
        """Return the card with an English name of the country for each rate that has none.

        Of a prefix that several countries share it is the main one, as in "United States and
        others"; numbers that belong to no country stay as they are.

        Raises:
            MissingExtraError: The extra `phone` is not installed.
        """
        named = (replace(r, country=r.country or country_of(r.prefix)) for r in self.all_rates)
        return type(self)(named, self.day, self.region)

    def check(self) -> list[Finding]:
        """Return what is suspicious about the rates of all days, by prefix."""
        return check_rates(self.all_rates)

    def __len__(self) -> int:
        """Return how many prefixes have a rate on the day."""
        return len(self.rates)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RateCard):
            return NotImplemented
        return (self.rates, self.region) == (other.rates, other.region)

    def __hash__(self) -> int:
        return hash((self.rates, self.region))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.all_rates, self.day, self.region)

    def match(self, number: str) -> Rate | None:
        """Return the rate of the longest prefix of a number, None if there is none."""
        index = self._index.find(number)
        if index == NOT_E164:
            index = self._find_regional(number)
        return self.rates[index] if index >= 0 else None

    def match_many(self, numbers: Any) -> array[int]:
        """Return the index among `rates` for each number of a column, or why there is none.

        Args:
            numbers: What `septet.count_many` takes, but no dictionary.

        Returns:
            Integers; `NO_RATE`, `NOT_E164` or `NO_NUMBER` (for nulls too) where there is none.

        Raises:
            TypeError: The column is not of texts; the message names its Arrow type or the row.
            ValueError: The Arrow structures contradict themselves.
            RuntimeError: The list became shorter meanwhile.
        """
        if self._numbers is None:
            return find_prefixes(self._index, numbers)
        # They are read twice, and other threads may change a list meanwhile.
        if isinstance(numbers, list):
            numbers = list.copy(numbers)
        elif not hasattr(numbers, "__len__"):
            numbers = list(numbers)
        found = find_prefixes(self._index, numbers)
        if NOT_E164 in found:
            for row, number in enumerate(listed(numbers)):
                if found[row] == NOT_E164:
                    found[row] = self._find_regional(number or "")
        return found

    def _find_regional(self, number: str) -> int:
        written = None if self._numbers is None else self._numbers.to_e164(number)
        return NOT_E164 if written is None else self._index.find(written)


def _check(rows: Iterable[tuple[str, Mapping[str, str]]], name: str) -> list[Rate]:
    """Return the SMS rates of the rows; rates of MMS are held to the same form and left out."""
    rates: list[Rate] = []
    earlier: dict[tuple[str, date | None], tuple[Rate, str]] = {}
    for place, row in rows:
        check_columns(list(row), place)
        for column, value in row.items():
            if not isinstance(value, str):
                raise TypeError(f"{column} must be str, not {type(value).__name__}")
        try:
            rate = _parse(row)
            kind = _choose("kind", row.get("kind") or "sms", ("sms", "mms"))
        except ValueError as error:
            raise RateCardError(f"{place}: {error}") from None
        if kind == "mms":
            continue
        # The same once more does no harm; two prices of one day are nobody's to choose from.
        other, its_place = earlier.setdefault((rate.prefix, rate.valid_from), (rate, place))
        if rate != other:
            since = "" if rate.valid_from is None else f" from {rate.valid_from}"
            raise RateCardError(f"{place}: prefix {rate.prefix}{since} is already in {its_place}")
        rates.append(replace(rate, place=place.rpartition(", ")[2]))
    if not rates:
        raise RateCardError(f"{name} has no rates for SMS")
    return rates


def _fingerprint(value: object) -> str:
    """Return what a field adds to the fingerprint: stored estimates have amounts in millionths."""
    return str(to_micros(value) if isinstance(value, Decimal) else value)


def _parse(row: Mapping[str, str]) -> Rate:
    prefix = _PREFIX.fullmatch(row["prefix"])
    if prefix is None:
        raise ValueError(
            f"prefix {row['prefix']!r} is not 1 to 15 digits, the first not 0, with or without '+'"
        )
    if _CURRENCY.fullmatch(row["currency"]) is None:
        raise ValueError(f"currency {row['currency']!r} is not three capital letters such as USD")
    per = _choose("per", row.get("per") or "segment", ("segment", "message"))
    return Rate(
        prefix=prefix[1],
        price=parse_price("price", row["price"]),
        currency=row["currency"],
        country=row.get("country") or None,
        network=row.get("network") or None,
        surcharge=parse_price("surcharge", row.get("surcharge") or "0"),
        per="message" if per == "message" else "segment",
        valid_from=_day(row.get("valid_from") or None),
    )


def _first_day(rate: Rate) -> date:
    return rate.valid_from or date.min


def _day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"valid_from {value!r} is not a date such as 2026-01-31") from None


def _choose(column: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise ValueError(f"{column} {value!r} is not {' or '.join(allowed)}")
    return value
