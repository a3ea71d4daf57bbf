"""JSON of internationalisation: flat or nested, with the plural keys of i18next, and .arb files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, decoder
from typing import NamedTuple

from ..entries import Entry, Places
from .nested_keys import Text, entries_of

__all__ = ["read_json", "walk_json"]

_MAX_DEPTH = 100
_DESCRIBED = (("defaultMessage",), ("message",))
_SPACE = re.compile(r"[ \t\r\n]*")
_OTHER = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")


def read_json(text: str) -> Iterator[Entry]:
    """Yield the texts of a JSON file.

    Keys that begin with @, as in .arb files, describe others, and so does "description" beside
    "defaultMessage" (formatjs) or "message" (browser extensions). They are left out.

    Args:
        text: The file.

    Raises:
        ValueError: The file is not JSON, or nested too deeply; the message gives the place.
    """
    places = Places(text)
    texts = [
        Text(path, value, *places.find(index))
        for path, value, index in walk_json(text)
        if not any(isinstance(key, str) and key.startswith("@") for key in path)
    ]
    described = {each.path[:-1] for each in texts if each.path[-1:] in _DESCRIBED}
    return entries_of(
        each
        for each in texts
        if each.path[-1:] != ("description",) or each.path[:-1] not in described
    )


class _String(NamedTuple):
    path: tuple[str | int, ...]
    value: str
    start: int


def walk_json(
    text: str, indexes: dict[tuple[str | int, ...], int] | None = None
) -> Iterator[_String]:
    """Yield (path, value, index of its quote) of each text, in the order of the file.

    Args:
        text: The file.
        indexes: Receives the index of each key, by the path that it ends; None if not wanted.

    Raises:
        ValueError: The file is not JSON, or nested too deeply; the message gives the place.
    """

    def note(index: int) -> None:
        if indexes is not None:
            indexes[tuple(path)] = index

    path: list[str | int] = []
    index = _skip(text, 0)
    while True:
        char = text[index : index + 1]
        if char == '"':
            value, end = _string(text, index)
            yield _String(tuple(path), value, index)
        elif char in ("{", "["):
            if len(path) == _MAX_DEPTH:
                raise _error(text, index, f"more than {_MAX_DEPTH} levels")
            index = _skip(text, index + 1)
            if text[index : index + 1] != "}]"[char == "["]:
                if char == "[":
                    path.append(0)
                else:
                    key, value_index = _key(text, index)
                    path.append(key)
                    note(index)
                    index = value_index
                continue
            end = index + 1
        else:
            match = _OTHER.match(text, index)
            if match is None:
                raise _error(text, index, "expected a value")
            end = match.end()
        index = _skip(text, end)
        while path:
            char = text[index : index + 1]
            last = path[-1]
            if char == ",":
                index = _skip(text, index + 1)
                if isinstance(last, int):
                    path[-1] = last + 1
                else:
                    path[-1], value_index = _key(text, index)
                    note(index)
                    index = value_index
                break
            if char != ("]" if isinstance(last, int) else "}"):
                raise _error(text, index, "expected a comma, or the end of an object or array")
            path.pop()
            index = _skip(text, index + 1)
        else:
            if index != len(text):
                raise _error(text, index, "expected the end of the file")
            return


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _key(text: str, index: int) -> tuple[str, int]:
    """Return a key, and the index of its value."""
    if text[index : index + 1] != '"':
        is_end = text[index : index + 1] == "}"
        reason = "expected no comma before it" if is_end else "expected a key in double quotes"
        raise _error(text, index, reason)
    key, end = _string(text, index)
    end = _skip(text, end)
    if text[end : end + 1] != ":":
        raise _error(text, end, "expected a colon")
    return key, _skip(text, end + 1)


def _string(text: str, index: int) -> tuple[str, int]:
    try:
        value, end = decoder.scanstring(text, index + 1, True)  # type: ignore[attr-defined]
    except JSONDecodeError as error:
        raise _error(text, error.pos, "a text that is not valid JSON") from None
    return value, end


def _error(text: str, index: int, reason: str) -> ValueError:
    if text.startswith(("//", "/*"), index):
        reason = "comments are not JSON"
    return ValueError(f"{Places(text).describe(index)}: {reason}")
