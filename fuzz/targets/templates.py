"""A template and values for its fields: gives the result of `str.format`, or an error.

Input: the template in UTF-8, then the values, each after a zero octet. An octet that is not UTF-8
becomes a lone surrogate.
"""

from __future__ import annotations

from itertools import cycle, islice

import pyarrow as pa

from septet.costing.reading.templates import Template


def parse(text: str) -> Template | None:
    """Return the template, or None if the text is not valid."""
    try:
        return Template.parse(text)
    except ValueError:
        return None


def is_valid(text: str) -> bool:
    """Return whether Arrow can represent a text."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def target(octets: bytes) -> None:
    """Fill the template for two rows; the second has only empty values."""
    text, *values = octets.decode("utf-8", "surrogateescape").split("\0")
    template = parse(text)
    # `str.format` parses leading digits of a name as a number, which may be too large.
    if template is None or any(field[0].isdecimal() for field in template.fields):
        return
    given = dict(
        zip(template.fields, islice(cycle(values or ["x"]), len(template.fields)), strict=True)
    )
    columns = [[given[field], ""] for field in template.fields]
    texts = template.render(columns, 2)
    assert texts == [text.format_map(given), template.blank]
    if columns and all(map(is_valid, given.values())):
        arrays = [pa.array(column, pa.string()) for column in columns]
        assert pa.array(template.render(arrays, 2)).to_pylist() == texts
    assert template.blank == text.format_map(dict.fromkeys(given, ""))
