"""Files of price lists as rows of cells: delimited text, workbooks, JSON and TOML."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any, NamedTuple

from .....display.wording import listed, shorten
from .....exceptions import RateCardError, SourceError
from .....files.decompression import read_decompressed
from .....files.text_encodings import find_encoding
from ..values.headings import MAX_ROWS_ABOVE, Heading, find_header, read_heading
from ..values.prices import uses_decimal_commas
from .json_lists import read_json

__all__ = ["Table", "read_table", "table_of"]

_DELIMITERS = (",", ";", "\t", "|")
_MAX_BYTES = 1 << 28
_MAX_HEADINGS = 12
_WORKBOOKS = (".xlsx", ".xlsm")
_OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".numbers")


class Table(NamedTuple):
    """A price list.

    Attributes:
        name: The name of the file, for messages.
        headings: What the columns are for.
        places: The places of the rows below the header, such as "line 3".
        rows: The cells of these rows.
        above: The rows above the header that hold something, with their places.
        header: The place of the header; None if keys name the columns.
        delimiter: What is between the cells; empty if keys name them. That of a sheet is a tab, as
            if it was copied.
        unused_sheets: The other sheets of a workbook.
    """

    name: str
    headings: list[Heading]
    places: list[str]
    rows: list[tuple[str, ...]]
    above: list[tuple[str, tuple[str, ...]]]
    header: str | None
    delimiter: str
    unused_sheets: Sequence[str] = ()


def read_table(
    path: str | os.PathLike[str], encoding: str | None = None, sheet: str | None = None
) -> Table:
    """Read the file of a price list.

    Args:
        path: A TOML file if the name ends in .toml; a workbook if it ends in .xlsx or .xlsm; a JSON
            file if it begins with a bracket or a brace; else delimited text. All of them but
            workbooks may be compressed.
        encoding: The encoding of a text file without a byte order mark; UTF-8 if left out.
        sheet: The sheet of a workbook; if left out, the only one that has the headings of a list.

    Raises:
        OSError: The file cannot be opened or read.
        MissingExtraError: The file is a workbook, and the extra `excel` is not installed.
        RateCardError: The file cannot be read as a list, or no row of it names the columns.
    """
    name = os.fsdecode(path)
    if name.lower().endswith(_OTHER_WORKBOOKS):
        raise RateCardError(f"{name}: save this workbook as .xlsx, or its list as CSV UTF-8")
    if name.lower().endswith(_WORKBOOKS):
        return _read_workbook(name, sheet)
    if sheet is not None:
        raise RateCardError(f"{name} is not a workbook (.xlsx), so it has no sheet {sheet!r}")
    data = bytearray()
    with open(path, "rb") as file:
        for block in read_decompressed(file):
            data += block
            if len(data) > _MAX_BYTES:
                raise RateCardError(f"{name} has more than {_MAX_BYTES >> 20} MiB, as no list has")
    text = _decode(name, data, encoding)
    if name.lower().endswith(".toml"):
        return table_of(name, _read_toml(name, text))
    if text.lstrip()[:1] in ("[", "{"):
        return table_of(name, read_json(name, text))
    return _read_delimited(name, text)


def table_of(name: str, rows: Iterable[tuple[str, Mapping[str, str]]]) -> Table:
    """Return a table of rows whose cells have names.

    Args:
        name: The name of the list, for messages.
        rows: The place of each row, and its cells by column.

    Raises:
        RateCardError: There are no columns of prices and places.
    """
    listed = list(rows)
    names = list(dict.fromkeys(chain.from_iterable(row for _, row in listed)))
    header = find_header([names])
    if header is None:
        raise RateCardError(f"{name}{_what_is_missing(names)}")
    cells = [tuple(row.get(column, "") for column in names) for _, row in listed]
    return Table(name, header[1], [place for place, _ in listed], cells, [], None, "")


def _decode(name: str, data: bytearray, encoding_name: str | None) -> str:
    encoding = find_encoding(bytes(data[:4]), encoding_name)
    try:
        return data[len(encoding.mark) :].decode(encoding.codec or "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + len(encoding.mark)) + 1
        message = f"{name}, line {line}: not valid {encoding.name}"
        if encoding.codec is None:
            message += "; save it as UTF-8, or import it with --encoding windows-1252"
        raise RateCardError(message) from error


def _read_delimited(name: str, text: str) -> Table:
    """Return the table of a delimited file, whose delimiter is the one that gives a header."""
    first_line, line_end, rest = text.partition("\n")
    first_number = 1
    delimiters: Iterable[str] = _DELIMITERS
    mark = first_line.strip('\r"').lower()
    if line_end and mark.startswith("sep=") and len(mark) == 5:
        delimiters, text, first_number = mark[4], rest, 2
    if not text.strip(f'{"".join(_DELIMITERS)}"\r\n '):
        raise RateCardError(f"{name} is empty")
    best: tuple[int, int, str] | None = None
    failure: RateCardError | None = None
    most_cells: Sequence[str] = ()
    for delimiter in delimiters:
        rows = []
        try:
            for _, cells in _rows(name, text, delimiter, first_number, MAX_ROWS_ABOVE):
                rows.append(cells)
        except RateCardError as error:
            failure = failure or error
        most_cells = max(most_cells, next(filter(any, rows), ()), key=len)
        header = find_header(rows)
        if header is not None:
            known = sum(bool(heading.role) for heading in header[1])
            if best is None or known > best[0]:
                best = known, header[0], delimiter
    if best is None:
        if failure is not None and not most_cells:
            raise failure
        raise RateCardError(f"{name}{_what_is_missing(most_cells)}")
    _, index, delimiter = best
    places: list[str] = []
    rows = []
    for number, cells in _rows(name, text, delimiter, first_number):
        places.append(f"line {number}")
        rows.append(cells)
    headings = [read_heading(cell) for cell in rows[index]]
    above = [(places[i], rows[i]) for i in range(index) if any(rows[i])]
    return Table(
        name, headings, places[index + 1 :], rows[index + 1 :], above, places[index], delimiter
    )


def _read_workbook(name: str, wanted: str | None) -> Table:
    """Return the table of a sheet of a workbook."""
    from .....files.workbooks import Workbook  # most lists are text

    found = []
    try:
        with Workbook(name) as workbook:
            sheets = workbook.sheets if wanted is None else [workbook.find_sheet(wanted)]
            for sheet in sheets:
                rows = _sheet_rows(list(workbook.read_rows(sheet)))
                header = find_header(rows)
                if header is not None:
                    found.append((sheet, rows, *header))
            unused = [sheet for sheet in workbook.sheets if [sheet] != [each[0] for each in found]]
    except SourceError as error:
        raise RateCardError(str(error)) from error
    if len(found) > 1:
        names = listed([repr(sheet) for sheet, *_ in found], _MAX_HEADINGS)
        raise RateCardError(
            f"{name}: each of the sheets {names} could be the list: choose one with septet rates "
            "import --sheet NAME"
        )
    if not found and len(sheets) > 1:
        names = listed([*map(repr, sheets)], _MAX_HEADINGS)
        raise RateCardError(
            f"{name}: none of the sheets {names} has a row of headings with one of prices, such as "
            "'price', and one of prefixes or countries, such as 'prefix'"
        )
    place = f"{name}, sheet {(found[0] if found else sheets)[0]!r}"
    if not found:
        raise RateCardError(f"{place}{_what_is_missing(next(filter(any, rows), ()))}")
    _, rows, index, headings = found[0]
    places = [f"row {number}" for number in range(1, len(rows) + 1)]
    above = [(places[i], rows[i]) for i in range(index) if any(rows[i])]
    return Table(
        place, headings, places[index + 1 :], rows[index + 1 :], above, places[index], "\t", unused
    )


def _sheet_rows(rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Return the cells of a sheet as texts.

    If texts of it are numbers with decimal commas, numbers have these too, as a spreadsheet shows
    them.
    """
    from .....files.workbooks import text_of_cell

    texts = [[str.strip(cell) for cell in row if isinstance(cell, str) and cell] for row in rows]
    point = "," if uses_decimal_commas(chain.from_iterable(texts)) else "."

    def convert(cell: Any) -> str:
        text = text_of_cell(cell).strip()
        if not isinstance(cell, float):
            return text
        return (f"{Decimal(text):f}" if "e" in text else text).replace(".", point)

    return [tuple(map(convert, row)) for row in rows]


def _rows(
    name: str, text: str, delimiter: str, first_number: int, max_rows: int | None = None
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a delimited text with the numbers of their lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first_number
    try:
        for cells in islice(reader, max_rows):
            # A tuple of texts, unlike a list, costs the garbage collector nothing.
            yield number, tuple(map(str.strip, cells))
            number = reader.line_num + first_number
    except csv.Error as error:
        raise RateCardError(f"{name}, line {number}: not valid CSV: {error}") from error


def _what_is_missing(names: Iterable[str]) -> str:
    given = [repr(shorten(name, 40)) for name in names if name]
    if not given:
        return " is empty"
    named = listed(given, _MAX_HEADINGS)
    has_price = any(read_heading(name).role == "price" for name in names)
    missing = "prefixes or countries, such as 'prefix'" if has_price else "prices, such as 'price'"
    return f": none of the headings {named} is one of {missing}"


def _read_toml(name: str, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    import tomllib  # most cards are CSV

    try:
        content = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise RateCardError(f"{name}: not valid TOML: {error}") from error
    rows = content.pop("rates", [])
    if content or not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise RateCardError(f"{name}: expected tables [[rates]] and nothing else")
    for number, row in enumerate(rows, 1):
        place = f"rate {number}"
        yield place, {key: _toml_text(f"{name}, {place}", key, row[key]) for key in row}


def _toml_text(place: str, column: str, value: Any) -> str:
    # Exact types: bool is a subclass of int, and datetime of date.
    if type(value) not in (str, int, date):
        kind = type(value).__name__
        raise RateCardError(f"{place}: expected text, a number or a date for {column}, got {kind}")
    return str(value).strip()
