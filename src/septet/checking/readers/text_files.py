"""Plain text: one text in each line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..entries import Entry

__all__ = ["read_text_lines"]


def read_text_lines(text: str) -> Iterator[Entry]:
    """Yield the lines of a file that are not blank; the key of a line is its number.

    Args:
        text: The file.
    """
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip():
            yield Entry(str(number), line, number, 1)
