"""The texts of a catalogue, and their places in its file."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

__all__ = ["Entry", "Places"]

_LINE_END = re.compile(r"\r\n|\n|\r")


class Entry(NamedTuple):
    """A text of a catalogue.

    Attributes:
        key: The name of the text. Nested keys are joined by dots; the key of a gettext entry is its
            msgid; a plural form has its number or category in brackets, as in "messages[one]".
        text: The text as it is sent, with its placeholders.
        line: The line where the text begins, from 1.
        column: The column where the text begins, in characters from 1.
        language: The language that the file gives, such as "fr" or "pt-BR"; None if only its path
            can tell.
        context: The msgctxt of a gettext entry.
        first_line: The line where the entry begins, below its comments.
        is_source: Whether it is a text to translate, which each catalogue repeats.
    """

    key: str
    text: str
    line: int
    column: int
    language: str | None = None
    context: str = ""
    first_line: int | None = None
    is_source: bool = False


class Places:
    """Finds the line and the column of an index in a text."""

    def __init__(self, text: str) -> None:
        """Find the lines.

        Args:
            text: The file. CR LF, LF and CR end a line.
        """
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def find(self, index: int) -> tuple[int, int]:
        """Return the line and the column of an index, both from 1."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def index(self, line: int, column: int) -> int:
        """Return the index of a place."""
        return self._starts[line - 1] + column - 1

    def describe(self, index: int) -> str:
        """Return the place of an index for an error message."""
        line, column = self.find(index)
        return f"line {line}, column {column}"
