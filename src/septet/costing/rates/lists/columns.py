"""The columns of a price list: which one gives what, where several could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .files.tables import Table
from .report import Problems, Report
from .values.headings import CARD_COLUMNS, Heading
from .values.prices import is_no_price
from .values.units import ONE_MESSAGE, is_other_unit, is_part

__all__ = ["Columns", "choose_columns"]

_LETTERS = re.compile("[A-Za-z]{2,3}")
_DIGIT = re.compile("[0-9]")
_PLURAL = re.compile(r"(?:networks|operators|carriers)$", re.IGNORECASE)
_SIMILAR = 0.88


class Columns(NamedTuple):
    """Where the cells of a row are.

    Attributes:
        by_role: The columns that give each thing, the best one first.
        prices: The columns of prices; each group gives one price of a row.
        fees: The columns of fees.
        plural_networks: The columns that may hold several networks in a cell.
    """

    by_role: dict[str, list[int]]
    prices: list[list[int]]
    fees: list[int]
    plural_networks: frozenset[int]


def choose_columns(
    table: Table, currency: str | None, problems: Problems, report: Report
) -> Columns:
    """Return which columns give what.

    Args:
        table: The list.
        currency: The currency to take if there are columns of prices in several.
        problems: Gets an error for columns that contradict each other.
        report: Gets what was understood, and what is not used.
    """
    header = table.header or "the keys"
    by_role: dict[str, list[int]] = {}
    for index, heading in enumerate(table.headings):
        role = heading.role
        if role in ("code", "place"):
            role = _role_of_cells(role, _cells(table, index))
        if role == "price" and not any(map(_DIGIT.search, _cells(table, index))):
            role = role if heading.is_plain else ""
        by_role.setdefault(role, []).append(index)
    texts = [heading.text for heading in table.headings if heading.role not in ("", "inbound")]
    for text in dict.fromkeys(text for text in texts if texts.count(text) > 1):
        problems.add(header, f"more than one column {text!r}")
    for index in by_role.get("unit", []):
        if unit := next(filter(is_other_unit, _cells(table, index)), None):
            text = table.headings[index].text
            problems.add(header, f"{text} {unit!r}: write prices of one message, in the currency")
    for index in by_role.get("surcharge", []):
        if is_part(table.headings[index].text):
            text = table.headings[index].text
            problems.add(header, f"{text!r}: write fees of one message, in the currency")
    for index in by_role.get("", []):
        _check_spelling(table.headings[index], header, problems)
    if len(by_role.get("prefix", [])) > 1:
        by_role["prefix"] = [_longest_prefix(table, by_role["prefix"], header, problems)]
    prices = _choose_prices(table, by_role.get("price", []), currency, header, problems, report)
    _report_columns(table.headings, by_role, [index for group in prices for index in group], report)
    plural = frozenset(
        index for index in by_role.get("network", []) if _PLURAL.search(table.headings[index].text)
    )
    return Columns(by_role, prices, by_role.get("surcharge", []), plural)


def _cells(table: Table, index: int) -> Iterable[str]:
    """Return the cells of a column that hold something."""
    return (cells[index] for cells in table.rows if index < len(cells) and cells[index])


def _role_of_cells(role: str, cells: Iterable[str]) -> str:
    """Return what a column of codes or places holds, by its first cell."""
    first = next(iter(cells), "")
    if _DIGIT.search(first):
        return "prefix"
    return "iso" if role == "code" and _LETTERS.fullmatch(first) else "country"


def _check_spelling(heading: Heading, header: str, problems: Problems) -> None:
    """Refuse a heading that looks like one of a rate card, for its cells could change prices."""
    from difflib import get_close_matches  # few lists have such columns

    name = heading.text.strip().lower().replace(" ", "_")
    if close := get_close_matches(name, CARD_COLUMNS, n=1, cutoff=_SIMILAR):
        problems.add(header, f"unknown column {heading.text!r} (did you mean {close[0]}?)")


def _longest_prefix(table: Table, indexes: Sequence[int], header: str, problems: Problems) -> int:
    """Return the column whose prefixes begin with those of the other ones."""
    by_length = sorted(indexes, key=lambda index: -sum(map(len, _cells(table, index))))
    best, *others = by_length
    for cells in table.rows:
        digits = [re.sub(r"\D", "", cells[i]) if i < len(cells) else "" for i in (best, *others)]
        if digits[0] and not all(digits[0].startswith(other) for other in digits[1:]):
            names = " and ".join(repr(table.headings[index].text) for index in sorted(indexes))
            problems.add(header, f"{names} are both columns of prefixes: keep the one to use")
            break
    return best


def _choose_prices(
    table: Table,
    indexes: Sequence[int],
    currency: str | None,
    header: str,
    problems: Problems,
    report: Report,
) -> list[list[int]]:
    """Return the columns of prices to use, those of one kind of message together."""
    groups: dict[str, list[int]] = {}
    for index in indexes:
        groups.setdefault(table.headings[index].kind or "sms", []).append(index)
    chosen = []
    for group in groups.values():
        current = [index for index in group if not table.headings[index].is_old] or group
        if len(current) > 1 and currency is not None:
            of_currency = [i for i in current if table.headings[i].currency == currency]
            current = of_currency or current
        current = [i for i in current if table.headings[i].unit == ONE_MESSAGE] or current
        if len(current) > 1 and _are_filled_together(table, current):
            names = " and ".join(repr(table.headings[index].text) for index in current)
            advice = "keep the one to use"
            if len({table.headings[index].currency for index in current}) > 1:
                advice = "import the list with --currency"
            problems.add(header, f"{names} are both columns of prices: {advice}")
        chosen.append(current)
        for index in group:
            if index not in current:
                report.add("Columns that are not used", repr(table.headings[index].text))
    return chosen


def _are_filled_together(table: Table, indexes: Sequence[int]) -> bool:
    return any(
        sum(index < len(cells) and not is_no_price(cells[index]) for index in indexes) > 1
        for cells in table.rows
    )


def _report_columns(
    headings: Sequence[Heading],
    by_role: dict[str, list[int]],
    prices: Sequence[int],
    report: Report,
) -> None:
    for role, indexes in by_role.items():
        for index in indexes:
            heading = headings[index]
            if not heading.text or (role == "price" and index not in prices):
                continue
            if role in ("", "inbound"):
                what = " (inbound)" if role else ""
                report.add("Columns that are not used", f"{heading.text!r}{what}")
                continue
            if heading.unit != ONE_MESSAGE:
                divisor = 10**heading.unit.decimals
                report.add("Units", f"{heading.text!r} is divided by {divisor:,}")
            if not heading.is_plain:
                kind = f" ({heading.kind.upper()})" if heading.kind not in (None, "sms") else ""
                report.add("Columns", f"{heading.text!r} is {_NAMES.get(role, role)}{kind}")


_NAMES = {
    "iso": "country_iso",
    "mccmnc": "MCC and MNC",
    "mcc": "MCC",
    "mnc": "MNC",
    "type": "kind",
    "description": "network and kind",
    "valid_to": "the end",
}
