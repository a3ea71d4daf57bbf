"""The .strings files of Apple's systems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..entries import Entry, Places

__all__ = ["read_strings"]

_SPACE = re.compile(r"(?:\s++|//[^\r\n]*+|/\*.*?\*/)*+", re.DOTALL)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*+)"|([\w.$/:-]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:[Uu]([0-9A-Fa-f]{4})|([0-7]{1,3})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b", "v": "\v", "a": "\a"}


def read_strings(text: str) -> Iterator[Entry]:
    """Yield the texts of a .strings file.

    Args:
        text: The file.

    Raises:
        ValueError: A statement is not `"key" = "text";`; the message gives the place.
    """
    places = Places(text)
    index = _skip(text, 0)
    while index < len(text):
        start = index
        key, _, index = _token(text, index, places)
        if text[index : index + 1] == "=":
            value, where, index = _token(text, _skip(text, index + 1), places)
        else:  # a key alone is its own text
            value, where = key, start
        if text[index : index + 1] != ";":
            raise ValueError(f"{places.describe(index)}: expected ; after a text")
        index = _skip(text, index + 1)
        yield Entry(key, value, *places.find(where), first_line=places.find(start)[0])


def _token(text: str, index: int, places: Places) -> tuple[str, int, int]:
    """Return a text, its index, and the index of what is after it."""
    match = _TEXT.match(text, index)
    if match is None:
        raise ValueError(f"{places.describe(index)}: expected a text in double quotes")
    return _unescape(match[1]) if match[2] is None else match[2], index, _skip(text, match.end())


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _unescape(value: str) -> str:
    if "\\" not in value:
        return value

    def char(match: re.Match[str]) -> str:
        hexadecimal, octal, other = match.groups()
        if other:
            return _CONTROLS.get(other, other)
        return chr(int(hexadecimal, 16) if hexadecimal else int(octal, 8))

    unescaped = _ESCAPE.sub(char, value)
    return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
