"""Shows characters safely: invisible ones and terminal controls are written as escapes.

What is printable, a mark or wide is decided by septet's own tables of Unicode. Names come from the
running Python, which may not know the newest characters.
"""

from __future__ import annotations

import unicodedata

from ..standard.characters import char_width, is_assigned, is_mark, is_printable

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
}


def visible(text: str) -> str:
    r"""Return the text with invisible characters and terminal controls replaced.

    Control characters become their pictures (␊ ␍ ␛). Spaces other than U+0020, format and bidi
    controls, and lone surrogates become escapes such as \u202e.

    Args:
        text: Any text.

    Returns:
        A text of characters that are printable in `UNICODE_VERSION`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if is_printable(char) else _escaped(char) for char in text)


def lone(char: str) -> str:
    """Return a character so that it can be seen by itself: a mark is shown on a dotted circle."""
    return _DOTTED_CIRCLE + char if is_mark(char) else visible(char)


def code_point(char: str) -> str:
    """Return the code point of a character, such as "U+2019"."""
    return f"U+{ord(char):04X}"


def describe(char: str) -> str:
    """Return the Unicode name of a character, or what kind of character it is if it has none.

    A character that the running Python does not know has its code point for a name.
    """
    if not is_assigned(char):
        return "UNASSIGNED"
    category = unicodedata.category(char)
    if category == "Cn":
        return f"{code_point(char)} (not in this Python's Unicode)"
    name = unicodedata.name(char, "") or _CONTROL_NAMES.get(char, "")
    return name or _CATEGORY_NAMES.get(category, "UNNAMED")


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    Args:
        text: A text as `visible` returns it.
    """
    return sum(map(char_width, text))


def _escaped(char: str) -> str:
    value = ord(char)
    if value < 0x20:
        return chr(_CONTROL_PICTURES + value)
    if char == "\x7f":
        return _DELETE
    return char.encode("unicode_escape").decode("ascii")
