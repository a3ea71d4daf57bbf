"""Rate card files, CSV or TOML, read as rows of text with their places, and their rates.

A row of a TOML file is a table `[[rates]]`; its numbers are kept as
they are written, so that a price without quotes is as exact as one in quotes.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

from ...exceptions import RateCardError
from .money import parse_price
from .rate import KINDS, Kind, Rate, usual_per
from .rate_range import network_key

__all__ = ["check_columns", "parse_rates", "read_rows"]

T = TypeVar("T", bound=str)

_REQUIRED = ("prefix", "price", "currency")
_OPTIONAL = ("country", "network", "kind", "surcharge", "per", "valid_from")

_PREFIX = re.compile(r"\+?([1-9][0-9]{0,14})")
_PERS: tuple[Literal["segment", "message"], ...] = ("segment", "message")
_CURRENCY = re.compile(r"[A-Z]{3}")

Row = tuple[str, Mapping[str, str]]


def read_rows(path: str | os.PathLike[str]) -> Iterator[Row]:
    """Yield the rows of a rate card file with their places.

    Args:
        path: A TOML file if the name ends in .toml, else a CSV file.

    Returns:
        The place of each row ("rates.csv, line 3") and its cells by column.

    Raises:
        OSError: The file cannot be opened or read.
        RateCardError: The file is invalid; the message names the file and the line.
    """
    name = os.fspath(path)
    return _read_toml(name) if name.lower().endswith(".toml") else _read_csv(name)


def check_columns(names: Sequence[str], place: str) -> None:
    """Check the names of the columns of a row or header.

    Args:
        names: The names of the columns.
        place: The place of the row, for the error message.

    Raises:
        RateCardError: A column is missing, unknown or not unique.
    """
    for name in names:
        if name not in _REQUIRED + _OPTIONAL:
            allowed = ", ".join(_REQUIRED + _OPTIONAL)
            raise RateCardError(f"{place}: unknown column {name!r} (allowed: {allowed})")
        if names.count(name) > 1:
            raise RateCardError(f"{place}: more than one column {name!r}")
    for name in _REQUIRED:
        if name not in names:
            raise RateCardError(f"{place}: column {name!r} is missing")


def _read_csv(name: str) -> Iterator[Row]:
    """Yield the rows of a CSV file, whose first row that is not blank names the columns."""
    header: list[str] | None = None
    with open(name, encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        while True:
            place = f"{name}, line {reader.line_num + 1}"
            try:
                cells = [cell.strip() for cell in next(reader)]
                "".join(cells).encode()
            except StopIteration:
                return
            except csv.Error as error:
                raise RateCardError(f"{place}: not valid CSV: {error}") from error
            except UnicodeEncodeError as error:
                raise RateCardError(f"{place}: not valid UTF-8") from error
            if not any(cells):
                continue
            if header is None:
                check_columns(cells, place)
                header = cells
            elif len(cells) != len(header):
                raise RateCardError(f"{place}: expected {len(header)} fields, got {len(cells)}")
            else:
                yield place, dict(zip(header, cells, strict=True))


def _read_toml(name: str) -> Iterator[Row]:
    import tomllib  # most cards are CSV

    with open(name, "rb") as file:
        data = file.read()
    try:
        content = tomllib.loads(data.decode("utf-8-sig"), parse_float=str)
    except UnicodeDecodeError as error:
        raise RateCardError(f"{name}: not valid UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RateCardError(f"{name}: not valid TOML: {error}") from error
    rows = content.pop("rates", [])
    if content or not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise RateCardError(f"{name}: expected tables [[rates]] and nothing else")
    for number, row in enumerate(rows, 1):
        place = f"{name}, rate {number}"
        yield place, {column: _to_text(column, value, place) for column, value in row.items()}


def _to_text(column: str, value: Any, place: str) -> str:
    """Return a TOML value as text."""
    # Exact types: bool is a subclass of int, and datetime of date.
    if type(value) not in (str, int, date):
        kind = type(value).__name__
        raise RateCardError(f"{place}: expected text, a number or a date for {column}, got {kind}")
    return str(value).strip()


def parse_rates(rows: Iterable[tuple[str, Mapping[str, str]]], name: str) -> list[Rate]:
    """Return the rates of rows.

    Args:
        rows: The rows with their places.
        name: The name of the card, for error messages.

    Raises:
        TypeError: A value is not text.
        RateCardError: A row is invalid.
    """
    rates: list[Rate] = []
    earlier: dict[tuple[Kind, str, str, date | None], tuple[Rate, str]] = {}
    for place, row in rows:
        check_columns(list(row), place)
        for column, value in row.items():
            if not isinstance(value, str):
                raise TypeError(f"{place}: {column} must be str, not {type(value).__name__}")
        try:
            rate = _parse_rate(row, place.rpartition(", ")[2])
        except ValueError as error:
            raise RateCardError(f"{place}: {error}") from None
        # A repeated row does no harm; two prices for one day are an error.
        key = rate.kind, rate.prefix, network_key(rate.network), rate.valid_from
        earlier_rate, earlier_place = earlier.setdefault(key, (rate, place))
        if rate != earlier_rate:
            since = "" if rate.valid_from is None else f" from {rate.valid_from}"
            network = "" if rate.network is None else f" of network {rate.network}"
            raise RateCardError(
                f"{place}: prefix {rate.prefix}{network}{since} already has another rate in "
                f"{earlier_place}"
            )
        rates.append(rate)
    if not any(rate.kind == "sms" for rate in rates):
        raise RateCardError(f"{name} has no rates for SMS")
    return rates


def _parse_rate(row: Mapping[str, str], place: str) -> Rate:
    prefix = _PREFIX.fullmatch(row["prefix"])
    if prefix is None:
        raise ValueError(
            f"prefix {row['prefix']!r} is not 1 to 15 digits, the first not 0, with or without '+'"
        )
    if _CURRENCY.fullmatch(row["currency"]) is None:
        raise ValueError(f"currency {row['currency']!r} is not three capital letters such as USD")
    kind = _choose("kind", row.get("kind") or "sms", KINDS)
    return Rate(
        prefix=prefix[1],
        price=parse_price("price", row["price"]),
        currency=row["currency"],
        country=row.get("country") or None,
        network=row.get("network") or None,
        surcharge=parse_price("surcharge", row.get("surcharge") or "0"),
        per=_choose("per", row.get("per") or usual_per(kind, prefix[1]), _PERS),
        valid_from=_parse_day(row.get("valid_from") or None),
        kind=kind,
        place=place,
    )


def _parse_day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"valid_from {value!r} is not a date such as 2026-01-31") from None


def _choose(column: str, value: str, allowed: Sequence[T]) -> T:
    if value not in allowed:
        raise ValueError(f"{column} {value!r} is not {' or '.join(allowed)}")
    return allowed[allowed.index(value)]
