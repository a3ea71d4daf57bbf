"""Row groups of Parquet files whose columns are plain texts, read page by page without copies.

pyarrow reads everything, but copies each text into new memory. Here the texts stay in the pages as
they are decompressed. What is not plain, or damaged, is left to pyarrow: lists and structs, other
types and encodings, codecs that do not tell how much they have decompressed, texts that are not
UTF-8. So there is one place for the errors of damaged files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from ...._kernels import IMPLEMENTATION, TextPages
from ....arrow.rows import VIEW_BYTES
from ....arrow.view_columns import ViewColumn
from ....exceptions import SourceError
from .checks import is_damage
from .page_contents import EXACT_CODECS, decompress_pages
from .parquet_pages import (
    BYTE_ARRAY,
    CHUNK_CODEC,
    CHUNK_TYPE,
    CODECS,
    DATA,
    DATA_V2,
    DICTIONARY,
    ENCODING_FIELDS,
    PAGE_ROWS,
    PAGE_VALUES,
    PLAIN_DICTIONARY,
    RLE_DICTIONARY,
    DamagedPageError,
    LeafColumn,
    Page,
    PageSize,
    chunk_of,
    chunk_range,
    divide_rows,
    integer,
    read_pages,
    row_count_of,
)

__all__ = [
    "MIN_PAGE_ROWS",
    "MIN_ROWS",
    "NotPlainError",
    "PlainColumn",
    "find_plain_columns",
    "read_plain_texts",
]

MIN_ROWS = 8_192
"""Smaller row groups are left to pyarrow, which joins their rows to larger batches."""

MIN_PAGE_ROWS = 64
"""Pages with fewer rows, on average, are left to pyarrow: each takes some time in Python here."""

_MAX_DICTIONARY = 1 << 20  # values, each with a view

# Fields of FileMetaData, SchemaElement and LogicalType, and their values.
_SCHEMA, _TYPE, _REPETITION, _NAME, _CHILD_COUNT, _CONVERTED_TYPE, _LOGICAL_TYPE = (
    2,
    1,
    3,
    4,
    5,
    6,
    10,
)
_REQUIRED, _OPTIONAL, _UTF8, _STRING = 0, 1, 0, 1

_PLAIN, _RLE = 0, 3  # encodings
_LEVEL_ENCODING = 3  # fields of DataPageHeader
_LEVEL_BYTES, _REPETITION_BYTES, _IS_COMPRESSED = 5, 6, 7  # of DataPageHeaderV2
_VALUE_ENCODING = 2  # of DictionaryPageHeader
_LEVELS_LENGTH = 4  # bytes of the length of the levels in a data page
_MAX_PAIR_BYTES = 8 << 20  # of two pages that are decompressed at the same time


class NotPlainError(Exception):
    """The rest of a row group must be read by pyarrow."""


class PlainColumn(NamedTuple):
    """A column of texts at the top level.

    Attributes:
        leaf: The column as it is stored.
        is_optional: Whether it can have nulls.
    """

    leaf: LeafColumn
    is_optional: bool


def find_plain_columns(metadata: dict[int, Any], names: Sequence[str]) -> list[PlainColumn]:
    """Return the columns with some names if all of them are plain, else none.

    Args:
        metadata: The metadata of the file, as `read_metadata` returns it.
        names: Their names.
    """
    if IMPLEMENTATION == "python":  # pyarrow is faster than Python code
        return []
    try:
        root, *fields = metadata[_SCHEMA]
        # Only the columns have a name if none is nested; each has one of its own.
        positions = {field[_NAME].decode(): index for index, field in enumerate(fields)}
        is_flat = len(positions) == len(fields) == root[_CHILD_COUNT]
        columns = [(positions[name], fields[positions[name]]) for name in names]
    except (AttributeError, LookupError, TypeError, ValueError):
        return []
    if not is_flat or not all(_is_text(field) for _, field in columns):
        return []
    return [
        PlainColumn(
            LeafColumn(position, name, is_repeated=False, length=0),
            field[_REPETITION] == _OPTIONAL,
        )
        for name, (position, field) in zip(names, columns, strict=True)
    ]


def _is_text(field: dict[int, Any]) -> bool:
    """Return whether a field of the schema is a text, and not a list."""
    return (
        field.get(_TYPE) == BYTE_ARRAY
        and field.get(_REPETITION) in (_REQUIRED, _OPTIONAL)
        and field.get(_LOGICAL_TYPE, {_STRING: {}}) == {_STRING: {}}
        and field.get(_CONVERTED_TYPE) == _UTF8
        and _CHILD_COUNT not in field
    )


def read_plain_texts(
    file: BinaryIO, group: dict[int, Any], columns: Sequence[PlainColumn]
) -> Iterator[list[ViewColumn]]:
    """Yield the rows of a row group in batches of bounded size: a column of texts for each column.

    Args:
        file: The Parquet file.
        group: The row group as `read_row_groups` returns it.
        columns: The columns.

    Raises:
        NotPlainError: The rest of the rows is not plain, or damaged.
        SourceError: A page is too large to be decompressed.
    """
    try:
        chunks = [_Chunk(file, group, column) for column in columns]
        row_count = row_count_of(group)
        for size in divide_rows([(row_count, [chunk.sizes for chunk in chunks])]):
            batch = [chunk.read(size) for chunk in chunks]
            yield batch
            del batch  # so that only one is in memory while the next is read
    except (NotPlainError, SourceError):
        raise
    except Exception as error:
        if isinstance(error, DamagedPageError) or is_damage(error):
            raise NotPlainError from error
        raise


class _PlainPage(NamedTuple):
    """What is needed to read a page.

    Attributes:
        size: The size of its rows.
        kind: Its type.
        value_count: The number of its values, nulls included; of a data page these are rows.
        has_indexes: Whether it has indexes of values in the dictionary.
        position: Where its content is in the file.
        stored_bytes: The bytes of its content there.
        byte_count: The bytes of its content, decompressed.
        level_bytes: The bytes of the levels before the values, which are not compressed then.
        is_compressed: Whether the values are compressed, if there is a codec.
    """

    size: PageSize
    kind: int
    value_count: int
    has_indexes: bool
    position: int
    stored_bytes: int
    byte_count: int
    level_bytes: int
    is_compressed: bool

    @classmethod
    def of(cls, page: Page) -> _PlainPage:
        """Return what is needed of a page.

        Raises:
            NotPlainError: It is not plain.
        """
        header, kind = page.header, page.kind
        value_count, level_bytes = integer(header, PAGE_VALUES), 0
        if kind == DICTIONARY:
            encoding = integer(header, _VALUE_ENCODING)
            is_plain = encoding in (_PLAIN, PLAIN_DICTIONARY) and value_count <= _MAX_DICTIONARY
        elif kind in (DATA, DATA_V2):
            encoding = integer(header, ENCODING_FIELDS[kind])
            is_plain = encoding in (_PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY)
            if kind == DATA:
                is_plain &= integer(header, _LEVEL_ENCODING) == _RLE
            else:
                level_bytes = integer(header, _LEVEL_BYTES)
                is_plain &= integer(header, PAGE_ROWS) == value_count
                is_plain &= integer(header, _REPETITION_BYTES) == 0
                is_plain &= 0 <= level_bytes <= min(page.stored_bytes, page.byte_count)
        else:
            is_plain = False
        if not is_plain or value_count < 0:
            raise NotPlainError
        return cls(
            page.size,
            kind,
            value_count,
            kind != DICTIONARY and encoding != _PLAIN,
            page.position,
            page.stored_bytes,
            page.byte_count,
            level_bytes,
            header.get(_IS_COMPRESSED, True) is not False,
        )


class _Chunk:
    """A column of a row group, whose pages are read one after the other."""

    def __init__(self, file: BinaryIO, group: dict[int, Any], column: PlainColumn) -> None:
        self._file = file
        self._is_optional = column.is_optional
        chunk, row_count = chunk_of(group, column.leaf), row_count_of(group)
        codec = integer(chunk, CHUNK_CODEC)
        self._codec = CODECS.get(codec)
        if codec != 0 and self._codec not in EXACT_CODECS:
            raise NotPlainError
        if chunk.get(CHUNK_TYPE) != BYTE_ARRAY:
            raise NotPlainError
        pages: list[_PlainPage] = []
        dictionary: Any = None
        for page in read_pages(file, group, column.leaf):
            if not pages:
                dictionary = page.dictionary
            pages.append(_PlainPage.of(page))  # headers can be large: only what is needed is kept
        data = [page for page in pages if page.kind != DICTIONARY]
        _, end = chunk_range(chunk)
        if (
            len(data) < len(pages) - (pages[0].kind == DICTIONARY)
            or len(data) * MIN_PAGE_ROWS > row_count
            or sum(page.value_count for page in data) != row_count
            or pages[-1].position + pages[-1].stored_bytes > end
        ):
            raise NotPlainError
        self.sizes = [page.size for page in data]
        self._pages = data[::-1]  # that are not read yet, the last one first
        self._texts = TextPages()
        # Pages that are read: with their levels, if these are not compressed, and their values.
        self._opened: list[tuple[_PlainPage, bytes, Any]] = []
        # The pages that views can refer to: of the dictionary, and the one that is being read.
        self._dictionary: list[Any] = []
        self._page: list[Any] = []
        self._rest = 0  # rows of this page that are not read yet
        if pages[0].kind == DICTIONARY:
            if dictionary is None:
                raise NotPlainError
            self._texts.read_dictionary(memoryview(dictionary).cast("B"), pages[0].value_count)
            self._dictionary = [dictionary]

    def read(self, row_count: int) -> ViewColumn:
        """Return the next rows as a column.

        Raises:
            NotPlainError: There are not so many rows.
            ValueError: A page is damaged, or a text is not UTF-8.
        """
        views = bytearray(row_count * VIEW_BYTES)
        validity = bytearray(b"\xff") * (row_count + 7 >> 3)
        buffers = self._dictionary + (self._page if self._rest else [])
        row = null_count = 0
        while row < row_count:
            while not self._rest:
                self._start_page()
                buffers += self._page
            count = min(self._rest, row_count - row)
            null_count += self._texts.read(views, validity, row, count, len(buffers) - 1)
            self._rest -= count
            row += count
        return ViewColumn(views, buffers, validity if null_count else None, null_count)

    def _start_page(self) -> None:
        """Begin the next page."""
        if not self._opened:
            self._open_pages()
        page, stored_levels, content = self._opened.pop()
        start, values = 0, memoryview(content).cast("B")
        levels: Any = None
        if self._is_optional and page.kind == DATA_V2:
            levels = stored_levels
        elif self._is_optional:
            start = _LEVELS_LENGTH + int.from_bytes(values[:_LEVELS_LENGTH], "little")
            levels = values[_LEVELS_LENGTH:start]
        self._texts.start_page(levels, values, start, page.value_count, page.has_indexes)
        self._page = [] if page.has_indexes else [content]
        self._rest = page.value_count

    def _open_pages(self) -> None:
        """Read the next page, and the one after it if both can be decompressed together."""
        pages = [self._pages.pop()] if self._pages else []
        if not pages:
            raise NotPlainError
        if (
            self._pages
            and pages[0].is_compressed == self._pages[-1].is_compressed
            and pages[0].byte_count + self._pages[-1].byte_count <= _MAX_PAIR_BYTES
        ):
            pages.append(self._pages.pop())
        stored = [self._read(page) for page in pages]
        contents = decompress_pages(
            [
                memoryview(content)[page.level_bytes :]
                for page, content in zip(pages, stored, strict=True)
            ],
            self._codec if pages[0].is_compressed else None,
            [page.byte_count - page.level_bytes for page in pages],
        )
        self._opened = [
            (page, content[: page.level_bytes], values)
            for page, content, values in zip(pages, stored, contents, strict=True)
        ][::-1]

    def _read(self, page: _PlainPage) -> bytes:
        """Return the content of a page as it is stored."""
        self._file.seek(page.position)
        stored = self._file.read(page.stored_bytes)
        if len(stored) != page.stored_bytes:
            raise NotPlainError
        return stored
