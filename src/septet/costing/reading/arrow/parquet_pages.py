"""How many rows of a Parquet file fit into a batch: read from the headers of its pages.

A few bytes of Parquet can stand for gigabytes: pages are compressed, and a long text in a
dictionary, or in front of other texts, is stored once and decoded for each row. The sizes that the
metadata gives do not tell, and need not be true. So the headers of all pages are read, as the
reader itself reads them, and each batch gets as many rows as fit into its bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from ...._kernels import longest_value
from ....exceptions import SourceError
from .page_contents import decompress_page
from .rows import BATCH_BYTES, BATCH_ROWS
from .thrift_structs import read_struct

__all__ = [
    "BYTE_ARRAY",
    "CHUNK_CODEC",
    "CHUNK_TYPE",
    "CODECS",
    "DATA",
    "DATA_V2",
    "DICTIONARY",
    "ENCODING_FIELDS",
    "MAX_PAGE_BYTES",
    "PAGE_ROWS",
    "PAGE_VALUES",
    "PLAIN_DICTIONARY",
    "RLE_DICTIONARY",
    "DamagedPageError",
    "LeafColumn",
    "Page",
    "PageSize",
    "batch_sizes",
    "chunk_of",
    "chunk_range",
    "divide_rows",
    "integer",
    "read_metadata",
    "read_pages",
    "read_row_groups",
    "row_count_of",
]

MAX_PAGE_BYTES = 256 << 20
"""The size of the largest page that is decompressed; writers make pages of 1 MiB, a few of 100."""

_FOOTER_END = 8  # bytes: the length of the footer, and the magic bytes
_MAGIC = b"PAR1"
_HEADER_BYTES = (512, 1 << 16, 16 << 20)  # to read for the header of a page, until it is whole

# Numbers of parquet.thrift: fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROW_GROUPS, _COLUMNS, _ROW_COUNT, _CHUNK_METADATA = 4, 1, 3, 3
CHUNK_TYPE, CHUNK_CODEC, _CHUNK_VALUES, _CHUNK_BYTES, _DATA_OFFSET, _DICTIONARY_OFFSET = (
    1,
    4,
    5,
    7,
    9,
    11,
)
BYTE_ARRAY = 6
CODECS = {1: "snappy", 2: "gzip", 4: "brotli", 5: "lz4", 6: "zstd", 7: "lz4_raw"}

# Fields of PageHeader, types of pages, the fields of their own headers, and encodings.
_PAGE_TYPE, _PAGE_BYTES, _PAGE_STORED_BYTES = 1, 2, 3
DATA, DICTIONARY, DATA_V2 = 0, 2, 3
_HEADERS = {DATA: 5, DICTIONARY: 7, DATA_V2: 8}
PAGE_VALUES, PAGE_ROWS = 1, 3
ENCODING_FIELDS = {DATA: 2, DATA_V2: 4}
PLAIN_DICTIONARY, _DELTA_BYTE_ARRAY, RLE_DICTIONARY = 2, 7, 8

# Each value may begin with the whole of the one before it, but does so only in a file that is made
# for it; smaller batches would take much longer to read.
_DELTA_FACTOR = 2

_VALUE_BYTES = 16  # of a number, a date or an empty text, with its offset and levels


class DamagedPageError(Exception):
    """A page of a Parquet file, or its metadata, cannot be read; the message says why."""


class LeafColumn(NamedTuple):
    """A column of a Parquet file as it is stored.

    Attributes:
        position: Its index in each row group.
        path: The names of the column and its fields.
        is_repeated: Whether it is in a list, so that a row has any number of its values.
        length: The bytes of a value, if all have the same; else 0.
    """

    position: int
    path: str
    is_repeated: bool
    length: int


class PageSize(NamedTuple):
    """How many rows a page has, and how many bytes these take once they are decoded."""

    row_count: float
    byte_count: float


class Page(NamedTuple):
    """A page of a column chunk.

    Attributes:
        size: The size of its rows; it has none if it is no data page.
        kind: Its type, such as `DATA`.
        header: The fields of the header of this type, of any size.
        position: Where its content is in the file.
        stored_bytes: The bytes of its content there.
        byte_count: The bytes of its content, decompressed.
        dictionary: This content, if it is a dictionary of texts and not damaged.
    """

    size: PageSize
    kind: int
    header: dict[int, Any]
    position: int
    stored_bytes: int
    byte_count: int
    dictionary: Any = None


def batch_sizes(
    file: BinaryIO, columns: Sequence[LeafColumn], row_groups: Sequence[dict[int, Any]]
) -> Iterator[int]:
    """Yield the number of rows of each batch, so that the decoded columns have a bounded size.

    Args:
        file: The Parquet file.
        columns: The columns that are read.
        row_groups: The row groups that are read, as `read_row_groups` returns them.

    Raises:
        DamagedPageError: The metadata, or the header of a page, is damaged.
        SourceError: A page is too large to be decompressed.
    """
    sizes = (
        (
            row_count_of(group),
            [[page.size for page in read_pages(file, group, column)] for column in columns],
        )
        for group in row_groups
    )
    return divide_rows(sizes)


def divide_rows(row_groups: Iterable[tuple[int, Sequence[Sequence[PageSize]]]]) -> Iterator[int]:
    """Yield the number of rows of each batch of some row groups, as `batch_sizes` does.

    Args:
        row_groups: For each its number of rows, and the pages of each column that is read.
    """
    row_count, byte_count = 0, 0.0
    for length, pages in row_groups:
        for section, density in _sections(pages, length):
            rest = section
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


def _sections(columns: Sequence[Sequence[PageSize]], row_count: int) -> Iterator[tuple[int, float]]:
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
    for row, end in pairwise([*sorted(changes), row_count]):
        density += changes[row]
        if end > row:
            yield end - row, max(density, 1.0)


def read_metadata(file: BinaryIO) -> dict[int, Any]:
    """Return the fields of the metadata of a file.

    Raises:
        DamagedPageError: The metadata is damaged.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _FOOTER_END))
    length, magic = int.from_bytes(file.read(4), "little"), file.read(4)
    if magic != _MAGIC:
        raise DamagedPageError("it does not end with the bytes of a Parquet file")
    file.seek(max(0, size - _FOOTER_END - length))
    try:
        return read_struct(file.read(length))[0]
    except (IndexError, ValueError) as error:
        raise DamagedPageError(f"its metadata cannot be read: {error}") from error


def read_row_groups(metadata: dict[int, Any]) -> list[dict[int, Any]]:
    """Return the fields of each row group in the metadata of a file.

    Raises:
        DamagedPageError: The metadata is damaged.
    """
    groups = metadata.get(_ROW_GROUPS, [])
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise DamagedPageError("its metadata has no row groups")
    if any(integer(group, _ROW_COUNT) < 0 for group in groups):
        raise DamagedPageError("a row group has a negative number of rows")
    return groups


def row_count_of(group: dict[int, Any]) -> int:
    """Return the number of rows of a row group."""
    return integer(group, _ROW_COUNT)


def chunk_of(group: dict[int, Any], column: LeafColumn) -> dict[int, Any]:
    """Return the metadata of the chunk of a column in a row group.

    Raises:
        DamagedPageError: There is none.
    """
    try:
        chunk = group[_COLUMNS][column.position][_CHUNK_METADATA]
    except (IndexError, KeyError, TypeError):
        chunk = None
    if not isinstance(chunk, dict):
        raise DamagedPageError(f"column {column.path!r} has no metadata")
    return chunk


def chunk_range(chunk: dict[int, Any]) -> tuple[int, int]:
    """Return where a chunk begins in the file, and where it ends."""
    start, dictionary = integer(chunk, _DATA_OFFSET), integer(chunk, _DICTIONARY_OFFSET)
    if 0 < dictionary < start:
        start = dictionary
    return start, start + integer(chunk, _CHUNK_BYTES)


def read_pages(file: BinaryIO, group: dict[int, Any], column: LeafColumn) -> Iterator[Page]:
    """Yield the pages of a column in a row group.

    Args:
        file: The Parquet file.
        group: A row group as `read_row_groups` returns it.
        column: The column.

    Raises:
        DamagedPageError: The metadata, or the header of a page, is damaged.
        SourceError: A page is too large to be decompressed.
    """
    chunk, row_count = chunk_of(group, column), row_count_of(group)
    position, end = chunk_range(chunk)
    rest = integer(chunk, _CHUNK_VALUES)
    if rest != row_count and not column.is_repeated:
        raise DamagedPageError(f"column {column.path!r} has {rest} values in {row_count} rows")
    rows_per_value = row_count / max(rest, 1)
    longest_value = column.length
    while rest > 0 and 0 < position < end:
        fields, position = _read_header(file, position, column)
        kind = integer(fields, _PAGE_TYPE)
        byte_count, stored = integer(fields, _PAGE_BYTES), integer(fields, _PAGE_STORED_BYTES)
        if byte_count < 0 or stored < 0:
            raise _no_header(column)
        if byte_count > MAX_PAGE_BYTES:
            raise SourceError(
                f"{file.name}: column {column.path!r} has a page of {byte_count:,} bytes, more "
                f"than {MAX_PAGE_BYTES:,}; write the file again with smaller pages"
            )
        dictionary = None
        if kind == DICTIONARY and chunk.get(CHUNK_TYPE) == BYTE_ARRAY:
            file.seek(position)
            codec = CODECS.get(integer(chunk, CHUNK_CODEC))
            dictionary, longest_value = _read_dictionary(file.read(stored), codec, byte_count)
        header = fields.get(_HEADERS.get(kind, 0))
        if not isinstance(header, dict):
            if kind in ENCODING_FIELDS:
                raise _no_header(column)
            header = {}
        page = Page(PageSize(0, 0), kind, header, position, stored, byte_count, dictionary)
        position += stored
        if kind not in ENCODING_FIELDS:
            yield page
            continue
        value_count = max(0, integer(header, PAGE_VALUES))
        rest -= value_count
        rows: float = value_count
        if column.is_repeated:  # only the levels tell where a row begins
            rows = integer(header, PAGE_ROWS) if kind == DATA_V2 else rows * rows_per_value
        encoding = header.get(ENCODING_FIELDS[kind])
        if encoding in (PLAIN_DICTIONARY, RLE_DICTIONARY):
            byte_count = value_count * longest_value
        elif encoding == _DELTA_BYTE_ARRAY and not column.length:
            byte_count = value_count * byte_count // _DELTA_FACTOR
        yield page._replace(size=PageSize(rows, byte_count + value_count * _VALUE_BYTES))


def _read_header(file: BinaryIO, position: int, column: LeafColumn) -> tuple[dict[int, Any], int]:
    """Read the header of a page; return its fields, and the position after it."""
    for size in _HEADER_BYTES:
        file.seek(position)
        try:
            fields, length = read_struct(file.read(size))
        except IndexError:
            continue
        except ValueError:
            break
        return fields, position + length
    raise _no_header(column)


def _no_header(column: LeafColumn) -> DamagedPageError:
    return DamagedPageError(f"a page of column {column.path!r} has no valid header")


def integer(fields: dict[int, Any], number: int) -> int:
    """Return a field that should be an integer, or 0."""
    value = fields.get(number)
    return value if isinstance(value, int) else 0


def _read_dictionary(stored: bytes, codec: str | None, byte_count: int) -> tuple[Any, int]:
    """Return the content of a dictionary page, and a bound for the bytes of its values."""
    try:
        content = decompress_page(stored, codec, byte_count)
    except Exception:  # of many types; the reader itself will tell
        return None, byte_count
    return content, min(longest_value(memoryview(content).cast("B")), byte_count)
