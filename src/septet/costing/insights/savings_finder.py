"""Finds what a campaign could save by replacements and by shorter texts.

Texts are looked at in the kernel. Python code runs for each distinct character, and for each batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..._kernels import SavingsCounts
from ...arrow.rows import Outcome
from ...columns.replaced import count_replaced
from ...columns.surveys import read_plain_pieces
from ...exceptions import MissingExtraError
from ...rewriting.replacements import levels_to
from ...rewriting.transliteration import depends_on_neighbours
from ...segmentation import Segmenter
from ...standard.alphabets import locking_table, single_table
from ...standard.graphemes import cluster_rules
from ..rates.card import RateCard
from ..rates.pricing import move_to_groups
from ..rates.tallies import Group
from .counted_batches import CountedBatch
from .savings import Savings

if TYPE_CHECKING:
    from ...columns.pieces import Piece
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
        self._known = set[str]()
        self._learn(filter(depends_on_neighbours, [*locking_table(0), *single_table(0)]))

    def add(self, counted: CountedBatch) -> None:
        """Look at the texts of one more batch."""
        self._learn(counted.non_gsm_characters)
        start = 0
        for piece in read_plain_pieces(counted.texts):
            length = len(piece) if isinstance(piece, list) else piece.length
            self._add_piece(piece, counted, start, start + length)
            start += length

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the savings."""
        savings, rates = self.savings, self._rates
        changes, characters, alone, near, occurrences = self._counts.take()
        move_to_groups(changes, savings.changes, rates, are_saved=True)
        move_to_groups(characters, savings.characters, rates)
        move_to_groups(alone, savings.alone, rates, are_saved=True)
        move_to_groups(near, savings.near, rates, are_saved=True)
        savings.occurrences.update(occurrences)

    def _learn(self, chars: Iterable[str]) -> None:
        """Tell the kernel what replaces each character that is new."""
        for char in set(chars) - self._known:
            self._known.add(char)
            self._counts.set_replacements(
                char,
                [
                    self._segmenter.transliterate(char, level, when="always").text
                    for level in self._levels
                ],
                depends_on_neighbours(char),
            )

    def _add_piece(self, piece: Piece, counted: CountedBatch, start: int, stop: int) -> None:
        """Look at the rows of a piece, which are those from `start` up to `stop` of the batch."""
        rows = slice(start, stop)
        segments, rates = counted.segments[rows], memoryview(counted.rates)[rows]
        facts = segments, counted.units[rows], counted.encodings[rows], rates
        if isinstance(piece, list):
            left, alone = self._counts.add_texts(piece, *facts)
        else:
            first, last = piece.offset, piece.offset + piece.length
            outcome, row, left, alone = self._counts.add_rows(piece.addresses, first, last, *facts)
            if outcome == Outcome.NO_ENCODING:
                raise ValueError(f"row {start + row - first} is not UTF-8")
            if outcome != Outcome.FINE:
                raise Outcome(outcome).error(start + row - first)
        if len(left):
            kernel = self._segmenter.kernel
            after = [count_replaced(kernel, piece, left, level) for level in self._levels]
            self._counts.add_changes(left, alone, segments, rates, after)


def _levels() -> tuple[Level, ...]:
    """Return the levels that are installed."""
    levels = levels_to("all")
    try:
        Segmenter().transliterate("", levels[-1])
    except MissingExtraError:
        return levels[:1]
    return levels
