"""Counts messages by what could be saved in them.

`_compiled_savings` has the same results. Here each text is cut and counted again.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter

from ...standard.limits import MAX_SEGMENTS, septet_capacity
from .bounds import (
    check_clusters,
    check_facts,
    check_length,
    check_min_length,
    check_rows,
)
from .clusters import ClusterSearch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, TypeAlias

    from ...arrow.rows import Addresses
    from ...standard.graphemes import ClusterRules
    from .kernel import Kernel

    Counts: TypeAlias = Counter[tuple[Any, int, int]]

__all__ = ["SavingsCounts"]

_MAX_LEVELS = 3
_NO_CHAR = 0xFFFFFFFF


class SavingsCounts:
    """Counts messages by what could be saved in them.

    Args:
        kernel: Counts texts by the rules.
        changes: The names of the changes: LF for CR LF, then each level of replacements.
        clusters: The tables that find grapheme clusters: no text is cut inside one.
        near_units: How many units at the end of a text may be removed.

    Raises:
        ValueError: There are no changes, or more than four; `near_units` is negative; or a table
            has a wrong length.
    """

    __slots__ = (
        "_alone",
        "_changes",
        "_characters",
        "_clusters",
        "_kernel",
        "_names",
        "_near",
        "_near_units",
        "_occurrences",
    )

    def __init__(
        self, kernel: Kernel, changes: tuple[str, ...], clusters: ClusterRules, near_units: int
    ) -> None:
        if not 0 < len(changes) <= _MAX_LEVELS + 1:
            raise ValueError(f"changes must be 1 to {_MAX_LEVELS + 1}, not {len(changes)}")
        if near_units < 0:
            raise ValueError(f"near_units must not be negative, but is {near_units}")
        check_clusters(*clusters)
        self._kernel = kernel
        self._names = changes
        self._clusters = clusters
        self._near_units = near_units
        self._start()

    def _start(self) -> None:
        self._changes: Counts = Counter()
        self._characters: Counts = Counter()
        self._alone: Counts = Counter()
        self._near: Counts = Counter()
        self._occurrences: Counter[str] = Counter()

    def add_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        rates: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> tuple[memoryview, memoryview]:
        """Look at the rows from `first` up to `stop` of an Arrow column of texts.

        Args:
            column: The texts, which were counted.
            first: Row to begin with.
            stop: Row to end before.
            segments: Segments of each row; a row of more than 255 is left out.
            units: Units of each row.
            encodings: 0 (GSM-7) or 1 (UCS-2) for each row.
            rates: The rate of each row, or the reason why it has none.
            base: Number of the first row, for error messages.
            allows_surrogates: Whether rows may have lone surrogates, of three bytes each.

        Returns:
            1 for each row of several segments with non-GSM characters, for `add_changes`, else 0;
            and as uint32 the only such character of each of these rows, 0xFFFFFFFF if it has
            several.

        Raises:
            ValueError: `first` and `stop` are not a range, a buffer is too short for it, a row is
                not UTF-8, or it is outside its buffer.
        """
        from ...arrow.rows import OutOfRangeError, read_rows

        rows = check_rows(first, stop)
        check_facts(segments, units, encodings, rows)
        check_min_length("rates", len(rates), rows)
        selected, alone = bytearray(rows), array("I", bytes(4 * rows))
        errors = "surrogatepass" if allows_surrogates else "strict"
        row = 0
        try:
            for value in read_rows(column, first, stop):
                # A single segment of GSM-7 saves nothing, and too many segments cannot be sent.
                can_save = encodings[row] or segments[row] > 1
                if units[row] > 0 and 0 < segments[row] <= MAX_SEGMENTS and can_save:
                    text = (value or b"").decode("utf-8", errors)
                    chars = self._look_at(text, segments[row], rates[row])
                    if chars:
                        selected[row] = 1
                        alone[row] = ord(*chars) if len(chars) == 1 else _NO_CHAR
                row += 1
        except OutOfRangeError as error:
            raise error.outcome.error(base + row) from None
        except UnicodeDecodeError:
            raise ValueError(f"row {base + row} is not UTF-8") from None
        return memoryview(selected), memoryview(alone)

    def add_changes(
        self,
        selected: memoryview,
        alone: memoryview,
        segments: memoryview,
        rates: memoryview,
        after: list[memoryview],
    ) -> None:
        """Count what replacements save in the rows that `add_rows` selected.

        Args:
            selected: From `add_rows`.
            alone: From `add_rows`.
            segments: Segments of each row.
            rates: Rates of each row.
            after: For each level, the segments of each selected row after the replacements.

        Raises:
            ValueError: A buffer has a wrong length.
        """
        check_length("alone", len(alone), len(selected))
        check_length("segments", len(segments), len(selected))
        check_length("rates", len(rates), len(selected))
        check_length("after", len(after), len(self._names) - 1)
        for counts in after:
            check_length("after", len(counts), len(selected))
        for row, is_selected in enumerate(selected):
            if not is_selected:
                continue
            best = 0
            for name, counts in zip(self._names[1:], after, strict=True):
                saved = segments[row] - counts[row]
                if saved > 0:
                    self._changes[name, rates[row], saved] += 1
                    best = max(best, saved)
            if best and alone[row] != _NO_CHAR:
                self._alone[chr(alone[row]), rates[row], best] += 1

    def take(self) -> tuple[Counts, Counts, Counts, Counts, Counter[str]]:
        """Return the counts of messages and of characters, and set all of them to zero.

        Returns:
            Four counts by (subject, rate, segments). Messages in which a change saves these
            segments; messages of these segments with a non-GSM character; messages in which the
            replacement of the only such character saves these segments; messages in which the
            removal of so many units does. And how often each non-GSM character occurs.
        """
        counts = self._changes, self._characters, self._alone, self._near, self._occurrences
        self._start()
        return counts

    def _look_at(self, text: str, segments: int, rate: int) -> Collection[str]:
        """Look at one text; return its non-GSM characters, each once."""
        choice = self._kernel._chooser.choose(text, self._kernel.clusters)
        if choice is None:
            return ()
        indexes = self._kernel.non_gsm_indexes(text) if choice.pair < 0 else []
        occurrences = Counter([text[index] for index in indexes])
        self._occurrences.update(occurrences)
        self._characters.update((char, rate, segments) for char in occurrences)
        if segments == 1:
            return ()
        if "\r\n" in text:
            saved = segments - self._kernel.count(text.replace("\r\n", "\n"))
            if saved > 0:
                self._changes[self._names[0], rate, saved] += 1
        beginning = text[: self._find_cut(text, segments - 1)]
        over = choice.coding.units(text[len(beginning) :])
        if over <= self._near_units:
            self._near[over, rate, segments - self._kernel.count(beginning)] += 1
        return occurrences

    def _find_cut(self, text: str, segments: int) -> int:
        """Return the length of the longest beginning that fits, as `truncate` finds it."""
        kernel = self._kernel

        def is_ucs2(cut: int) -> bool:
            choice = kernel._chooser.choose(text[:cut], kernel.clusters)
            return choice is not None and choice.pair < 0

        def is_too_long(cut: int) -> bool:
            return kernel.count(text[:cut]) > segments

        cuts = range(min(segments * septet_capacity(0) + 1, len(text)))
        first_ucs2 = bisect_right(cuts, False, key=is_ucs2)
        fitting = bisect_right(cuts, False, lo=first_ucs2, key=is_too_long)
        cut = self._cluster_start(text, fitting - 1) if fitting > first_ucs2 else 0
        if cut < first_ucs2:
            fitting = bisect_right(cuts, False, hi=first_ucs2, key=is_too_long)
            cut = self._cluster_start(text, fitting - 1)
        return cut

    def _cluster_start(self, text: str, index: int) -> int:
        if index and _PAIR.match(text, index - 1):
            index -= 1
        return ClusterSearch(text, self._clusters).start_of(index)


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
