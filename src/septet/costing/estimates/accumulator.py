"""The loop over batches: each is counted once, and every observer adds up its figures from that.

Tables of integers are kept while batches come in; `flush` prices them and moves them to the sums.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._kernels import GroupCounts, NonGsmCounts, ValueIndex, add_to_sums
from ...columns.surveys import listed, number_values, survey_column
from ...display.wording import plural
from ...rules.providers import ProviderRule
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..insights.counted_batches import BatchFacts, CountedBatch, Observer
from ..insights.field_effects_finder import FieldEffectsFinder
from ..insights.number_forms import NumberFormFinder
from ..insights.texts_to_fix import ExampleFinder
from ..insights.wrongly_decoded import count_wrongly_decoded
from ..rates.card import RateCard
from ..rates.pricing import MessageCounts, RateSums, move_to_groups
from ..rates.tallies import Cost, Group, Tally
from ..rates.unpriced import TOO_LONG, Unpriced
from ..reading.sources import Batch
from ..reading.templates import Filled
from .job import Job
from .sums import EstimateSums

if TYPE_CHECKING:
    from ..insights.repeats import RepeatFinder, SentMessages

__all__ = ["Accumulator"]

_SLOTS = MAX_SEGMENTS + 1  # of each encoding: messages by their segments
_LIMITS = ("max_characters", "max_gsm7_characters", "max_ucs2_characters", "max_segments")


class Accumulator:
    """Counts batches and adds them up.

    Attributes:
        sums: The sums of the batches; complete after `flush()`.
    """

    def __init__(self, job: Job) -> None:
        """Start with no batches.

        Args:
            job: What to count, price and look for.
        """
        self._job = job
        self.sums = EstimateSums(groups={column: {} for column in job.by})
        self._limits = _limits(job.segmenter)
        self._non_gsm_characters = NonGsmCounts()
        self._group_values = [ValueIndex() for _ in job.by]
        self._examples = ExampleFinder(self.sums.examples)
        self._repeats: RepeatFinder | None = None
        self._observers = list(self._make_observers())
        self._is_flushed = True

    def add(self, batch: Batch) -> tuple[BatchFacts, SentMessages | None]:
        """Count the messages of one more batch; see `Estimate.add`.

        Returns:
            The facts of the messages; and what `find_repeats` needs, if there are recipients and
            savings are looked for.
        """
        self._check_columns(batch)
        batch = self._copy_lists(batch)
        texts = batch.make_texts()
        survey = survey_column(self._job.segmenter.kernel, texts)
        columns = survey.facts
        facts = BatchFacts(columns, self._find_rates(batch, len(columns)))
        groups = list(map(number_values, self._group_values, batch.groups))
        for numbers in groups:
            if len(numbers) != len(columns):
                raise ValueError(
                    f"expected {len(columns)} values in a group column, got {len(numbers)}"
                )
        survey.count_non_gsm(self._non_gsm_characters)
        non_gsm_characters = self._non_gsm_characters.take()
        counted = CountedBatch(
            batch,
            texts,
            facts,
            columns.segment_count.memory,
            columns.unit_count.memory,
            columns.encoding.memory,
            groups,
        )
        self._is_flushed = False
        self._examples.add(survey)
        self.sums.non_gsm_characters.update(non_gsm_characters)
        self.sums.wrongly_decoded += count_wrongly_decoded(
            survey, None if self._job.segmenter.encoding else non_gsm_characters
        )
        for observer in self._observers:
            observer.add(counted)
        return facts, None if self._repeats is None else self._repeats.hash(counted)

    def find_repeats(self, sent: SentMessages) -> None:
        """Find the messages of a batch that were sent before; see `Estimate.find_repeats`."""
        if self._repeats is not None:
            self._is_flushed = False
            self._repeats.add(sent)

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the sums."""
        if self._is_flushed:
            return
        self._is_flushed = True
        for observer in self._observers:
            observer.flush()
        if self._repeats is not None:
            self._repeats.flush()

    def _make_observers(self) -> Iterator[Observer]:
        job, sums = self._job, self.sums
        yield _SegmentCounter(job.rates, sums)
        if job.rates is not None and not job.rates.reads_written:
            yield NumberFormFinder(sums.number_forms)
        for position, groups in enumerate(sums.groups.values()):
            yield _GroupCounter(position, self._group_values[position], groups, job.rates)
        if job.template is not None:
            finder = FieldEffectsFinder(job.template, job.segmenter, job.rates)
            sums.field_effects = finder.field_effects
            yield finder
        if self._limits:
            yield _LimitChecker(job.segmenter, self._limits, sums.exceeded_limits, job.rates)
        if job.savings:
            # It imports the transliteration, which nothing else here needs.
            from ..insights.alternatives_finder import alternative_finders
            from ..insights.repeats import RepeatFinder
            from ..insights.savings_finder import SavingsFinder

            savings_finder = SavingsFinder(job.segmenter, job.rates)
            savings = sums.savings = savings_finder.savings
            self._repeats = RepeatFinder(savings, job.rates, job.hash_key)
            yield savings_finder
            yield from alternative_finders(savings, job.rates)

    def _check_columns(self, batch: Batch) -> None:
        """Raise an error if a batch lacks columns that the job needs, or has more of them."""
        fields = () if self._job.template is None else self._job.template.fields
        if len(batch.groups) != len(self._job.by):
            expected = plural(len(self._job.by), "group column")
            raise ValueError(f"expected {expected}, got {len(batch.groups)}")
        if self._job.template is not None and len(batch.values) != len(fields):
            expected = plural(len(fields), "column")
            raise ValueError(
                f"expected texts filled from {expected} of values, got {len(batch.values)}"
            )
        if self._job.rates is not None and batch.recipients is None:
            raise ValueError("a rate card needs the recipients of the messages")

    def _copy_lists(self, batch: Batch) -> Batch:
        """Return the batch with copies of the lists and iterators that are read more than once.

        Other threads may change a list in between, and the sums must agree with each other.
        """
        texts, recipients = batch.texts, batch.recipients
        if isinstance(texts, Filled):
            texts = replace(texts, values=list(map(_copy, texts.values)))
        if self._job.savings or self._job.rates is not None:
            recipients = _copy(recipients)
        if self._job.savings or self._limits:
            texts = _copy(texts)
        return replace(batch, texts=texts, recipients=recipients)

    def _find_rates(self, batch: Batch, length: int) -> array[int]:
        """Return the index of each row's rate, or why it has none."""
        if self._job.rates is None:
            return array("i", [Unpriced.NO_RATE]) * length
        rates = self._job.rates.match_many(batch.recipients, batch.networks)
        if len(rates) != length:
            raise ValueError(f"expected {length} recipients, one for each text, got {len(rates)}")
        return rates


class _SegmentCounter:
    """Counts messages by encoding and segments, and by destination or the reason for no price."""

    def __init__(self, rates: RateCard | None, sums: EstimateSums) -> None:
        self._rates = rates
        self._sums = sums
        self._by_segments = array("q", bytes(8 * len(Encoding) * _SLOTS))
        # Of rates per segment and per message together, it depends on each message which is lowest.
        is_summed = rates is not None and not rates.has_mixed_ranges
        self._by_rate = RateSums(rates) if rates is not None and is_summed else None
        self._by_message = GroupCounts()

    def add(self, counted: CountedBatch) -> None:
        is_summed = self._by_rate is not None
        without_text, too_long = add_to_sums(
            counted.segments,
            counted.units,
            counted.encodings,
            memoryview(counted.facts.rates) if is_summed else None,
            memoryview(self._by_segments),
            memoryview(self._by_rate.buffer) if self._by_rate is not None else None,
        )
        self._sums.without_text += without_text
        for row in too_long:
            segments = counted.segments[row]
            self._sums.messages[counted.facts.columns.encoding[row], segments] += 1
            if self._rates is not None:
                self._add_unpriced(TOO_LONG, Tally(1, segments))
        if self._rates is not None and not is_summed:
            rates = memoryview(counted.rates)
            groups = memoryview(bytes(4 * len(rates))).cast("i")
            self._by_message.add(groups, rates, counted.segments, counted.units)

    def flush(self) -> None:
        for position, encoding in enumerate(Encoding):
            for segments in range(1, _SLOTS):
                if messages := self._by_segments[position * _SLOTS + segments]:
                    self._sums.messages[encoding, segments] += messages
        self._by_segments[:] = array("q", bytes(8 * len(self._by_segments)))
        if self._by_rate is not None:
            for index, messages, segments in self._by_rate.take():
                self._add(index, messages, segments)
        for (_, index, segments), messages in self._by_message.take().items():
            if segments <= MAX_SEGMENTS:
                self._add(index, messages, messages * segments)

    def _add(self, index: int, messages: int, segments: int) -> None:
        """Add messages with one rate, or the same reason to have none, to the sums."""
        if index < 0:
            self._add_unpriced(Unpriced(index).reason, Tally(messages, segments))
        elif self._rates is not None:
            rate = self._rates.entries[index]
            key = rate.destination, rate.currency
            if (cost := self._sums.destinations.get(key)) is None:
                cost = self._sums.destinations[key] = Cost()
            cost.add_priced(messages, segments, *rate.bounds_in_picos(segments, messages))

    def _add_unpriced(self, reason: str, tally: Tally) -> None:
        self._sums.unpriced[reason] = self._sums.unpriced.get(reason, Tally()) + tally


class _GroupCounter:
    """Counts messages by the values of one column."""

    def __init__(
        self,
        position: int,
        values: ValueIndex,
        groups: dict[str | None, Group],
        rates: RateCard | None,
    ) -> None:
        self._position = position
        self._values = values
        self._groups = groups
        self._rates = rates
        self._counts = GroupCounts()

    def add(self, counted: CountedBatch) -> None:
        self._counts.add(
            memoryview(counted.groups[self._position]),
            memoryview(counted.rates),
            counted.segments,
            counted.units,
        )

    def flush(self) -> None:
        values = self._values.values()
        counts: MessageCounts = Counter(
            {
                (values[number], rate, segments): messages
                for (number, rate, segments), messages in self._counts.take().items()
            }
        )
        move_to_groups(counts, self._groups, self._rates)


class _LimitChecker:
    """Counts the messages that exceed limits which the provider publishes."""

    def __init__(
        self,
        segmenter: Segmenter,
        limits: list[ProviderRule],
        groups: dict[tuple[str, int], Group],
        rates: RateCard | None,
    ) -> None:
        self._segmenter = segmenter
        self._limits = {(limit.name, limit.value) for limit in limits}
        self._groups = groups
        self._rates = rates
        self._counts: MessageCounts = Counter()
        by_name = {limit.name: float(limit.value) for limit in limits}
        self._max_segments = by_name.pop("max_segments", math.inf)
        # The lowest of the limits of characters: a character takes at least one unit.
        self._max_units = min(by_name.values(), default=math.inf)

    def add(self, counted: CountedBatch) -> None:
        segments, units = counted.segments, counted.units
        if not len(units):
            return
        if max(units) <= self._max_units and max(segments) <= self._max_segments:
            return
        texts = counted.texts
        if not isinstance(texts, list) and not hasattr(texts, "to_pylist"):
            texts = listed(texts)
        for row, (segment_count, unit_count) in enumerate(zip(segments, units, strict=True)):
            if segment_count > self._max_segments or unit_count > self._max_units:
                text = texts[row]
                text = text if isinstance(text, str) else text.as_py()
                exceeded = self._segmenter.analyze(text).exceeded_limits
                limits = self._limits & {(limit.limit, limit.allowed) for limit in exceeded}
                rate = counted.rates[row]
                self._counts.update((limit, rate, segment_count) for limit in limits)

    def flush(self) -> None:
        move_to_groups(self._counts, self._groups, self._rates)


def _copy(column: Any) -> Any:
    """Return a column that can be read again, and that no other thread changes."""
    if isinstance(column, list):
        return list.copy(column)
    return column if column is None or hasattr(column, "__len__") else listed(column)


def _limits(segmenter: Segmenter) -> list[ProviderRule]:
    rules = () if segmenter.provider is None else segmenter.provider.rules
    return [rule for rule in rules if rule.name in _LIMITS]
