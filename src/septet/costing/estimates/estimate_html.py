"""What a notebook shows of an estimate: tables of counts, costs and savings."""

from __future__ import annotations

from collections.abc import Sequence

from ...display.characters import visible
from ...display.notebook import characters_table, table
from ...display.wording import plural
from ...standard.encoding import UNIT_NAMES
from ..insights.field_effects import FieldEffects
from ..rates.tallies import Cost, Group
from .figures import Figures

__all__ = ["estimate_html"]


def estimate_html(figures: Figures, *, template: str | None, is_priced: bool) -> str:
    """Return an estimate as HTML; everything from texts and rate cards is escaped.

    Args:
        figures: The figures of the estimate.
        template: The template that made the texts, if there is one.
        is_priced: Whether there is a rate card.
    """
    sums = figures.sums
    summary = (
        f"<b>{plural(figures.messages, 'message')}</b>, "
        f"<b>{plural(figures.segments, 'segment')}</b>, "
        f"{sums.without_text:,} without text, {sums.unreadable.count:,} unreadable"
    )
    encodings = [
        [UNIT_NAMES[encoding][0], tally.messages, tally.segments]
        for encoding, tally in figures.by_encoding.items()
    ]
    parts = [table(["Encoding", "Messages", "Segments"], encodings)]
    if is_priced:
        parts.append(_destinations(figures))
    if template is not None and sums.field_effects is not None:
        parts.append(_field_effects(sums.field_effects))
    parts.append(characters_table(figures.ranked_non_gsm_characters, "Messages"))
    if sums.savings is not None:
        rows = [
            [visible(way), *_amounts(group)] for way, group in figures.ranked(sums.savings.ways())
        ]
        parts.append(table(["Savings", "Messages", "Segments", "Cost"], rows))
    return f"<div><p>{summary}</p>{''.join(parts)}</div>"


def _destinations(figures: Figures) -> str:
    def row(label: str, cost: Cost, currency: str) -> list[object]:
        return [label, cost.messages, cost.segments, str(cost), currency]

    destinations = [
        row(visible(label), cost, currency) for label, currency, cost in figures.ranked_destinations
    ]
    totals = [row("Total", cost, currency) for currency, cost in figures.totals.items()]
    unpriced = [
        [f"Without a price: {reason}", tally.messages, tally.segments, "", ""]
        for reason, tally in sorted(figures.sums.unpriced.items())
    ]
    headings = ["Destination", "Messages", "Segments", "Cost", ""]
    return table(headings, destinations, [*totals, *unpriced])


def _field_effects(effects: FieldEffects) -> str:
    rows = [[label, *_amounts(group)] for label, group in effects.lines()]
    return table(["Field of the template", "Messages", "Extra segments", "Extra cost"], rows)


def _amounts(group: Group) -> Sequence[object]:
    costs = (f"{cost} {currency}" for currency, cost in sorted(group.costs.items()))
    return [group.messages, group.segments, ", ".join(costs)]
