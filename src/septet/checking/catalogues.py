"""Which files are message catalogues, and which reader reads each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from ..exceptions import SourceError
from ..files.text_encodings import find_encoding
from .entries import Entry
from .readers.android import read_android
from .readers.csv_files import read_csv
from .readers.json_files import read_json
from .readers.po_files import read_po
from .readers.properties import read_properties
from .readers.strings_files import read_strings
from .readers.text_files import read_text_lines, read_whole_text
from .readers.xcstrings import read_xcstrings
from .readers.yaml_files import read_yaml

__all__ = ["FORMATS", "Catalogue", "find_catalogues", "parse_catalogue", "read_catalogue"]

_MAX_BYTES = 64 << 20
_READERS: dict[str, Callable[[str], Iterable[Entry]]] = {
    ".po": read_po,
    ".pot": read_po,
    ".json": read_json,
    ".arb": read_json,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".properties": read_properties,
    ".xml": read_android,
    ".strings": read_strings,
    ".xcstrings": read_xcstrings,
    ".csv": read_csv,
    ".txt": read_text_lines,
}
FORMATS = tuple(ending.removeprefix(".") for ending in _READERS)
"""The endings of catalogues, without the dot."""

_CHARSET = re.compile(rb"charset=([\w.:-]+)")
_ONLY_BY_NAME = frozenset((".csv", ".txt"))
"""Kinds that are passed over in folders: most of these files have other contents."""
_PASSED_FOLDERS = frozenset(("node_modules", "__pycache__", "build", "dist", "venv"))


class Catalogue(NamedTuple):
    """A message catalogue.

    Attributes:
        entries: Its texts, in the order of the file.
        text: The whole file.
        mark: Its byte order mark; empty if it has none.
        codec: The codec of Python that it was read with, such as "utf-8".
    """

    entries: list[Entry]
    text: str
    mark: bytes
    codec: str


def find_catalogues(path: str) -> Iterator[str]:
    """Yield a file, or the catalogues in a folder and in the folders below it, in order.

    Of .xml files, those in folders such as values-fr are yielded. CSV, plain text, hidden folders
    and folders such as node_modules are passed over.

    Args:
        path: The file or folder.

    Raises:
        OSError: There is no such file, or a folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    if not os.path.isdir(path):
        os.stat(path)
        yield path
        return
    for folder, folders, files in os.walk(path, onerror=refuse):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _PASSED_FOLDERS
        )
        for name in sorted(files):
            kind = os.path.splitext(name)[1].lower()
            is_resource = os.path.basename(folder).partition("-")[0] == "values"
            if kind in _READERS and kind not in _ONLY_BY_NAME and (kind != ".xml" or is_resource):
                yield os.path.join(folder, name)


def read_catalogue(
    path: str, text_columns: Sequence[str] = (), *, is_whole_text: bool = False
) -> Catalogue:
    """Read a message catalogue; the ending of its name tells the format.

    Args:
        path: The file: UTF-8, UTF-16, or UTF-32 with a byte order mark. A gettext catalogue that is
            none of these is in the encoding that its header names, and properties are Latin-1, as
            in Java.
        text_columns: The columns of texts of a CSV file; without them, those whose headings are
            languages, or usual names such as "text".
        is_whole_text: Whether a .txt file is one text, whose key is its name, not one in each line.

    Raises:
        OSError: The file cannot be read.
        SourceError: The format is unknown, or the file is damaged or larger than 64 MiB.
        MissingExtraError: A package that reads the format is not installed.
    """
    kind = os.path.splitext(path)[1].lower()
    if kind not in _READERS:
        raise SourceError(f"{path}: expected a file that ends with {', '.join(_READERS)}")
    with open(path, "rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise SourceError(f"{path}: larger than {_MAX_BYTES >> 20} MiB")
    text, mark, codec = _decode(path, kind, content)
    try:
        entries = parse_catalogue(path, text, text_columns, is_whole_text=is_whole_text)
    except ValueError as error:
        raise SourceError(f"{path}, {error}") from None
    return Catalogue(entries, text, mark, codec)


def _decode(path: str, kind: str, content: bytes) -> tuple[str, bytes, str]:
    """Return the text of a file, its byte order mark, and the codec that it was read with."""
    encoding = find_encoding(content)
    body = content[len(encoding.mark) :]
    name, codec = encoding.name, encoding.codec or "utf-8"
    if not encoding.mark and b"\0" in body[:2]:
        name, codec = "UTF-16", "utf-16-be" if body.startswith(b"\0") else "utf-16-le"
    try:
        return body.decode(codec), encoding.mark, codec
    except UnicodeDecodeError as error:
        if kind == ".properties":
            return content.decode("latin-1"), b"", "latin-1"
        if kind in (".po", ".pot") and (match := _CHARSET.search(content)):
            other = match[1].decode()
            with suppress(UnicodeError, LookupError):
                return content.decode(other), b"", other
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{path}, line {line}: not valid {name}") from None


def parse_catalogue(
    path: str, text: str, text_columns: Sequence[str] = (), *, is_whole_text: bool = False
) -> list[Entry]:
    """Return the texts of a catalogue that was read.

    Args:
        path: The file, whose ending tells the format.
        text: What is in the file.
        text_columns: The columns of texts of a CSV file.
        is_whole_text: Whether a .txt file is one text.

    Raises:
        ValueError: The text cannot be read; the message gives the place.
        MissingExtraError: A package that reads the format is not installed.
    """
    reader = _READERS[os.path.splitext(path)[1].lower()]
    if reader is read_csv:
        return list(read_csv(text, text_columns))
    if reader is read_text_lines and is_whole_text:
        return list(read_whole_text(text, os.path.basename(path)))
    return list(reader(text))
