"""Shares of traffic by network, for numbers whose network is not known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from ...display.wording import listed
from .lists.values.countries import (
    Country,
    code_of,
    countries_of_code,
    country_of_iso,
    country_of_name,
)
from .money import parse_price
from .rate import Rate
from .rate_range import network_key

__all__ = ["check_shares", "find_prefixes_in", "parse_shares", "shares_by_prefix"]

_SHARE = re.compile(r"\s*(?P<network>.*?[^\s=])\s*=\s*(?P<share>[^\s=,]*)\s*(?:,|$)")


def parse_shares(text: str) -> tuple[str | None, dict[str, Decimal]]:
    """Return the country and the shares that a text such as "US: AT&T=0.45, Other=0.2" gives.

    Args:
        text: Networks with their shares, after a country and a colon if they are for this country.

    Returns:
        The country, or None; and the shares by network.

    Raises:
        ValueError: The text has another form, a share is no plain decimal number, or a network is
            repeated.
    """
    before, colon, after = text.partition(":")
    is_for_country = bool(colon) and "=" not in before
    shares: dict[str, Decimal] = {}
    rest = after if is_for_country else text
    while rest.strip():
        match = _SHARE.match(rest)
        if match is None:
            raise ValueError(
                f"network shares {text!r} are not written like 'AT&T=0.45, T-Mobile=0.35'"
            )
        network = match["network"]
        if network in shares:
            raise ValueError(f"network {network!r} has two shares")
        shares[network] = parse_price(f"share of {network!r}", match["share"])
        rest = rest[match.end() :]
    return before.strip() if is_for_country else None, shares


def shares_by_prefix(
    shares: Mapping[str, Decimal],
    country: str | None,
    rates: Sequence[Rate],
    given: Collection[str],
) -> dict[str, dict[str, Decimal]]:
    """Return shares by the keys of their networks, for each prefix that they apply to.

    Args:
        shares: The shares by network.
        country: As for `find_prefixes_in`; None for all, which gives the empty prefix.
        rates: All rates of the card.
        given: The prefixes that have shares already.

    Raises:
        TypeError: A share is not a `Decimal`.
        ValueError: As for `find_prefixes_in` and `check_shares`, or a prefix has shares already.
    """
    prefixes = {""}
    if country is not None:
        prefixes = find_prefixes_in(country, rates)
        rates = [rate for rate in rates if rate.prefix in prefixes]
    by_key = check_shares(shares, rates)
    if repeated := sorted(prefixes.intersection(given)):
        place = f"prefix {repeated[0]}" if repeated[0] else "all countries"
        raise ValueError(f"the shares of networks are given twice for {place}")
    return dict.fromkeys(prefixes, by_key)


def check_shares(shares: Mapping[str, Decimal], rates: Iterable[Rate]) -> dict[str, Decimal]:
    """Return shares by the keys of their networks.

    Args:
        shares: The shares by network.
        rates: The rates to which they apply.

    Raises:
        TypeError: A share is not a `Decimal`.
        ValueError: There are no shares; one is negative or has more than 6 decimals; their sum is
            above 1; or a network is repeated or has no rate.
    """
    if not shares:
        raise ValueError("expected the share of at least one network")
    names = {network_key(rate.network): rate.network for rate in rates if rate.network}
    by_key: dict[str, Decimal] = {}
    for network, share in shares.items():
        key = network_key(network)
        if key in by_key:
            raise ValueError(f"network {network!r} has two shares")
        if key not in names:
            known = listed(sorted(filter(None, names.values()))) or "none"
            raise ValueError(f"no rate is for network {network!r}; the networks are: {known}")
        if not isinstance(share, Decimal):
            raise TypeError(f"share of {network!r} must be Decimal, not {type(share).__name__}")
        by_key[key] = parse_price(f"share of {network!r}", f"{share:f}")
    if sum(map(Fraction, by_key.values())) > 1:  # the caller's decimal context may round
        raise ValueError(f"the shares of {listed(list(shares))} add up to more than 1")
    return by_key


def find_prefixes_in(country: str, rates: Iterable[Rate]) -> set[str]:
    """Return the prefixes of a country among those of rates.

    Args:
        country: Its name as the rates have it, or in English; its ISO 3166-1 code; or digits that
            its prefixes begin with, with or without "+".
        rates: The rates.

    Raises:
        ValueError: No rate is for this country.
    """
    rates = list(rates)
    digits = country.removeprefix("+")
    if digits.isascii() and digits.isdigit():
        prefixes = {rate.prefix for rate in rates if rate.prefix.startswith(digits)}
    else:
        name = country.casefold()
        named = [rate for rate in rates if rate.country and rate.country.casefold() == name]
        prefixes = {rate.prefix for rate in named}
        known = country_of_iso(country) or country_of_name(country)
        if not prefixes and known is not None:
            all_prefixes = {rate.prefix for rate in rates}
            prefixes = {prefix for prefix in all_prefixes if _country_of(prefix) == known}
    if not prefixes:
        raise ValueError(f"no rate is for country {country!r}")
    return prefixes


def _country_of(prefix: str) -> Country | None:
    """Return the country whose own prefix is the longest that a prefix begins with."""
    lengths = {
        country: len(own)
        for country in countries_of_code(code_of(prefix) or "")
        for own in country.prefixes
        if prefix.startswith(own)
    }
    return max(lengths, key=lambda country: lengths[country], default=None)
