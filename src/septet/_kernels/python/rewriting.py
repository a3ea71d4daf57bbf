"""Replace characters in the rows of columns, each text by itself.

`_compiled_rewriting` has the same classes and functions. What replaces a character is not known
here: it is handed in as functions.
"""

from __future__ import annotations

from ...exceptions import EncodingError
from ...standard.encoding import Encoding
from .bounds import check_facts, check_list, check_min_length, check_rows, list_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ...arrow.rows import Addresses
    from .kernel import Kernel

__all__ = ["Rewriter", "encode_texts"]

_WHEN = ("helps", "cheaper", "always")


class Rewriter:
    """Replaces characters in the rows of columns.

    Args:
        kernel: Counts texts before and after replacement.
        tables_only: Finds the rows with characters to replace: all that it counts in UCS-2.
        replace: Rewrites a text; it is called with the text and `when=`, and returns an object with
            `text` and `replacements`.
        pieces: For the compiled implementation, which replaces pieces of texts and remembers them;
            see `rewriting.bulk.Pieces`. Without any, it calls `replace` for each text.
        when: When a text is rewritten: "helps", "cheaper" or "always".

    Raises:
        ValueError: `when` is unknown, or there are more than two `pieces`.
    """

    def __init__(
        self,
        kernel: Kernel,
        tables_only: Kernel,
        replace: Callable[..., Any],
        pieces: tuple[Any, ...],
        when: str = "helps",
    ) -> None:
        if when not in _WHEN:
            raise ValueError(f"when must be one of {', '.join(_WHEN)}, not {when!r}")
        if len(pieces) > 2:
            raise ValueError(f"pieces must be at most 2, not {len(pieces)}")
        self._kernel = kernel
        self._tables_only = tables_only
        self._replace = replace
        self._when = when

    def rewrite_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        text_bytes: bytearray,
        offsets: memoryview,
        replaced: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> None:
        """Rewrite the rows from `first` up to `stop` of an Arrow column of texts.

        Args:
            column: The texts.
            first: Row to begin with.
            stop: Row to end before.
            text_bytes: The texts are appended to it, in UTF-8.
            offsets: Receives the length of `text_bytes` after each row, as int64.
            replaced: Receives 1 for each row with replacements; the others keep what is there.
            base: Number of the first row, for error messages.
            allows_surrogates: Whether rows may have lone surrogates, of three bytes each.

        Raises:
            ValueError: `first` and `stop` are not a range, a buffer is too short, a row points
                outside the memory of the column, or a row is not UTF-8.
            EncodingError: What `replace` raises, with the row.
        """
        rows = check_rows(first, stop)
        check_min_length("offsets", len(offsets), rows)
        check_min_length("replaced", len(replaced), rows)
        length = len(text_bytes)
        try:
            for index, (octets, text) in enumerate(
                self._read(column, first, stop, base, allows_surrogates)
            ):
                if text is not None:
                    result = self._rewrite(text, self._when, base + index)
                    if result.replacements:
                        octets = result.text.encode("utf-8", "surrogatepass")
                        replaced[index] = 1
                text_bytes += octets
                offsets[index] = len(text_bytes)
        except BaseException:
            del text_bytes[length:]
            raise

    def measure_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        selected: memoryview,
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> None:
        """Count rows of an Arrow column of texts as if all that can be replaced was replaced.

        No text is made for it in the compiled implementation, but for those where a boundary of
        segments can matter. `when` has no effect.

        Args:
            column: The texts.
            first: Row to begin with.
            stop: Row to end before.
            selected: 1 for each row to count; what the others have in the results stays. These are
                the rows in UCS-2, which `encodings` of `analyze_many` and of `count_rows` have so.
            segments: Receives the segments after replacement, as int32; 0 if the rules allow no
                encoding that has all characters of the text.
            units: Receives its septets or code units, as int32.
            encodings: Receives 0 (GSM-7) or 1 (UCS-2).
            base: Number of the first row, for error messages.
            allows_surrogates: Whether rows may have lone surrogates, of three bytes each.

        Raises:
            ValueError: As `rewrite_rows` does.
        """
        rows = check_rows(first, stop)
        check_min_length("selected", len(selected), rows)
        check_facts(segments, units, encodings, rows)
        for index, (_, text) in enumerate(
            self._read(column, first, stop, base, allows_surrogates, selected)
        ):
            if text is None:
                continue
            result = self._rewrite(text, "always", base + index)
            try:
                analysis = self._kernel.analyze(result.text)
            except EncodingError:
                segments[index] = units[index] = encodings[index] = 0
            else:
                segments[index] = analysis.segment_count
                units[index] = analysis.unit_count
                encodings[index] = tuple(Encoding).index(analysis.encoding)

    def _rewrite(self, text: str, when: str, row: int) -> Any:
        try:
            return self._replace(text, when=when)
        except EncodingError as error:
            raise EncodingError(error.char, error.index, row) from None

    def _read(
        self,
        column: Addresses,
        first: int,
        stop: int,
        base: int,
        allows_surrogates: bool,
        selected: memoryview | None = None,
    ) -> Iterator[tuple[bytes, str | None]]:
        """Yield the bytes and the text of each row; no text for nulls and rows not selected."""
        from ...arrow.rows import OutOfRangeError, read_rows

        errors = "surrogatepass" if allows_surrogates else "strict"
        index = -1
        try:
            for index, octets in enumerate(read_rows(column, first, stop)):
                if octets is None or (selected is not None and selected[index] != 1):
                    yield octets or b"", None
                else:
                    yield octets, octets.decode("utf-8", errors)
        except OutOfRangeError as error:
            raise error.outcome.error(base + index + 1) from None
        except UnicodeDecodeError:
            raise ValueError(f"row {base + index} is not UTF-8") from None


def encode_texts(
    texts: list[str | None], offsets: memoryview, nulls: memoryview, base: int
) -> bytearray:
    """Encode a list of texts in UTF-8.

    Args:
        texts: The texts.
        offsets: Receives 0, then the end of each text, as int64; its length says how many texts of
            the list are read.
        nulls: Receives a bit for each text that is None.
        base: Number of the first text, for error messages.

    Returns:
        The bytes of all texts; a lone surrogate takes three.

    Raises:
        TypeError: An item is neither a `str` nor None.
        ValueError: A buffer is too short.
        RuntimeError: The list has fewer texts, or became shorter meanwhile.
    """
    rows = len(offsets) - 1
    check_min_length("offsets", len(offsets), 1)
    check_min_length("nulls", 8 * len(nulls), rows)
    check_list(texts, rows)
    octets = bytearray()
    offsets[0] = 0
    for row in range(rows):
        text = list_item(texts, row)
        if text is None:
            nulls[row >> 3] |= 1 << (row & 7)
        elif isinstance(text, str):
            octets += str.encode(text, "utf-8", "surrogatepass")
        else:
            raise TypeError(
                f"row {base + row}: text must be str or None, not {type(text).__name__}"
            )
        offsets[row + 1] = len(octets)
    return octets
