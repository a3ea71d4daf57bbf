"""The currency of each price of a list: in its row, its heading, or anywhere else in the file."""

from __future__ import annotations

from functools import cached_property
from itertools import chain

from .columns import Columns
from .files.tables import Table
from .report import Report
from .values.currencies import DOLLAR, DOLLARS, currencies_in, read_currency
from .values.prices import is_no_price

__all__ = ["RowCurrencies"]


class RowCurrencies:
    """Finds the currencies of the prices of one list.

    Args:
        table: The list.
        columns: What its columns are for.
        given: The currency of prices that have none in the list.
        report: Gets a currency that is not named beside its prices.

    Attributes:
        is_given_used: Whether a price has the currency that was given.
    """

    def __init__(self, table: Table, columns: Columns, given: str | None, report: Report) -> None:
        self._table = table
        self._columns = columns
        self._given = given
        self._report = report
        self.is_given_used = False

    def find(self, cell: str, of_heading: str | None, of_amount: str | None) -> str:
        """Return the currency of a price.

        Args:
            cell: The cell of the currency; empty if there is none.
            of_heading: The currency that the heading of the price names; None if it names none.
            of_amount: The currency that is written beside the price.

        Raises:
            ValueError: The list names no currency for it, or several.
        """
        of_cell = read_currency(cell) if cell else None
        named = {code for code in (of_cell, of_heading, of_amount) if code}
        codes = sorted(named - {DOLLAR})
        if len(codes) > 1 or (codes and DOLLAR in named and codes[0] not in DOLLARS):
            raise ValueError(f"more than one currency: {' and '.join(sorted(named))}")
        if codes:
            return codes[0]
        if self._given is not None:
            self.is_given_used = True
            return self._given
        elsewhere, where = self._named_elsewhere, "the text of the list names"
        if not named and not elsewhere:
            elsewhere, where = self._named_by_rows, "other prices have"
        others = elsewhere - {DOLLAR}
        has_dollar = DOLLAR in named | elsewhere
        if len(others) > 1 or (has_dollar and not others <= DOLLARS):
            names = ", ".join(sorted(others | ({DOLLAR} if has_dollar else set())))
            raise ValueError(
                f"the list names several currencies ({names}): import it with --currency"
            )
        if others:
            self._report.add("Currency", f"{min(others)}, which {where}")
            return min(others)
        if has_dollar:
            self._report.add("Currency", "USD for $, as nothing names another one", is_hint=True)
            return "USD"
        raise ValueError("no currency: add a column currency, or import the list with --currency")

    @cached_property
    def _named_elsewhere(self) -> set[str]:
        """The currencies that headings, titles and remarks name."""
        table = self._table
        prices = [*chain.from_iterable(self._columns.prices)]
        texts = [*chain.from_iterable(cells for _, cells in table.above)]
        for cells in table.rows:
            if not any(index < len(cells) and not is_no_price(cells[index]) for index in prices):
                texts += cells
        headings = {heading.currency for heading in table.headings if heading.currency}
        return currencies_in(texts) | headings

    @cached_property
    def _named_by_rows(self) -> set[str]:
        """The currencies beside other prices; some lists have them in the first row only."""
        if "currency" in self._columns.by_role:
            return set()  # its cell may have been forgotten
        indexes = [*chain.from_iterable(self._columns.prices)]
        rows = self._table.rows
        return currencies_in(cells[i] for cells in rows for i in indexes if i < len(cells))
