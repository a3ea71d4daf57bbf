"""The files of `septet estimate`: which are read, and which may be written."""

from __future__ import annotations

import argparse
import os

from ...costing import Estimate
from ...costing.reading.campaigns import find_files, read_header, without_repeats
from ...costing.reading.sources import list_columns
from ...exceptions import SeptetError, SourceError
from ...files.whole_files import is_same_file, open_file_number
from ..arguments import STANDARD_INPUT, UsageError

__all__ = ["check_targets", "describe_columns", "find_inputs", "find_pipe", "read_estimate"]

_ESTIMATE = ".json"
_STANDARD_OUTPUT = "/dev/stdout"


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


def describe_columns(files: list[str]) -> str:
    """Return which columns the first of some files has, for the end of a message.

    Args:
        files: Files of messages.

    Returns:
        Such as "; the columns of a.csv are 'phone', 'body'"; empty if it cannot be read now.
    """
    if not os.path.isfile(files[0]):  # a pipe can be read only once, and a terminal waits
        return ""
    try:
        return f"; the columns of {files[0]} are {list_columns(read_header(files[0]))}"
    except (OSError, SeptetError):
        return ""


def check_targets(arguments: argparse.Namespace, inputs: list[str]) -> None:
    """Check that no file would be written over one that is read or written too.

    Args:
        arguments: The arguments, with the options of files that are written.
        inputs: The files that are read.

    Raises:
        UsageError: One would.
    """
    targets = {
        option: target
        for option in ("--output", "--report", "--long")
        if (target := getattr(arguments, option[2:])) is not None
    }
    earlier: dict[str, str] = {}
    for option, target in targets.items():
        if any(is_same_file(target, source) for source in inputs):
            raise UsageError(f"{option} {target} would overwrite a file that is read")
        for other, written in earlier.items():
            if is_same_file(target, written):
                raise UsageError(f"{other} and {option} are the same file: {target}")
        if open_file_number(target) is None and is_same_file(target, _STANDARD_OUTPUT):
            raise UsageError(f"{option} {target} is standard output too; write it to another file")
        earlier[option] = target


def read_estimate(path: str) -> Estimate:
    """Read a saved estimate.

    Args:
        path: A file that `septet estimate --json` wrote.

    Raises:
        OSError: The file cannot be read.
        SourceError: It is no such file; the message names it.
    """
    with open(path, "rb") as file:
        content = file.read()
    try:
        return Estimate.from_json(content)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
