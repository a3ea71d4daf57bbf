"""Estimates of campaigns: sums of messages, segments and money, with few examples of messages.

So the size of an `Estimate` does not depend on the number of rows. Every row is accounted for: it
is a message, a row without text, or unreadable; and with a rate card every message is priced, or
counted with the reason why it has no price.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ...display.wording import plural
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ..insights.counted_batches import BatchFacts
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..insights.texts_to_fix import TextToFix
from ..rates.card import RateCard
from ..rates.tallies import Cost, Group, Tally
from ..reading.sources import Batch
from ..reading.templates import Template
from ..reading.unreadable_rows import UnreadableRows
from .accumulator import Accumulator
from .estimate_json import read_estimate, read_json, write_estimate
from .figures import Figures
from .heading import Heading
from .job import Job
from .sums import EstimateSums, EstimateTerms
from .tables import to_arrow, to_polars

if TYPE_CHECKING:
    from ..insights.repeats import SentMessages
    from .tables import ArrowTables, PolarsTables

__all__ = ["Estimate"]

T = TypeVar("T")


class Estimate:
    """The estimate of a campaign: add batches, then read the figures.

    Estimates with equal rules and rates can be added up, in any order: `a + b` is the estimate of
    both campaigns. An estimate can be pickled, and written as JSON and read again. A sum, and an
    estimate that was pickled or read, takes no more batches.

    >>> estimate = Estimate()
    >>> facts = estimate.add(Batch(["Hi", "Hi ’" * 40]))
    >>> estimate
    <Estimate of 2 messages: 4 segments>

    Attributes:
        heading: Title, sources and date, for reports and JSON.
    """

    heading: Heading

    def __init__(
        self,
        segmenter: Segmenter | None = None,
        rates: RateCard | None = None,
        by: Sequence[str] = (),
        savings: bool = False,
        template: Template | str | None = None,
    ) -> None:
        """Start with no messages.

        Args:
            segmenter: The rules to count by; the default rules if left out.
            rates: The card to price by; nothing is priced if left out.
            by: Names of the columns of `groups`, in the order in which batches have them.
            savings: Whether to look for savings too, which takes about twice as long.
            template: The template that makes the texts of batches, to find the effects of its
                fields.

        Raises:
            ValueError: The template is invalid; see `estimate`.
        """
        self._start(Job.of(segmenter, rates, by, savings, template))

    @classmethod
    def for_job(cls, job: Job) -> Self:
        """Return an estimate of no messages for a job."""
        estimate = cls.__new__(cls)
        estimate._start(job)
        return estimate

    def _start(self, job: Job) -> None:
        self.heading = Heading(made_on=date.today())
        self._terms = EstimateTerms.of(job)
        self._accumulator: Accumulator | None = Accumulator(job)
        self._sums = self._accumulator.sums
        self._figures: Figures | None = None

    @classmethod
    def _of(cls, terms: EstimateTerms, sums: EstimateSums, heading: Heading) -> Self:
        estimate = cls.__new__(cls)
        estimate.heading = heading
        estimate._terms = terms
        estimate._accumulator = None
        estimate._sums = sums
        estimate._figures = None
        return estimate

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the estimate that `to_dict` returned as plain values, to be read and added.

        Args:
            values: The plain values; unknown fields are ignored.

        Raises:
            SourceError: The values are not an estimate, lack a field, contradict each other, or
                have a newer version than this septet can read.
        """
        return cls._of(*read_estimate(values))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the estimate that `to_json` or `septet estimate --json` wrote.

        Raises:
            SourceError: The text is not JSON, or see `from_dict`.
        """
        return cls._of(*read_json(text))

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain values for JSON; amounts are decimal numbers in text."""
        return write_estimate(self._terms, self._current)

    def to_json(self) -> str:
        """Return the figures as JSON, in ASCII; `septet estimate --json` adds the heading."""
        return json.dumps(self.to_dict(), indent=2)

    def to_arrow(self) -> ArrowTables:
        """Return the figures as tables of pyarrow; takes and raises what `tables.to_arrow` does."""
        return to_arrow(self._current)

    def to_polars(self) -> PolarsTables:
        """Return the figures as tables of Polars; takes and raises what `tables.to_polars` does."""
        return to_polars(self._current)

    def __reduce__(self) -> tuple[object, ...]:
        return self._of, (self._terms, self._current.sums, self.heading)

    def __repr__(self) -> str:
        messages, segments = plural(self.messages, "message"), plural(self.segments, "segment")
        costs = (f"{total} {currency}" for currency, total in self.totals.items())
        return f"<Estimate of {messages}: {', '.join([segments, *costs])}>"

    def _repr_html_(self) -> str:
        from .estimate_html import estimate_html  # only notebooks need it

        return estimate_html(self._current, template=self.template, is_priced=self.is_priced)

    def add(self, batch: Batch) -> BatchFacts:
        """Count the messages of one more batch.

        An estimate is for one thread at a time: give each thread one of its own, and add these up.

        Args:
            batch: The messages, with recipients if there is a rate card, and with as many group
                columns and template columns as the estimate has.

        Returns:
            The encoding, units and segments of each row, and the index of its rate.

        Raises:
            EncodingError: The segmenter forces GSM 7-bit and a text has another character.
            TypeError: A column is not of texts.
            ValueError: A column is missing or has another length, or the estimate takes no batches
                because it is a sum, or was pickled or read.
            RuntimeError: Another thread made a list shorter in the meantime.
        """
        facts, sent = self.add_without_repeats(batch)
        if sent is not None:
            self.find_repeats(sent)
        return facts

    def add_without_repeats(self, batch: Batch) -> tuple[BatchFacts, SentMessages | None]:
        """Do what `add` does, but leave what `find_repeats` needs, if anything, to the caller."""
        if self._accumulator is None:
            raise ValueError(
                "this estimate takes no more batches, because it is a sum or was read; "
                "add the batch to a new Estimate and add that"
            )
        try:
            return self._accumulator.add(batch)
        finally:
            self._figures = None

    def find_repeats(self, sent: SentMessages) -> None:
        """Find messages that were sent before; another thread may add a batch at the same time.

        Args:
            sent: From `add_without_repeats` of an estimate for the same job, in the order of rows.
        """
        if self._accumulator is not None:
            self._accumulator.find_repeats(sent)
            self._figures = None

    def add_unreadable(self, rows: UnreadableRows) -> None:
        """Count rows that could not be read.

        Args:
            rows: How many they are, and examples.
        """
        self._sums.unreadable += rows
        self._figures = None

    def __add__(self, other: Estimate) -> Estimate:
        """Return the estimate of the rows of both.

        Raises:
            ValueError: They differ in counting rules, rates, group columns, template, or in whether
                savings were looked for.
        """
        if not isinstance(other, Estimate):
            return NotImplemented
        if self._terms != other._terms:
            raise ValueError("estimates under different rules or rates cannot be added up")
        days = [day for day in (self.priced_on, other.priced_on) if day is not None]
        terms = replace(self._terms, priced_on=max(days, default=None))
        sums = self._current.sums + other._current.sums
        return Estimate._of(terms, sums, self.heading + other.heading)

    @property
    def _current(self) -> Figures:
        """The figures of all batches so far, until a batch is added."""
        if self._figures is None:
            if self._accumulator is not None:
                self._accumulator.flush()
            self._figures = Figures(self._sums)
        return self._figures

    @property
    def by_encoding(self) -> Mapping[Encoding, Tally]:
        """Messages and segments of each encoding."""
        return self._current.by_encoding

    @property
    def distribution(self) -> Mapping[int, int]:
        """How many messages take how many segments; 0 for a number that no message takes."""
        return self._current.distribution

    @property
    def destinations(self) -> Mapping[tuple[str, str], Cost]:
        """Priced messages, by destination (the card's country, or "+" and prefix) and currency."""
        return self._current.sums.destinations

    @property
    def unpriced(self) -> Mapping[str, Tally]:
        """Messages without a price although there is a card, by the reason."""
        return self._current.sums.unpriced

    @property
    def groups(self) -> Mapping[str, dict[str | None, Group]]:
        """Messages by the values of each column of `by`; None for null."""
        return self._current.sums.groups

    @property
    def non_gsm_characters(self) -> Counter[str]:
        """How many messages each character forces into UCS-2."""
        return self._current.sums.non_gsm_characters

    @property
    def texts_to_fix(self) -> Sequence[TextToFix]:
        """Messages of several segments by encoding and segments, with an example of each.

        Those that take most segments beyond one each come first.
        """
        return self._current.texts_to_fix

    @property
    def rules(self) -> Mapping[str, Any]:
        """The options of the segmenter that counted, as plain values."""
        return self._terms.rules

    @property
    def wrongly_decoded(self) -> int:
        """Messages in UCS-2 that look like UTF-8 that was read as Windows-1252 or Latin-1."""
        return self._current.sums.wrongly_decoded

    @property
    def number_forms(self) -> Set[str]:
        """How recipients that are not E.164 are written, in a sample; empty if read from JSON."""
        return self._current.sums.number_forms

    @property
    def without_text(self) -> int:
        """Rows whose text is empty or null: they take no segments and cost nothing."""
        return self._current.sums.without_text

    @property
    def unreadable(self) -> UnreadableRows:
        """Rows that could not be read."""
        return self._current.sums.unreadable

    @property
    def provider(self) -> str | None:
        """The name of the provider whose rules apply; None without a provider."""
        return self._terms.rules["provider"]  # type: ignore[no-any-return]

    @property
    def exceeded_limits(self) -> Mapping[tuple[str, int], Group]:
        """Messages that exceed a limit which the provider publishes, by its name and value."""
        return self._current.sums.exceeded_limits

    @property
    def savings(self) -> Savings | None:
        """The possible savings; None if they were not looked for."""
        return self._current.sums.savings

    @property
    def template(self) -> str | None:
        """The template that made the texts; None if there was a column of them."""
        return self._terms.template

    @property
    def field_effects(self) -> FieldEffects | None:
        """The effects of the template's fields; None without a template."""
        return self._current.sums.field_effects

    @property
    def priced_on(self) -> date | None:
        """The day whose rates apply; None without a card."""
        return self._terms.priced_on

    @property
    def rows(self) -> int:
        """All rows of the campaign: messages, rows without text, and unreadable ones."""
        return self._current.rows

    @property
    def messages(self) -> int:
        """Rows with a text."""
        return self._current.messages

    @property
    def segments(self) -> int:
        """Segments of all messages, which is what providers bill."""
        return self._current.segments

    @property
    def segments_per_message(self) -> float:
        """Segments of a message on average; 0.0 without messages."""
        return self.segments / self.messages if self.messages else 0.0

    @property
    def over_limit(self) -> int:
        """Messages that cannot be sent, because they need more than 255 segments."""
        return self._current.over_limit

    @property
    def is_priced(self) -> bool:
        """Whether there is a rate card."""
        return self._terms.card is not None

    @property
    def totals(self) -> Mapping[str, Cost]:
        """Priced messages by currency; amounts of different currencies are never added up."""
        return self._current.totals

    @property
    def main_currency(self) -> str:
        """The currency in which most segments are priced; empty if none are."""
        return self._current.main_currency

    def ranked_non_gsm_characters(self, limit: int | None = 10) -> list[tuple[str, int]]:
        """Return the characters that force most messages into UCS-2.

        Args:
            limit: How many characters to return; None for all.

        Returns:
            Characters and numbers of messages, the highest number first.
        """
        return self._current.ranked_non_gsm_characters[:limit]

    def ranked_destinations(self) -> list[tuple[str, str, Cost]]:
        """Return destination, currency and cost: by currency, most expensive first."""
        return list(self._current.ranked_destinations)

    def ranked(self, groups: Mapping[T, Group]) -> list[tuple[T, Group]]:
        """Return groups of the estimate with their names, in order.

        Args:
            groups: Such as `exceeded_limits`, or a column's groups.

        Returns:
            The most expensive first, in the main currency; then by most segments, and by name.
        """
        return self._current.ranked(groups)
