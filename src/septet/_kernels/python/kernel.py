"""Pure-Python twin: the reference, written to be read. `_compiled` answers as it does.

What a `Kernel` is made of is plain: `pairs` is a tuple of (locking identifier, single shift
identifier, septets of a lone segment, septets of one of several), the plainest tables first; `ucs2`
is (code units of a lone segment, code units of one of several), or None where UCS-2 is not allowed;
`result` is the kind of Measurement to give back; `find_breaks` says where grapheme clusters begin,
with an octet for each character, when they are not to be cut; `excluded` are characters that no
table is to hold.
"""

from __future__ import annotations

from functools import partial

from ...exceptions import EncodingError
from .bounds import (
    check_facts,
    check_list,
    check_min_length,
    check_pairs,
    check_rows,
    list_changed,
    list_item,
)
from .choice import Chooser, coding_of, count_segments, find_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn

    from ...arrow.rows import Addresses
    from .choice import Capacity, Choice, Pair

__all__ = ["IMPLEMENTATION", "Kernel", "Measurement", "NonGsmCounts"]

IMPLEMENTATION: str = "python"

# The outcomes of scan_column.h that can happen here too.
_FINE = 0
_NO_ENCODING = 3


class Measurement:
    """What a kernel found out about a text."""

    __slots__ = ("pair", "segment_count", "segmenter", "text", "unit_count", "units_left")

    segmenter: Kernel
    text: str
    pair: int
    unit_count: int
    segment_count: int
    units_left: int

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot delete {name!r}")


class NonGsmCounts:
    """How many texts each character forces into UCS-2."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def take(self) -> dict[str, int]:
        """Return what was counted, and begin anew."""
        counts, self._counts = self._counts, {}
        return counts


class Kernel:
    """Counts and cuts texts under rules that are plain values."""

    __slots__ = ("_chooser", "_excluded", "_find_breaks", "_result")

    _chooser: Chooser
    _result: type[Measurement]
    _find_breaks: Callable[[str], bytes | None] | None
    _excluded: str

    def __init__(
        self,
        pairs: tuple[Pair, ...],
        ucs2: Capacity | None,
        result: type[Measurement],
        find_breaks: Callable[[str], bytes | None] | None = None,
        excluded: str = "",
    ) -> None:
        if hasattr(self, "_result"):
            raise TypeError(f"{type(self).__name__} is immutable")
        check_pairs(pairs)
        set_rule = partial(object.__setattr__, self)
        set_rule("_chooser", Chooser(pairs, ucs2, excluded))
        set_rule("_result", result)
        set_rule("_find_breaks", find_breaks)
        set_rule("_excluded", excluded)

    def count(self, text: str) -> int:
        """Return how many segments a text is billed as.

        Args:
            text: Any `str`; nothing is normalised. Empty text is one segment.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.
        """
        text = _plain(text)
        choice, breaks = self._settle(text)
        return count_segments(text, choice, breaks)

    def analyze(self, text: str) -> Measurement:
        """Return what a text takes: its encoding, units, segments and what forces UCS-2.

        Args:
            text: Any `str`; nothing is normalised. Empty text is one segment without units.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.
        """
        text = _plain(text)
        choice, breaks = self._settle(text)
        ends = find_ends(text, choice, breaks)
        capacity = choice.single if len(ends) == 1 else choice.concatenated
        found = self._result.__new__(self._result)
        set_fact = partial(object.__setattr__, found)
        set_fact("segmenter", self)
        set_fact("text", text)
        set_fact("pair", choice.pair)
        set_fact("unit_count", choice.units)
        set_fact("segment_count", len(ends))
        set_fact("units_left", capacity - ends[-1][1])
        return found

    def _cut(self, text: str) -> list[tuple[int, int]]:
        """Return (index after the segment, its units) for each segment of a text."""
        _, ends = self._plan(_plain(text))
        return ends

    def _plan(self, text: str) -> tuple[tuple[int, int] | None, list[tuple[int, int]]]:
        """Return the tables (None for UCS-2), and what `_cut` returns."""
        choice, breaks = self._settle(text)
        tables = None if choice.pair < 0 else self._chooser.pairs[choice.pair][:2]
        return tables, find_ends(text, choice, breaks)

    def _foreign(self, text: str) -> list[int]:
        """Return the indexes of the characters that the least lacking pair of tables lacks."""
        text = _plain(text)
        lacking = (
            [match.start() for match in coding.foreign.finditer(text)]
            for coding in (coding_of(*pair[:2], self._excluded) for pair in self._chooser.pairs)
        )
        return min(lacking, key=len, default=[])

    def _count_rows(
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
            column: Where the rows lie.
            first: Row of the buffers to begin with.
            stop: Row of the buffers to end before.
            segments: Receives the segments of each row.
            units: Receives the units of each row, if wanted.
            encodings: Receives 0 (GSM-7) or 1 (UCS-2) of each row, if wanted.

        Returns:
            An outcome (`septet_outcome` in scan_column.h), and the row that caused it.

        Raises:
            ValueError: `first` and `stop` are no range, or a buffer is shorter than it.
        """
        from ...arrow.rows import OutOfRangeError, decode_row, read_rows

        check_facts(segments, units, encodings, check_rows(first, stop))
        row = first
        try:
            for octets in read_rows(column, first, stop):
                found = (0, 0, 0) if octets is None else self._weigh(decode_row(octets))
                _note(row - first, found, segments, units, encodings)
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        except EncodingError:
            return _NO_ENCODING, row
        return _FINE, stop

    def _count_texts(
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
        """Count the texts of a list from `first` up to `stop`; set the bit of each None in `nulls`.

        Errors name the row, which is `base` for the first of the list. Texts that are counted in
        UCS-2 are appended to `ucs2_texts`, if it is given: the list may change before it is read
        again.

        Raises:
            TypeError: A row is neither a `str` nor None.
            ValueError: `first` and `stop` are no range, or a buffer is shorter than it.
            RuntimeError: The list is, or has become, shorter.
        """
        rows = check_rows(first, stop)
        check_facts(segments, units, encodings, rows)
        check_min_length("nulls", 8 * len(nulls), rows)
        check_list(texts, stop)
        for place, row in enumerate(range(first, stop)):
            text = list_item(texts, row)
            found = (0, 0, 0)
            if text is None:
                nulls[place >> 3] |= 1 << (place & 7)
            elif isinstance(text, str):
                text = str.__str__(text)
                found = self._weigh(text, base + row)
                if ucs2_texts is not None and found[2]:
                    ucs2_texts.append(text)
            else:
                name = type(text).__name__
                raise TypeError(f"row {base + row}: text must be str or None, not {name}")
            _note(place, found, segments, units, encodings)

    def _count_non_gsm(
        self,
        texts: list[Any] | Addresses,
        first: int,
        stop: int,
        encodings: memoryview,
        non_gsm_characters: NonGsmCounts,
    ) -> None:
        """Count how many texts each character forces into UCS-2.

        Args:
            texts: A list, or where the rows of an Arrow column lie: counted before, and in order.
            first: Row of it to begin with.
            stop: Row of it to end before.
            encodings: 0 (GSM-7) or 1 (UCS-2) of each row.
            non_gsm_characters: Receives what is found; a character counts once for a text.

        Raises:
            ValueError: `first` and `stop` are no range, or `encodings` is shorter than it.
            RuntimeError: The list is, or has become, shorter, or a row is no longer a `str`.
        """
        from ...arrow.rows import decode_row, read_rows

        check_min_length("encodings", len(encodings), check_rows(first, stop))
        rows: Iterable[Any]
        if isinstance(texts, list):
            check_list(texts, stop)
            rows = (list_item(texts, row) for row in range(first, stop))
        else:
            rows = read_rows(texts, first, stop)
        counts = non_gsm_characters._counts
        for row, encoding in zip(rows, encodings, strict=False):
            if encoding:
                if not isinstance(row, bytes | str):
                    raise list_changed()
                text = decode_row(row) if isinstance(row, bytes) else _plain(row)
                for char in {text[index] for index in self._foreign(text)}:
                    counts[char] = counts.get(char, 0) + 1

    def _weigh(self, text: str, row: int | None = None) -> tuple[int, int, int]:
        choice, breaks = self._settle(text, row)
        return count_segments(text, choice, breaks), choice.units, choice.pair < 0

    def _settle(self, text: str, row: int | None = None) -> tuple[Choice, bytes | None]:
        """Choose what the text is counted in, and find where clusters begin if that matters."""
        choice = self._chooser.choose(text, None)
        if choice is None:
            index = self._foreign(text)[0]
            raise EncodingError(text[index], index, row)
        if self._find_breaks is None or choice.units <= choice.single:
            return choice, None
        breaks = self._find_breaks(text)
        if breaks is not None and len(breaks) != len(text):
            raise ValueError("find_breaks must return an octet for each character")
        return self._chooser.choose(text, breaks) or choice, breaks


def _note(
    row: int,
    found: tuple[int, int, int],
    segments: memoryview,
    units: memoryview | None,
    encodings: memoryview | None,
) -> None:
    segments[row] = found[0]
    if units is not None and encodings is not None:
        units[row], encodings[row] = found[1:]


def _plain(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}")
    # A subclass may say of itself what it likes: only its characters count.
    return str.__str__(text)
