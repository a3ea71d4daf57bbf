"""How many rows of a Parquet file fit into a batch: read from the headers of its pages.

A few bytes of Parquet can stand for gigabytes: pages are compressed, and a long text in a
dictionary, or in front of other texts, is stored once and decoded for each row. The sizes that the
metadata gives do not tell, and need not be true. So the headers of all pages are read, as the
reader itself reads them, and each batch gets as many rows as fit into its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeAlias

from ...exceptions import SourceError
from .arrow_rows import BATCH_BYTES, BATCH_ROWS

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnChunkMetaData, FileMetaData

__all__ = ["DamagedPageError", "batch_sizes"]

MAX_PAGE_BYTES = 256 << 20
"""The size of the largest page that is decompressed; writers make pages of 1 MiB, a few of 100."""

_Fields: TypeAlias = "dict[int, Any]"

# Types of the compact protocol of Thrift.
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_MAX_DEPTH = 8

# Types of pages, and the fields of their headers (parquet.thrift).
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_HEADERS = {_DATA: 5, _DATA_V2: 8}
_ENCODING_FIELDS = {_DATA: 2, _DATA_V2: 4}
_PLAIN_DICTIONARY, _DELTA_BYTE_ARRAY, _RLE_DICTIONARY = 2, 7, 8

# Each value may begin with the whole of the one before it, but does so only in a file that is made
# for it; smaller batches would take much longer to read.
_DELTA_FACTOR = 4

_CODECS = {"LZ4": "lz4_raw"}
_VALUE_BYTES = 16  # of a number, a date or an empty text, with its offset and levels


class DamagedPageError(Exception):
    """A page of a Parquet file cannot be read; the message says why."""


class Page(NamedTuple):
    """A data page: how many rows it has, and how many bytes these take once they are decoded."""

    row_count: float
    byte_count: float


def batch_sizes(file: BinaryIO, metadata: FileMetaData, names: Sequence[str]) -> Iterator[int]:
    """Yield the number of rows of each batch, so that the decoded columns have a bounded size.

    Args:
        file: The Parquet file.
        metadata: Its metadata.
        names: The names of the columns that are read.

    Raises:
        DamagedPageError: A page has no valid header.
        SourceError: A page is too large to be decompressed.
    """
    schema = metadata.schema
    leaves = [
        index
        for index in range(metadata.num_columns)
        if any(f"{schema.column(index).path}.".startswith(f"{name}.") for name in names)
    ]
    row_count, byte_count = 0, 0.0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        pages = [
            list(_read_pages(file, group.column(leaf), schema.column(leaf), group.num_rows))
            for leaf in leaves
        ]
        for length, density in _sections(pages, group.num_rows):
            rest = length
            while rest:
                room = min(BATCH_ROWS - row_count, int((BATCH_BYTES - byte_count) // density))
                if room < 1 and row_count:
                    yield row_count
                    row_count, byte_count = 0, 0.0
                    continue
                taken = min(rest, max(1, room))
                row_count += taken
                byte_count += taken * density
                rest -= taken
    if row_count:
        yield row_count


def _sections(columns: list[list[Page]], row_count: int) -> Iterator[tuple[int, float]]:
    """Yield runs of rows whose size is known: how many there are, and the bytes of each."""
    changes: dict[int, float] = {0: 1.0}
    for pages in columns:
        start, density_before = 0.0, 0.0
        for page in pages:
            density = page.byte_count / max(page.row_count, 1)
            row = min(int(start), row_count)
            changes[row] = changes.get(row, 0.0) + density - density_before
            start, density_before = start + page.row_count, density
    density = 0.0
    borders = [*sorted(changes), row_count]
    for row, end in pairwise(borders):
        density += changes[row]
        if end > row:
            yield end - row, max(density, 1.0)


def _read_pages(
    file: BinaryIO, chunk: ColumnChunkMetaData, column: Any, row_count: int
) -> Iterator[Page]:
    """Yield the data pages of a column chunk."""
    name = column.path
    position = chunk.data_page_offset
    first = chunk.dictionary_page_offset if chunk.has_dictionary_page else None
    if first is not None and 0 < first < position:
        position = first
    end = position + chunk.total_compressed_size
    longest_value = 0
    rest = chunk.num_values
    rows_per_value = row_count / max(rest, 1)
    while rest > 0 and position < end:
        file.seek(position)
        fields = _read_struct(file)
        kind = fields.get(1)
        byte_count, stored = fields.get(2, -1), fields.get(3, -1)
        if byte_count < 0 or stored < 0:
            raise DamagedPageError(f"a page of column {name!r} has no valid header")
        if byte_count > MAX_PAGE_BYTES:
            raise SourceError(
                f"{file.name}: column {name!r} has a page of {byte_count:,} bytes, more than "
                f"{MAX_PAGE_BYTES:,}; write the file again with smaller pages"
            )
        position = file.tell() + stored
        if kind == _DICTIONARY:
            longest_value = _longest_value(file, chunk, column, byte_count, stored)
        elif kind in _ENCODING_FIELDS:
            header = fields.get(_HEADERS[kind])
            if not isinstance(header, dict):
                raise DamagedPageError(f"a page of column {name!r} has no valid header")
            value_count = max(0, header.get(1, 0))
            rest -= value_count
            rows: float = value_count
            if column.max_repetition_level:  # where rows begin is known from the levels only
                rows = header.get(3, 0) if kind == _DATA_V2 else value_count * rows_per_value
            encoding = header.get(_ENCODING_FIELDS[kind])
            if encoding in (_PLAIN_DICTIONARY, _RLE_DICTIONARY):
                decoded = value_count * longest_value
            elif encoding == _DELTA_BYTE_ARRAY:
                decoded = value_count * byte_count // _DELTA_FACTOR
            else:
                decoded = byte_count
            yield Page(rows, decoded + value_count * _VALUE_BYTES)


def _longest_value(
    file: BinaryIO, chunk: ColumnChunkMetaData, column: Any, byte_count: int, stored: int
) -> int:
    """Return the bytes of the longest value of a dictionary page, or a bound for it."""
    if chunk.physical_type != "BYTE_ARRAY":
        return int(column.length or 0)
    from pyarrow import decompress

    content: Any = file.read(stored)
    try:
        if chunk.compression != "UNCOMPRESSED":
            codec = _CODECS.get(chunk.compression, chunk.compression.lower())
            content = decompress(content, byte_count, codec=codec)  # type: ignore[call-overload]
    except Exception:  # of many types; the reader itself will tell
        return byte_count
    longest = position = 0
    read_length = struct.Struct("<I").unpack_from
    while position + 4 <= len(content):
        (length,) = read_length(content, position)
        longest = max(longest, length)
        position += 4 + length
    return min(longest, byte_count)


def _read_struct(file: BinaryIO, depth: int = 0) -> _Fields:
    """Read a struct of the compact protocol of Thrift; lists and texts in it are skipped."""
    fields: _Fields = {}
    identifier = 0
    while (head := _read_byte(file)) & 15 != _STOP:
        identifier = identifier + (head >> 4) if head >> 4 else _read_integer(file)
        fields[identifier] = _read_value(file, head & 15, depth)
    return fields


def _read_value(file: BinaryIO, kind: int, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise DamagedPageError("the header of a page is nested too deeply")
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE
    if kind == _BYTE:
        return _read_byte(file)
    if kind in _INTEGERS:
        return _read_integer(file)
    if kind == _DOUBLE:
        return file.seek(8, 1)
    if kind == _BINARY:
        return file.seek(_read_length(file), 1)
    if kind in (_LIST, _SET):
        head = _read_byte(file)
        count = _read_length(file) if head >> 4 == 15 else head >> 4
        for _ in range(count):
            kind = head & 15
            # In a list, unlike in a struct, a boolean takes a byte.
            _read_value(file, _BYTE if kind in (_TRUE, _FALSE) else kind, depth + 1)
        return None
    if kind == _STRUCT:
        return _read_struct(file, depth + 1)
    raise DamagedPageError(f"the header of a page has a field of the unknown type {kind}")


def _read_byte(file: BinaryIO) -> int:
    octet = file.read(1)
    if not octet:
        raise DamagedPageError("the file ends within the header of a page")
    return octet[0]


def _read_length(file: BinaryIO) -> int:
    """Read a length or a count, which is not signed."""
    value = shift = 0
    while True:
        octet = _read_byte(file)
        value |= (octet & 127) << shift
        shift += 7
        if octet < 128:
            return value
        if shift > 63:
            raise DamagedPageError("the header of a page has a number that is too long")


def _read_integer(file: BinaryIO) -> int:
    value = _read_length(file)
    return value >> 1 ^ -(value & 1)
