"""All sums of an estimate, and the terms that estimates must share to be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..rates.card import RateCard
from ..rates.tallies import Cost, Group, Tally, add_tallies
from ..reading.sources import UnreadableRows

__all__ = ["Sums", "Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """How messages were counted and priced; the day does not matter if the rates are the same.

    Attributes:
        rules: The options of the segmenter, as plain values.
        card: The fingerprint of the rate card; None if nothing was priced.
        by: The columns by whose values messages were added up.
        savings: Whether savings were looked for.
        template: What the texts were made by, if there was no column of them.
        priced_on: The day of the rates.
    """

    rules: Mapping[str, Any]
    card: str | None = None
    by: tuple[str, ...] = ()
    savings: bool = False
    template: str | None = None
    priced_on: date | None = field(default=None, compare=False)

    @classmethod
    def of(
        cls,
        segmenter: Segmenter,
        rates: RateCard | None = None,
        by: tuple[str, ...] = (),
        savings: bool = False,
        template: str | None = None,
    ) -> Terms:
        """Return the terms of an estimate that is to be made."""
        rules = segmenter.rules.to_dict()
        if rates is None:
            return cls(rules, None, by, savings, template)
        return cls(rules, rates.fingerprint, by, savings, template, rates.day)


@dataclass(slots=True)
class Sums:
    """What an estimate adds up.

    Attributes:
        messages: Messages by encoding and segments.
        destinations: What is priced, by label and currency.
        unpriced: What has no price though there is a card, by the reason.
        groups: Messages by column and value.
        non_gsm_characters: How many messages each character forces into UCS-2.
        without_text: Rows whose text is empty or null.
        unreadable: Rows that could not be read.
        exceeded_limits: Messages beyond a limit of the provider, by its name and what it allows.
        savings: What could be saved, if that was looked for.
        field_effects: What the values of the template's fields do, if there is a template.
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

    def __add__(self, other: Sums) -> Sums:
        """Return the sums of both, which must have the same terms."""
        savings = None
        if self.savings is not None and other.savings is not None:
            savings = self.savings + other.savings
        return Sums(
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
        )
