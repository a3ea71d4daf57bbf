"""Counts messages by what could be saved in them.

`_compiled_savings` has the same results. Here each text is rewritten and counted again.
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
    check_list,
    check_min_length,
    check_row_numbers,
    check_rows,
    list_changed,
    list_item,
)
from .clusters import ClusterSearch
from .kernel import plain_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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

    A text whose replacements depend on the characters around them, or on its languages, is left to
    the caller, who counts it after the replacements and calls `add_changes`.

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
        "_depends",
        "_kernel",
        "_names",
        "_near",
        "_near_units",
        "_occurrences",
        "_replacements",
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
        self._replacements: dict[str, tuple[str, ...]] = {}
        self._depends: set[str] = set()
        self._start()

    def _start(self) -> None:
        self._changes: Counts = Counter()
        self._characters: Counts = Counter()
        self._alone: Counts = Counter()
        self._near: Counts = Counter()
        self._occurrences: Counter[str] = Counter()

    def set_replacements(self, char: str, replacements: Sequence[str], depends: bool) -> None:
        """Set what replaces a character at each level.

        Args:
            char: The character.
            replacements: The text that replaces it at each level, itself if it stays.
            depends: Whether replacements in a text with this character depend on others.

        Raises:
            ValueError: There is not one replacement for each level.
        """
        check_length("replacements", len(replacements), len(self._names) - 1)
        self._replacements[char] = tuple(replacements)
        if depends:
            self._depends.add(char)

    def add_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        rates: memoryview,
    ) -> tuple[int, int, memoryview, memoryview]:
        """Look at the rows from `first` up to `stop` of an Arrow column of texts.

        Args:
            column: The texts, which were counted.
            first: Row to begin with.
            stop: Row to end before.
            segments: Segments of each row; a row of more than 255 is left out.
            units: Units of each row.
            encodings: 0 (GSM-7) or 1 (UCS-2) for each row.
            rates: The rate of each row, or the reason why it has none.

        Returns:
            An `Outcome`, which is `NO_ENCODING` for a row that is not UTF-8; the row that caused
            it, or `stop`; the rows that are left to the caller, from 0 for `first`, as int32; and
            for each of these its only non-GSM character as uint32, or 0xFFFFFFFF if it has several.

        Raises:
            ValueError: `first` and `stop` are not a range, or a buffer is too short for it.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, read_rows

        rows = check_rows(first, stop)
        check_facts(segments, units, encodings, rows)
        check_min_length("rates", len(rates), rows)
        left, alone = array("i"), array("I")
        outcome, row = Outcome.FINE, first
        try:
            for value in read_rows(column, first, stop):
                index = row - first
                if _may_save(segments[index], units[index], encodings[index]):
                    text = (value or b"").decode()
                    self._look_at(text, index, segments[index], rates[index], left, alone)
                row += 1
        except OutOfRangeError as error:
            outcome = error.outcome
        except UnicodeDecodeError:
            outcome = Outcome.NO_ENCODING
        return outcome, row, memoryview(left), memoryview(alone)

    def add_texts(
        self,
        texts: list[Any],
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        rates: memoryview,
    ) -> tuple[memoryview, memoryview]:
        """Look at the texts of a list.

        Args:
            texts: The texts, which were counted.
            segments: Segments of each text; a text of more than 255 is left out.
            units: Units of each text.
            encodings: 0 (GSM-7) or 1 (UCS-2) for each text.
            rates: The rate of each text, or the reason why it has none.

        Returns:
            The texts that are left to the caller, and for each of these its only non-GSM character,
            as `add_rows` returns them.

        Raises:
            ValueError: A buffer is too short.
            RuntimeError: The list is, or has become, shorter, or a row is no longer a `str`.
        """
        rows = len(segments)
        check_facts(segments, units, encodings, rows)
        check_min_length("rates", len(rates), rows)
        check_list(texts, rows)
        left, alone = array("i"), array("I")
        for row in range(rows):
            if _may_save(segments[row], units[row], encodings[row]):
                text = list_item(texts, row)
                if not isinstance(text, str):
                    raise list_changed()
                self._look_at(plain_text(text), row, segments[row], rates[row], left, alone)
        return memoryview(left), memoryview(alone)

    def add_changes(
        self,
        rows: memoryview,
        alone: memoryview,
        segments: memoryview,
        rates: memoryview,
        after: list[memoryview],
    ) -> None:
        """Count what replacements save in rows that were left to the caller.

        Args:
            rows: Row numbers of `segments` and `rates`.
            alone: The only non-GSM character of each of `rows`, as `add_rows` returned it.
            segments: Segments of all rows.
            rates: Rates of all rows.
            after: For each level, the segments of each of `rows` after the replacements.

        Raises:
            ValueError: A buffer has a wrong length, or a row is not one of the columns.
        """
        check_length("alone", len(alone), len(rows))
        check_length("after", len(after), len(self._names) - 1)
        check_row_numbers(rows, min(len(segments), len(rates)))
        for counts in after:
            check_length("after", len(counts), len(rows))
        for index, row in enumerate(rows):
            char = None if alone[index] == _NO_CHAR else chr(alone[index])
            levels = [counts[index] for counts in after]
            self._count_changes(rates[row], segments[row], levels, char)

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

    def _look_at(
        self,
        text: str,
        row: int,
        segments: int,
        rate: int,
        left: array[int],
        alone: array[int],
    ) -> None:
        """Look at one text; append its row to `left` if its replacements are left to the caller."""
        choice = self._kernel._chooser.choose(text, self._kernel.clusters)
        if choice is None:
            return
        indexes = self._kernel.non_gsm_indexes(text) if choice.pair < 0 else []
        occurrences = Counter([text[index] for index in indexes])
        self._occurrences.update(occurrences)
        self._characters.update((char, rate, segments) for char in occurrences)
        if segments == 1:
            return
        if occurrences:
            only = next(iter(occurrences)) if len(occurrences) == 1 else None
            if self._is_left(text, occurrences):
                left.append(row)
                alone.append(_NO_CHAR if only is None else ord(only))
            else:
                levels = range(len(self._names) - 1)
                after = [self._count_rewritten(text, occurrences, level) for level in levels]
                self._count_changes(rate, segments, after, only)
        if "\r\n" in text:
            saved = segments - self._kernel.count(text.replace("\r\n", "\n"))
            if saved > 0:
                self._changes[self._names[0], rate, saved] += 1
        beginning = text[: self._find_cut(text, segments - 1)]
        over = choice.coding.units(text[len(beginning) :])
        if over <= self._near_units:
            self._near[over, rate, segments - self._kernel.count(beginning)] += 1

    def _is_left(self, text: str, chars: Iterable[str]) -> bool:
        return (
            len(self._kernel.pairs) > 1
            or not self._depends.isdisjoint(text)
            or not self._replacements.keys() >= set(chars)
        )

    def _count_rewritten(self, text: str, chars: Iterable[str], level: int) -> int:
        replacements = {ord(char): self._replacements[char][level] for char in chars}
        return self._kernel.count(text.translate(replacements))

    def _count_changes(self, rate: int, before: int, after: list[int], only: str | None) -> None:
        for name, count in zip(self._names[1:], after, strict=True):
            if count < before:
                self._changes[name, rate, before - count] += 1
        best = before - min(after, default=before)
        if best > 0 and only is not None:
            self._alone[only, rate, best] += 1

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


def _may_save(segments: int, units: int, encoding: int) -> bool:
    return units > 0 and 0 < segments <= MAX_SEGMENTS and (encoding > 0 or segments > 1)
