"""The limits of texts, and the exceptions for some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from .entries import Entry

__all__ = ["LimitException", "Limits", "has_key", "limits_in_comments"]

_NUMBERS = ("max_segments", "max_units")
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|<!--|!)")
_MARK = re.compile(r"\bseptet:\s*(.*?)\s*(?:\*/|-->|$)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a text may take.

    Attributes:
        max_segments: The highest number of segments; None for no limit.
        max_units: The highest number of septets or code units; None for no limit.
        encoding: "gsm7" for texts that must not be sent as UCS-2; None for any encoding.

    Raises:
        ValueError: A limit is not a whole number from 1, or the encoding is another.
    """

    max_segments: int | None = None
    max_units: int | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        for name in _NUMBERS:
            value = getattr(self, name)
            if value is not None and (type(value) is not int or value < 1):
                shown = name.replace("_", "-")
                raise ValueError(f"{shown} must be a whole number from 1, not {value!r}")
        if self.encoding not in (None, "gsm7"):
            raise ValueError(f"encoding must be gsm7, not {self.encoding!r}")


@dataclass(frozen=True, slots=True)
class LimitException:
    """Other limits for some texts, or none.

    Attributes:
        keys: Patterns of keys, as in "sms.*"; a text with any of them is meant.
        files: Patterns of paths, as in "locale/fr/*"; no pattern means all files.
        limits: The limits that replace the usual ones, by the names of `Limits`.
        ignore: Whether the texts are not checked at all.
    """

    keys: Sequence[str] = ("*",)
    files: Sequence[str] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    ignore: bool = False

    def is_for(self, path: str, entry: Entry) -> bool:
        """Return whether a text of a file is meant."""
        return has_key(entry, self.keys) and (
            not self.files or any(fnmatchcase(path, pattern) for pattern in self.files)
        )

    def apply(self, limits: Limits) -> Limits | None:
        """Return the limits of a text that is meant; None if it is not checked."""
        return None if self.ignore else replace(limits, **self.limits)


def has_key(entry: Entry, patterns: Sequence[str]) -> bool:
    """Return whether the key or the context of a text matches a pattern such as "sms.*"."""
    return any(
        fnmatchcase(entry.key, pattern) or (entry.context and fnmatchcase(entry.context, pattern))
        for pattern in patterns
    )


def limits_in_comments(lines: Sequence[str], entry: Entry) -> LimitException | None:
    """Return the exception that the comments above a text, or in its line, make for it.

    Args:
        lines: The lines of the file.
        entry: The text.

    Returns:
        The exception that "septet: ignore" or "septet: max-segments=2 max-units=300" makes; None
        without such a comment.

    Raises:
        ValueError: A comment says anything else; the message gives its line.
    """
    first = entry.first_line or entry.line
    numbers = [entry.line, *([first] if first != entry.line else ())]
    while first > 1 and _COMMENT.match(lines[first - 2]):
        first -= 1
        numbers.append(first)
    for number in numbers:
        line = lines[number - 1]
        match = _MARK.search(line)
        if match and (number < (entry.first_line or entry.line) or _is_in_comment(line, match)):
            return _parse(match[1], number)
    return None


def _is_in_comment(line: str, match: re.Match[str]) -> bool:
    return re.search(r"(?:#|//|/\*|<!--)\s*$", line[: match.start()]) is not None


def _parse(words: str, number: int) -> LimitException:
    if words == "ignore":
        return LimitException(ignore=True)
    limits: dict[str, int] = {}
    for word in words.split():
        name, _, value = word.partition("=")
        name = name.replace("-", "_")
        if name not in _NUMBERS or not (value.isascii() and value.isdecimal()) or int(value) < 1:
            raise ValueError(
                f"line {number}: expected septet: ignore, or septet: max-segments=2, got {words!r}"
            )
        limits[name] = int(value)
    return LimitException(limits=limits)
