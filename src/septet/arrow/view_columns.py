"""Columns of texts over buffers that exist already, such as the blocks of a file.

Arrow calls the layout utf8_view. A row is a view of 16 bytes in native byte order: the length of
the text as int32, then the text itself if it has at most 12 bytes (the rest is zeros), else its
first 4 bytes, the index of a data buffer and the offset in it, both int32.
"""

from __future__ import annotations

from array import array
from itertools import pairwise
from struct import pack, unpack_from

from .export import Exported, export_array
from .rows import INLINE_BYTES, LENGTH_BYTES, VIEW_BYTES, Outcome, OutOfRangeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from typing import Any

__all__ = ["ViewColumn", "make_views"]


class ViewColumn:
    r"""A column of texts whose bytes stay where they are; exports `__arrow_c_array__`.

    Example:
        >>> column = ViewColumn(b"\x02\0\0\0ok".ljust(16, b"\0"), [])
        >>> column.to_list()
        ['ok']

    Attributes:
        buffers: The data buffers.
    """

    __slots__ = ("_length", "_null_count", "_validity", "_views", "buffers")

    def __init__(
        self, views: Any, buffers: Sequence[Any], validity: Any = None, null_count: int = 0
    ) -> None:
        """Make a column of buffers, which must not change or move as long as it is used.

        Args:
            views: A buffer with a view for each row: `bytes` or a writable one, as all of them.
            buffers: The data buffers that views refer to, of less than 2 GiB each.
            validity: A buffer with a bit for each row, which is 0 for a null; None without nulls.
            null_count: The number of rows that are null.

        Raises:
            ValueError: The buffer of views is not a whole number of views.
        """
        self._length, rest = divmod(memoryview(views).nbytes, VIEW_BYTES)
        if rest:
            raise ValueError(f"views take {VIEW_BYTES} bytes each, but {rest} bytes are left over")
        self._views = views
        self.buffers = tuple(buffers)
        self._validity = validity
        self._null_count = null_count

    def __len__(self) -> int:
        return self._length

    @property
    def null_count(self) -> int:
        """The number of rows that are null."""
        return self._null_count

    def without_rows(self, left_out: Collection[int]) -> ViewColumn:
        """Return the rows of a column without nulls, except some.

        Args:
            left_out: The indexes of the others.
        """
        views = memoryview(self._views).cast("B")
        borders = [-1, *sorted(left_out), self._length]
        kept = [
            views[(before + 1) * VIEW_BYTES : after * VIEW_BYTES]
            for before, after in pairwise(borders)
        ]
        return ViewColumn(b"".join(kept), self.buffers)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        sizes = array("q", [memoryview(buffer).nbytes for buffer in self.buffers])
        buffers = [self._validity, self._views, *self.buffers, sizes]
        return export_array(Exported("vu", self._length, self._null_count, buffers, {}, None))

    def __getitem__(self, row: int) -> str | None:
        (text,) = self._read([range(self._length)[row]])
        return None if text is None else text.decode()

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.to_list())

    def to_list(self) -> list[str | None]:
        """Return the texts as a list, None for nulls.

        Raises:
            OutOfRangeError: A view points outside its buffer.
            UnicodeDecodeError: A text is not UTF-8.
        """
        return [None if text is None else text.decode() for text in self.iter_bytes()]

    def iter_bytes(self) -> Iterator[bytes | None]:
        """Yield the bytes of each text, None for a null.

        Raises:
            OutOfRangeError: A view points outside its buffer.
        """
        return self._read(range(self._length))

    def _read(self, rows: Iterable[int]) -> Iterator[bytes | None]:
        views, *buffers = (memoryview(buffer).cast("B") for buffer in (self._views, *self.buffers))
        validity = None if self._validity is None else memoryview(self._validity).cast("B")
        for row in rows:
            length, _, buffer, offset = unpack_from("=4i", views, row * VIEW_BYTES)
            if validity is not None and not validity[row >> 3] >> (row & 7) & 1:
                yield None
            elif 0 <= length <= INLINE_BYTES:
                start = row * VIEW_BYTES + LENGTH_BYTES
                yield bytes(views[start : start + length])
            elif (
                length < 0
                or not 0 <= buffer < len(buffers)
                or not 0 <= offset <= len(buffers[buffer]) - length
            ):
                raise OutOfRangeError(Outcome.VIEW_OUT_OF_RANGE)
            else:
                yield bytes(buffers[buffer][offset : offset + length])


def make_views(texts: Iterable[bytes], data: bytearray, buffer: int) -> bytes:
    """Return views of texts, and copy the texts that they do not hold themselves.

    Args:
        texts: The bytes of the texts.
        data: The data buffer to which texts are added.
        buffer: The index of this data buffer.
    """
    views = []
    for text in texts:
        if len(text) <= INLINE_BYTES:
            views.append(pack("=i12s", len(text), text))
        else:
            views.append(pack("=i4s2i", len(text), text, buffer, len(data)))
            data += text
    return b"".join(views)
