"""Tables of results in Markdown, aligned so that they can be read on a terminal too."""

from __future__ import annotations

from collections.abc import Sequence

from .results import Group, Row

__all__ = ["rate", "table"]


def table(group: Group) -> str:
    """Return the table of a group; the ratios are of the time of a message."""
    heading = [group.heading, "measured", "best", "median", "messages a second", "time"]
    has_counts = any(row.differing is not None for row in group.rows)
    are_processes = any(row.elapsed for row in group.rows)
    heading += ["differ"] * has_counts + ["elapsed", "memory"] * are_processes
    lines = [heading]
    for index, row in enumerate(group.rows):
        is_first = index == 0 or group.rows[index - 1].section != row.section
        cells = [row.section if is_first else "", row.name]
        cells += [_duration(row.best), _duration(row.median), rate(row), _ratio(group.ratio(row))]
        if has_counts:
            cells.append(_differing(row, group.rows[0].messages))
        if are_processes:
            cells += [_duration(row.elapsed or 0), f"{row.megabytes:.0f}\N{NO-BREAK SPACE}MB"]
        lines.append(cells)
    return _markdown(lines)


def rate(row: Row) -> str:
    """Return the messages a second, with three digits."""
    return f"{float(f'{row.rate:.3g}'):,.0f}"


def _ratio(ratio: float) -> str:
    return f"{float(f'{ratio:.3g}'):,g}"


def _duration(milliseconds: float) -> str:
    if milliseconds >= 1e3:
        return f"{milliseconds / 1e3:.3g}\N{NO-BREAK SPACE}s"
    return f"{milliseconds:.3g}\N{NO-BREAK SPACE}ms"


def _differing(row: Row, messages: int) -> str:
    """Return the messages that are counted differently, and of how many if these are fewer."""
    if row.is_septet and not row.differing:
        return ""
    return f"{row.differing:,}" + (f" of {row.messages:,}" if row.messages < messages else "")


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    """Align the cells; columns but the first two are numbers."""
    widths = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["---", "---", *("--:" for _ in widths[2:])]
    aligned = [
        [
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in aligned)
