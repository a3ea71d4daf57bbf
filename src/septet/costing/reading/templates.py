"""Templates: texts with fields, which the columns of a campaign fill.

They are filled a column at a time, so a campaign by template is counted as one of texts is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Self

from ..._kernels import join_rows
from ...arrow.structures import read_chunks

__all__ = ["Template", "no_value", "parse_template"]

_BRACES = re.compile(r"(?P<escaped>\{\{|\}\})|\{(?P<name>[^{}]*)\}|[{}]")
_EXTRAS = {"!": "a conversion", ":": "a format", ".": "an attribute", "[": "an index"}


@dataclass(frozen=True, slots=True)
class Template:
    """A text with fields, as `str.format` takes them by name.

    Attributes:
        text: The template as it was written.
        fields: Names of its fields, each once, in their order.
        pieces: What stands between the fields, and for each field its index in `fields`.
    """

    text: str
    fields: tuple[str, ...]
    pieces: tuple[str | int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a template: `{name}` is a field, `{{` and `}}` are braces.

        Raises:
            ValueError: A brace has no other, a field is more than a name, or the text has a lone
                surrogate; the message says which and where.
        """
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"the template is not valid text at index {error.start}") from None
        fields: dict[str, int] = {}
        pieces: list[str | int] = []
        end = 0
        for found in _BRACES.finditer(text):
            pieces.append(text[end : found.start()])
            end = found.end()
            name = found["name"]
            if found["escaped"]:
                pieces.append(found[0][0])
            elif name is None:
                raise ValueError(
                    f"the template has a lone {found[0]!r} at index {found.start()}; "
                    f"a brace itself is written {found[0] * 2!r}"
                )
            else:
                _check(name, found)
                pieces.append(fields.setdefault(name, len(fields)))
        pieces.append(text[end:])
        return cls(text, tuple(fields), tuple(piece for piece in pieces if piece != ""))

    @property
    def blank(self) -> str:
        """The text with all fields empty."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    def render(self, values: Sequence[Any], length: int, rows: memoryview | None = None) -> Any:
        """Return the texts of some rows.

        Args:
            values: For each of `fields` its values, none of them null: lists, or all of them
                pyarrow arrays of texts; or one text for all rows.
            length: How many values they are.
            rows: The rows that are wanted, if not all are.

        Returns:
            A list, or a pyarrow array.
        """
        pieces: list[Any] = [
            piece if isinstance(piece, str) else values[piece] for piece in self.pieces
        ]
        if all(isinstance(piece, str | list) for piece in pieces):
            wanted = range(length) if rows is None else rows
            columns = (
                repeat(piece, len(wanted))
                if isinstance(piece, str)
                else map(piece.__getitem__, wanted)
                for piece in pieces
            )
            return list(map("".join, zip(*columns, strict=True))) if pieces else [""] * len(wanted)
        from pyarrow import LargeStringArray, py_buffer

        # A chunk keeps alive what its addresses point to.
        parts = [
            piece.encode() if isinstance(piece, str) else next(read_chunks(piece))
            for piece in pieces
        ]
        offsets, octets = join_rows(
            [part if isinstance(part, bytes) else (part.addresses, part.offset) for part in parts],
            length,
            rows,
        )
        return LargeStringArray.from_buffers(
            len(offsets) // 8 - 1, py_buffer(offsets), py_buffer(octets)
        )


def parse_template(text: str | None) -> Template | None:
    """Return the template of a text, if there is one; see `Template.parse`."""
    return None if text is None else Template.parse(text)


def no_value(field: str) -> str:
    """Return why a row without a value for a field cannot be read."""
    return f"no value for {{{field}}}"


def _check(name: str, found: re.Match[str]) -> None:
    what = next((_EXTRAS[char] for char in name if char in _EXTRAS), None)
    if not name or name.isdecimal():
        reason = "has no name" if not name else "is a position"
    elif what is not None:
        reason = f"has {what}"
    else:
        return
    raise ValueError(
        f"the field {found[0]!r} at index {found.start()} of the template {reason}; "
        "a field is the name of a column, as in {name}"
    )
