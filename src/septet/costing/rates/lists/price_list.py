"""Reads price lists, from plain rate cards to what providers publish, as rates.

Every list takes the same way: a table, its columns, the cells of each row, and what rows that are
for the same numbers mean together.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, count
from typing import NamedTuple

from ....display.wording import plural, shorten
from ....exceptions import RateCardError
from ..rate import Rate, usual_per
from .cells import Cells, EndedError, PassedOverError
from .columns import choose_columns
from .destinations import NoNumbersError
from .files.tables import Table, read_table, table_of
from .merging import ListedRates, merge_rates
from .report import Problems, Report
from .values.networks import read_section
from .values.prices import Amount
from .values.units import has_other_unit, read_unit

__all__ = ["PriceList", "read_price_list", "read_rows"]

_PASSED_OVER = "Rows passed over"
_DIGIT = re.compile("[0-9]")


class PriceList(NamedTuple):
    """The rates of a price list.

    Attributes:
        rates: The rates of all days, networks and kinds of messages.
        report: What was done with the list.
    """

    rates: list[Rate]
    report: Report

    def warn(self, name: str, stacklevel: int) -> None:
        """Warn of what concerns everybody who uses the prices.

        Args:
            name: The name of the list.
            stacklevel: As for `warnings.warn`, of the caller.
        """
        for hint in self.report.hints():
            warnings.warn(f"{name}: {hint}", stacklevel=stacklevel + 1)

    def summary(self) -> str:
        """Return how many different rates there are, for how many prefixes, and the currencies."""
        count = len({rate.prefix for rate in self.rates})
        prefixes = "1 prefix" if count == 1 else f"{count:,} prefixes"
        currencies = ", ".join(sorted({rate.currency for rate in self.rates}))
        return f"{plural(len(set(self.rates)), 'rate')} for {prefixes} in {currencies}"


def read_price_list(
    path: str | os.PathLike[str],
    currency: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> PriceList:
    """Read a price list from a file.

    Args:
        path: A delimited, JSON or TOML file, or a workbook; see `read_table`.
        currency: The currency of prices that have none in the list.
        encoding: The encoding of a text file without a byte order mark; UTF-8 if left out.
        sheet: The sheet of a workbook; if left out, the only one that has the headings of a list.

    Raises:
        OSError: The file cannot be opened or read.
        MissingExtraError: The file is a workbook, and the extra `excel` is not installed.
        RateCardError: The list cannot be read, or cells are wrong or could mean two things: one
            line for each, with its place.
    """
    return _Reading(read_table(path, encoding, sheet), currency).read()


def read_rows(rows: Iterable[Mapping[str, str]]) -> PriceList:
    """Read a price list from rows whose cells have names.

    Args:
        rows: The cells of each row by column.

    Raises:
        TypeError: A cell is not text.
        RateCardError: As for `read_price_list`; rows are counted from 1.
    """
    numbered = map(_named_row, count(1), rows)
    return _Reading(table_of("the rate card", numbered), None).read()


def _named_row(number: int, row: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    place = f"row {number}"
    for column, value in row.items():
        if not isinstance(value, str):
            raise TypeError(f"{place}: {column} must be str, not {type(value).__name__}")
    return place, {column: value.strip() for column, value in row.items()}


class _Reading:
    """The reading of one list."""

    def __init__(self, table: Table, currency: str | None) -> None:
        self._table = table
        self._currency = currency
        self._problems = Problems(table.name)
        self._report = Report()
        columns = choose_columns(table, currency, self._problems, self._report)
        self._cells = Cells(table, columns, currency, self._report)
        self._prices = [*chain.from_iterable(columns.prices)]
        self._sms_prices = {i for i in self._prices if table.headings[i].kind in (None, "sms")}
        needed = ("prefix", "iso", "currency")
        self._needed = {
            *self._prices,
            *chain.from_iterable(columns.by_role.get(r, ()) for r in needed),
        }
        self._listed = ListedRates([], [], [], {})
        self._section = ""  # why prices below a line such as "Inbound SMS" do not count

    def read(self) -> PriceList:
        """Return the rates of the list."""
        table = self._table
        for sheet in table.unused_sheets:
            self._report.add("Sheets that are not used", repr(sheet))
        for place, cells in table.above:
            self._report.add("Passed over above the header", repr(_joined(cells)), place)
            self._read_remark(place, cells)
        width = len(table.headings)
        for place, cells in zip(table.places, table.rows, strict=True):
            self._read_row(place, cells if len(cells) == width else self._fit(place, cells, width))
        rates = merge_rates(self._listed, self._problems, self._report)
        if self._currency is not None and rates and not self._cells.currencies.is_given_used:
            currencies = {rate.currency for rate in rates}
            if currencies != {self._currency}:
                names = ", ".join(sorted(currencies))
                self._problems.add("currency", f"not {self._currency}: the list names {names}")
        if self._problems:
            raise RateCardError(*self._problems.messages())
        if not any(rate.kind == "sms" for rate in rates):
            raise RateCardError(f"{table.name} has no rates for SMS")
        return PriceList(rates, self._report)

    def _add_ended(self, cells: Sequence[str]) -> None:
        """Note the numbers of a price that has ended, if they are known."""
        with suppress(ValueError, NoNumbersError):
            place = self._cells.place(cells)
            prefixes = self._cells.destination(cells, place).prefixes
            self._listed.unpriced.append((prefixes, place))

    def _fit(self, place: str, cells: Sequence[str], width: int) -> Sequence[str]:
        """Return a row with the width of the header; a blank one if its cells may be shifted."""
        given = len(cells)
        is_wrong = any(cells[width:]) or any(given <= index for index in self._needed)
        fitting = (*cells[:width], *[""] * (width - given))
        if is_wrong and any(_DIGIT.search(fitting[index]) for index in self._prices):
            self._problems.add(place, f"expected {width} fields, got {given}")
            return ("",) * width
        return fitting

    def _read_row(self, place: str, cells: Sequence[str]) -> None:
        try:
            amounts = self._cells.amounts(cells)
            if amounts and self._section:
                raise PassedOverError(self._section)
            if amounts:
                self._add_rates(place, cells, amounts)
            has_no_sms = self._sms_prices.isdisjoint(column for column, _ in amounts)
            if not amounts or (has_no_sms and self._sms_prices):
                self._pass_over(place, cells)
        except PassedOverError as reason:
            self._report.add(_PASSED_OVER, str(reason), place)
            if isinstance(reason, EndedError):
                self._add_ended(cells)
        except NoNumbersError as error:
            self._report.add("Not in the card", str(error), place, is_hint=True)
        except ValueError as error:
            if [*cells] == [heading.text for heading in self._table.headings]:
                self._report.add(_PASSED_OVER, "the header again", place)
            elif not self._add_problems(place, cells):
                self._problems.add(place, error)

    def _add_rates(
        self, place: str, cells: Sequence[str], amounts: Sequence[tuple[int, Amount]]
    ) -> None:
        """Add the rates of a row with prices."""
        read = self._cells
        terms = read.terms(cells)
        destination = read.destination(cells, terms.place)
        listed = self._listed
        if destination.is_expanded and destination.country is not None:
            listed.expanded.setdefault(destination.country, destination.prefixes)
        day = None if terms.moment is None else terms.moment.day
        for column, amount in amounts:
            kind, currency, networks = read.offer(cells, terms, column, amount)
            for network, surcharge in networks:
                for prefix in destination.prefixes:
                    rate = Rate(
                        prefix,
                        amount.value,
                        currency,
                        terms.country,
                        network,
                        surcharge,
                        terms.per or usual_per(kind, prefix),
                        day,
                        kind,
                        place,
                    )
                    listed.rates.append(rate)
                    listed.terms.append(terms)

    def _pass_over(self, place: str, cells: Sequence[str]) -> None:
        """Report a row without a price of SMS: of a destination, a remark, or a blank one."""
        if not any(cells):
            if len(cells) > 1:
                self._report.add(_PASSED_OVER, "blank", place)
            return
        try:
            terms = self._cells.terms(cells)
            destination = self._cells.destination(cells, terms.place)
        except ValueError:
            self._report.add(_PASSED_OVER, repr(_joined(cells)), place)
            self._read_remark(place, cells)
            return
        name = terms.country or f"+{destination.prefixes[0]}"
        (network, *_) = terms.networks
        if network is None:
            self._listed.unpriced.append((destination.prefixes, terms.place))
        else:
            name = f"{name}, {network}"
        self._report.add("No price", name, place, is_hint=True)

    def _read_remark(self, place: str, cells: Sequence[str]) -> None:
        """Read what a title or a remark says about prices."""
        text = " ".join(filter(None, cells))
        section = read_section(text)
        if section is not None:
            self._section = section
        units = {self._table.headings[index].unit for index in self._prices}
        if has_other_unit(text) and units != {read_unit(text)[0]}:
            self._problems.add(
                place,
                f"{_joined(cells)!r}: write prices in the currency, each of one message, or put "
                "the unit into their heading, as in 'Price (EUR cent)' and 'Price per 1,000'",
            )

    def _add_problems(self, place: str, cells: Sequence[str]) -> bool:
        """Add the errors of a row, each cell by itself; return whether there are any."""
        has_problem = False
        read = self._cells
        amounts: list[tuple[int, Amount]] = []
        readers: tuple[Callable[[], object], ...] = (
            lambda: read.destination(cells, read.place(cells)),
            lambda: amounts.extend(read.amounts(cells)),
            lambda: [read.currency(cells, *amount) for amount in amounts],
            lambda: [read.kind(cells, column, None) for column in self._prices],
            lambda: read.fees(cells, [None], "sms", ""),
            lambda: read.per(cells),
            lambda: read.valid_from(cells),
        )
        for reader in readers:
            try:
                reader()
            except (PassedOverError, NoNumbersError):
                continue
            except ValueError as error:
                self._problems.add(place, error)
                has_problem = True
        return has_problem


def _joined(cells: Sequence[str]) -> str:
    return shorten(" ".join(filter(None, cells)), 60)
