"""Files of rates as rows of text, each with its place: CSV, or TOML if the name ends so.

What a cell may say is the matter of `rates`. A row of a TOML file is a table `[[rates]]`. Its
numbers reach a row as the file writes them, so a price without quotes is as exact as one in them.
"""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ...exceptions import RateCardError

__all__ = ["check_columns", "read_rows"]

_REQUIRED = ("prefix", "price", "currency")
_OPTIONAL = ("country", "network", "kind", "surcharge", "per", "valid_from")

Row = tuple[str, Mapping[str, str]]


def read_rows(path: str | os.PathLike[str]) -> Iterator[Row]:
    """Yield the rows of a file with their places.

    Raises:
        OSError: The file cannot be opened or read.
        RateCardError: It cannot be read as rows; the message names the file and the place.
    """
    name = os.fspath(path)
    return _read_toml(name) if name.lower().endswith(".toml") else _read_csv(name)


def check_columns(names: Sequence[str], place: str) -> None:
    """Refuse columns that are missing, unknown or doubled.

    Raises:
        RateCardError: They are; the message begins with the place.
    """
    for name in names:
        if name not in _REQUIRED + _OPTIONAL:
            allowed = ", ".join(_REQUIRED + _OPTIONAL)
            raise RateCardError(f"{place}: unknown column {name!r}; allowed are {allowed}")
        if names.count(name) > 1:
            raise RateCardError(f"{place}: column {name!r} is there more than once")
    for name in _REQUIRED:
        if name not in names:
            raise RateCardError(f"{place}: column {name!r} is missing")


def _read_csv(name: str) -> Iterator[Row]:
    """The first row that is not blank names the columns."""
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
                raise RateCardError(f"{place}: {len(cells)} instead of {len(header)} fields")
            else:
                yield place, dict(zip(header, cells, strict=True))


def _read_toml(name: str) -> Iterator[Row]:
    with open(name, "rb") as file:
        octets = file.read()
    try:
        content = tomllib.loads(octets.decode("utf-8-sig"), parse_float=str)
    except UnicodeDecodeError as error:
        raise RateCardError(f"{name}: not valid UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RateCardError(f"{name}: not valid TOML: {error}") from error
    rows = content.pop("rates", [])
    if content or not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise RateCardError(f"{name}: a rate card in TOML is tables [[rates]] and nothing else")
    for number, row in enumerate(rows, 1):
        place = f"{name}, rate {number}"
        yield place, {column: _text(column, value, place) for column, value in row.items()}


def _text(column: str, value: Any, place: str) -> str:
    """Return what a value says; the types are exact, for True is an int and a time is a date."""
    if type(value) not in (str, int, date):
        raise RateCardError(f"{place}: {column} is neither text nor a number nor a date")
    return str(value).strip()
