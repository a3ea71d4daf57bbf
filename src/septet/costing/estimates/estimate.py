"""What a campaign will take: sums of messages, segments and money, and no message.

So the size of an `Estimate` does not depend on the number of rows. Every row is accounted for: it
is a message, a row without text, or unreadable; and with a rate card every message is priced, or
unpriced for a reason that is counted.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from ...display.notebook import estimate_html
from ...exceptions import SourceError
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..rates.card import RateCard
from ..rates.tallies import Cost, Group, Tally
from ..reading.sources import Batch, UnreadableRows
from ..reading.templates import parse_template
from .estimate_json import VERSION, contradiction, read_estimate, write_estimate
from .fold import Facts, Fold
from .sums import Sums, Terms

__all__ = ["Estimate"]

T = TypeVar("T")


class Estimate:
    """The counts of a campaign: feed it batches with `add`, then read.

    Estimates under the same rules and rates can be added up, in any order: `a + b` is the estimate
    of both. They can be pickled, and written as JSON and read again; what comes back can be read
    and added up, but counts no more.
    """

    def __init__(
        self,
        segmenter: Segmenter | None = None,
        rates: RateCard | None = None,
        by: Sequence[str] = (),
        savings: bool = False,
        template: str | None = None,
    ) -> None:
        """Start at nothing.

        Args:
            segmenter: The rules to count by; the default ones if left out.
            rates: The card to price by; nothing is priced if left out.
            by: Names of the columns of `groups`, in the order in which batches have them.
            savings: Whether to look for savings too, which takes about ten times as long.
            template: What the texts of batches are made by, to tell what its fields do.

        Raises:
            ValueError: The template is none; see `estimate`.
        """
        rules = segmenter or Segmenter()
        self._terms = Terms.of(rules, rates, tuple(by), savings, template)
        self._fold: Fold | None = Fold(
            rules, rates, self._terms.by, savings, parse_template(template)
        )
        self._settled = self._fold.sums

    @classmethod
    def _of(cls, terms: Terms, sums: Sums) -> Self:
        estimate = cls.__new__(cls)
        estimate._terms = terms
        estimate._fold = None
        estimate._settled = sums
        return estimate

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return the estimate that `to_dict` told, to be read and added to others.

        Fields that this version of septet does not know are ignored.

        Raises:
            SourceError: The values are no estimate, lack a field, contradict each other, or have a
                form that is newer than this version of septet.
        """
        version = facts.get("version") if isinstance(facts, Mapping) else None
        if not isinstance(version, int) or version < 1:
            raise SourceError("not an estimate as septet writes it")
        if version > VERSION:
            raise SourceError(
                f"an estimate of version {version}: this septet reads up to {VERSION}"
            )
        facts = {"template": None, **facts}  # it did not exist in the first files of version 1
        try:
            estimate = cls._of(*read_estimate(facts))
            path = contradiction(estimate, facts)
        except SourceError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SourceError(f"not a whole estimate: {error!r}") from error
        if path is not None:
            raise SourceError(f"an estimate whose figures contradict each other: see {path}")
        return estimate

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the estimate that `to_json` or `septet estimate --json` wrote.

        Raises:
            SourceError: It is not JSON, or see `from_dict`.
        """
        try:
            facts = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"not valid JSON: {error}") from error
        return cls.from_dict(facts)

    def to_dict(self) -> dict[str, object]:
        """Return the estimate as plain values for JSON; amounts are decimal numbers in text."""
        return write_estimate(self, self._terms, self._sums)

    def to_json(self) -> str:
        """Return the estimate as JSON, in ASCII."""
        return json.dumps(self.to_dict(), indent=2)

    def __reduce__(self) -> tuple[object, ...]:
        return self._of, (self._terms, self._sums)

    def add(self, batch: Batch) -> Facts:
        """Count the messages of one more batch.

        Returns:
            The size of each message and the index of its rate.

        Raises:
            EncodingError: The segmenter forces GSM 7-bit and a text cannot be.
            TypeError: A column is not of texts.
            ValueError: There is a rate card, but the batch has no recipients, or not as many; or it
                has not as many columns to add up by, or to fill the template; or the estimate is a
                sum of others.
            RuntimeError: Another thread made a list shorter meanwhile.
        """
        if self._fold is None:
            raise ValueError("a sum of estimates takes no batches, only other estimates")
        return self._fold.add(batch)

    def add_unreadable(self, rows: UnreadableRows) -> None:
        """Count rows that could not be read."""
        self._settled.unreadable += rows

    def __add__(self, other: Estimate) -> Estimate:
        """Return the estimate of the rows of both.

        Raises:
            ValueError: They were counted under different rules, priced by different rates, or added
                up by other columns.
        """
        if not isinstance(other, Estimate):
            return NotImplemented
        if self._terms != other._terms:
            raise ValueError("estimates under different rules or rates cannot be added up")
        days = [day for day in (self.priced_on, other.priced_on) if day is not None]
        terms = replace(self._terms, priced_on=max(days, default=None))
        return Estimate._of(terms, self._sums + other._sums)

    @property
    def _sums(self) -> Sums:
        if self._fold is not None:
            self._fold.settle()
        return self._settled

    @property
    def by_encoding(self) -> dict[Encoding, Tally]:
        """Messages and segments of each encoding."""
        tallies = {encoding: Tally() for encoding in Encoding}
        for (encoding, segments), messages in self._sums.messages.items():
            tallies[encoding] += Tally(messages, messages * segments)
        return tallies

    @property
    def distribution(self) -> dict[int, int]:
        """How many messages take how many segments."""
        distribution: Counter[int] = Counter()
        for (_, segments), messages in self._sums.messages.items():
            distribution[segments] += messages
        return distribution

    @property
    def destinations(self) -> dict[tuple[str, str], Cost]:
        """What is priced, by the card's country (or "+" and the prefix) and currency."""
        return self._sums.destinations

    @property
    def unpriced(self) -> dict[str, Tally]:
        """Messages that have no price, by the reason."""
        return self._sums.unpriced

    @property
    def groups(self) -> dict[str, dict[str | None, Group]]:
        """Messages by the values of each column of `by`; the value is None where it was null."""
        return self._sums.groups

    @property
    def non_gsm_characters(self) -> Counter[str]:
        """How many messages each character forces into UCS-2."""
        return self._sums.non_gsm_characters

    @property
    def without_text(self) -> int:
        """Rows whose text is empty or null: no segments, and never priced."""
        return self._sums.without_text

    @property
    def unreadable(self) -> UnreadableRows:
        """Rows that could not be read."""
        return self._sums.unreadable

    @property
    def provider(self) -> str | None:
        """The provider whose rules hold, if any."""
        name: str | None = self._terms.rules["provider"]
        return name

    @property
    def exceeded_limits(self) -> dict[tuple[str, int], Group]:
        """Messages beyond a limit that the provider publishes, by its name and what it allows."""
        return self._sums.exceeded_limits

    @property
    def savings(self) -> Savings | None:
        """What could be saved, if that was looked for."""
        return self._sums.savings

    @property
    def template(self) -> str | None:
        """What the texts were made by, if there was no column of them."""
        return self._terms.template

    @property
    def field_effects(self) -> FieldEffects | None:
        """What the values of the template's fields do, if there is a template."""
        return self._sums.field_effects

    @property
    def priced_on(self) -> date | None:
        """The day whose rates price the campaign; None without a card."""
        return self._terms.priced_on

    @property
    def rows(self) -> int:
        """Rows of the campaign: messages, rows without text, and unreadable ones."""
        return self.messages + self.without_text + self.unreadable.count

    @property
    def messages(self) -> int:
        """Rows with a text."""
        return sum(tally.messages for tally in self.by_encoding.values())

    @property
    def segments(self) -> int:
        """Segments of all messages: what is billed."""
        return sum(tally.segments for tally in self.by_encoding.values())

    @property
    def segments_per_message(self) -> float:
        """Segments of a message on average; 0.0 if there is none."""
        return self.segments / self.messages if self.messages else 0.0

    @property
    def over_limit(self) -> int:
        """Messages that cannot be sent, for they take more segments than can be numbered."""
        return sum(n for count, n in self.distribution.items() if count > MAX_SEGMENTS)

    @property
    def is_priced(self) -> bool:
        """Whether there is a rate card."""
        return self._terms.card is not None

    @property
    def totals(self) -> dict[str, Cost]:
        """What is priced, by currency; amounts of different currencies are never added up."""
        totals: defaultdict[str, Cost] = defaultdict(Cost)
        for _, currency, cost in self.ranked_destinations():
            totals[currency] += cost
        return dict(totals)

    @property
    def main_currency(self) -> str:
        """The currency in which most segments are priced; empty if none are."""
        totals = self.totals
        return max(totals, key=lambda name: totals[name].segments, default="")

    def ranked_non_gsm_characters(self, limit: int | None = 10) -> list[tuple[str, int]]:
        """Return characters that force messages into UCS-2, and how many; most messages first."""
        by_count = sorted(self.non_gsm_characters.items(), key=lambda item: (-item[1], item[0]))
        return by_count[:limit]

    def ranked_destinations(self) -> list[tuple[str, str, Cost]]:
        """Return label, currency and cost of each destination: by currency, dearest first."""
        ranked = sorted(
            self.destinations.items(),
            key=lambda item: (item[0][1], item[1].amount.copy_negate(), item[0][0]),
        )
        return [(label, currency, cost) for (label, currency), cost in ranked]

    def _repr_html_(self) -> str:
        ways = {} if self.savings is None else self.savings.ways()
        return estimate_html(
            self.to_dict(), {way: group.to_dict() for way, group in self.ranked(ways)}
        )

    def ranked(self, groups: Mapping[T, Group]) -> list[tuple[T, Group]]:
        """Return groups of the estimate with their names.

        Returns:
            The dearest first, in the main currency; then those of most segments, and by name.
        """
        currency = self.main_currency

        def rank(item: tuple[T, Group]) -> tuple[Decimal, int, bool, str]:
            name, group = item
            cost = group.costs.get(currency, Cost())
            return cost.amount.copy_negate(), -group.segments, name is None, str(name)

        return sorted(groups.items(), key=rank)
