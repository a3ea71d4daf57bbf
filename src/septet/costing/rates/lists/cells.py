"""The cells of one list: what those of a row mean, each distinct text being read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from ..money import parse_price, to_amount, to_micros
from ..rate import KINDS, NO_SURCHARGE, Kind
from .columns import Columns
from .destinations import Destination, Place, find_destination, find_place
from .files.tables import Table
from .report import Report
from .row_currencies import RowCurrencies
from .values.currencies import DOLLAR
from .values.networks import (
    IN_ONE_CELL,
    Description,
    are_complete,
    is_all_networks,
    is_landline,
    name_of_code,
    read_codes,
    read_description,
)
from .values.prices import Amount, in_currency, is_no_price, read_amount, uses_decimal_commas
from .values.units import ONE_MESSAGE, Unit

if TYPE_CHECKING:
    from .values.dates import Moment, Order

__all__ = ["Cells", "EndedError", "PassedOverError", "Terms"]

T = TypeVar("T", bound=str)
_PLAIN_PRICE = re.compile(r"[0-9]+\.[0-9]+")
_PERS: tuple[Literal["segment", "message"], ...] = ("segment", "message")
_NETWORK_CODE = re.compile(r"([0-9]{3})[ /-]?([0-9]{2,3})")


class PassedOverError(Exception):
    """A row has no price of a message that is sent; the argument says what it has."""


class EndedError(PassedOverError):
    """The price of a row has ended."""


class Offer(NamedTuple):
    """What a price of a row is for.

    Attributes:
        kind: What is sent.
        currency: The currency.
        networks: The networks, and the fees that are added; None stands for all networks.
    """

    kind: Kind
    currency: str
    networks: list[tuple[str | None, Decimal]]


class Terms(NamedTuple):
    """What a row tells beside its prefixes and prices.

    Attributes:
        place: The country that it names.
        country: The name of the country.
        networks: The networks that it is for; None stands for all of them.
        network_code: The codes of the networks, as "262-02"; empty if it has none.
        description: What descriptions and types tell.
        moment: When the prices begin.
        per: What a price is for; None if the row does not say it.
        offers: The kind, currency, networks and fees of its prices, filled by `Cells.offer`.
    """

    place: Place
    country: str | None
    networks: list[str | None]
    network_code: str
    description: Description
    moment: Moment | None
    per: Literal["segment", "message"] | None
    offers: dict[object, Offer]


class Cells:
    """Reads the cells of the rows of one list.

    Args:
        table: The list.
        columns: What its columns are for.
        currency: The currency of prices that have none in the list.
        report: Gets what is not plain about the cells.

    Attributes:
        currencies: Finds the currency of each price.
    """

    def __init__(
        self, table: Table, columns: Columns, currency: str | None, report: Report
    ) -> None:
        self._table = table
        self._columns = columns
        self._report = report
        self.currencies = RowCurrencies(table, columns, currency, report)
        self._price = cache(self._read_price)
        self._moment = cache(self._read_moment)
        self._currency = cache(self.currencies.find)
        self._describe = cache(read_description)
        rest = (
            indexes
            for role, indexes in columns.by_role.items()
            if role not in ("", "inbound", "prefix", "price")
        )
        indexes = [*chain.from_iterable(rest)]
        self._rest = itemgetter(*indexes) if indexes else itemgetter(slice(0))
        self._price_columns = [
            [(index, table.headings[index].unit) for index in group] for group in columns.prices
        ]
        self._terms: dict[object, Terms] = {}
        self._fee_headings = [(index, table.headings[index]) for index in columns.fees]
        self._today = date.today()

    def text(self, role: str, cells: Sequence[str]) -> str:
        """Return the first cell of a row that is for something; empty if none is."""
        for index in self._columns.by_role.get(role, ()):
            if cells[index]:
                return cells[index]
        return ""

    def amounts(self, cells: Sequence[str]) -> list[tuple[int, Amount]]:
        """Return the prices of a row with their columns.

        Raises:
            ValueError: A cell is neither a price nor a word for none.
        """
        amounts = []
        for group in self._price_columns:
            for index, unit in group:
                amount = self._price(cells[index], unit)
                if amount is not None:
                    amounts.append((index, amount))
                    break
        return amounts

    def offer(self, cells: Sequence[str], terms: Terms, column: int, amount: Amount) -> Offer:
        """Return what a price of a row in a column is for.

        Raises:
            ValueError: A cell is wrong.
        """
        key = column, amount.currency
        offer = terms.offers.get(key)
        if offer is None:
            kind = self.kind(cells, column, terms.description.kind)
            currency = self.currency(cells, column, amount)
            networks = self.fees(cells, terms.networks, kind, currency)
            offer = terms.offers[key] = Offer(kind, currency, networks)
        return offer

    def terms(self, cells: Sequence[str]) -> Terms:
        """Return what a row tells beside its prefixes and prices.

        Raises:
            ValueError: A cell is wrong.
            PassedOverError: The price is not one of messages that are sent.
        """
        rest = self._rest(cells)
        terms = self._terms.get(rest)
        if terms is None:
            place = self.place(cells)
            description = self.description(cells)
            terms = self._terms[rest] = Terms(
                place,
                description.country or (place.country and place.country.name),
                self.networks(cells, description.network),
                ", ".join(self._codes(cells)),
                description,
                self.valid_from(cells),
                self.per(cells),
                {},
            )
        return terms

    def place(self, cells: Sequence[str]) -> Place:
        """Return the country that a row names."""
        name = self.text("country", cells)
        iso = self.text("iso", cells)
        mcc = self.text("mcc", cells) or self.text("mccmnc", cells)
        place = find_place(iso, name, mcc)
        if place.country is None and not place.is_default:
            text = name or self.text("description", cells)
            named = self._describe(text, "").country if text else None
            return find_place("", named, "") if named else place
        return place

    def destination(self, cells: Sequence[str], place: Place) -> Destination:
        """Return the numbers that a row applies to; see `find_destination`."""
        return find_destination(self.text("prefix", cells), place)

    def description(self, cells: Sequence[str]) -> Description:
        """Return what descriptions and types of a row tell.

        Raises:
            PassedOverError: The price of the row is not one of messages that are sent.
        """
        name = self.text("country", cells)
        kind = network = None
        for role in ("type", "description"):
            for index in self._columns.by_role.get(role, ()):
                if cells[index]:
                    text = self._describe(cells[index], name)
                    if text.passed_over is not None:
                        raise PassedOverError(text.passed_over)
                    kind = text.kind or kind
                    network = text.network if role == "description" else network
        place = self._describe(name, "")
        if place.country in (None, name):  # not "Germany - Vodafone"
            return Description(kind, None, network, name or None)
        if place.passed_over is not None:
            raise PassedOverError(place.passed_over)
        return Description(kind, None, network or place.network, place.country)

    def networks(self, cells: Sequence[str], described: str | None) -> list[str | None]:
        """Return the networks that a row is for; None stands for all of them.

        Args:
            cells: The row.
            described: The network that the description of the row names.

        Raises:
            PassedOverError: The network has no mobile phones.
        """
        names: list[str] = []
        codes = self._codes(cells)
        for index in self._columns.by_role.get("network", ()):
            text = cells[index].removeprefix("'")  # as `write_card` has before "=" and others
            if match := _NETWORK_CODE.fullmatch(text):
                codes = codes or [name_of_code(match[1], match[2])]
            elif text:
                is_list = index in self._columns.plural_networks
                names = IN_ONE_CELL.split(text) if is_list else [text]
                break
        if not names and described:
            names = [described]
        if any(map(is_landline, (*names, *codes))):
            raise PassedOverError("landline")
        names = names or codes
        return list(dict.fromkeys(None if is_all_networks(name) else name for name in names)) or [
            None
        ]

    def _codes(self, cells: Sequence[str]) -> list[str]:
        return read_codes(*(self.text(role, cells) for role in ("mcc", "mnc", "mccmnc")))

    def fees(
        self, cells: Sequence[str], networks: Sequence[str | None], kind: str, currency: str
    ) -> list[tuple[str | None, Decimal]]:
        """Return the networks of a row with the fees that are added to its price.

        Args:
            cells: The row.
            networks: Its networks.
            kind: What is sent.
            currency: The currency of the price; empty for any.

        Raises:
            ValueError: A fee is not an amount, or has another currency.
        """
        if not self._fee_headings:
            return [(network, NO_SURCHARGE) for network in networks]
        of_all, of_network = 0, {}
        for index, heading in self._fee_headings:
            amount = self._price(cells[index], heading.unit, heading.text)
            if amount is None or heading.kind not in (None, kind):
                continue
            other = amount.currency or heading.currency
            if currency and other not in (None, DOLLAR, currency):
                raise ValueError(f"{heading.text} {cells[index]!r} is not in {currency}")
            if heading.network is None:
                of_all += to_micros(amount.value)
            else:
                of_network[heading.network] = to_micros(amount.value)
        if networks == [None]:
            networks = [*of_network] if are_complete(of_network) else [None, *of_network]
        by_key = {name.casefold(): fee for name, fee in of_network.items()}
        return [
            (
                network,
                to_amount(micros)
                if (micros := of_all + by_key.get((network or "").casefold(), 0))
                else NO_SURCHARGE,
            )
            for network in networks
        ]

    def valid_from(self, cells: Sequence[str]) -> Moment | None:
        """Return when the price of a row begins; None if the row does not say.

        Raises:
            ValueError: A date is none, or could be two days.
            EndedError: The price has ended.
        """
        end = self.text("valid_to", cells)
        if end and not is_no_price(end):
            if self._moment("valid to", end).day < self._today:
                raise EndedError("ended")
            self._report.add("Not in the card", "days on which prices end")
        text = self.text("valid_from", cells)
        return self._moment("valid_from", text) if text and not is_no_price(text) else None

    def per(self, cells: Sequence[str]) -> Literal["segment", "message"] | None:
        """Return what a price is for; None if the row does not say it.

        Raises:
            ValueError: It is neither a segment nor a message.
        """
        text = self.text("per", cells)
        return _choose("per", text, _PERS) if text else None

    def kind(self, cells: Sequence[str], column: int, described: str | None) -> Kind:
        """Return what is sent for a price.

        Raises:
            ValueError: It is something else than an SMS, an MMS or an RCS message.
        """
        of_heading = self._table.headings[column].kind
        text = self.text("kind", cells) or of_heading or described or "sms"
        return _choose("kind", text, KINDS)

    def currency(self, cells: Sequence[str], column: int, amount: Amount) -> str:
        """Return the currency of a price.

        Args:
            cells: The row.
            column: The column of the price.
            amount: The price.

        Raises:
            ValueError: The list names no currency for it, or several.
        """
        cell = self.text("currency", cells)
        return self._currency(cell, self._table.headings[column].currency, amount.currency)

    def _read_price(self, text: str, unit: Unit, column: str = "price") -> Amount | None:
        if _PLAIN_PRICE.fullmatch(text) and not self._has_commas:  # most are
            amount = Amount(parse_price(column, text))
        elif is_no_price(text):
            return None
        else:
            amount = read_amount(column, text, self._has_commas)
        return amount if unit == ONE_MESSAGE else in_currency(column, text, amount, unit)

    @cached_property
    def _has_commas(self) -> bool:
        if self._table.delimiter in ("", ","):
            return False
        indexes = [*chain.from_iterable(self._columns.prices), *self._columns.fees]
        has_commas = uses_decimal_commas(self._all_cells(indexes))
        if has_commas:
            self._report.add("Numbers", "with decimal commas")
        return has_commas

    def _read_moment(self, column: str, text: str) -> Moment:
        from .values.dates import read_moment  # its patterns take long to compile

        moment = read_moment(column, text, self._order)
        if moment.time is not None:
            self._report.add("Dates", "times of day are left out")
        if str(moment.day.year) not in text:
            self._report.add("Dates", f"{text} is {moment.day}")
        return moment

    @cached_property
    def _order(self) -> Order | None:
        from .values.dates import find_order

        roles = self._columns.by_role
        columns = roles.get("valid_from", []) + roles.get("valid_to", [])
        order = find_order(self._all_cells(columns))
        if order is not None:
            self._report.add("Dates", f"the {order} comes first")
        return order

    def _all_cells(self, indexes: Sequence[int]) -> Iterable[str]:
        rows = self._table.rows
        return (cells[index] for cells in rows for index in indexes if index < len(cells))


def _choose(column: str, value: str, allowed: Sequence[T]) -> T:
    for choice in allowed:
        if value.casefold() == choice:
            return choice
    raise ValueError(f"{column} {value!r} is not {' or '.join(allowed)}")
