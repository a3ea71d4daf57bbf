"""Characters as they may be shown: nothing invisible, nothing that moves a cursor."""

from __future__ import annotations

import unicodedata

__all__ = ["code_point", "describe", "display_width", "lone", "visible"]

_DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"
_CONTROL_PICTURES = 0x2400
_DELETE = "\N{SYMBOL FOR DELETE}"

_CONTROL_NAMES = {
    "\0": "NULL",
    "\b": "BACKSPACE",
    "\t": "CHARACTER TABULATION",
    "\v": "LINE TABULATION",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
}
_CATEGORY_NAMES = {
    "Cc": "CONTROL CHARACTER",
    "Cs": "LONE SURROGATE",
    "Co": "PRIVATE USE",
    "Cn": "UNASSIGNED",
}


def visible(text: str) -> str:
    r"""Return the text with all that cannot be seen, or that steers a terminal, written out.

    Control characters become their pictures (␊ ␍ ␛); other spaces than the plain one, format and
    bidi controls, and lone surrogates become escapes such as \u202e.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written_out(char) for char in text)


def lone(char: str) -> str:
    """Return a character so that it can be seen by itself: a mark stands on a dotted circle."""
    is_mark = unicodedata.category(char).startswith("M")
    return _DOTTED_CIRCLE + char if is_mark else visible(char)


def code_point(char: str) -> str:
    """Return the code point as in U+2019."""
    return f"U+{ord(char):04X}"


def describe(char: str) -> str:
    """Return the Unicode name of a character, or what it is where it has none."""
    name = unicodedata.name(char, "") or _CONTROL_NAMES.get(char, "")
    return name or _CATEGORY_NAMES.get(unicodedata.category(char), "UNNAMED")


def display_width(text: str) -> int:
    """Return how many columns a terminal gives to a visible text."""
    return sum(
        0 if unicodedata.category(char) in {"Mn", "Me"}
        else 2 if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in text
    )  # fmt: skip


def _written_out(char: str) -> str:
    value = ord(char)
    if value < 0x20:
        return chr(_CONTROL_PICTURES + value)
    if char == "\x7f":
        return _DELETE
    return char.encode("unicode_escape").decode("ascii")
