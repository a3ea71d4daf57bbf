"""The row of a file or a sheet that names its columns, with titles above it or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...display.wording import listed, shorten

__all__ = ["MAX_ROWS", "Header", "find_header"]

MAX_ROWS = 20
"""How many rows are searched for the one that names the columns."""
_MAX_TITLE = 60


class Header(NamedTuple):
    """The row that names the columns.

    Attributes:
        rows_above: How many rows are above it.
        remark: What is above it, for people. If no columns are wanted, it says which row may be the
            header. It is empty if there is nothing to say.
        advice: What to do if this row lacks columns that a later row has, for the end of an error.
    """

    rows_above: int = 0
    remark: str = ""
    advice: str = ""


def find_header(
    rows: Sequence[Sequence[str]], places: Sequence[str], names: Sequence[str]
) -> Header:
    """Return the row that names the columns.

    It is the first row. If that has none of the wanted names, but a later row has all of them, it
    is this one, provided that the rows above it are titles: each has fewer cells that hold
    something, and is no line such as `sep=;`.

    Args:
        rows: The first rows.
        places: Their places, such as "line 3".
        names: The names of the wanted columns.
    """
    wanted = set(names)
    if not wanted:
        widths = [_filled(row) for row in rows]
        if widths[:1] == [1] and (i := widths.index(max(widths))):
            return Header(remark=f"{places[i]} has {_listed(rows[i])}")
        return Header()
    matches = (index for index, row in enumerate(rows) if wanted.issubset(row))
    index = next(matches, 0)
    if index == 0:
        plain = set(map(_without_case, names))
        similar = (i for i, row in enumerate(rows) if plain.issubset(map(_without_case, row)))
        if i := next(similar, 0):
            written = _listed(rows[i])
            return Header(advice=f"; {places[i]} has {written}: give the names as they are there")
        return Header()
    titles = [" ".join(filter(None, row)) for row in rows[:index] if any(row)]
    width = _filled(rows[index])
    if (
        wanted.isdisjoint(rows[0])
        and all(_filled(row) < width for row in rows[:index])
        and not any(title.lower().startswith("sep=") for title in titles)
    ):
        return Header(index, f"the header is {places[index]}, below {_listed(titles)}")
    return Header(advice=f"; {places[index]} has the wanted names: delete the rows above it")


def _listed(texts: Sequence[str]) -> str:
    return listed([repr(shorten(text, _MAX_TITLE)) for text in texts])


def _without_case(name: str) -> str:
    return name.strip().casefold()


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
