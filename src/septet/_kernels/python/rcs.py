"""Counts texts as RCS bills them, by their bytes in UTF-8; `_compiled_rcs` has the same class.

It has the methods by which a `ColumnCounter` counts, as a `Kernel` has.
"""

from __future__ import annotations

from .bounds import check_list, check_min_length, check_rows, list_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["RcsCounter", "utf8_length"]


class RcsCounter:
    """Counts texts as RCS bills them.

    A text is a segment for each `segment_bytes` of its UTF-8 or part of them; empty text has none.

    Args:
        segment_bytes: The bytes of a segment.

    Raises:
        ValueError: `segment_bytes` is less than 1.
    """

    __slots__ = ("_segment_bytes",)

    def __init__(self, segment_bytes: int) -> None:
        if segment_bytes < 1:
            raise ValueError(f"segment_bytes must be 1 or more, not {segment_bytes}")
        self._segment_bytes = segment_bytes

    def count_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview | None,
        encodings: memoryview | None,
    ) -> tuple[int, int]:
        """Count the rows from `first` up to `stop` of an Arrow column of texts.

        Args:
            column: The addresses of the rows.
            first: The first row of the buffers to count.
            stop: The row after the last one.
            segments: Receives the segments of each row; a null has 0.
            units: Not used.
            encodings: Not used.

        Returns:
            An `Outcome`, and the row that caused it.

        Raises:
            ValueError: `first` and `stop` are not a range, or a buffer is too short for it.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, read_rows

        check_min_length("segments", len(segments), check_rows(first, stop))
        row = first
        try:
            for value in read_rows(column, first, stop):
                segments[row - first] = self._count(len(value or b""))
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        return Outcome.FINE, stop

    def count_texts(
        self,
        texts: list[str | None],
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview | None,
        encodings: memoryview | None,
        nulls: memoryview,
        base: int,
        ucs2_texts: list[str] | None = None,
    ) -> None:
        """Count the texts of a list from `first` up to `stop`.

        Args:
            texts: The list.
            first: The first row to count.
            stop: The row after the last one.
            segments: Receives the segments of each row; a null has 0.
            units: Not used.
            encodings: Not used.
            nulls: The bit of each row that is None is set.
            base: The number of the first row of the list in errors.
            ucs2_texts: Not used.

        Raises:
            TypeError: A row is neither a `str` nor None.
            ValueError: `first` and `stop` are not a range, or a buffer is too short for it.
            RuntimeError: The list is, or has become, shorter.
        """
        rows = check_rows(first, stop)
        check_min_length("segments", len(segments), rows)
        check_min_length("nulls", 8 * len(nulls), rows)
        check_list(texts, stop)
        for index, row in enumerate(range(first, stop)):
            text = list_item(texts, row)
            if text is None:
                nulls[index >> 3] |= 1 << (index & 7)
                segments[index] = 0
            elif isinstance(text, str):
                segments[index] = self._count(utf8_length(text))
            else:
                name = type(text).__name__
                raise TypeError(f"row {base + row}: text must be str or None, not {name}")

    def _count(self, byte_count: int) -> int:
        return -(-byte_count // self._segment_bytes)


def utf8_length(text: str) -> int:
    """Return the bytes that a text takes in UTF-8.

    Args:
        text: The text; a lone surrogate takes three bytes, two that are a pair take four.

    Raises:
        TypeError: `text` is not a `str`.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}")
    # A subclass may override `encode`.
    try:
        return len(str.encode(text))
    except UnicodeEncodeError:
        utf16 = str.encode(text, "utf-16", "surrogatepass")
        return len(utf16.decode("utf-16", "surrogatepass").encode("utf-8", "surrogatepass"))
