"""The report: an estimate as an HTML page of one file, for screens, paper and e-mail."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ...display.characters import code_point, describe, lone, visible
from ...display.pages import render_page
from ...display.wording import plural
from ...standard.encoding import UNIT_NAMES
from ...standard.limits import MAX_SEGMENTS
from ..estimates.estimate import Estimate
from ..estimates.heading import Heading, describe_rules
from ..estimates.sending_time import SendingTime
from ..insights.savings import UNCERTAIN_WAYS, Savings, explain_way
from ..rates.currencies import format_exact, format_rounded
from ..rates.tallies import Cost, Group
from .report_texts import mark_texts

__all__ = ["report"]

_MAX_SOURCES = 5
_MAX_DESTINATIONS = 20
_MAX_VALUES = 20
_MAX_SEGMENTS = 10  # messages of so many segments or more are one line
_MAX_CHARACTERS = 15
_MAX_TEXTS = 8
_NO_VALUE = "(none)"


class _Amount(NamedTuple):
    """An amount in the digits of its currency, and with all decimals if these are more."""

    rounded: str
    exact: str


_Figure: TypeAlias = "str | list[_Amount]"


class _Line(NamedTuple):
    """A line of a table: its label, its figures, and the length of its bar in percent."""

    label: str
    figures: tuple[_Figure, ...]
    percent: float
    note: str = ""


class _Table(NamedTuple):
    """A table with a heading."""

    title: str
    headings: list[str]
    lines: list[_Line]
    total: tuple[_Figure, ...] = ()


class _Saved(NamedTuple):
    """The tables of savings."""

    largest: tuple[str, _Figure] | None  # the way, and the amounts or segments that it saves
    ways: list[_Line]
    characters: list[tuple[str, str, str, _Line]]
    alone: list[tuple[str, str, str, _Line]]
    are_repeats_known: bool


def report(estimate: Estimate, sending: SendingTime | None = None, title: str | None = None) -> str:
    """Return an estimate as an HTML page: counts, costs and savings in tables with bars.

    Amounts are rounded to the digits of their currency, with the exact ones beside where they
    differ. The page fetches nothing and runs no script. Everything from texts and rate cards is
    escaped.

    Args:
        estimate: The estimate.
        sending: When the messages are sent, from `sending_time`; None if that is not known.
        title: What the campaign is called; the title of the estimate's heading if left out.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    characters = estimate.ranked_non_gsm_characters(_MAX_CHARACTERS)
    title = estimate.heading.title if title is None else title
    page = render_page(
        Path(__file__).with_name("report.html"),
        title=None if title is None else visible(title),
        facts=_facts(estimate),
        estimate=estimate,
        sending=sending,
        max_segments=MAX_SEGMENTS,
        totals=[_amount(total, currency) for currency, total in estimate.totals.items()],
        destinations=[
            _destinations(estimate, currency, total) for currency, total in estimate.totals.items()
        ],
        values=[_values(estimate, column, groups) for column, groups in estimate.groups.items()],
        comparisons=[] if estimate.savings is None else _comparisons(estimate, estimate.savings),
        texts=mark_texts(estimate.texts_to_fix[:_MAX_TEXTS], estimate.non_gsm_characters),
        more_texts=len(estimate.texts_to_fix[_MAX_TEXTS:]),
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


def _facts(estimate: Estimate) -> list[tuple[str, str]]:
    """Return what the figures are of, with the name of each fact."""
    heading = estimate.heading
    # Without their folders, which are nobody else's business.
    names = [visible(os.path.basename(name)) for name in heading.sources[:_MAX_SOURCES]]
    more = heading.source_count - len(names)
    made_on, priced_on = heading.made_on or date.today(), estimate.priced_on
    facts = {
        "Source": ", ".join(names) + (f" and {more:,} more" if more else ""),
        "Read": visible("; ".join(_remarks(heading))),
        "Made on": str(made_on),
        "Rates of": "" if priced_on is None else str(priced_on),
        "Template": "" if estimate.template is None else visible(estimate.template),
        "Counted by": visible("; ".join(describe_rules(estimate.rules))),
    }
    return [(name, fact) for name, fact in facts.items() if fact]


def _remarks(heading: Heading) -> Iterator[str]:
    """Yield how files were read, without their folders."""
    for remark in heading.remarks:
        source = next(filter(remark.startswith, heading.sources), "")
        yield os.path.basename(source) + remark.removeprefix(source)


def _destinations(estimate: Estimate, currency: str, total: Cost) -> _Table:
    """Return the table of one currency; the cheaper destinations are one line."""
    ranked = [
        (label, cost) for label, other, cost in estimate.ranked_destinations() if other == currency
    ]
    rest = ranked[_MAX_DESTINATIONS:]
    lines = [(visible(label), cost) for label, cost in ranked[:_MAX_DESTINATIONS]]
    if rest:
        others = Cost.sum(cost for _, cost in rest)
        lines.append((f"{len(rest):,} others", others))

    def figures(cost: Cost) -> tuple[_Figure, ...]:
        return f"{cost.messages:,}", f"{cost.segments:,}", [_amount(cost, currency)]

    largest = max(cost.highest for _, cost in lines)
    return _Table(
        f"Cost by destination in {currency}",
        ["Destination", "Messages", "Segments", "Cost"],
        [_Line(label, figures(cost), _percent(cost.highest, largest)) for label, cost in lines],
        figures(total),
    )


def _values(estimate: Estimate, column: str, groups: dict[str | None, Group]) -> _Table:
    """Return the table of the values of a column; the cheaper ones are one line."""
    ranked = estimate.ranked(groups)
    rows = [
        (_NO_VALUE if value is None else visible(value), group)
        for value, group in ranked[:_MAX_VALUES]
    ]
    if rest := ranked[_MAX_VALUES:]:
        rows.append((f"{len(rest):,} others", sum((group for _, group in rest), Group())))
    return _Table(
        f"By {visible(column)}",
        ["Value", "Messages", "Segments", *(["Cost"] if estimate.totals else [])],
        _groups(estimate, rows),
    )


def _comparisons(estimate: Estimate, savings: Savings) -> list[_Table]:
    """Return the tables of what messages cost as SMS and otherwise."""
    return [
        _Table(
            title,
            ["Sent", "Messages", "Segments", "Cost"],
            _groups(estimate, list(groups.items())),
        )
        for title, groups in savings.comparisons().items()
    ]


def _saved(estimate: Estimate, savings: Savings) -> _Saved:
    """Return the tables of savings, the largest first."""
    ranked = [(visible(name), group) for name, group in estimate.ranked(savings.ways())]
    ways = [line._replace(note=explain_way(line.label)) for line in _groups(estimate, ranked)]
    largest = (
        (way.label, way.figures[-1] if estimate.totals else plural(group.segments, "segment"))
        for way, (name, group) in zip(ways, ranked, strict=True)
        if group.segments and name not in UNCERTAIN_WAYS
    )
    characters, alone = (
        estimate.ranked(groups)[:_MAX_CHARACTERS] for groups in (savings.characters, savings.alone)
    )
    return _Saved(
        next(largest, None),
        ways,
        _characters((char for char, _ in characters), _groups(estimate, characters)),
        _characters((char for char, _ in alone), _groups(estimate, alone)),
        savings.repeats is not None,
    )


def _characters(chars: Iterable[str], lines: Iterable[_Line]) -> list[tuple[str, str, str, _Line]]:
    """Return each character in a visible form, its code point and its name, with its line."""
    return [
        (lone(char), code_point(char), describe(char), line)
        for char, line in zip(chars, lines, strict=True)
    ]


def _groups(
    estimate: Estimate, ranked: Sequence[tuple[str, Group]], has_shares: bool = False
) -> list[_Line]:
    """Return lines of groups, with bars of their costs in the main currency, else of segments."""
    main = estimate.main_currency
    weights = [
        group.costs.get(main, Cost()).highest if main else group.segments for _, group in ranked
    ]
    largest = max(weights, default=0)
    lines = []
    for (label, group), weight in zip(ranked, weights, strict=True):
        costs = [
            _amount(group.costs[currency], currency)
            for currency in estimate.totals
            if currency in group.costs
        ]
        shares = [_share(group.messages, estimate.messages)] if has_shares else []
        counts = [f"{group.messages:,}", *shares, f"{group.segments:,}"]
        figures: list[_Figure] = [*counts, *([costs] if main else [])]
        lines.append(_Line(label, tuple(figures), _percent(weight, largest)))
    return lines


def _distribution(estimate: Estimate) -> dict[str, int]:
    """Return how many messages take how many segments; the long ones together."""
    distribution = sorted(estimate.distribution.items())
    counts = {f"{n}": count for n, count in distribution if n < _MAX_SEGMENTS}
    longer = sum(count for n, count in distribution if n >= _MAX_SEGMENTS)
    return counts | ({f"{_MAX_SEGMENTS} or more": longer} if longer else {})


def _lines(rows: Iterable[tuple[str, int, Sequence[str]]]) -> list[_Line]:
    """Return lines of label, count and more figures, with bars of the counts."""
    rows = list(rows)
    largest = max((count for _, count, _ in rows), default=0)
    return [
        _Line(label, (f"{count:,}", *more), _percent(count, largest)) for label, count, more in rows
    ]


def _amount(cost: Cost, currency: str) -> _Amount:
    return _Amount(format_rounded(cost, currency), format_exact(cost, currency))


def _percent(part: int | Decimal, whole: int | Decimal) -> float:
    return round(100 * float(part) / float(whole), 2) if whole else 0.0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""
