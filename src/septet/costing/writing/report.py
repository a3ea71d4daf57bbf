"""An estimate as a page of one file, to read on a screen or on paper and to send to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ...display.characters import code_point, describe, lone, visible
from ...display.pages import render_page
from ...standard.encoding import UNIT_NAMES
from ...standard.limits import MAX_SEGMENTS
from ..estimates.estimate import Estimate
from ..insights.savings import SAME_NUMBER, Savings
from ..rates.money import format_aligned
from ..rates.tallies import Cost, Group

__all__ = ["report"]

_MOST_DESTINATIONS = 20
_MOST_SEGMENTS = 10  # longer messages are one line
_MOST_CHARACTERS = 15


class _Line(NamedTuple):
    """A line of a table: what it is about, its figures, and a bar."""

    label: str
    figures: tuple[str, ...]
    percent: float


class _Destinations(NamedTuple):
    currency: str
    lines: list[_Line]
    total: tuple[str, ...]


class _Saved(NamedTuple):
    """What is told of savings."""

    largest: tuple[str, str] | None  # the way, and what it saves
    ways: list[_Line]
    characters: list[tuple[str, str, str, _Line]]
    alone: list[tuple[str, str, str, _Line]]
    are_repeats_known: bool


def report(estimate: Estimate) -> str:
    """Return an estimate as HTML: what it counted and costs, in tables with bars.

    The page fetches nothing, runs no script, and escapes what texts and rate cards say.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    characters = estimate.ranked_non_gsm_characters(_MOST_CHARACTERS)
    page = render_page(
        Path(__file__).with_name("report.html"),
        estimate=estimate,
        most_segments=MAX_SEGMENTS,
        totals=[f"{total.amount:,} {currency}" for currency, total in estimate.totals.items()],
        destinations=[
            _destinations(estimate, currency, total) for currency, total in estimate.totals.items()
        ],
        encodings=_lines(
            (UNIT_NAMES[encoding][0], tally.messages, (f"{tally.segments:,}",))
            for encoding, tally in estimate.by_encoding.items()
        ),
        distribution=_lines(
            (label, messages, (_share(messages, estimate.messages),))
            for label, messages in _distribution(estimate).items()
        ),
        characters=_characters(
            (char for char, _ in characters),
            _lines((char, count, ()) for char, count in characters),
        ),
        more_characters=len(estimate.non_gsm_characters) - len(characters),
        field_effects=[]
        if estimate.field_effects is None
        else _groups(estimate, estimate.field_effects.lines(), True),
        unpriced=sorted(estimate.unpriced.items()),
        exceeded_limits=_groups(
            estimate,
            [
                (f"more than {allowed:,} {limit.rpartition('_')[2]}", group)
                for (limit, allowed), group in estimate.ranked(estimate.exceeded_limits)
            ],
        ),
        saved=None if estimate.savings is None else _saved(estimate, estimate.savings),
        unreadable=[visible(str(row)) for row in estimate.unreadable.examples],
    )
    return page.html


def _destinations(estimate: Estimate, currency: str, total: Cost) -> _Destinations:
    """Return what one currency costs by destination; many cheap ones are one line."""
    ranked = [
        (label, cost) for label, its, cost in estimate.ranked_destinations() if its == currency
    ]
    rest = ranked[_MOST_DESTINATIONS:]
    lines = [(visible(label), cost) for label, cost in ranked[:_MOST_DESTINATIONS]]
    if rest:
        others = sum((cost for _, cost in rest), Cost())
        lines.append((f"{len(rest):,} others", others))
    costs = [*(cost for _, cost in lines), total]
    amounts = format_aligned([cost.amount for cost in costs])
    figures = [
        (f"{cost.messages:,}", f"{cost.segments:,}", amount)
        for cost, amount in zip(costs, amounts, strict=True)
    ]
    largest = max(cost.amount for _, cost in lines)
    return _Destinations(
        currency,
        [
            _Line(label, its, _percent(cost.amount, largest))
            for (label, cost), its in zip(lines, figures, strict=False)
        ],
        figures[-1],
    )


def _saved(estimate: Estimate, savings: Savings) -> _Saved:
    """Return what costs money, and what would be saved without it, the dearest first."""
    ranked = [(visible(name), group) for name, group in estimate.ranked(savings.ways())]
    ways = _groups(estimate, ranked)
    # Another text to the same number may well be meant.
    real = (
        (way.label, way.figures[-1] if estimate.totals else _segments(group.segments))
        for way, (name, group) in zip(ways, ranked, strict=True)
        if group.segments and not name.endswith(SAME_NUMBER)
    )
    characters, alone = (
        estimate.ranked(groups)[:_MOST_CHARACTERS] for groups in (savings.characters, savings.alone)
    )
    return _Saved(
        next(real, None),
        ways,
        _characters((char for char, _ in characters), _groups(estimate, characters)),
        _characters((char for char, _ in alone), _groups(estimate, alone)),
        savings.repeats is not None,
    )


def _segments(count: int) -> str:
    return f"{count:,} segment{'s' if count > 1 else ''}"


def _characters(chars: Iterable[str], lines: Iterable[_Line]) -> list[tuple[str, str, str, _Line]]:
    """Return each character as it can be shown, its code point and its name, with its line."""
    return [
        (lone(char), code_point(char), describe(char), line)
        for char, line in zip(chars, lines, strict=True)
    ]


def _groups(
    estimate: Estimate, ranked: Sequence[tuple[str, Group]], has_shares: bool = False
) -> list[_Line]:
    """Return lines of groups, with bars of their costs in the main currency, else of segments."""
    currencies = [*estimate.totals]
    amounts = {
        currency: format_aligned([its.costs.get(currency, Cost()).amount for _, its in ranked])
        for currency in currencies
    }
    main = estimate.main_currency
    weights = [its.costs.get(main, Cost()).amount if main else its.segments for _, its in ranked]
    largest = max(weights, default=0)
    lines = []
    for row, ((label, its), weight) in enumerate(zip(ranked, weights, strict=True)):
        costs = [f"{amounts[name][row]} {name}" for name in currencies if name in its.costs]
        shares = [_share(its.messages, estimate.messages)] if has_shares else []
        rest = [f"{its.segments:,}", *(["\n".join(costs)] if main else [])]
        figures = [f"{its.messages:,}", *shares, *rest]
        lines.append(_Line(label, tuple(figures), _percent(weight, largest)))
    return lines


def _distribution(estimate: Estimate) -> dict[str, int]:
    """Return how many messages take how many segments; the long ones together."""
    found = estimate.distribution
    counts = {f"{n}": found[n] for n in sorted(found) if n < _MOST_SEGMENTS}
    longer = sum(count for n, count in found.items() if n >= _MOST_SEGMENTS)
    return counts | ({f"{_MOST_SEGMENTS} or more": longer} if longer else {})


def _lines(rows: Iterable[tuple[str, int, Sequence[str]]]) -> list[_Line]:
    """Return lines of counts of messages and what else there is, with bars of the counts."""
    listed = list(rows)
    largest = max((count for _, count, _ in listed), default=0)
    return [
        _Line(label, (f"{count:,}", *more), _percent(count, largest))
        for label, count, more in listed
    ]


def _percent(part: int | Decimal, whole: int | Decimal) -> float:
    return round(100 * float(part) / float(whole), 2) if whole else 0.0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""
