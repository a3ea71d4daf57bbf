"""Checks of a rate card: suspicious rates, which are valid and may be intended.

The checks work on timelines: for each prefix, or prefix and network, its rates, ordered by their
first day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal, TypeAlias

from .money import to_amount
from .rate import Rate
from .rate_range import network_key

__all__ = ["Finding", "check_rates"]

# Real prices in one currency lie within a factor of 50 of their median; cents entered as dollars do
# not. The price of one destination never changes by a factor of 10, as a misplaced point would.
_MAX_FACTOR_TO_MEDIAN = 50
_MAX_FACTOR_OF_CHANGE = 10
_MIN_RATES_FOR_MEDIAN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a rate card that its author should look at.

    Attributes:
        kind: "duplicate": a row that changes nothing; "overlap": a prefix that makes another one
            useless; "gap": numbers or days without a rate, although similar ones have one; "price":
            an unusual amount.
        prefix: The digits of the prefix, without "+".
        message: The finding in words, about the prefix.
        place: The line, row or rate of the card ("line 3"); None if there is no single one.
    """

    kind: Literal["duplicate", "overlap", "gap", "price"]
    prefix: str
    message: str
    place: str | None = None


def check_rates(rates: Iterable[Rate]) -> list[Finding]:
    """Return what is suspicious about some rates.

    Args:
        rates: The rates of all days.

    Returns:
        The findings, ordered by prefix and kind.
    """
    by_kind: defaultdict[str, list[Rate]] = defaultdict(list)
    for rate in rates:
        by_kind[rate.kind].append(rate)
    findings = [finding for group in by_kind.values() for finding in _check_kind(group)]
    return sorted(findings, key=lambda finding: (finding.prefix, finding.kind))


def _check_kind(rates: Iterable[Rate]) -> list[Finding]:
    """Return what is suspicious about rates of one kind, in no order."""
    by_start: defaultdict[tuple[str, str], dict[date, Rate]] = defaultdict(dict)
    findings = []
    for rate in rates:
        start = rate.first_day
        rates_by_day = by_start[rate.prefix, network_key(rate.network)]
        if start in rates_by_day:
            message = f"the rate{_since(rate)} is listed more than once"
            findings.append(Finding("duplicate", rate.prefix, message, rate.place))
        rates_by_day[start] = rate
    timelines: Timelines = {
        key: [rates_by_day[start] for start in sorted(rates_by_day)]
        for key, rates_by_day in sorted(by_start.items())
    }
    for check in (_find_repeats, _find_changes, _find_outliers):
        findings += check(timelines)
    by_prefix: defaultdict[str, list[Rate]] = defaultdict(list)
    for (prefix, _), timeline in timelines.items():
        by_prefix[prefix] = sorted([*by_prefix[prefix], *timeline], key=lambda rate: rate.first_day)
    for check_prefixes in (_find_overlaps, _find_late_starts, _find_holes):
        findings += check_prefixes(by_prefix)
    return findings


Timelines: TypeAlias = Mapping[tuple[str, str], Sequence[Rate]]
"""The rates of each prefix and network, by their first day."""

Prefixes: TypeAlias = Mapping[str, Sequence[Rate]]
"""The rates of each prefix, whatever their networks, by their first day."""


def _find_repeats(timelines: Timelines) -> Iterator[Finding]:
    for (prefix, _), timeline in timelines.items():
        for before, after in pairwise(timeline):
            if replace(after, valid_from=before.valid_from) == before:
                message = f"the rate{_since(after)} is the same as the one before it"
                yield Finding("duplicate", prefix, message, after.place)


def _find_overlaps(timelines: Prefixes) -> Iterator[Finding]:
    for prefix, timeline in timelines.items():
        shorter = next(_shorter(prefix, timelines), None)
        if shorter is None:
            continue
        if [replace(rate, prefix=shorter) for rate in timeline] == timelines[shorter]:
            message = f"has the same rates as the shorter prefix {shorter}"
            yield Finding("overlap", prefix, message, timeline[0].place)
    for prefix, timeline in timelines.items():
        longer = [timelines.get(longer) for longer in _longer(prefix)]
        if all(other and _start(other) <= _start(timeline) for other in longer):
            message = f"is never used: {prefix}0 to {prefix}9 have their own rates"
            yield Finding("overlap", prefix, message, timeline[0].place)


def _find_late_starts(timelines: Prefixes) -> Iterator[Finding]:
    first = min(map(_start, timelines.values()), default=date.min)
    for prefix, timeline in timelines.items():
        start = _start(timeline)
        others = (_start(timelines[other]) for other in _shorter(prefix, timelines))
        if first < start and all(start < other for other in others):
            message = f"has no rate before {start}, although other prefixes have one"
            yield Finding("gap", prefix, message, timeline[0].place)


def _find_holes(timelines: Prefixes) -> Iterator[Finding]:
    stems = {prefix[:length] for prefix in timelines for length in range(1, len(prefix))}
    begun = stems | timelines.keys()
    for stem in stems - timelines.keys():
        missing = [longer for longer in _longer(stem) if longer not in begun]
        if 0 < len(missing) < 5 and next(_shorter(stem, timelines), None) is None:
            message = f"most longer prefixes have rates, but not {', '.join(missing)}"
            yield Finding("gap", stem, message)


def _find_changes(timelines: Timelines) -> Iterator[Finding]:
    for (prefix, _), timeline in timelines.items():
        for before, after in pairwise(timeline):
            if before.currency != after.currency:
                change = f"the currency changes from {before.currency} to {after.currency}"
            else:
                amounts = before.cost_in_micros(1), after.cost_in_micros(1)
                if not _are_apart(*amounts, _MAX_FACTOR_OF_CHANGE):
                    continue
                old, new = map(to_amount, amounts)
                change = f"the price changes from {old} to {new}"
            yield Finding("price", prefix, f"{change} on {after.valid_from}", after.place)


def _find_outliers(timelines: Timelines) -> Iterator[Finding]:
    amounts: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    rates = [rate for timeline in timelines.values() for rate in timeline]
    for rate in rates:
        amounts[rate.currency, rate.per].append(rate.cost_in_micros(1))
    medians = {
        key: sorted(group)[len(group) // 2]
        for key, group in amounts.items()
        if len(group) >= _MIN_RATES_FOR_MEDIAN
    }
    for rate in rates:
        amount = rate.cost_in_micros(1)
        median = medians.get((rate.currency, rate.per), amount)
        if amount == 0:
            yield Finding("price", rate.prefix, f"the price{_since(rate)} is zero", rate.place)
        elif _are_apart(amount, median, _MAX_FACTOR_TO_MEDIAN):
            message = (
                f"costs {to_amount(amount)} {rate.currency} per {rate.per}{_since(rate)}; "
                f"the median is {to_amount(median)}"
            )
            yield Finding("price", rate.prefix, message, rate.place)


def _start(timeline: Sequence[Rate]) -> date:
    return timeline[0].first_day


def _since(rate: Rate) -> str:
    return "" if rate.valid_from is None else f" from {rate.valid_from}"


def _shorter(prefix: str, timelines: Prefixes) -> Iterator[str]:
    """Yield the shorter prefixes that match the same numbers and have rates, longest first."""
    for length in range(len(prefix) - 1, 0, -1):
        if prefix[:length] in timelines:
            yield prefix[:length]


def _longer(prefix: str) -> list[str]:
    return [f"{prefix}{digit}" for digit in range(10)]


def _are_apart(one: int, other: int, factor: int) -> bool:
    """Return whether the larger amount is at least `factor` times the smaller; never for zero."""
    return min(one, other) > 0 and factor * min(one, other) <= max(one, other)
