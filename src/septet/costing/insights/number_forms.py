"""How recipients are written that are not E.164 numbers, in a sample: what could read them."""

from __future__ import annotations

from ..._kernels import find_sent_rows
from ...columns.surveys import listed_rows
from ..rates.unpriced import Unpriced
from .counted_batches import CountedBatch

__all__ = ["NumberFormFinder"]

_SAMPLE_SIZE = 100


class NumberFormFinder:
    """Looks at the first recipients that are not E.164 numbers."""

    def __init__(self, forms: set[str]) -> None:
        """Start with no recipients.

        Args:
            forms: Receives the `NumberForm` of those that may be numbers.
        """
        self._forms = forms
        self._missing = _SAMPLE_SIZE

    def add(self, counted: CountedBatch) -> None:
        """Look at the recipients of one more batch, unless the sample is complete."""
        if not self._missing:
            return
        rates = memoryview(counted.rates)
        _, rows = find_sent_rows(counted.units, rates, Unpriced.NO_RATE, Unpriced.NOT_E164)
        if not len(rows):
            return
        from ..rates.phone_numbers import form_of  # its patterns take long to compile

        cells = listed_rows(counted.batch.recipients, rows[: self._missing])
        self._missing -= len(cells)
        self._forms.update(form for cell in cells if cell and (form := form_of(cell)))

    def flush(self) -> None:
        """Do nothing: forms are found when batches are added."""
