"""The pure-Python `Kernel`: counts, analyzes and cuts texts. `_compiled` has the same results."""

from __future__ import annotations

from functools import partial
from types import MemberDescriptorType

from ...exceptions import EncodingError
from .bounds import (
    check_clusters,
    check_facts,
    check_list,
    check_min_length,
    check_pairs,
    check_record,
    check_rows,
    list_changed,
    list_item,
)
from .choice import Chooser, coding_of, count_segments, find_ends, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, NoReturn

    from ...arrow.rows import Addresses
    from ...standard.graphemes import ClusterRules
    from .choice import Capacity, Choice, Pair

__all__ = ["IMPLEMENTATION", "Kernel", "NonGsmCounts"]

IMPLEMENTATION: str = "python"

_SLOTS = ("_kernel", "text", "_pair", "unit_count", "segment_count", "units_left")


class NonGsmCounts:
    """How many texts each character forces into UCS-2."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def take(self) -> dict[str, int]:
        """Return the counts by character, and set all of them to zero."""
        counts, self._counts = self._counts, {}
        return counts


class Kernel:
    """Counts and cuts texts by rules that are plain values.

    Attributes:
        implementation: "python" or "compiled".
        pairs: The pairs of tables that may be used, the plainest first: (identifier of the locking
            shift table, identifier of the single shift table, septets of a single segment, septets
            of one of several).
        excluded: Characters that are treated as if no table had them.
        clusters: The tables that find grapheme clusters; None if clusters may be cut.
        rules: The object that the results refer to as their rules.

    Args:
        pairs: See above.
        ucs2: (Code units of a single segment, code units of one of several); None if UCS-2 is not
            allowed.
        result: The class that `analyze` returns, with the slots `_kernel`, `_pair` (an index in
            `pairs`, or -1 for UCS-2), `text`, `unit_count`, `segment_count` and `units_left`.
        clusters: See above.
        excluded: See above.
        rules: See above.
        segment: The type of the records that `split` returns, a subclass of `tuple`.
        non_gsm_character: The type of those that `non_gsm_characters` returns, likewise.

    Raises:
        TypeError: `result` lacks one of the slots, or another type is no subclass of `tuple`.
        ValueError: The first pair is not the default one, or a table has a wrong length.
    """

    __slots__ = (
        "_chooser",
        "_non_gsm_character",
        "_result",
        "_segment",
        "clusters",
        "excluded",
        "pairs",
        "rules",
    )

    implementation: Literal["compiled", "python"] = "python"

    _chooser: Chooser
    _non_gsm_character: type[tuple[Any, ...]]
    _result: type[object]
    _segment: type[tuple[Any, ...]]
    pairs: tuple[Pair, ...]
    excluded: str
    clusters: ClusterRules | None
    rules: Any

    def __init__(
        self,
        pairs: tuple[Pair, ...],
        ucs2: Capacity | None,
        result: type[object],
        clusters: ClusterRules | None = None,
        excluded: str = "",
        rules: Any = None,
        segment: type[tuple[Any, ...]] = tuple,
        non_gsm_character: type[tuple[Any, ...]] = tuple,
    ) -> None:
        if hasattr(self, "_result"):
            raise TypeError(f"{type(self).__name__} is immutable")
        check_pairs(pairs)
        if clusters is not None:
            check_clusters(*clusters)
        for name in _SLOTS:
            if not isinstance(getattr(result, name, None), MemberDescriptorType):
                raise TypeError(f"result must have a slot {name!r}, but {result.__name__} has none")
        check_record("segment", segment)
        check_record("non_gsm_character", non_gsm_character)
        set_value = partial(object.__setattr__, self)
        set_value("_chooser", Chooser(pairs, ucs2, excluded))
        set_value("_result", result)
        set_value("pairs", pairs)
        set_value("clusters", clusters)
        set_value("excluded", excluded)
        set_value("rules", rules)
        set_value("_segment", segment)
        set_value("_non_gsm_character", non_gsm_character)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot set {name!r}")

    def count(self, text: str) -> int:
        """Return how many segments a text is billed as.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment.

        Returns:
            The segments, at least 1.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> septet.count("Your code is 123456")
            1
        """
        text = plain_text(text)
        return count_segments(text, self._choose(text), self.clusters)

    def analyze(self, text: str) -> Any:
        """Return the encoding, units and segments of a text, and the characters that force UCS-2.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment without units.

        Returns:
            An `Analysis`, which holds the text and the rules.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> septet.analyze("Your code is 123456").units_left
            141
        """
        text = plain_text(text)
        choice = self._choose(text)
        ends = find_ends(text, choice, self.clusters)
        capacity = choice.single if len(ends) == 1 else choice.concatenated
        values = (self, text, choice.pair, choice.units, len(ends), capacity - ends[-1][1])
        analysis = object.__new__(self._result)
        for name, value in zip(_SLOTS, values, strict=True):
            object.__setattr__(analysis, name, value)
        return analysis

    def split(self, text: str) -> list[Any]:
        """Return the segments of a text; their bodies, joined, are the text again.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment without units.

        Returns:
            As many segments as `count` says.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> [segment.unit_count for segment in septet.split("a" * 161)]
            [153, 8]
        """
        text = plain_text(text)
        _, ends = tables_and_ends(self, text)
        segments = []
        start = 0
        for sequence, (stop, units) in enumerate(ends, 1):
            fields = (text[start:stop], units, start, stop, sequence, len(ends))
            segments.append(tuple.__new__(self._segment, fields))
            start = stop
        return segments

    def non_gsm_indexes(self, text: str) -> list[int]:
        """Return the indexes of the characters that are not in the tables.

        Of several pairs of tables, the one counts that lacks the fewest characters.
        """
        text = plain_text(text)
        codings = (coding_of(*pair[:2], self.excluded) for pair in self.pairs)
        lacking = ([match.start() for match in c.missing.finditer(text)] for c in codings)
        return min(lacking, key=len, default=[])

    def non_gsm_characters(self, text: str) -> tuple[Any, ...]:
        """Return the characters that are not in the tables, each with its index."""
        return tuple(
            tuple.__new__(self._non_gsm_character, (text[index], index))
            for index in self.non_gsm_indexes(text)
        )

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
            segments: Receives the segments of each row.
            units: Receives the units of each row, unless it is None.
            encodings: Receives 0 (GSM-7) or 1 (UCS-2) for each row, unless it is None.

        Returns:
            An `Outcome`, and the row that caused it.

        Raises:
            ValueError: `first` and `stop` are not a range, or a buffer is too short for it.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, decode_row, read_rows

        check_facts(segments, units, encodings, check_rows(first, stop))
        row = first
        try:
            for value in read_rows(column, first, stop):
                counts = (0, 0, 0) if value is None else self._count_units(decode_row(value))
                _write(row - first, counts, segments, units, encodings)
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        except EncodingError:
            return Outcome.NO_ENCODING, row
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
            segments: Receives the segments of each row.
            units: Receives the units of each row, unless it is None.
            encodings: Receives 0 (GSM-7) or 1 (UCS-2) for each row, unless it is None.
            nulls: The bit of each row that is None is set.
            base: The number of the first row of the list in errors.
            ucs2_texts: The texts that are counted in UCS-2 are appended, unless it is None: the
                list may change before it is read again.

        Raises:
            TypeError: A row is neither a `str` nor None.
            ValueError: `first` and `stop` are not a range, or a buffer is too short for it.
            RuntimeError: The list is, or has become, shorter.
        """
        rows = check_rows(first, stop)
        check_facts(segments, units, encodings, rows)
        check_min_length("nulls", 8 * len(nulls), rows)
        check_list(texts, stop)
        for index, row in enumerate(range(first, stop)):
            text, counts = list_item(texts, row), (0, 0, 0)
            if text is None:
                nulls[index >> 3] |= 1 << (index & 7)
            elif isinstance(text, str):
                text = str.__str__(text)
                counts = self._count_units(text, base + row)
                if ucs2_texts is not None and counts[2]:
                    ucs2_texts.append(text)
            else:
                name = type(text).__name__
                raise TypeError(f"row {base + row}: text must be str or None, not {name}")
            _write(index, counts, segments, units, encodings)

    def count_non_gsm(
        self,
        texts: list[Any] | Addresses,
        first: int,
        stop: int,
        encodings: memoryview,
        non_gsm_characters: NonGsmCounts,
    ) -> None:
        """Count how many texts each character forces into UCS-2.

        Args:
            texts: A list, or the addresses of an Arrow column whose rows were counted without
                errors.
            first: The first row to read.
            stop: The row after the last one.
            encodings: 0 (GSM-7) or 1 (UCS-2) for each row.
            non_gsm_characters: Receives the counts; a character counts once for a text.

        Raises:
            ValueError: `first` and `stop` are not a range, or `encodings` is too short for it.
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
        codings = [coding_of(*pair[:2], self.excluded) for pair in self.pairs]
        for row, encoding in zip(rows, encodings, strict=False):
            if encoding:
                if not isinstance(row, bytes | str):
                    raise list_changed()
                text = decode_row(row) if isinstance(row, bytes) else plain_text(row)
                lacking = min((c.missing.findall(text) for c in codings), key=len, default=[])
                for char in set(lacking):
                    counts[char] = counts.get(char, 0) + 1

    def _count_units(self, text: str, row: int | None = None) -> tuple[int, int, int]:
        """Return the segments of a text, its units, and 1 for UCS-2."""
        if self.pairs and len(text) <= self.pairs[0][2] and is_plain(text, self.excluded):
            return 1, len(text), 0
        choice = self._choose(text, row)
        return count_segments(text, choice, self.clusters), choice.units, choice.pair < 0

    def _choose(self, text: str, row: int | None = None) -> Choice:
        """Choose the tables or UCS-2."""
        choice = self._chooser.choose(text, self.clusters)
        if choice is None:
            index = self.non_gsm_indexes(text)[0]
            raise EncodingError(text[index], index, row)
        return choice


def _write(
    row: int,
    counts: tuple[int, int, int],
    segments: memoryview,
    units: memoryview | None,
    encodings: memoryview | None,
) -> None:
    segments[row] = counts[0]
    if units is not None and encodings is not None:
        units[row], encodings[row] = counts[1:]


def plain_text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}")
    # A subclass may override anything: only its characters count.
    return str.__str__(text)


def tables_and_ends(
    kernel: Kernel, text: str
) -> tuple[tuple[int, int] | None, list[tuple[int, int]]]:
    """Return the pair of tables (None for UCS-2), and the end and units of each segment."""
    choice = kernel._choose(text)
    tables = None if choice.pair < 0 else kernel.pairs[choice.pair][:2]
    return tables, find_ends(text, choice, kernel.clusters)
