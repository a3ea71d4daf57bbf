"""Files of lines of text, plain or compressed: the common part of CSV and JSON Lines."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable

from .sources import Columns, Source

__all__ = ["DAMAGE", "TextFile", "are_utf8"]

DAMAGE = (EOFError, zlib.error, OSError)
"""The errors of reading a damaged file, or from a failing device."""


class TextFile(Source):
    """An open file of lines of text."""

    def __init__(self, path: str, columns: Columns, newline: str) -> None:
        super().__init__(path, columns)
        self._file = open(path, "rb")  # noqa: SIM115  closed by close()
        self._size = os.fstat(self._file.fileno()).st_size
        binary = gzip.GzipFile(fileobj=self._file) if path.lower().endswith(".gz") else self._file
        # Undecodable bytes become lone surrogates, which valid UTF-8 never decodes to, so that one
        # bad byte makes its row unreadable and not the whole file.
        self._stream = io.TextIOWrapper(
            binary, encoding="utf-8-sig", errors="surrogateescape", newline=newline
        )

    @property
    def fraction(self) -> float:
        """The fraction of the file that has been read, from 0.0 to 1.0."""
        return self._file.tell() / self._size if self._size else 1.0

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._file.close()


def are_utf8(texts: Iterable[str]) -> bool:
    """Return whether the bytes of some texts of a `TextFile` were valid UTF-8."""
    try:
        for text in texts:
            if not text.isascii():
                text.encode()
    except UnicodeEncodeError:
        return False
    return True
