"""Finds what a campaign could save by replacements and by shorter texts.

Texts are looked at in the kernels. Python code runs for each batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._kernels import SavingsCounts
from ...columns.text_rows import measure_replaced, read_text_rows
from ...exceptions import MissingExtraError
from ...rewriting.replacements import levels_to
from ...segmentation import Segmenter
from ...standard.graphemes import cluster_rules
from ..rates.card import RateCard
from ..rates.pricing import move_to_groups
from ..rates.tallies import Group
from .counted_batches import CountedBatch
from .savings import Savings

if TYPE_CHECKING:
    from ...rewriting.replacements import Level

__all__ = ["NEAR_UNITS", "SavingsFinder"]

NEAR_UNITS = 10
"""How many units a text may be too long for one segment less, to be counted in `Savings.near`."""

_LINE_ENDS = "line ends"


class SavingsFinder:
    """Observes batches and adds up what they could save.

    Attributes:
        savings: The savings in the batches so far, without repeats; complete after `flush()`.
    """

    def __init__(self, segmenter: Segmenter, rates: RateCard | None) -> None:
        """Start with no batches.

        Args:
            segmenter: The rules to count by.
            rates: The card to price by; None to price nothing.
        """
        self._segmenter = segmenter
        self._rates = rates
        self._levels = _levels()
        changes = (_LINE_ENDS, *self._levels)
        self.savings = Savings(changes={change: Group() for change in changes})
        self._counts = SavingsCounts(
            segmenter.kernel, changes, cluster_rules("unicode"), NEAR_UNITS
        )

    def add(self, counted: CountedBatch) -> None:
        """Look at the texts of one more batch."""
        kernel = self._segmenter.kernel
        start = 0
        for rows in read_text_rows(counted.texts):
            part = slice(start, start + rows.row_count)
            segments, rates = counted.segments[part], memoryview(counted.rates)[part]
            facts = segments, counted.units[part], counted.encodings[part], rates
            selected, alone = self._counts.add_rows(*rows[:3], *facts, start, rows.has_surrogates)
            after = [measure_replaced(kernel, rows, selected, level) for level in self._levels]
            self._counts.add_changes(selected, alone, segments, rates, after)
            start += rows.row_count

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the savings."""
        savings, rates = self.savings, self._rates
        changes, characters, alone, near, occurrences = self._counts.take()
        move_to_groups(changes, savings.changes, rates, are_saved=True)
        move_to_groups(characters, savings.characters, rates)
        move_to_groups(alone, savings.alone, rates, are_saved=True)
        move_to_groups(near, savings.near, rates, are_saved=True)
        savings.occurrences.update(occurrences)


def _levels() -> tuple[Level, ...]:
    """Return the levels that are installed."""
    levels = levels_to("all")
    try:
        Segmenter().transliterate("", levels[-1])
    except MissingExtraError:
        return levels[:1]
    return levels
