"""Structs in the compact protocol of Thrift, in which Parquet writes its metadata.

pyarrow reads them too, but its objects for the chunks of a column end the process if some
statistics in a damaged file contradict each other, and it has none for the headers of pages.
"""

from __future__ import annotations

import struct
from typing import Any

__all__ = ["ThriftError", "read_struct"]

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_LONG_LIST = 15
_MAX_DEPTH = 32
_MAX_SHIFT = 63  # of the last seven bits of an integer of 64 bits


class ThriftError(ValueError):
    """Bytes that are not a struct; the message says why."""


def read_struct(content: bytes, position: int = 0) -> tuple[dict[int, Any], int]:
    """Read a struct.

    Args:
        content: The bytes, with the struct and whatever follows it.
        position: Where the struct begins.

    Returns:
        The values of its fields by their numbers, and the position after it. A value is an
        integer, a boolean, a float, bytes, a list, or a dict again.

    Raises:
        IndexError: The struct is longer than the bytes.
        ThriftError: The bytes are not a struct.
    """
    reader = _Reader(content, position)
    fields = reader.read_struct(0)
    return fields, reader.position


class _Reader:
    def __init__(self, content: bytes, position: int) -> None:
        self.content = content
        self.position = position

    def read_struct(self, depth: int) -> dict[int, Any]:
        if depth > _MAX_DEPTH:
            raise ThriftError("its structs are nested too deeply")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._read_byte():
            number = number + (head >> 4) if head >> 4 else self._read_integer()
            kind = head & 15
            # Only in a struct, a boolean is its own type.
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._read(kind, depth)
        return fields

    def _read(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._read_integer()
        if kind == _BINARY:
            return self._read_bytes(self._read_length())
        if kind == _STRUCT:
            return self.read_struct(depth + 1)
        if kind in (_LIST, _SET):
            head = self._read_byte()
            count = head >> 4 if head >> 4 != _LONG_LIST else self._read_length()
            if depth > _MAX_DEPTH:
                raise ThriftError("its lists are nested too deeply")
            return [self._read(head & 15, depth + 1) for _ in range(count)]
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._read_byte()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._read_bytes(8))[0]
        raise ThriftError(f"it has a field of the unknown type {kind}")

    def _read_byte(self) -> int:
        byte = self.content[self.position]
        self.position += 1
        return byte

    def _read_bytes(self, length: int) -> bytes:
        start = self.position
        self.position += length
        if self.position > len(self.content):
            raise IndexError("the struct is longer than its bytes")
        return self.content[start : self.position]

    def _read_length(self) -> int:
        """Read a length or a count, which has no sign."""
        value = shift = 0
        while True:
            byte = self.content[self.position]
            self.position += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > _MAX_SHIFT:
                raise ThriftError("it has an integer of more than 64 bits")

    def _read_integer(self) -> int:
        value = self._read_length()
        return value >> 1 ^ -(value & 1)
