"""Gzip files in parts that are compressed by themselves, so that threads can share the work."""

from __future__ import annotations

import struct
import zlib
from typing import IO

__all__ = ["GzipWriter", "compress_part"]

_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # without a name and a time: the same for the same data
_LAST_BLOCK = b"\x03\0"  # an empty one
_LEVEL = 6


def compress_part(data: bytes | bytearray) -> bytes:
    """Return a part of a file compressed, without reference to the part before it.

    Args:
        data: The bytes of the part.
    """
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


class GzipWriter:
    """Writes parts one after the other, as a file of one member."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin the file.

        Args:
            file: The file to write to; it stays open.
        """
        self._file = file
        self._checksum = 0
        self._size = 0
        file.write(_HEADER)

    def write(self, data: bytes | bytearray, compressed: bytes) -> None:
        """Write the next part.

        Args:
            data: The bytes of the part.
            compressed: What `compress_part` returned for them.
        """
        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        self._file.write(compressed)

    def finish(self) -> None:
        """Write the end of the file."""
        self._file.write(_LAST_BLOCK + struct.pack("<II", self._checksum, self._size & 0xFFFFFFFF))
