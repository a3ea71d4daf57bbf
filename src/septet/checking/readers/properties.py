"""Java properties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..entries import Entry, Places

__all__ = ["is_message_format", "read_properties"]

_LINE = re.compile(
    r"[ \t\f]*+(?:[#!][^\r\n]*+|"
    r"(?P<key>(?:[^\\ \t\f\r\n:=]|\\(?:\r\n[ \t\f]*|.))*+)"
    r"[ \t\f]*+(?:[:=][ \t\f]*+)?(?P<value>(?:[^\\\r\n]|\\(?:\r\n|.))*+))(?:\r\n|\n|\r|\\?\Z)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:(?:\r\n|\n|\r)[ \t\f]*|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_POSITION = re.compile(r"\{\d")


def read_properties(text: str) -> Iterator[Entry]:
    """Yield the values of a file of properties.

    In a value with {0}, two apostrophes are one, as `java.text.MessageFormat` has it.

    Args:
        text: The file.

    Yields:
        The values with their keys, in the order of the file.
    """
    places = Places(text)
    for match in _LINE.finditer(text):
        if match["key"] or match["value"]:
            value = _unescape(match["value"])
            if is_message_format(value):
                value = value.replace("''", "'")
            line, column = places.find(match.start("value"))
            first_line, _ = places.find(match.start("key"))
            yield Entry(_unescape(match["key"]), value, line, column, first_line=first_line)


def is_message_format(value: str) -> bool:
    """Return whether a value has an argument such as {0}, so that two apostrophes are one."""
    return _POSITION.search(value) is not None


def _unescape(value: str) -> str:
    if "\\" not in value:
        return value

    def char(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _CONTROLS.get(match[2], match[2]) if match[2] else ""

    # Characters beyond U+FFFF are escaped as two surrogates.
    unescaped = _ESCAPE.sub(char, value)
    return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
