"""Plain text: one text in each line, or in each file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..entries import Entry

__all__ = ["read_text_lines", "read_whole_text"]


def read_text_lines(text: str) -> Iterator[Entry]:
    """Yield the lines of a file that are not blank; the key of a line is its number.

    Args:
        text: The file.
    """
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip():
            yield Entry(str(number), line, number, 1)


def read_whole_text(text: str, key: str) -> Iterator[Entry]:
    """Yield a file that is not blank as one text, without the line end at its end.

    Args:
        text: The file.
        key: The key of the text.
    """
    if text.strip():
        yield Entry(key, re.sub(r"(?:\r\n|\n|\r)\Z", "", text), 1, 1)
