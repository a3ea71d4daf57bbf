"""The fold over the values of a template's fields that finds the texts they tip.

Only texts that are affected are made again, without the value of each field in turn. What each
takes with and without them is counted as it is; what affected it is decided once for texts that are
alike.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..._kernels import NO_RATE, count_distinct_rows, count_empty, find_rows_beyond
from ...arrow.structures import read_chunks
from ...columns.column_types import AnalysisColumns
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..rates.card import RateCard
from ..rates.pricing import Counts, settle
from ..reading.templates import Template
from .field_effects import FieldEffects

__all__ = ["FieldEffectsFold"]


class FieldEffectsFold:
    """Looks at the values of fields and adds up what they do.

    Attributes:
        fields: The fields of the template.
        field_effects: What was added up; all of it after `settle()`.
    """

    def __init__(self, template: Template, segmenter: Segmenter, rates: RateCard | None) -> None:
        blank = segmenter.analyze(template.blank)
        self.fields = template.fields
        self.field_effects = FieldEffects.of(blank.encoding, blank.segment_count, template.fields)
        self._template = template
        self._segmenter = segmenter
        self._rates = rates
        self._is_ucs2 = blank.encoding == Encoding.UCS2  # 0 and 1, as columns have it
        # Messages by rate, encoding and segments, then both without the value of each field.
        self._seen: Counter[tuple[int, ...]] = Counter()

    def add(
        self, values: Sequence[Any], found: AnalysisColumns, rates: array[int] | memoryview
    ) -> None:
        """Look at the values of a batch, whose texts were counted and their rates found."""
        if not values:
            return
        for name, column in zip(self.fields, values, strict=True):
            if empty := _count_empty(column):
                self.field_effects.empty[name] += empty
        segments, encodings = memoryview(found.segment_count), memoryview(found.encoding)
        rows = find_rows_beyond(segments, encodings, self.field_effects.segments, self._is_ucs2)
        if not len(rows):
            return
        facts = []
        for place in range(len(values)):
            others = [*values[:place], "", *values[place + 1 :]]
            texts = self._template.render(others, len(found), rows)
            without = self._segmenter.analyze_many(texts)
            facts += [memoryview(without.encoding), memoryview(without.segment_count)]
        columns = [memoryview(rates), encodings, segments]
        for messages, *row in count_distinct_rows(columns, rows, facts):
            self._seen[tuple(row)] += messages

    def settle(self) -> None:
        """Move what was counted to the field_effects."""
        names: tuple[str | None, ...] = self.fields
        affected: Counts = Counter()
        into_ucs2: Counts = Counter()
        into_segments: Counts = Counter()
        for (rate, encoding, segments, *facts), messages in self._seen.items():
            # What cannot be sent has no price.
            priced = rate if segments <= MAX_SEGMENTS else NO_RATE
            beyond = segments - self.field_effects.segments
            affected[None, priced, beyond] += messages
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
        settle(affected, {None: self.field_effects.affected}, self._rates, are_saved=True)
        settle(into_ucs2, self.field_effects.into_ucs2, self._rates, are_saved=True)
        settle(into_segments, self.field_effects.into_segments, self._rates, are_saved=True)


def _count_empty(column: Any) -> int:
    if isinstance(column, list):
        return column.count("")
    (chunk,) = read_chunks(column)
    return count_empty(chunk.addresses, chunk.offset, chunk.offset + chunk.length)
