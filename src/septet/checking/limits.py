"""The limits of texts, and the exceptions for some of them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from .entries import Entry

__all__ = ["CommentedLimits", "LimitException", "Limits", "has_key"]

_NUMBERS = ("max_segments", "max_units")
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|<!--|!)")
_MARK = re.compile(r"(?:#\.?|(?<!:)//|/\*|<!--|^\s*[*!])\s*septet:")
_END = re.compile(r"\*/|-->")


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
        keys: Patterns of keys, as in `"sms.*"`; a text with any of them is meant.
        files: Patterns of paths, as in `"locale/fr/*"`; no pattern means all files.
        limits: The limits that replace the usual ones, by the names of `Limits`.
        ignore: Whether the texts are not checked at all.
        folder: The folder that the patterns of paths begin in; without one, they are compared with
            the paths as they are given.
    """

    keys: Sequence[str] = ("*",)
    files: Sequence[str] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    ignore: bool = False
    folder: str = ""

    def is_for_file(self, path: str) -> bool:
        """Return whether texts of a file are meant.

        Args:
            path: The path of the file.
        """
        if not self.files:
            return True
        if self.folder:
            with contextlib.suppress(ValueError):  # another drive of Windows
                path = os.path.relpath(path, self.folder)
        name = PurePath(path).as_posix()
        return any(fnmatchcase(name, pattern) for pattern in self.files)

    def is_for(self, entry: Entry) -> bool:
        """Return whether a text of these files is meant.

        Args:
            entry: The text, with its key.
        """
        return has_key(entry, self.keys)

    def apply(self, limits: Limits) -> Limits | None:
        """Return the limits of a text that is meant; None if it is not checked.

        Args:
            limits: The limits without this exception.
        """
        return None if self.ignore else replace(limits, **self.limits)


def has_key(entry: Entry, patterns: Sequence[str]) -> bool:
    """Return whether the key or the context of a text matches a pattern such as "sms.*"."""
    return any(
        fnmatchcase(entry.key, pattern) or (entry.context and fnmatchcase(entry.context, pattern))
        for pattern in patterns
    )


class CommentedLimits:
    """The exceptions that comments of a file make: "septet: ignore", "septet: max-segments=2"."""

    def __init__(self, text: str) -> None:
        """Find the comments.

        Args:
            text: The file.

        Raises:
            ValueError: A comment for septet says anything else; the message gives its line.
        """
        self._exceptions: dict[int, LimitException] = {}
        self._above: dict[int, LimitException] = {}
        if "septet:" not in text:
            return
        above = None
        for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
            if above is not None:
                self._above[number] = above
            if match := _MARK.search(line):
                words = _END.split(line[match.end() :], maxsplit=1)[0]
                self._exceptions[number] = _parse(words.strip(), number)
            above = self._exceptions.get(number, above) if _COMMENT.match(line) else None

    def find(self, entry: Entry) -> LimitException | None:
        """Return the exception for a text: of its line, or of the comments directly above it."""
        first = entry.first_line or entry.line
        own = self._exceptions.get(entry.line) or self._exceptions.get(first)
        return own or self._above.get(first)


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
