"""The files that `septet estimate` reads: messages and saved estimates."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ....costing import Estimate
from ....costing.reading.campaigns import find_files, without_repeats
from ....costing.reading.merge_fields import find_merge_fields
from ....costing.reading.opening import open_file
from ....costing.reading.sources import Columns, list_columns
from ....display.characters import visible
from ....display.wording import listed
from ....exceptions import SeptetError, SourceError
from ...arguments import STANDARD_INPUT

__all__ = [
    "describe_columns",
    "find_inputs",
    "find_pipe",
    "merge_field_hints",
    "read_estimate",
]

_ESTIMATE = ".json"
_MAX_FIELDS = 5


def find_inputs(names: list[str]) -> tuple[list[str], list[str]]:
    """Return the files of messages and the saved estimates that some names stand for.

    A file that is named twice is read once.

    Args:
        names: Files, folders, glob patterns, and "-" for standard input.

    Raises:
        OSError: A folder cannot be listed.
        SourceError: A name stands for no files.
    """
    files = without_repeats(
        file
        for name in names
        for file in (["/dev/stdin"] if name == STANDARD_INPUT else find_files(name, (_ESTIMATE,)))
    )
    parts = [file for file in files if file.lower().endswith(_ESTIMATE)]
    return [file for file in files if file not in parts], parts


def find_pipe(files: list[str]) -> str | None:
    """Return the first file that is a pipe and so can be read only once."""
    return next((file for file in files if not os.path.isfile(file)), None)


def describe_columns(files: list[str], encoding: str | None, sheet: str | None) -> str:
    """Return which columns the first of some files has, for the end of a message.

    Args:
        files: Files of messages.
        encoding: The encoding of CSV and JSON Lines files; see `estimate`.
        sheet: The sheet of workbooks; see `estimate`.

    Returns:
        Such as "; the columns of a.csv are 'phone', 'body'"; empty if it cannot be read now.
    """
    if not os.path.isfile(files[0]):  # a pipe can be read only once, and a terminal waits
        return ""
    try:
        columns = Columns(None, keep=True, encoding=encoding, sheet=sheet)
        with open_file(files[0], columns) as source:
            remark = source.remark and f"; {source.remark}"
            return f"; the columns of {source.name} are {list_columns(source.header)}{remark}"
    except (OSError, SeptetError):
        return ""


def merge_field_hints(
    files: list[str], text: str, encoding: str | None, sheet: str | None
) -> Iterator[str]:
    """Yield a hint if the texts of the first of some files have fields of other columns.

    Args:
        files: Files of messages that have been read.
        text: The name of the column of texts.
        encoding: The encoding of CSV and JSON Lines files; see `estimate`.
        sheet: The sheet of workbooks; see `estimate`.
    """
    if not os.path.isfile(files[0]):
        return
    fields = find_merge_fields(files[0], text, encoding, sheet)
    if not fields:
        return
    written = listed([visible(each) for each in fields.values()], _MAX_FIELDS)
    name = next(iter(fields))
    braces = "" if fields[name] == f"{{{name}}}" else f" with {{{visible(name)}}} in single braces"
    yield (
        f"the texts have names of columns in braces ({written}), which were counted as they are; "
        f"to fill them, give --template-column {visible(text)}{braces}"
    )


def read_estimate(path: str) -> Estimate:
    """Read a saved estimate.

    Args:
        path: A file that `septet estimate --json` wrote.

    Raises:
        OSError: The file cannot be read.
        SourceError: It is not such a file; the message names it.
    """
    with open(path, "rb") as file:
        content = file.read()
    try:
        return Estimate.from_json(content)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
