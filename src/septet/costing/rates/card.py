"""Rate cards: the rates of one day, and the one that applies to a number.

Of the rates of a day, the one with the longest prefix of the number applies. A rate ends when the
next one of the same prefix begins. Prices are exact decimal numbers; one with more than 6 decimal
places is an error and is not rounded. Amounts of different currencies are never added.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from ..._kernels import NO_RATE, NOT_E164, PrefixIndex
from ...columns.surveys import find_prefixes, listed
from ...exceptions import RateCardError
from .card_files import check_columns, read_rows
from .money import parse_price, to_micros
from .rate import KINDS, Kind, Price, Rate

if TYPE_CHECKING:
    from array import array

    from .checks import Finding
    from .phone_numbers import InternationalNumbers, RegionalNumbers

__all__ = ["RateCard", "is_e164"]

T = TypeVar("T", bound=str)

_PREFIX = re.compile(r"\+?([1-9][0-9]{0,14})")
_PERS: tuple[Literal["segment", "message"], ...] = ("segment", "message")
_CURRENCY = re.compile(r"[A-Z]{3}")


def is_e164(number: str) -> bool:
    """Return whether a number is an E.164 number: "+" and 2 to 15 digits, the first not 0.

    Raises:
        TypeError: `number` is not a `str`.
    """
    return PrefixIndex(()).find(number) == NO_RATE


class RateCard:
    """The rates of an account on one day.

    Two cards are equal if their rates of that day are, and how they read numbers.

    >>> card = RateCard.from_rows([{"prefix": "1", "price": "0.0079", "currency": "USD"}])
    >>> card.price("+12025550123", segments=2).highest
    Decimal('0.0158')

    Attributes:
        day: The day whose rates apply.
        region: The region in which numbers that are not E.164 are dialled; None without one.
        adds_plus: Whether numbers without "+" begin with their country code; see `with_plus`. Only
            E.164 numbers have a rate without this and without a region.
        kind: The kind of messages that are priced: "sms", "mms" or "rcs".
        rates: The rates of that day and kind, at most one for each prefix.
        all_rates: The rates of all days and kinds.
    """

    def __init__(
        self,
        rates: Iterable[Rate],
        day: date | None = None,
        region: str | None = None,
        kind: Kind = "sms",
        adds_plus: bool = False,
    ) -> None:
        """Index the rates of one day.

        Args:
            rates: The rates of all days and kinds; a later one replaces an earlier one of the same
                kind, prefix and first day.
            day: The day whose rates apply; the current day if left out.
            region: See `in_region`.
            kind: See `of_kind`.
            adds_plus: See `with_plus`.

        Raises:
            MissingExtraError: A region is given and the extra `phone` is not installed.
            ValueError: The region is unknown, there is a region although numbers begin with their
                country code, or a prefix is not digits.
        """
        if region is not None and adds_plus:
            raise ValueError(
                "numbers begin with their country code, or are dialled in a region, but not both"
            )
        self.region = region
        self.adds_plus = adds_plus
        self.all_rates = tuple(rates)
        self.day = day or date.today()
        self.kind: Kind = kind
        by_prefix = {
            rate.prefix: rate
            for rate in sorted(self.all_rates, key=_first_day)
            if rate.kind == kind and _first_day(rate) <= self.day
        }
        self.rates = tuple(by_prefix.values())
        self._index = PrefixIndex(tuple(by_prefix), adds_plus)
        self._numbers = self._make_reader()

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a rate card from a file.

        Args:
            path: A TOML file if the name ends in .toml, else a CSV file.

        Returns:
            The card with the rates of the current day.

        Raises:
            OSError: The file cannot be opened or read.
            RateCardError: The card is invalid; the message names the file and the line.
        """
        return cls(_parse_rates(read_rows(path), os.fspath(path)))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Self:
        """Make a rate card from rows with the columns of a rate card file.

        Args:
            rows: Mappings from column to text, as `csv.DictReader` yields them.

        Returns:
            The card with the rates of the current day.

        Raises:
            TypeError: A value is not text; a float above all cannot be an exact price.
            RateCardError: The card is invalid; the message names the row, counted from 1.
        """
        numbered = ((f"row {number}", row) for number, row in enumerate(rows, 1))
        return cls(_parse_rates(numbered, "the rate card"))

    def _make_reader(self) -> InternationalNumbers | RegionalNumbers | None:
        """Return what reads the numbers that the index does not know."""
        if not self.reads_written:
            return None
        from . import phone_numbers  # its patterns take long to compile

        if self.region is None:
            return phone_numbers.InternationalNumbers()
        return phone_numbers.RegionalNumbers(self.region)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the rates, their kind, and how numbers are read: 32 hexadecimal digits."""
        from hashlib import sha256

        facts = sorted(
            [
                rate.prefix,
                str(to_micros(rate.price)),  # stored estimates have millionths in the hash
                rate.currency,
                str(rate.country),
                str(rate.network),
                str(to_micros(rate.surcharge)),
                rate.per,
                str(rate.valid_from),
            ]
            for rate in self.rates
        )
        numbers = "+" if self.adds_plus else self.region
        return sha256(json.dumps([numbers, facts]).encode()).hexdigest()[:32]

    def on(self, day: date) -> Self:
        """Return the same card with the rates of another day."""
        return type(self)(self.all_rates, day, self.region, self.kind, self.adds_plus)

    def of_kind(self, kind: Kind) -> Self:
        """Return the same card for another kind of messages.

        Args:
            kind: "sms", "mms" or "rcs".

        Returns:
            The card; its `rates` are empty if it has none of this kind.
        """
        return type(self)(self.all_rates, self.day, self.region, kind, self.adds_plus)

    def in_region(self, region: str) -> Self:
        """Return the same card for numbers that are written as they are dialled in a region.

        Args:
            region: Two capital letters (ISO 3166-1), such as GB, where "07700 900123" stands for
                +447700900123. E.164 numbers are not affected.

        Raises:
            MissingExtraError: The extra `phone` is not installed.
            ValueError: The region is unknown, or the card is one of `with_plus`.
        """
        return type(self)(self.all_rates, self.day, region, self.kind, self.adds_plus)

    def with_plus(self) -> Self:
        """Return the same card for numbers that begin with their country code, with "+" or not.

        So "447911123456", "0044 7911 123456" and "+44 (0)7911 123456" stand for +447911123456.
        E.164 numbers are not affected. Numbers of fewer than 7 digits without "+", and numbers that
        begin with "(" or a single 0, have no rate.

        Raises:
            ValueError: The card is one of `in_region`.
        """
        return type(self)(self.all_rates, self.day, self.region, self.kind, adds_plus=True)

    @property
    def reads_written(self) -> bool:
        """Whether numbers have a rate that are not E.164: after `in_region` and `with_plus`."""
        return self.region is not None or self.adds_plus

    def with_countries(self) -> Self:
        """Return the same card with an English country name for each rate that has none.

        If several countries share a prefix, the name is that of the main one, as in "United States
        and others". Prefixes that belong to no country get no name.

        Raises:
            MissingExtraError: The extra `phone` is not installed.
        """
        from .phone_numbers import country_of

        named = (
            replace(rate, country=rate.country or country_of(rate.prefix))
            for rate in self.all_rates
        )
        return type(self)(named, self.day, self.region, self.kind, self.adds_plus)

    def check(self) -> list[Finding]:
        """Return what is suspicious about the rates of all days, ordered by prefix."""
        from .checks import check_rates  # only `septet rates check` needs it

        return check_rates(self.all_rates)

    def __len__(self) -> int:
        """Return the number of prefixes that have a rate on the day."""
        return len(self.rates)

    def __repr__(self) -> str:
        rates = "1 rate" if len(self) == 1 else f"{len(self):,} rates"
        region = "" if self.region is None else f" in {self.region}"
        plus = ' with "+" added' if self.adds_plus else ""
        return f"<{type(self).__name__}: {rates} on {self.day}{region}{plus}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RateCard):
            return NotImplemented
        return self._terms == other._terms

    def __hash__(self) -> int:
        return hash(self._terms)

    def __reduce__(self) -> tuple[object, ...]:
        return (
            type(self),
            (self.all_rates, self.day, self.region, self.kind, self.adds_plus),
        )

    @property
    def _terms(self) -> tuple[object, ...]:
        return self.rates, self.region, self.kind, self.adds_plus

    def match(self, number: str) -> Rate | None:
        """Return the rate with the longest prefix of a number.

        Args:
            number: An E.164 number, or one as `in_region` or `with_plus` describe it.

        Returns:
            The rate; None if the number has none.

        Raises:
            TypeError: `number` is not a `str`.
        """
        index = self._index.find(number)
        if index == NOT_E164:
            index = self._match_written(number)
        return self.rates[index] if index >= 0 else None

    def price(self, number: str, segments: int = 1) -> Price | None:
        """Return what a message to a number costs.

        Args:
            number: As for `match`.
            segments: The number of segments of the message.

        Returns:
            The price, surcharges included; None if the number has no rate.

        Raises:
            TypeError: `number` is not a `str`.
        """
        rate = self.match(number)
        if rate is None:
            return None
        amount = rate.cost(segments)
        return Price(amount, amount, rate.currency)

    def match_many(self, numbers: Any) -> array[int]:
        """Return the rate of each number of a column, as an index into `rates`.

        Args:
            numbers: A column as `septet.count_many` takes it: a list, an Arrow array, a Series or
                the like. Each distinct value of a dictionary-encoded column is looked up once.

        Returns:
            For each number the index of its rate, or a negative integer that says why it
            has none: a value of `Unpriced`.

        Raises:
            TypeError: The column does not hold text; the message names its Arrow type or the row.
            ValueError: The Arrow structures contradict themselves.
            RuntimeError: Another thread made the list shorter meanwhile.
        """
        if self._numbers is None:
            return find_prefixes(self._index, numbers)
        # The column is read twice, and other threads may change a list meanwhile.
        if isinstance(numbers, list):
            numbers = list.copy(numbers)
        elif not hasattr(numbers, "__len__"):
            numbers = list(numbers)
        indexes = find_prefixes(self._index, numbers)
        if NOT_E164 in indexes:
            match = cache(self._match_written)
            for row, number in enumerate(listed(numbers)):
                if indexes[row] == NOT_E164:
                    indexes[row] = match(number or "")
        return indexes

    def _match_written(self, number: str) -> int:
        e164 = None if self._numbers is None else self._numbers.to_e164(number)
        return NOT_E164 if e164 is None else self._index.find(e164)


def _parse_rates(rows: Iterable[tuple[str, Mapping[str, str]]], name: str) -> list[Rate]:
    """Return the rates of the rows."""
    rates: list[Rate] = []
    earlier: dict[tuple[Kind, str, date | None], tuple[Rate, str]] = {}
    for place, row in rows:
        check_columns(list(row), place)
        for column, value in row.items():
            if not isinstance(value, str):
                raise TypeError(f"{place}: {column} must be str, not {type(value).__name__}")
        try:
            rate = _parse_rate(row, place.rpartition(", ")[2])
        except ValueError as error:
            raise RateCardError(f"{place}: {error}") from None
        # A repeated row does no harm; two prices for one day are an error.
        key = rate.kind, rate.prefix, rate.valid_from
        earlier_rate, earlier_place = earlier.setdefault(key, (rate, place))
        if rate != earlier_rate:
            since = "" if rate.valid_from is None else f" from {rate.valid_from}"
            raise RateCardError(
                f"{place}: prefix {rate.prefix}{since} already has another rate in {earlier_place}"
            )
        rates.append(rate)
    if not any(rate.kind == "sms" for rate in rates):
        raise RateCardError(f"{name} has no rates for SMS")
    return rates


def _parse_rate(row: Mapping[str, str], place: str) -> Rate:
    prefix = _PREFIX.fullmatch(row["prefix"])
    if prefix is None:
        raise ValueError(
            f"prefix {row['prefix']!r} is not 1 to 15 digits, the first not 0, with or without '+'"
        )
    if _CURRENCY.fullmatch(row["currency"]) is None:
        raise ValueError(f"currency {row['currency']!r} is not three capital letters such as USD")
    return Rate(
        prefix=prefix[1],
        price=parse_price("price", row["price"]),
        currency=row["currency"],
        country=row.get("country") or None,
        network=row.get("network") or None,
        surcharge=parse_price("surcharge", row.get("surcharge") or "0"),
        per=_choose("per", row.get("per") or "segment", _PERS),
        valid_from=_parse_day(row.get("valid_from") or None),
        kind=_choose("kind", row.get("kind") or "sms", KINDS),
        place=place,
    )


def _first_day(rate: Rate) -> date:
    return rate.valid_from or date.min


def _parse_day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"valid_from {value!r} is not a date such as 2026-01-31") from None


def _choose(column: str, value: str, allowed: Sequence[T]) -> T:
    if value not in allowed:
        raise ValueError(f"{column} {value!r} is not {' or '.join(allowed)}")
    return allowed[allowed.index(value)]
