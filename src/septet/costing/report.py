"""An estimate as a page of one file, to read on a screen or on paper and to send to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..characters import code_point, describe, lone, visible
from ..encoding import UNIT_NAMES
from ..limits import MAX_SEGMENTS
from ..pages import render_page
from .estimate import Estimate
from .money import aligned
from .tallies import Cost

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


def report(estimate: Estimate) -> str:
    """Return an estimate as HTML: what it counted and costs, in tables with bars.

    The page fetches nothing, runs no script, and escapes what texts and rate cards say.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    characters = estimate.worst_characters(_MOST_CHARACTERS)
    page = render_page(
        Path(__file__).with_name("report.html"),
        estimate=estimate,
        most_segments=MAX_SEGMENTS,
        totals=[
            f"{aligned([total.micros])[0]} {currency}"
            for currency, total in estimate.totals.items()
        ],
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
        characters=[
            (lone(char), code_point(char), describe(char), line)
            for (char, _), line in zip(
                characters, _lines((char, count, ()) for char, count in characters), strict=True
            )
        ],
        more_characters=len(estimate.blockers) - len(characters),
        unpriced=sorted(estimate.unpriced.items()),
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
        others = Cost(
            sum(cost.messages for _, cost in rest),
            sum(cost.segments for _, cost in rest),
            sum(cost.micros for _, cost in rest),
        )
        lines.append((f"{len(rest):,} others", others))
    costs = [*(cost for _, cost in lines), total]
    amounts = aligned([cost.micros for cost in costs])
    figures = [
        (f"{cost.messages:,}", f"{cost.segments:,}", amount)
        for cost, amount in zip(costs, amounts, strict=True)
    ]
    largest = max(cost.micros for _, cost in lines)
    return _Destinations(
        currency,
        [
            _Line(label, its, _percent(cost.micros, largest))
            for (label, cost), its in zip(lines, figures, strict=False)
        ],
        figures[-1],
    )


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


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"
