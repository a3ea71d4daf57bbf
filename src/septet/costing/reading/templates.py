"""Templates: texts with fields such as {name}, which columns of a campaign fill.

A template is filled a column at a time, as fast as a column of texts is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Self

from ..._kernels import join_rows
from ...arrow.export import Exported, Rows
from ...arrow.structures import read_chunks

__all__ = ["Filled", "JoinedTexts", "Template", "missing_value", "parse_template"]

_BRACES = re.compile(r"(?P<escaped>\{\{|\}\})|\{(?P<name>[^{}]*)\}|[{}]")
_EXTRAS = {"!": "a conversion", ":": "a format", ".": "an attribute", "[": "an index"}


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named fields, as `str.format` takes them.

    Make one with `Template.parse`.

    >>> template = Template.parse("Dear {name}, your order {number} is on its way")
    >>> template.fields
    ('name', 'number')

    Attributes:
        text: The template as it was written.
        fields: The names of its fields, each once, in the order of their first use.
        pieces: The parts of the text in order: literal text, or an index into `fields`.
    """

    text: str
    fields: tuple[str, ...]
    pieces: tuple[str | int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a template.

        Args:
            text: The template: `{name}` is a field, `{{` and `}}` are literal braces.

        Raises:
            ValueError: A brace is not paired, a field is anything but a name, or the text has a
                lone surrogate; the message names the index.
        """
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"the template is not valid text at index {error.start}") from None
        fields: dict[str, int] = {}
        pieces: list[str | int] = []
        end = 0
        for match in _BRACES.finditer(text):
            pieces.append(text[end : match.start()])
            end = match.end()
            name = match["name"]
            if match["escaped"]:
                pieces.append(match[0][0])
            elif name is None:
                raise ValueError(
                    f"the template has an unpaired {match[0]!r} at index {match.start()}; "
                    f"write {match[0] * 2!r} for a literal brace"
                )
            else:
                _check_field(name, match)
                pieces.append(fields.setdefault(name, len(fields)))
        pieces.append(text[end:])
        return cls(text, tuple(fields), tuple(piece for piece in pieces if piece != ""))

    @property
    def blank(self) -> str:
        """The text with all fields empty."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    def fill(self, values: Sequence[str]) -> str:
        """Return the text with a value for each of `fields`.

        Args:
            values: A text for each of `fields`, in their order.
        """
        return "".join(piece if isinstance(piece, str) else values[piece] for piece in self.pieces)

    def render(self, values: Sequence[Any], length: int, rows: memoryview | None = None) -> Any:
        """Return the texts of some rows.

        Args:
            values: The column of each of `fields`, without nulls: lists, or Arrow arrays of text,
                or one text for all rows.
            length: The number of values in each column.
            rows: The indexes of the rows to render; all rows if left out.

        Returns:
            A list if all columns are lists, else a column that exports an Arrow array.
        """
        pieces: list[Any] = [
            piece if isinstance(piece, str) else values[piece] for piece in self.pieces
        ]
        if all(isinstance(piece, str | list) for piece in pieces):
            indexes = range(length) if rows is None else rows
            columns = (
                repeat(piece, len(indexes))
                if isinstance(piece, str)
                else map(piece.__getitem__, indexes)
                for piece in pieces
            )
            return list(map("".join, zip(*columns, strict=True))) if pieces else [""] * len(indexes)
        # A chunk keeps the memory alive that its addresses point to.
        parts = [
            piece.encode() if isinstance(piece, str) else next(read_chunks(piece))
            for piece in pieces
        ]
        offsets, joined = join_rows(
            [part if isinstance(part, bytes) else (part.addresses, part.offset) for part in parts],
            length,
            rows,
        )
        return JoinedTexts(offsets, joined)


class JoinedTexts(Rows):
    """A column of texts that exports `__arrow_c_array__`.

    Args:
        offsets: Where each text begins, and where the last one ends, as int64.
        joined: The bytes of all texts.
    """

    __slots__ = ("_joined", "_offsets")

    def __init__(self, offsets: bytearray, joined: bytearray) -> None:
        self._offsets = memoryview(offsets).cast("q")
        self._joined = joined

    def _exported(self) -> Exported:
        return Exported("U", len(self), 0, [None, self._offsets, self._joined], {}, None)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[row] for row in range(len(self))[index]]
        row = range(len(self))[index]
        return self._joined[self._offsets[row] : self._offsets[row + 1]].decode()

    def to_list(self) -> list[str]:
        """Return the texts."""
        return [self[row] for row in range(len(self))]


@dataclass(frozen=True, slots=True)
class Filled:
    """A column of texts that a template makes from columns of values.

    Attributes:
        template: The template; it has at least one field.
        values: The column of each field of the template, without nulls: lists, or Arrow arrays of
            text.

    Raises:
        ValueError: There is not one column for each field, or they differ in length.
    """

    template: Template
    values: Sequence[Any]

    def __post_init__(self) -> None:
        fields = self.template.fields
        if not fields:
            raise ValueError("expected a template with fields")
        if len(self.values) != len(fields):
            expected = f"{len(fields)} columns of values, one for each field"
            raise ValueError(f"expected {expected}, got {len(self.values)}")
        lengths = set(map(len, self.values))
        if len(lengths) > 1:
            raise ValueError(f"columns of values differ in length: {sorted(lengths)} rows")

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.values[0])

    def render(self) -> Any:
        """Return the texts: a list or an Arrow array, as the values are."""
        return self.template.render(self.values, len(self))


def parse_template(template: Template | str | None) -> Template | None:
    """Return a template, parsed if it is a text, or None for None; see `Template.parse`."""
    return Template.parse(template) if isinstance(template, str) else template


def missing_value(field: str) -> str:
    """Return the reason why a row without a value for a field cannot be read."""
    return f"no value for {{{field}}}"


def _check_field(name: str, match: re.Match[str]) -> None:
    extra = next((_EXTRAS[char] for char in name if char in _EXTRAS), None)
    if not name:
        reason = "has no name"
    elif name.isdecimal():
        reason = "is a position"
    elif extra is not None:
        reason = f"has {extra}"
    else:
        return
    raise ValueError(
        f"the field {match[0]!r} at index {match.start()} of the template {reason}; "
        "expected the name of a column, as in {name}"
    )
