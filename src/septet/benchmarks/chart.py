"""A picture of results: bars of messages a second, as SVG for light and dark pages.

It is as wide as a phone, so each name stands above its bar.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

from .results import Group
from .tables import rate

__all__ = ["draw"]

_WIDTH = 400
_MARGIN = 12
_LONGEST = 280  # of a bar; its figure is beside it
_STYLE = """\
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.note { fill: #59636e; font-size: 12px; }
.page { fill: #fff; }
.figure { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.line { stroke: #d1d9e0; }
.septet { fill: #1d5fc4; }
.other { fill: #9aa0a6; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
.note { fill: #9198a1; }
.page { fill: #131416; }
.figure { stroke: #131416; }
.line { stroke: #3d444d; }
.septet { fill: #5b9bf5; }
.other { fill: #6e7681; }
}
</style>"""


def draw(groups: Iterable[Group]) -> str:
    """Return the picture of some groups, below each other.

    The scale of a group is logarithmic if its figures differ by more than a factor of a hundred.
    """
    shapes: list[str] = []
    y = 0
    for group in groups:
        if group.rows:
            y = _draw_group(group, y, shapes)
    start = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y}" '
    start += f'viewBox="0 0 {_WIDTH} {y}" role="img" aria-label="Messages a second">'
    page = f'<rect class="page" width="{_WIDTH}" height="{y}"/>'
    return "\n".join([start, _STYLE, page, *shapes, "</svg>", ""])


def _draw_group(group: Group, y: int, shapes: list[str]) -> int:
    """Append the shapes of a group that starts at some height, and return where it ends."""
    rates = [row.rate for row in group.rows]
    lowest, highest = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))
    is_logarithmic = max(rates) > 100 * min(rates)
    lines = range(lowest + 1, highest) if is_logarithmic else range(0)

    def length(rate: float) -> float:
        if is_logarithmic:
            return (math.log10(rate) - lowest) / (highest - lowest) * _LONGEST
        return rate / max(rates) * _LONGEST

    note = (
        "messages a second on one core" + is_logarithmic * "; each line is ten times the one before"
    )
    shapes += [_text(y + 24, group.title, "title"), _text(y + 42, note, "note")]
    y += 50
    section = ""
    for row in group.rows:
        if row.section != section:
            section = row.section
            shapes.append(_text(y + 22, section, "note"))
            y += 26
        y += 20
        shapes.append(_text(y, row.name.replace("`", "")))
        for power in lines:
            x = _MARGIN + length(10**power)
            shapes.append(f'<path class="line" d="M{x:.1f} {y + 2}v20"/>')
        end = length(row.rate)
        colour = "septet" if row.is_septet else "other"
        shapes.append(
            f'<rect class="{colour}" x="{_MARGIN}" y="{y + 5}" width="{end:.1f}" height="14"/>'
        )
        shapes.append(_text(y + 17, rate(row), "figure", _MARGIN + end + 6))
        y += 24
    return y + 12


def _text(y: float, text: str, style: str = "", x: float = _MARGIN) -> str:
    attributes = f' class="{style}"' if style else ""
    return f'<text{attributes} x="{x:.1f}" y="{y}">{html.escape(text, quote=False)}</text>'
