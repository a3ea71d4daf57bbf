"""Options of `septet estimate` for prices by network."""

from __future__ import annotations

import argparse
from decimal import Decimal

from ....costing import RateCard

__all__ = ["add_networks", "share_networks"]


def add_networks(prices: argparse._ArgumentGroup) -> None:
    """Add the options to a group of options."""
    prices.add_argument(
        "--network",
        metavar="COLUMN",
        help="Take the network of each recipient from this column, for rates by network. Where it "
        "is empty, or has no rate, the price is a range.",
    )
    prices.add_argument(
        "--network-share",
        metavar="SHARES",
        action="append",
        default=[],
        help="Assume these shares of traffic where the network is not known, such as 'AT&T=0.45, "
        "T-Mobile=0.35', or 'US: AT&T=0.45' for the prefixes of a country (its name or code, or "
        "first digits). The rest stays a range. Can be given several times.",
    )


def share_networks(rates: RateCard, texts: list[str]) -> RateCard:
    """Return a card with the shares that the option gives.

    Args:
        rates: The card.
        texts: The values of the option.

    Raises:
        ValueError: The shares are not valid.
    """
    from ....costing.rates.network_shares import parse_shares  # few campaigns have shares

    by_country: dict[str | None, dict[str, Decimal]] = {}
    for text in texts:
        country, shares = parse_shares(text)
        known = by_country.setdefault(country, {})
        if repeated := known.keys() & shares.keys():
            raise ValueError(f"network {min(repeated)!r} has two shares")
        known.update(shares)
    for country, shares in by_country.items():
        rates = rates.with_network_shares(shares, country)
    return rates
