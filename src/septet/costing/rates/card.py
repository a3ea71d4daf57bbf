"""Rate cards: the rates of one day, and the one that applies to a number.

Of the rates of a day, the one with the longest prefix of the number applies. A rate ends when the
next one of the same prefix and network begins. Prices are exact; one with more than 6 decimals is
an error. Amounts of different currencies are never added.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Self

from ..._kernels import NO_RATE, NOT_E164, PrefixIndex
from ...columns.surveys import find_prefixes, listed
from .money import to_micros
from .networks import NetworkRates
from .rate import Kind, Price, Rate
from .rate_range import RateRange, network_key

if TYPE_CHECKING:
    from array import array
    from decimal import Decimal

    from .checks import Finding
    from .phone_numbers import InternationalNumbers, RegionalNumbers

__all__ = ["RateCard", "is_e164"]

_index_of = cache(PrefixIndex)


def is_e164(number: str) -> bool:
    """Return whether a number is an E.164 number: "+" and 2 to 15 digits, the first not 0.

    Raises:
        TypeError: `number` is not a `str`.
    """
    return _index_of(()).find(number) == NO_RATE


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
        kind: The kind of messages that are priced; see `of_kind`.
        rates: The rates of that day and kind, at most one for each prefix and network.
        entries: What `match_many` refers to: for each prefix its rate, or a `RateRange` if it has
            several; then the rates of these ranges.
        number_reader: Reads numbers that are not E.164; None without a region and plus.
        has_ranges: Whether the price of a message can be a range.
        has_mixed_ranges: Whether a range has rates per segment and rates per message.
        all_rates: The rates of all days and kinds.
    """

    def __init__(
        self,
        rates: Iterable[Rate],
        day: date | None = None,
        region: str | None = None,
        kind: Kind = "sms",
        adds_plus: bool = False,
        network_shares: Mapping[str, Mapping[str, Decimal]] | None = None,
    ) -> None:
        """Index the rates of one day.

        Args:
            rates: The rates of all days and kinds; a later one replaces an earlier one of the same
                kind, prefix, network and first day.
            day: The day whose rates apply; the current day if left out.
            region: See `in_region`.
            kind: See `of_kind`.
            adds_plus: See `with_plus`.
            network_shares: See `with_network_shares`: shares by network, for each prefix.

        Raises:
            RateCardError: A prefix has rates in several currencies on that day.
            MissingExtraError: A region is given and the extra `phone` is not installed.
            ValueError: The region is unknown or given with `adds_plus`, or a prefix is not digits.
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
        of_day = {
            (rate.prefix, network_key(rate.network)): rate
            for rate in sorted(self.all_rates, key=lambda rate: rate.first_day)
            if rate.kind == kind and rate.first_day <= self.day
        }
        self.rates = tuple(of_day.values())
        self._shares = network_shares or {}
        self._networks = NetworkRates(self.rates, self._shares)
        self.entries = self._networks.entries
        self.has_ranges = self._networks.are_ranges
        self.has_mixed_ranges = self._networks.are_mixed
        self._index = PrefixIndex(self._networks.prefixes, adds_plus)
        self.number_reader = self._make_reader()

    @classmethod
    def read(
        cls, path: str | os.PathLike[str], currency: str | None = None, sheet: str | None = None
    ) -> Self:
        """Read a rate card, or a price list as providers publish them, from a file.

        The card has the rates of the current day. Rows without a price are a warning.

        Args:
            path: A delimited or JSON file, or one whose name ends in .toml or .xlsx.
            currency: The currency of prices that have none in the file, such as USD.
            sheet: The sheet of a workbook; if left out, the only one with the headings of a list.

        Raises:
            OSError: The file cannot be opened or read.
            MissingExtraError: The file is a workbook, and the extra `excel` is not installed.
            RateCardError: The card is invalid; the message has a line for each error.
        """
        from .lists.price_list import read_price_list  # takes long, and not every card is read

        found = read_price_list(path, currency, sheet=sheet)
        found.warn(os.fsdecode(path), stacklevel=2)
        return cls(found.rates)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Self:
        """Make a rate card of the current day from rows with the columns of a rate card file.

        Args:
            rows: Mappings from column to text, as `csv.DictReader` yields them.

        Raises:
            TypeError: A value is not text; a float above all cannot be an exact price.
            RateCardError: The card is invalid; the message names the rows, counted from 1.
        """
        from .lists.price_list import read_rows

        return cls(read_rows(rows).rates)

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
        for prefix, shares in sorted(self._shares.items()):
            pairs = (f"{key}={to_micros(share)}" for key, share in sorted(shares.items()))
            facts.append(["shares", prefix, *pairs])
        facts += [["kind", self.kind]] * (self.kind != "sms")
        numbers = "+" if self.adds_plus else self.region
        return sha256(json.dumps([numbers, facts]).encode()).hexdigest()[:32]

    def on(self, day: date) -> Self:
        """Return the same card with the rates of another day."""
        return self._replace(day=day)

    def of_kind(self, kind: Kind) -> Self:
        """Return the same card for another kind of messages.

        Args:
            kind: "sms", "mms", "rcs", or "rcs-single": RCS messages of more than 160 bytes.

        Returns:
            The card; its `rates` are empty if it has none of this kind.
        """
        return self._replace(kind=kind)

    def in_region(self, region: str) -> Self:
        """Return the same card for numbers that are written as they are dialled in a region.

        Args:
            region: Two capital letters (ISO 3166-1), such as GB, where "07700 900123" stands for
                +447700900123. E.164 numbers are not affected.

        Raises:
            MissingExtraError: The extra `phone` is not installed.
            ValueError: The region is unknown, or the card is one of `with_plus`.
        """
        return self._replace(region=region)

    def with_plus(self) -> Self:
        """Return the same card for numbers that begin with their country code, with "+" or not.

        So "447911123456", "0044 7911 123456" and "+44 (0)7911 123456" stand for +447911123456.
        Numbers of less than 7 digits without "+", or that begin with "(" or one 0, have no rate.

        Raises:
            ValueError: The card is one of `in_region`.
        """
        return self._replace(adds_plus=True)

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
        return self._replace(rates=named)

    def with_network_shares(
        self, shares: Mapping[str, Decimal], country: str | None = None
    ) -> Self:
        """Return the same card with the shares that networks have of traffic.

        Sums of messages whose network is not known then cost the prices of their networks in these
        shares. What the shares leave to 1 stays a range. A single message has no share.

        Args:
            shares: The share of each network, from 0 to 1; their sum is at most 1.
            country: The country whose prefixes have these shares: its name in the card, its English
                name, its ISO 3166-1 code, or digits its prefixes begin with. If left out, they
                apply to all prefixes that are given no other ones.

        Raises:
            TypeError: A share is not a `Decimal`.
            ValueError: The shares are not valid, no rate is for a network or for the country, or a
                prefix has shares already.
        """
        from .network_shares import shares_by_prefix  # few cards have shares

        more = shares_by_prefix(shares, country, self.all_rates, self._shares)
        return self._replace(network_shares={**self._shares, **more})

    def check(self) -> list[Finding]:
        """Return what is suspicious about the rates of all days, ordered by prefix."""
        from .checks import check_rates  # only `septet rates check` needs it

        return check_rates(self.all_rates)

    def __len__(self) -> int:
        """Return the number of prefixes that have a rate on the day."""
        return len(self._networks.prefixes)

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
        return type(self), (self.all_rates, *self._settings.values())

    def _replace(self, **changes: Any) -> Self:
        """Return the same card with other arguments of `__init__`."""
        return type(self)(**{"rates": self.all_rates, **self._settings, **changes})

    @property
    def _settings(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "region": self.region,
            "kind": self.kind,
            "adds_plus": self.adds_plus,
            "network_shares": self._shares,
        }

    @property
    def _terms(self) -> tuple[object, ...]:
        shares = frozenset((prefix, *group.items()) for prefix, group in self._shares.items())
        return self.rates, self.region, self.kind, self.adds_plus, shares

    def match(self, number: str, network: str | None = None) -> Rate | RateRange | None:
        """Return the rate with the longest prefix of a number.

        Args:
            number: An E.164 number, or one as `in_region` or `with_plus` describe it.
            network: The network of the number, compared without regard to case; None if it is not
                known.

        Returns:
            The rate. If the prefix has rates of several networks, and the network is not known or
            has none of them, their range. None if the number has no rate.

        Raises:
            TypeError: `number` is not a `str`.
        """
        index = self._index.find(number)
        if index == NOT_E164:
            index = self._match_written(number)
        index = self._networks.find(index, network)
        return self.entries[index] if index >= 0 else None

    def price(self, number: str, segments: int = 1, network: str | None = None) -> Price | None:
        """Return what a message to a number costs.

        Args:
            number: As for `match`.
            segments: The number of segments of the message.
            network: As for `match`.

        Returns:
            The price, surcharges included; None if the number has no rate.

        Raises:
            TypeError: `number` is not a `str`.
        """
        rate = self.match(number, network)
        return None if rate is None else rate.price_of(segments)

    def match_many(self, numbers: Any, networks: Any = None) -> array[int]:
        """Return the rate of each number of a column, as an index into `entries`.

        Args:
            numbers: A column as `septet.count_many` takes it: a list, an Arrow array, a Series or
                the like. Each distinct value of a dictionary-encoded column is looked up once.
            networks: A column of their networks, as for `match`; None if none is known.

        Returns:
            For each number the index of its rate, or a negative integer that says why it
            has none: a value of `Unpriced`.

        Raises:
            TypeError: The column does not hold text; the message names its Arrow type or the row.
            ValueError: The Arrow structures contradict themselves, or the columns differ in length.
            RuntimeError: Another thread made the list shorter meanwhile.
        """
        indexes = self._match_prefixes(numbers)
        if networks is not None:
            self._networks.find_many(indexes, networks)
        return indexes

    def _match_prefixes(self, numbers: Any) -> array[int]:
        if self.number_reader is None:
            return find_prefixes(self._index, numbers)
        if isinstance(numbers, list):
            numbers = list.copy(numbers)  # it is read twice, and other threads may change it
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
        e164 = None if self.number_reader is None else self.number_reader.to_e164(number)
        return NOT_E164 if e164 is None else self._index.find(e164)
