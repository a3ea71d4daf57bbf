"""How `septet estimate` reads recipients that are not E.164 numbers."""

from __future__ import annotations

import argparse

from ....costing import Estimate, RateCard
from ...arguments import refused_values

__all__ = ["add_number_options", "number_hint", "with_numbers"]


def add_number_options(group: argparse._ArgumentGroup) -> None:
    """Add `--plus` and `--region`."""
    options = group.add_mutually_exclusive_group()
    options.add_argument(
        "--plus",
        action="store_true",
        help='Read numbers without "+" as beginning with their country code, such as 447700900123 '
        "or 0044 7700 900123.",
    )
    options.add_argument(
        "--region",
        metavar="CC",
        help="Read numbers that are not E.164 as dialled in this country, such as US.",
    )


def with_numbers(rates: RateCard, arguments: argparse.Namespace) -> RateCard:
    """Return the rate card for numbers as the options describe them.

    Raises:
        UsageError: The region is unknown.
    """
    if arguments.plus:
        return rates.with_plus()
    if arguments.region is None:
        return rates
    with refused_values():
        return rates.in_region(arguments.region.upper())


def number_hint(result: Estimate) -> str:
    """Return what an E.164 number is, and which option reads those of an estimate that are none."""
    from ....costing.rates.phone_numbers import NumberForm  # its patterns take long to compile

    forms = result.number_forms
    options = []
    if forms & {NumberForm.MARKED, NumberForm.UNMARKED}:
        options.append("--plus if all numbers begin with their country code")
    if forms & {NumberForm.NATIONAL, NumberForm.UNMARKED}:
        options.append("--region if they are dialled in one country")
    advice = f"; use {', or '.join(options)}" if options else ""
    return f'E.164 numbers are "+" and digits without spaces, as in +12025550123{advice}'
