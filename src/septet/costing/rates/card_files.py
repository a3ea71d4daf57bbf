"""Rate card files, CSV or TOML, read as rows of text with their places.

The cells are parsed in `card`. A row of a TOML file is a table `[[rates]]`; its numbers are kept as
they are written, so that a price without quotes is as exact as one in quotes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ...exceptions import RateCardError

__all__ = ["check_columns", "read_rows"]

_REQUIRED = ("prefix", "price", "currency")
_OPTIONAL = ("country", "network", "kind", "surcharge", "per", "valid_from")

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
