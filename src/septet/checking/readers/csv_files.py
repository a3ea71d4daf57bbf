"""CSV with a column of texts, or one for each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..entries import Entry, Places
from ..languages import parse_language

__all__ = ["read_csv"]

_DELIMITERS = ",;\t"
_MARK = re.compile(r"sep=([,;\t])(?:\r\n|\n|\r)")
"""What tells Excel the delimiter."""
_TEXTS = frozenset(("text", "body", "message", "value", "translation", "target"))
_KEYS = frozenset(("key", "keys", "id", "name", "identifier"))


def read_csv(text: str, columns: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield the texts of a CSV file with a header: commas, semicolons or tabs.

    A key is in the column "key", "id", "name" or "identifier", else in the first column without
    texts; without any, the number of the line is the key.

    Args:
        text: The file.
        columns: The columns of texts. Without them, those whose headings are languages, or "text",
            "body", "message", "value", "translation" or "target".

    Raises:
        ValueError: There is no such column, or a quoted field does not end as it must; the message
            gives the place.
    """
    places = Places(text)
    records = _records(text, places)
    header = [heading.strip() for heading, _ in next(records, [])]
    if not any(header):
        raise ValueError("line 1: expected the names of columns")
    if columns:
        missing = [name for name in columns if name not in header]
        if missing:
            raise ValueError(f"line 1: no column {missing[0]!r}; columns: {', '.join(header)}")
    else:
        columns = [name for name in header if name.lower() in _TEXTS or parse_language(name)]
        # "id" is a language too, but not where others are.
        if len(columns) > 1 and "id" in columns and header[0] == "id":
            columns.remove("id")
        if not columns:
            raise ValueError(
                f"line 1: no column of texts is known; name it with --text: {', '.join(header)}"
            )
    numbers = {name: number for number, name in reversed(list(enumerate(header)))}
    text_columns = sorted({numbers[name] for name in columns})
    others = sorted(set(range(len(header))).difference(text_columns))
    key_column = next((n for n in others if header[n].lower() in _KEYS), next(iter(others), None))
    for record in records:
        for number in text_columns:
            if number >= len(record):
                break
            value, index = record[number]
            if not value:
                continue
            line, column = places.find(index)
            key = ""
            if key_column is not None and key_column < len(record):
                key = record[key_column][0]
            first_line, _ = places.find(record[0][1])
            language = parse_language(header[number])
            yield Entry(key or str(line), value, line, column, language, first_line=first_line)


def _records(text: str, places: Places) -> Iterator[list[tuple[str, int]]]:
    """Yield the fields of each record that is not blank, with the indexes where they begin."""
    mark = _MARK.match(text)
    index = mark.end() if mark else 0
    first = re.split(r"[\r\n]", text[index:], maxsplit=1)[0]
    delimiter = mark[1] if mark else max(_DELIMITERS, key=first.count)
    field = re.compile(
        rf'(?:"((?:[^"]|"")*+)"|((?!")[^{delimiter}\r\n]*+))({delimiter}|\r\n|\n|\r|\Z)'
    )
    record: list[tuple[str, int]] = []
    while index < len(text) or record:
        match = field.match(text, index)
        if match is None:
            raise ValueError(f"{places.describe(index)}: a quoted field does not end as it must")
        quoted, plain, end = match.groups()
        record.append((plain if quoted is None else quoted.replace('""', '"'), index))
        index = match.end()
        if end != delimiter:
            if record != [("", record[0][1])]:
                yield record
            record = []
