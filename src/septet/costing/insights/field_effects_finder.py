"""Finds the texts that values of a template's fields change to UCS-2 or to more segments.

Only texts that are affected are made again, without the value of each field in turn, and counted.
Texts with the same results are decided on together.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..._kernels import count_distinct_rows, count_empty, find_rows_beyond
from ...arrow.structures import read_chunks
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..rates.card import RateCard
from ..rates.pricing import MessageCounts, move_to_groups
from ..rates.unpriced import Unpriced
from ..reading.templates import Template
from .counted_batches import CountedBatch
from .field_effects import FieldEffects

__all__ = ["FieldEffectsFinder"]


class FieldEffectsFinder:
    """Observes batches that a template made, and adds up the effects of its fields.

    Attributes:
        field_effects: The effects in the batches so far; complete after `flush()`.
    """

    def __init__(self, template: Template, segmenter: Segmenter, rates: RateCard | None) -> None:
        """Start with no batches.

        Args:
            template: The template that makes the texts.
            segmenter: The rules to count by.
            rates: The card to price by; None to price nothing.
        """
        blank = segmenter.analyze(template.blank)
        self.field_effects = FieldEffects.of(blank.encoding, blank.segment_count, template.fields)
        self._template = template
        self._segmenter = segmenter
        self._rates = rates
        self._is_ucs2 = blank.encoding == Encoding.UCS2  # 0 and 1, as columns have it
        # Messages by rate, encoding and segments, then by encoding and segments without the value
        # of each field.
        self._counts: Counter[tuple[int, ...]] = Counter()

    def add(self, counted: CountedBatch) -> None:
        """Look at the values of one more batch."""
        values = counted.batch.values
        if not values:
            return
        for name, column in zip(self._template.fields, values, strict=True):
            if empty := _count_empty(column):
                self.field_effects.empty[name] += empty
        segments, encodings = counted.segments, counted.encodings
        rows = find_rows_beyond(segments, encodings, self.field_effects.segments, self._is_ucs2)
        if not len(rows):
            return
        without: list[memoryview] = []
        for position in range(len(values)):
            others = [*values[:position], "", *values[position + 1 :]]
            texts = self._template.render(others, len(segments), rows)
            columns = self._segmenter.analyze_many(texts)
            without += [columns.encoding.memory, columns.segment_count.memory]
        columns_of_rows = [memoryview(counted.rates), encodings, segments]
        for messages, *key in count_distinct_rows(columns_of_rows, rows, without):
            self._counts[tuple(key)] += messages

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the effects."""
        names: tuple[str | None, ...] = self._template.fields
        affected: MessageCounts = Counter()
        into_ucs2: MessageCounts = Counter()
        into_segments: MessageCounts = Counter()
        for (rate, encoding, segments, *without), messages in self._counts.items():
            # A message that is too long to be sent has no price.
            priced = rate if segments <= MAX_SEGMENTS else Unpriced.NO_RATE
            extra = segments - self.field_effects.segments
            affected[None, priced, extra] += messages
            by_field = list(zip(names, without[::2], without[1::2], strict=True))
            if encoding > self._is_ucs2:
                causes = [
                    (name, segments - count) for name, is_ucs2, count in by_field if not is_ucs2
                ]
                for name, more in causes or [(None, extra)]:
                    into_ucs2[name, priced, more] += messages
            if extra:
                causes = [
                    (name, segments - count) for name, _, count in by_field if count < segments
                ]
                for name, more in causes or [(None, extra)]:
                    into_segments[name, priced, more] += messages
        self._counts.clear()
        effects, rates = self.field_effects, self._rates
        move_to_groups(affected, {None: effects.affected}, rates, are_saved=True)
        move_to_groups(into_ucs2, effects.into_ucs2, rates, are_saved=True)
        move_to_groups(into_segments, effects.into_segments, rates, are_saved=True)


def _count_empty(column: Any) -> int:
    if isinstance(column, list):
        return column.count("")
    (chunk,) = read_chunks(column)
    return count_empty(chunk.addresses, chunk.offset, chunk.offset + chunk.length)
