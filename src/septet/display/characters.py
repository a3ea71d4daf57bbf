"""Shows characters safely: invisible ones and terminal controls are written as escapes."""

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
    r"""Return the text with invisible characters and terminal controls replaced.

    Control characters become their pictures (␊ ␍ ␛). Spaces other than U+0020, format and bidi
    controls, and lone surrogates become escapes such as \u202e.

    Args:
        text: Any text.

    Returns:
        A text that is printable, as `str.isprintable` defines it.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def lone(char: str) -> str:
    """Return a character so that it can be seen by itself: a mark is shown on a dotted circle."""
    is_mark = unicodedata.category(char).startswith("M")
    return _DOTTED_CIRCLE + char if is_mark else visible(char)


def code_point(char: str) -> str:
    """Return the code point of a character, such as "U+2019"."""
    return f"U+{ord(char):04X}"


def describe(char: str) -> str:
    """Return the Unicode name of a character, or what kind of character it is if it has none."""
    name = unicodedata.name(char, "") or _CONTROL_NAMES.get(char, "")
    return name or _CATEGORY_NAMES.get(unicodedata.category(char), "UNNAMED")


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    Args:
        text: A text as `visible` returns it.
    """
    return sum(
        0 if unicodedata.category(char) in {"Mn", "Me"}
        else 2 if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in text
    )  # fmt: skip


def _escaped(char: str) -> str:
    value = ord(char)
    if value < 0x20:
        return chr(_CONTROL_PICTURES + value)
    if char == "\x7f":
        return _DELETE
    return char.encode("unicode_escape").decode("ascii")
