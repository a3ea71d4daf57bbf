"""Files of lines of text, perhaps compressed: what CSV and JSON Lines have in common."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable

from .sources import Columns, Source

__all__ = ["DAMAGE", "TextFile", "are_utf8"]

DAMAGE = (EOFError, zlib.error, OSError)
"""What reading raises if a file is damaged, or what it is on."""


class TextFile(Source):
    """A file of lines, opened."""

    def __init__(self, path: str, columns: Columns, newline: str) -> None:
        super().__init__(path, columns)
        self._file = open(path, "rb")  # noqa: SIM115  closed by close()
        self._size = os.fstat(self._file.fileno()).st_size
        binary = gzip.GzipFile(fileobj=self._file) if path.lower().endswith(".gz") else self._file
        # Undecodable bytes become lone surrogates, which UTF-8 itself never decodes to: one bad
        # byte then spoils its row and not the file.
        self._stream = io.TextIOWrapper(
            binary, encoding="utf-8-sig", errors="surrogateescape", newline=newline
        )

    @property
    def fraction(self) -> float:
        """How much of the file has been read, from 0.0 to 1.0."""
        return self._file.tell() / self._size if self._size else 1.0

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._file.close()


def are_utf8(texts: Iterable[str]) -> bool:
    """Tell whether texts of such a file were UTF-8 in it."""
    try:
        for text in texts:
            if not text.isascii():
                text.encode()
    except UnicodeEncodeError:
        return False
    return True
