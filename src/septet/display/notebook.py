"""What a notebook shows of an analysis or an estimate: a few lines of HTML, and no script.

Whatever a text or a rate card says is escaped, and characters that cannot be seen, or that move
others, are written out. Colours are transparent, so that they go with a light and a dark page.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import groupby

from ..standard.encoding import UNIT_NAMES, Encoding
from .characters import code_point, describe, lone, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["analysis_html", "estimate_html"]

_SHOWN = 10
_COLOURS = ("70, 130, 220", "200, 140, 30")
_BODY = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate"
_NON_GSM = "text-decoration: underline 2px rgb(220, 80, 40)"


def analysis_html(found: Any, segments: Sequence[Any]) -> str:
    """Return an `Analysis` in HTML: what it takes, its segments, and what forces UCS-2."""
    encoding, unit = UNIT_NAMES[found.encoding]
    facts = (
        f"<b>{_plural(found.segment_count, 'segment')}</b>, {encoding}, "
        f"{_plural(found.unit_count, unit)}, {found.units_left:,} left"
    )
    non_gsm_characters = Counter(char for char, _ in found.non_gsm_characters)
    indexes = {index for _, index in found.non_gsm_characters}
    shown = "".join(_segment(segment, indexes) for segment in segments[:_SHOWN])
    more = len(segments) - _SHOWN
    rest = f"<p>and {_plural(more, 'segment')} more</p>" if more > 0 else ""
    characters = _characters(non_gsm_characters.most_common(), "Times")
    return f"<div><p>{facts}</p>{shown}{rest}{characters}</div>"


def estimate_html(figures: dict[str, Any], saved: dict[str, Any]) -> str:
    """Return an `Estimate` in HTML: counts, costs, what forces UCS-2, what would be saved.

    Args:
        figures: What its `to_dict` tells.
        saved: The same of each way to save, the dearest first.
    """
    facts = (
        f"<b>{_plural(figures['messages'], 'message')}</b>, "
        f"<b>{_plural(figures['segments'], 'segment')}</b>, "
        f"{figures['without_text']:,} without text, {figures['unreadable']['count']:,} unreadable"
    )
    encodings = [
        [UNIT_NAMES[Encoding(name)][0], tally["messages"], tally["segments"]]
        for name, tally in figures["by_encoding"].items()
    ]
    parts = [_table(["Encoding", "Messages", "Segments"], encodings)]
    cost = figures["cost"]
    if cost is not None:
        destinations = [
            [visible(row["destination"]), *_amounts(row, row["currency"])]
            for row in cost["destinations"]
        ]
        totals = [
            ["Total", *_amounts(total, currency)] for currency, total in cost["totals"].items()
        ]
        unpriced = [
            [f"Without a price: {reason}", tally["messages"], tally["segments"], "", ""]
            for reason, tally in cost["unpriced"].items()
        ]
        headings = ["Destination", "Messages", "Segments", "Cost", ""]
        parts.append(_table(headings, destinations, [*totals, *unpriced]))
    if figures["template"] is not None:
        parts.append(_field_effects(figures["template"]))
    worst = [(row["char"], row["messages"]) for row in figures["non_gsm_characters"]]
    parts.append(_characters(worst, "Messages"))
    ways = [
        [
            visible(way),
            its["messages"],
            its["segments"],
            ", ".join(f"{cost['cost']} {currency}" for currency, cost in its["cost"].items()),
        ]
        for way, its in saved.items()
    ]
    parts.append(_table(["Would be saved", "Messages", "Segments", "Cost"], ways))
    return f"<div><p>{facts}</p>{''.join(parts)}</div>"


def _amounts(cost: dict[str, Any], currency: str) -> list[object]:
    return [cost["messages"], cost["segments"], cost["cost"], currency]


def _field_effects(template: dict[str, Any]) -> str:
    groups = [
        (
            f"{'several together' if its['field'] is None else visible(its['field'])}, {what}",
            its[key],
        )
        for key, what in (("into_ucs2", "into UCS-2"), ("into_segments", "more segments"))
        for its in template["fields"]
        if its[key]["messages"]
    ]
    rows = [
        [
            label,
            group["messages"],
            group["segments"],
            ", ".join(f"{cost['cost']} {currency}" for currency, cost in group["cost"].items()),
        ]
        for label, group in [*groups, ("any of them", template["affected"])]
    ]
    return _table(["Tipped by", "Messages", "More segments", "More cost"], rows)


def _characters(counts: Sequence[tuple[str, int]], heading: str) -> str:
    rows = [[lone(char), code_point(char), describe(char), count] for char, count in counts]
    return _table(["Forces UCS-2", "", "", heading], rows)


def _table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], last: Sequence[Sequence[object]] = ()
) -> str:
    """Return a table of the first few rows, and of the last ones; nothing without rows."""
    if not rows and not last:
        return ""
    more = len(rows) - _SHOWN
    shown = [*rows[:_SHOWN], *([[f"and {more:,} more"]] if more > 0 else []), *last]
    heads = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: object) -> str:
    shown = f"{value:,}" if isinstance(value, int) else escape(str(value))
    side = "right" if shown[:1].isdecimal() else "left"
    return f'<td style="text-align: {side}">{shown}</td>'


def _segment(segment: Any, non_gsm_characters: set[int]) -> str:
    colour = _COLOURS[segment.sequence % len(_COLOURS)]
    chars = enumerate(segment.body, segment.start)
    runs = groupby(chars, key=lambda item: item[0] in non_gsm_characters)
    body = "".join(
        f'<span style="{_NON_GSM}">{shown}</span>' if blocks else shown
        for blocks, run in runs
        for shown in [escape(visible("".join(char for _, char in run)))]
    )
    return (
        f'<div style="border-left: 4px solid rgb({colour}); margin: 4px 0; padding-left: 8px">'
        f"<small>{segment.sequence}/{segment.total}, {segment.unit_count}</small><br>"
        f'<span style="{_BODY}; background: rgba({colour}, 0.18)">{body}</span></div>'
    )


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
