"""What is suspicious about the rates of a card: nothing here is an error, and each may be meant.

Rates are looked at as timelines, one for each prefix: its rates in the order in which they begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .card import Rate

__all__ = ["Finding", "check_rates"]

# Prices of one currency lie within a factor of fifty of the one in the middle, and cents taken for
# dollars do not; of one destination they change by less than the ten of a misplaced point.
_FAR_FROM_OTHERS = 50
_FAR_FROM_BEFORE = 10
_FEWEST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a rate card that its author should look at.

    Attributes:
        kind: "duplicate", a row that changes nothing; "overlap", a prefix that makes another
            useless; "gap", numbers or days without a rate among others that have one; "price", an
            amount that is out of the ordinary.
        prefix: The digits that it is about, without "+".
        message: What it is.
        place: The line, row or rate of the card that it is about; None if that is no single one.
    """

    kind: Literal["duplicate", "overlap", "gap", "price"]
    prefix: str
    message: str
    place: str | None = None


def check_rates(rates: Iterable[Rate]) -> list[Finding]:
    """Return what is suspicious about the rates of all days, by prefix."""
    by_start: defaultdict[str, dict[date, Rate]] = defaultdict(dict)
    findings = []
    for rate in rates:
        start = rate.valid_from or date.min
        if start in by_start[rate.prefix]:
            message = f"the rate{_since(rate)} is there more than once"
            findings.append(Finding("duplicate", rate.prefix, message, rate.place))
        by_start[rate.prefix][start] = rate
    timelines = {prefix: [its[start] for start in sorted(its)] for prefix, its in by_start.items()}
    for look in (_repeats, _overlaps, _late_starts, _holes, _changes, _outliers):
        findings += look(timelines)
    return sorted(findings, key=lambda finding: (finding.prefix, finding.kind))


Timelines = Mapping[str, Sequence["Rate"]]


def _repeats(timelines: Timelines) -> Iterator[Finding]:
    for prefix, timeline in timelines.items():
        for before, after in pairwise(timeline):
            if replace(after, valid_from=before.valid_from) == before:
                message = f"the rate{_since(after)} is the one before it"
                yield Finding("duplicate", prefix, message, after.place)


def _overlaps(timelines: Timelines) -> Iterator[Finding]:
    for prefix, timeline in timelines.items():
        shorter = next(_shorter(prefix, timelines), None)
        if shorter is None:
            continue
        if [replace(rate, prefix=shorter) for rate in timeline] == timelines[shorter]:
            message = f"says the same as the shorter prefix {shorter}"
            yield Finding("overlap", prefix, message, timeline[0].place)
    for prefix, timeline in timelines.items():
        longer = [timelines.get(longer) for longer in _longer(prefix)]
        if all(other and _start(other) <= _start(timeline) for other in longer):
            message = f"is never used: {prefix}0 to {prefix}9 have rates of their own"
            yield Finding("overlap", prefix, message, timeline[0].place)


def _late_starts(timelines: Timelines) -> Iterator[Finding]:
    first = min(map(_start, timelines.values()), default=date.min)
    for prefix, timeline in timelines.items():
        start = _start(timeline)
        others = (_start(timelines[other]) for other in _shorter(prefix, timelines))
        if first < start and all(start < other for other in others):
            message = f"has no rate before {start}, where others have one"
            yield Finding("gap", prefix, message, timeline[0].place)


def _holes(timelines: Timelines) -> Iterator[Finding]:
    stems = {prefix[:length] for prefix in timelines for length in range(1, len(prefix))}
    begun = stems | timelines.keys()
    for stem in stems - timelines.keys():
        missing = [longer for longer in _longer(stem) if longer not in begun]
        if 0 < len(missing) < 5 and next(_shorter(stem, timelines), None) is None:
            message = f"has rates for most of its numbers, but not for {', '.join(missing)}"
            yield Finding("gap", stem, message)


def _changes(timelines: Timelines) -> Iterator[Finding]:
    for prefix, timeline in timelines.items():
        for before, after in pairwise(timeline):
            if before.currency != after.currency:
                what = f"the currency changes from {before.currency} to {after.currency}"
            elif _is_far(before.cost(1), after.cost(1), _FAR_FROM_BEFORE):
                what = f"the price changes from {before.cost(1)} to {after.cost(1)}"
            else:
                continue
            yield Finding("price", prefix, f"{what} on {after.valid_from}", after.place)


def _outliers(timelines: Timelines) -> Iterator[Finding]:
    costs: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    rates = [rate for timeline in timelines.values() for rate in timeline]
    for rate in rates:
        costs[rate.currency, rate.per].append(rate.cost(1))
    middles = {
        key: sorted(amounts)[len(amounts) // 2]
        for key, amounts in costs.items()
        if len(amounts) >= _FEWEST_OTHERS
    }
    for rate in rates:
        amount = rate.cost(1)
        middle = middles.get((rate.currency, rate.per), amount)
        if amount == 0:
            yield Finding("price", rate.prefix, f"costs nothing{_since(rate)}", rate.place)
        elif _is_far(amount, middle, _FAR_FROM_OTHERS):
            message = (
                f"costs {amount} {rate.currency} a {rate.per}{_since(rate)}, "
                f"where others cost about {middle}"
            )
            yield Finding("price", rate.prefix, message, rate.place)


def _start(timeline: Sequence[Rate]) -> date:
    return timeline[0].valid_from or date.min


def _since(rate: Rate) -> str:
    return "" if rate.valid_from is None else f" from {rate.valid_from}"


def _shorter(prefix: str, timelines: Timelines) -> Iterator[str]:
    """Yield the shorter prefixes that match the same numbers and have rates, longest first."""
    for length in range(len(prefix) - 1, 0, -1):
        if prefix[:length] in timelines:
            yield prefix[:length]


def _longer(prefix: str) -> list[str]:
    return [f"{prefix}{digit}" for digit in range(10)]


def _is_far(one: Decimal, other: Decimal, factor: int) -> bool:
    """Tell whether one of two amounts is so many times the other; nothing is far from zero."""
    return min(one, other) > 0 and factor * min(one, other) <= max(one, other)
