"""The fold over the values of a template's fields that finds the texts they tip.

Only texts that are tipped are made again, without the value of each field in turn. What each takes
with and without them is counted as it is: who tipped it is asked once for all that are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .._kernels import NO_RATE
from ..columns import AnalysisColumns
from ..encoding import Encoding
from ..limits import MAX_SEGMENTS
from ..segmentation import Segmenter
from .pricing import Counts, settle
from .rates import RateCard
from .templates import Template
from .tips import Tips

__all__ = ["TipsFold"]


class TipsFold:
    """Looks at the values of fields and adds up what they do.

    Attributes:
        fields: The fields of the template.
        tips: What was added up; all of it after `settle()`.
    """

    def __init__(self, template: Template, segmenter: Segmenter, rates: RateCard | None) -> None:
        blank = segmenter.analyze(template.blank)
        self.fields = template.fields
        self.tips = Tips.of(blank.encoding, blank.segment_count, template.fields)
        self._template = template
        self._segmenter = segmenter
        self._rates = rates
        self._is_ucs2 = blank.encoding == Encoding.UCS2  # 0 and 1, as columns have it
        # Messages by rate, encoding and segments, then both without the value of each field.
        self._seen: Counter[tuple[int, ...]] = Counter()

    def add(self, values: Sequence[Any], found: AnalysisColumns, rates: Sequence[int]) -> None:
        """Look at the values of a batch, whose texts were counted and their rates found."""
        if not values:
            return
        for name, column in zip(self.fields, values, strict=True):
            if empty := _count_empty(column):
                self.tips.empty[name] += empty
        rows = self._tipped_rows(found, isinstance(values[0], list))
        if not rows:
            return
        taken = [_take(column, rows) for column in values]
        columns = (rates, memoryview(found.encoding), memoryview(found.segment_count))
        facts: list[Any] = [map(column.__getitem__, rows) for column in columns]
        for place in range(len(taken)):
            texts = self._template.render([*taken[:place], "", *taken[place + 1 :]], len(rows))
            without = self._segmenter.analyze_many(texts)
            facts += [memoryview(without.encoding), memoryview(without.segment_count)]
        self._seen.update(zip(*facts, strict=True))

    def settle(self) -> None:
        """Move what was counted to the tips."""
        names: tuple[str | None, ...] = self.fields
        tipped: Counts = Counter()
        into_ucs2: Counts = Counter()
        into_segments: Counts = Counter()
        for (rate, encoding, segments, *facts), messages in self._seen.items():
            # What cannot be sent has no price.
            priced = rate if segments <= MAX_SEGMENTS else NO_RATE
            beyond = segments - self.tips.segments
            tipped[None, priced, beyond] += messages
            without = list(zip(names, facts[::2], facts[1::2], strict=True))
            if encoding > self._is_ucs2:
                causes = [(name, segments - its) for name, ucs2, its in without if not ucs2]
                for name, more in causes or [(None, beyond)]:
                    into_ucs2[name, priced, more] += messages
            if beyond:
                longer = [(name, segments - its) for name, _, its in without if its < segments]
                for name, more in longer or [(None, beyond)]:
                    into_segments[name, priced, more] += messages
        self._seen.clear()
        settle(tipped, {None: self.tips.tipped}, self._rates, are_saved=True)
        settle(into_ucs2, self.tips.into_ucs2, self._rates, are_saved=True)
        settle(into_segments, self.tips.into_segments, self._rates, are_saved=True)

    def _tipped_rows(self, found: AnalysisColumns, are_lists: bool) -> list[int]:
        """Return the rows of texts that take another encoding or more segments than the template.

        Such a text has another encoding only if it is UCS-2.
        """
        is_ucs2, most = self._is_ucs2, self.tips.segments
        if are_lists:
            facts = zip(memoryview(found.encoding), memoryview(found.segment_count), strict=True)
            return [row for row, its in enumerate(facts) if its[0] > is_ucs2 or its[1] > most]
        import pyarrow as pa
        import pyarrow.compute as pc

        columns: Any = found
        is_tipped: Any = pc.or_(
            pc.greater(pa.array(columns.encoding).indices, pa.scalar(int(is_ucs2))),
            pc.greater(pa.array(columns.segment_count), pa.scalar(most)),
        )
        rows: list[int] = pc.indices_nonzero(is_tipped).to_pylist()
        return rows


def _count_empty(column: Any) -> int:
    if isinstance(column, list):
        return column.count("")
    import pyarrow as pa
    import pyarrow.compute as pc

    count: int | None = pc.sum(pc.equal(pc.binary_length(column), pa.scalar(0))).as_py()
    return count or 0


def _take(column: Any, rows: list[int]) -> Any:
    if isinstance(column, list):
        return [*map(column.__getitem__, rows)]
    import pyarrow as pa

    return column.take(pa.array(rows, pa.int64()))
