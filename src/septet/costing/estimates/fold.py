"""The fold over batches: tables of integers while it goes on, sums under their names when read."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._kernels import NO_RATE, NonGsmCounts, add_up
from ...columns.column_types import AnalysisColumns
from ...columns.surveys import Survey, listed
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..insights.field_effects_fold import FieldEffectsFold
from ..rates.card import RateCard
from ..rates.pricing import REASONS, TOO_LONG, Counts, settle
from ..rates.tallies import Cost, Tally
from ..reading.sources import Batch
from ..reading.templates import Template
from .sums import Sums

if TYPE_CHECKING:
    from ..insights.savings_fold import SavingsFold

__all__ = ["Facts", "Fold"]

_PLACES = MAX_SEGMENTS + 1
_LIMITS = ("max_characters", "max_gsm7_characters", "max_ucs2_characters", "max_segments")


class Facts(NamedTuple):
    """What was found of the messages of a batch.

    Attributes:
        columns: What each takes.
        rates: The index of each one's rate, or why there is none; see `RateCard.match_many`.
    """

    columns: AnalysisColumns
    rates: Sequence[int]


class Fold:
    """Counts batches and adds them up.

    Attributes:
        sums: What was added up; all of it after `settle()`.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        rates: RateCard | None = None,
        by: tuple[str, ...] = (),
        savings: bool = False,
        template: Template | None = None,
    ) -> None:
        self._segmenter = segmenter
        self._rates = rates
        self.sums = Sums(groups={column: {} for column in by})
        self._is_settled = True
        # What `add_up` adds to: messages by encoding and segments; messages and segments by rate.
        self._by_segments = array("q", bytes(8 * len(Encoding) * _PLACES))
        rate_count = 0 if rates is None else len(rates)
        self._by_rate = array("q", bytes(8 * 2 * (len(REASONS) + rate_count)))
        self._non_gsm_characters = NonGsmCounts()
        # Messages by value, rate and segments, for each column.
        self._by_value: list[Counts] = [Counter() for _ in by]
        self._exceeded: Counts = Counter()
        limits = {rule.name: rule.value for rule in _limits(segmenter)}
        self._most_segments = limits.pop("max_segments", math.inf)
        self._most_units = min(limits.values(), default=math.inf)
        self._savings: SavingsFold | None = None
        if savings:
            from ..insights.savings_fold import (
                SavingsFold,  # needs much that nothing else here does
            )

            self._savings = SavingsFold(segmenter, rates)
            self.sums.savings = self._savings.savings
        self._field_effects: FieldEffectsFold | None = None
        if template is not None:
            self._field_effects = FieldEffectsFold(template, segmenter, rates)
            self.sums.field_effects = self._field_effects.field_effects

    def add(self, batch: Batch) -> Facts:
        """Count the messages of one more batch, and return what was found; see `Estimate.add`."""
        if len(batch.groups) != len(self._by_value):
            given, wanted = len(batch.groups), len(self._by_value)
            raise ValueError(f"{given} columns to add up by instead of {wanted}")
        if self._field_effects is not None and len(batch.values) != len(self._field_effects.fields):
            given, wanted = len(batch.values), len(self._field_effects.fields)
            raise ValueError(f"{given} columns to fill the template instead of {wanted}")
        batch = self._unchanging(batch)
        texts = batch.make_texts()
        survey = Survey(self._segmenter, texts)
        found = survey.facts
        rates = by_rate = None
        if self._rates is not None:
            if batch.recipients is None:
                raise ValueError("a rate card needs the recipients of the messages")
            rates = memoryview(self._rates.match_many(batch.recipients))
            by_rate = memoryview(self._by_rate)
            if len(rates) != len(found):
                raise ValueError(f"{len(rates)} recipients of {len(found)} messages")
        for values in (*batch.groups, *batch.values):
            if len(values) != len(found):
                raise ValueError(f"{len(values)} values of {len(found)} messages")
        segments, units = memoryview(found.segment_count), memoryview(found.unit_count)
        self._is_settled = False
        without_text, too_long = add_up(
            segments,
            units,
            memoryview(found.encoding),
            rates,
            memoryview(self._by_segments),
            by_rate,
        )
        self.sums.without_text += without_text
        for row in too_long:
            self._note_too_long(found.encoding[row], segments[row])
        survey.count_non_gsm(self._non_gsm_characters)
        indexes = array("i", [NO_RATE]) * len(found) if rates is None else rates
        for counts, values in zip(self._by_value, batch.groups, strict=True):
            counts.update(compress(zip(values, indexes, segments, strict=True), units))
        if self._field_effects is not None:
            self._field_effects.add(batch.values, found, indexes)
        self._note_exceeded(texts, segments, units, indexes)
        if self._savings is not None:
            encodings = memoryview(found.encoding)
            self._savings.add(
                listed(texts),
                None if batch.recipients is None else listed(batch.recipients),
                segments,
                units,
                encodings,
                indexes,
            )
        return Facts(found, indexes)

    def settle(self) -> None:
        """Move what was counted to the sums."""
        if self._is_settled:
            return
        self._is_settled = True
        for index, encoding in enumerate(Encoding):
            for segments in range(1, _PLACES):
                if messages := self._by_segments[index * _PLACES + segments]:
                    self.sums.messages[encoding, segments] += messages
        for index in range(-len(REASONS), 0 if self._rates is None else len(self._rates)):
            place = 2 * (len(REASONS) + index)
            messages, segments = self._by_rate[place : place + 2]
            if messages:
                self._settle_rate(index, messages, segments)
        for sums in (self._by_segments, self._by_rate):
            sums[:] = array("q", bytes(8 * len(sums)))
        self.sums.non_gsm_characters.update(self._non_gsm_characters.take())
        for groups, counts in zip(self.sums.groups.values(), self._by_value, strict=True):
            settle(counts, groups, self._rates)
        settle(self._exceeded, self.sums.exceeded_limits, self._rates)
        if self._savings is not None:
            self._savings.settle()
        if self._field_effects is not None:
            self._field_effects.settle()

    def _unchanging(self, batch: Batch) -> Batch:
        """Return the batch with copies of the lists that are read again when others were added up.

        Other threads may change them meanwhile, and the sums must agree.
        """
        texts, recipients = batch.texts, batch.recipients
        if self._savings is not None:
            texts, recipients = _copied(texts), _copied(recipients)
        elif _limits(self._segmenter):
            texts = _copied(texts)
        return replace(
            batch,
            texts=texts,
            recipients=recipients,
            groups=list(map(_copied, batch.groups)),
            values=list(map(_copied, batch.values)),
        )

    def _note_too_long(self, encoding: Encoding, segments: int) -> None:
        self.sums.messages[encoding, segments] += 1
        if self._rates is not None:
            tally = self.sums.unpriced.setdefault(TOO_LONG, Tally())
            tally.messages += 1
            tally.segments += segments

    def _note_exceeded(
        self, texts: Any, segments: memoryview, units: memoryview, rates: Sequence[int]
    ) -> None:
        """Note the limits of the provider that texts are beyond."""
        rules = {(rule.name, rule.value) for rule in _limits(self._segmenter)}
        if not rules or not len(units):
            return
        # A character takes at least a unit, so hardly a text needs a closer look.
        if max(units) <= self._most_units and max(segments) <= self._most_segments:
            return
        for row, (count, unit_count) in enumerate(zip(segments, units, strict=True)):
            if count > self._most_segments or unit_count > self._most_units:
                text = texts[row]
                found = self._segmenter.analyze(text if isinstance(text, str) else text.as_py())
                beyond = {(limit.limit, limit.allowed) for limit in found.exceeded_limits}
                self._exceeded.update((limit, rates[row], count) for limit in rules & beyond)

    def _settle_rate(self, index: int, messages: int, segments: int) -> None:
        if index < 0 or self._rates is None:
            tally = self.sums.unpriced.setdefault(REASONS[index], Tally())
        else:
            rate = self._rates.rates[index]
            cost = self.sums.destinations.setdefault((rate.destination, rate.currency), Cost())
            cost.add_priced(messages, segments, rate.cost_in_micros(segments, messages))
            return
        tally.messages += messages
        tally.segments += segments


def _copied(column: Any) -> Any:
    return list.copy(column) if isinstance(column, list) else column


def _limits(segmenter: Segmenter) -> list[Any]:
    rules = () if segmenter.provider is None else segmenter.provider.rules
    return [rule for rule in rules if rule.name in _LIMITS]
