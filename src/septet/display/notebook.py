"""What a notebook shows: the HTML of an analysis, and the tables that estimates use too.

There is no script. Everything from outside is escaped, and characters that are invisible or change
the order of others are written out. Colours are transparent, so they suit light and dark pages.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import groupby

from ..standard.encoding import UNIT_NAMES
from .characters import code_point, describe, lone, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["analysis_html", "characters_table", "plural", "table"]

_SHOWN = 10
_COLOURS = ("70, 130, 220", "200, 140, 30")
_BODY = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate"
_NON_GSM = "text-decoration: underline 2px rgb(220, 80, 40)"


def analysis_html(analysis: Any) -> str:
    """Return an `Analysis` as HTML: its counts, its segments, and what forces UCS-2."""
    encoding, unit = UNIT_NAMES[analysis.encoding]
    summary = (
        f"<b>{plural(analysis.segment_count, 'segment')}</b>, {encoding}, "
        f"{plural(analysis.unit_count, unit)}, {analysis.units_left:,} left"
    )
    non_gsm_characters = Counter(char for char, _ in analysis.non_gsm_characters)
    indexes = {index for _, index in analysis.non_gsm_characters}
    segments = analysis.segmenter.split(analysis.text)
    shown = "".join(_segment(segment, indexes) for segment in segments[:_SHOWN])
    more = len(segments) - _SHOWN
    rest = f"<p>and {plural(more, 'segment')} more</p>" if more > 0 else ""
    characters = characters_table(non_gsm_characters.most_common(), "Times")
    return f"<div><p>{summary}</p>{shown}{rest}{characters}</div>"


def characters_table(counts: Sequence[tuple[str, int]], heading: str) -> str:
    """Return a table of characters that force UCS-2; an empty string without characters.

    Args:
        counts: Characters and how often they occur.
        heading: The heading of the counts.
    """
    rows = [[lone(char), code_point(char), describe(char), count] for char, count in counts]
    return table(["Forces UCS-2", "", "", heading], rows)


def table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], last: Sequence[Sequence[object]] = ()
) -> str:
    """Return a table of the first ten rows, and of the last ones; an empty string without rows.

    Args:
        headings: The headings of the columns.
        rows: The rows; the number of those that are not shown is written below them.
        last: Rows that are always shown, such as totals.
    """
    if not rows and not last:
        return ""
    more = len(rows) - _SHOWN
    rest = [[f"and {more:,} more"]] if more > 0 else []
    shown = [*rows[:_SHOWN], *rest, *last]
    heads = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: object) -> str:
    shown = f"{value:,}" if isinstance(value, int) else escape(str(value))
    align = "right" if shown[:1].isdecimal() else "left"
    return f'<td style="text-align: {align}">{shown}</td>'


def _segment(segment: Any, non_gsm_characters: set[int]) -> str:
    colour = _COLOURS[segment.sequence % len(_COLOURS)]
    chars = enumerate(segment.body, segment.start)
    runs = groupby(chars, key=lambda item: item[0] in non_gsm_characters)
    body = "".join(
        f'<span style="{_NON_GSM}">{shown}</span>' if is_non_gsm else shown
        for is_non_gsm, run in runs
        for shown in [escape(visible("".join(char for _, char in run)))]
    )
    return (
        f'<div style="border-left: 4px solid rgb({colour}); margin: 4px 0; padding-left: 8px">'
        f"<small>{segment.sequence}/{segment.total}, {segment.unit_count}</small><br>"
        f'<span style="{_BODY}; background: rgba({colour}, 0.18)">{body}</span></div>'
    )


def plural(count: int, noun: str) -> str:
    """Return a count with its noun, as in "1 segment" and "2 segments"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
