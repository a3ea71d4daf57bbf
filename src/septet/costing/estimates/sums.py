"""All sums that an estimate adds up, and the terms that estimates must share to be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from ...standard.encoding import Encoding
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..insights.texts_to_fix import Examples, add_examples
from ..rates.tallies import Cost, Group, Tally, add_tallies
from ..reading.unreadable_rows import UnreadableRows
from .job import Job

__all__ = ["EstimateSums", "EstimateTerms"]


@dataclass(frozen=True, slots=True)
class EstimateTerms:
    """How messages were counted and priced: estimates can be added up if they have equal terms.

    Attributes:
        rules: The options of the segmenter, as plain values.
        card: The fingerprint of the rate card; None if nothing was priced.
        by: The columns by whose values messages were added up.
        savings: Whether savings were looked for.
        template: The template that made the texts, if there was no column of them.
        priced_on: The day of the rates; ignored when terms are compared.
    """

    rules: Mapping[str, Any]
    card: str | None = None
    by: tuple[str, ...] = ()
    savings: bool = False
    template: str | None = None
    priced_on: date | None = field(default=None, compare=False)

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the terms of a job."""
        return cls(
            job.segmenter.rules.to_dict(),
            None if job.rates is None else job.rates.fingerprint,
            job.by,
            job.savings,
            None if job.template is None else job.template.text,
            None if job.rates is None else job.rates.day,
        )


@dataclass(slots=True)
class EstimateSums:
    """The sums of an estimate, from which all its other figures follow.

    Attributes:
        messages: Messages by encoding and segments.
        destinations: Priced messages, by destination and currency.
        unpriced: Messages without a price although there is a card, by the reason.
        groups: Messages by column and value.
        non_gsm_characters: How many messages each character forces into UCS-2.
        without_text: Rows whose text is empty or null.
        unreadable: Rows that could not be read.
        exceeded_limits: Messages that exceed a limit of the provider, by its name and value.
        savings: The possible savings; None if they were not looked for.
        field_effects: The effects of the template's fields; None without a template.
        wrongly_decoded: Messages in UCS-2 that look like UTF-8 read as Windows-1252 or Latin-1.
        number_forms: How recipients are written that are not E.164 numbers, in a sample: values of
            `NumberForm`.
        examples: The shortest text of each encoding and number of segments above 1.
    """

    messages: Counter[tuple[Encoding, int]] = field(default_factory=Counter)
    destinations: dict[tuple[str, str], Cost] = field(default_factory=dict)
    unpriced: dict[str, Tally] = field(default_factory=dict)
    groups: dict[str, dict[str | None, Group]] = field(default_factory=dict)
    non_gsm_characters: Counter[str] = field(default_factory=Counter)
    without_text: int = 0
    unreadable: UnreadableRows = field(default_factory=UnreadableRows)
    exceeded_limits: dict[tuple[str, int], Group] = field(default_factory=dict)
    savings: Savings | None = None
    field_effects: FieldEffects | None = None
    wrongly_decoded: int = 0
    number_forms: set[str] = field(default_factory=set)
    examples: Examples = field(default_factory=dict)

    def __add__(self, other: EstimateSums) -> EstimateSums:
        """Return the sums of both, which must have equal terms."""
        savings = None
        if self.savings is not None and other.savings is not None:
            savings = self.savings + other.savings
        return EstimateSums(
            self.messages + other.messages,
            add_tallies(self.destinations, other.destinations),
            add_tallies(self.unpriced, other.unpriced),
            {
                column: add_tallies(groups, other.groups[column])
                for column, groups in self.groups.items()
            },
            self.non_gsm_characters + other.non_gsm_characters,
            self.without_text + other.without_text,
            self.unreadable + other.unreadable,
            add_tallies(self.exceeded_limits, other.exceeded_limits),
            savings,
            None
            if self.field_effects is None or other.field_effects is None
            else self.field_effects + other.field_effects,
            self.wrongly_decoded + other.wrongly_decoded,
            self.number_forms | other.number_forms,
            add_examples(self.examples, other.examples),
        )
