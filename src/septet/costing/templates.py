"""Templates: texts with fields, which the columns of a campaign fill.

They are filled a column at a time, so a campaign by template is counted as one of texts is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Self

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

    def render(self, values: Sequence[Any], rows: int) -> Any:
        """Return the texts of some rows.

        Args:
            values: For each of `fields` its values in these rows, none of them null: lists, or all
                of them pyarrow arrays of type string; or one text for all rows.
            rows: How many they are.

        Returns:
            A list, or a pyarrow array.
        """
        pieces: list[Any] = [
            piece if isinstance(piece, str) else values[piece] for piece in self.pieces
        ]
        if all(isinstance(piece, str | list) for piece in pieces):
            columns = (repeat(piece, rows) if isinstance(piece, str) else piece for piece in pieces)
            return list(map("".join, zip(*columns, strict=True))) if pieces else [""] * rows
        import pyarrow.compute as pc

        return pc.binary_join_element_wise(*pieces, "")


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
