"""The rates of a day by prefix and network, and the rate of each number whose network is known."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from ..._kernels import ValueIndex, choose_by_network
from ...columns.surveys import number_values
from ...exceptions import RateCardError
from .rate import Rate
from .rate_range import RateRange, network_key

__all__ = ["NetworkRates"]


class NetworkRates:
    """The rates of a day: first what each prefix has, then each rate that belongs to a range.

    Attributes:
        prefixes: The prefixes, those with a range first.
        entries: For each prefix its rate, or a `RateRange` if it has several; then the rates of
            these ranges.
    """

    def __init__(self, rates: Iterable[Rate], shares: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Group rates by prefix.

        Args:
            rates: The rates, at most one for each prefix and network.
            shares: The shares of traffic of networks, by `network_key`, for each prefix; those of
                the empty prefix apply to all others.

        Raises:
            RateCardError: A prefix has rates in several currencies.
        """
        single: dict[str, Rate] = {}
        several: dict[str, list[Rate]] = {}
        for rate in rates:
            first = single.setdefault(rate.prefix, rate)
            if first is not rate:
                several.setdefault(rate.prefix, [first]).append(rate)
        for prefix, group in several.items():
            _check_currencies(prefix, group)
            del single[prefix]
        self.prefixes = (*several, *single)
        elsewhere = shares.get("", {})
        self._ranges = tuple(
            RateRange(tuple(group), shares.get(prefix, elsewhere))
            for prefix, group in several.items()
        )
        self.entries: tuple[Rate | RateRange, ...] = (
            *self._ranges,
            *single.values(),
            *(rate for group in several.values() for rate in group),
        )

    def find(self, entry: int, network: str | None) -> int:
        """Return the entry of a number.

        Args:
            entry: The entry of its prefix, or a negative reason.
            network: The name of its network; None if it is not known.
        """
        if not 0 <= entry < len(self._ranges):
            return entry
        number = self._networks.get(network_key(network), 0)
        return self._table[entry * (len(self._networks) + 1) + number]

    def find_many(self, entries: array[int], networks: Any) -> None:
        """Replace the entries of prefixes by those of networks, where these are known.

        Args:
            entries: The entries of the prefixes of some numbers, or negative reasons.
            networks: A column of the names of their networks.

        Raises:
            TypeError, ValueError, RuntimeError: As for `RateCard.match_many`.
        """
        index = ValueIndex()
        numbers = number_values(index, networks)
        if len(numbers) != len(entries):
            raise ValueError(
                f"expected {len(entries)} networks, one for each number, got {len(numbers)}"
            )
        if not self._ranges:
            return
        of_name = array("i", [self._networks.get(network_key(name), 0) for name in index.values()])
        choose_by_network(
            memoryview(entries),
            memoryview(numbers),
            memoryview(of_name),
            memoryview(self._table),
            len(self._networks) + 1,
        )

    @property
    def are_ranges(self) -> bool:
        """Whether the price of a message can be a range."""
        return any(group.price_of(1).amount is None or group.is_mixed for group in self._ranges)

    @property
    def are_mixed(self) -> bool:
        """Whether a range has rates per segment and rates per message."""
        return any(group.is_mixed for group in self._ranges)

    @cached_property
    def _networks(self) -> dict[str, int]:
        """The numbers of the networks of all ranges, from 1."""
        names = (network_key(rate.network) for group in self._ranges for rate in group.rates)
        return {name: number for number, name in enumerate(dict.fromkeys(filter(None, names)), 1)}

    @cached_property
    def _table(self) -> array[int]:
        """For each range its own entry, then the entry of its rate for each network."""
        networks = self._networks
        table = array("i")
        entry = len(self.prefixes)
        for index, group in enumerate(self._ranges):
            row = array("i", [index]) * (len(networks) + 1)
            for rate in group.rates:
                if key := network_key(rate.network):
                    row[networks[key]] = entry
                entry += 1
            table += row
        return table


def _check_currencies(prefix: str, rates: Iterable[Rate]) -> None:
    by_currency = {rate.currency: rate for rate in rates}
    if len(by_currency) > 1:
        found = " and ".join(
            currency if rate.place is None else f"{currency} ({rate.place})"
            for currency, rate in by_currency.items()
        )
        raise RateCardError(
            f"prefix {prefix} has rates in {found}: all networks of a prefix need one currency"
        )
