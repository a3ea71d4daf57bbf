"""Files of lines of text in any encoding, plain or compressed: the common part of CSV and JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ....exceptions import SourceError
from ....files.decompression import read_decompressed
from ....files.text_encodings import find_encoding, read_as_utf8
from ..sources import Columns, Source

__all__ = [
    "MAX_RECORD_BYTES",
    "TextFile",
    "are_utf8",
    "count_line_ends",
    "count_lines",
    "decode",
    "decode_lines",
]

MAX_RECORD_BYTES = 64 << 20
"""The size as UTF-8 of the longest record or line that is read."""

_MARK_BYTES = 4
_OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\xfd7zXZ\x00": "compressed with xz",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
}
"""What else a file with the name of a text file may be, by its first bytes."""


class TextFile(Source):
    """An open file of text, which is read as UTF-8 in blocks.

    Attributes:
        encoding: The name of the encoding of the file, such as "UTF-16".
        mark: The byte order mark for a copy of the file in UTF-8, which has one if it did, or if it
            was in another encoding; else empty.
    """

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self._file = open(path, "rb")  # noqa: SIM115  closed by close()
        with self._closed_on_error():
            self.byte_count = os.fstat(self._file.fileno()).st_size
            self._blocks = self._open_blocks()

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        """Close the file if the block, which reads its beginning, raises an exception.

        Raises:
            SourceError: Instead of `OSError`.
        """
        try:
            yield
        except OSError as error:
            self.close()
            raise self._make_damage_error(error) from error
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        """The fraction of the file that has been read, from 0.0 to 1.0."""
        return self._file.tell() / self.byte_count if self.byte_count else 1.0

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _open_blocks(self) -> Iterator[bytes]:
        """Return the file as UTF-8 in blocks, none of which ends between CR and LF."""
        blocks = read_decompressed(self._file)
        head = b""
        while len(head) < _MARK_BYTES and (block := next(blocks, b"")):
            head += block
        for signature, kind in _OTHER_FORMATS.items():
            if head.startswith(signature):
                raise SourceError(f"{self.name} is {kind}, not a text file")
        encoding = find_encoding(head, self._columns.encoding)
        if encoding.name == "UTF-32":
            raise SourceError(
                f"{self.name} is UTF-32; convert it first: iconv -f UTF-32 -t UTF-8 FILE"
            )
        self.encoding = encoding.name
        self.mark = "\ufeff" if encoding.mark or encoding.codec else ""
        return _keep_line_ends(read_as_utf8(_prepend(head, blocks), encoding))

    def _describe_invalid(self, texts: Iterable[str]) -> str:
        """Return why some texts cannot be read that have invalid bytes."""
        reason = f"not valid {self.encoding}"
        if self.encoding == "UTF-8" and _can_be_windows_1252(texts):
            reason += "; if it is Windows-1252, give --encoding windows-1252"
        return reason


def _prepend(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from blocks


def _keep_line_ends(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks again, with a CR at the end of one moved into the next."""
    carriage_return = b""
    for block in blocks:
        whole = carriage_return + block
        carriage_return = b"\r" if whole.endswith(b"\r") else b""
        if whole := whole.removesuffix(b"\r"):
            yield whole
    if carriage_return:
        yield carriage_return


def decode(data: bytes | bytearray) -> str:
    """Return UTF-8 as a text in which each invalid byte is a lone surrogate.

    Valid UTF-8 never decodes to one, so one bad byte makes its row unreadable and not the file.
    """
    return data.decode("utf-8", "surrogateescape")


def decode_lines(lines: list[bytes]) -> tuple[list[str], bool]:
    """Return some lines as `decode` does, and whether all of their bytes are valid UTF-8."""
    try:
        return [line.decode() for line in lines], True
    except UnicodeDecodeError:
        return list(map(decode, lines)), False


def count_lines(data: bytes | bytearray, start: int, end: int) -> int:
    """Return the number of lines in the bytes of a range; the last may lack its end."""
    has_end = data.endswith((b"\r", b"\n"), start, end)
    return count_line_ends(data, start, end) + (not has_end)


def count_line_ends(data: bytes | bytearray, start: int, end: int) -> int:
    """Return the number of line ends in the bytes of a range, which is not between CR and LF."""
    count = data.count(b"\n", start, end)
    if data.find(b"\r", start, end) >= 0:
        count += data.count(b"\r", start, end) - data.count(b"\r\n", start, end)
    return count


def are_utf8(texts: Iterable[str]) -> bool:
    """Return whether the bytes of some texts from `decode` were valid UTF-8."""
    try:
        for text in texts:
            if not text.isascii():
                text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _can_be_windows_1252(texts: Iterable[str]) -> bool:
    """Return whether texts from `decode` that are not UTF-8 can be Windows-1252."""
    try:
        for text in texts:
            text.encode("ascii", "surrogateescape").decode("windows-1252")
    except UnicodeError:
        return False
    return True
