"""The files that a command writes: none may be one that it reads, or that it writes already."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..files.whole_files import is_same_file, open_file_number
from .arguments import UsageError

__all__ = ["check_outputs"]

_STANDARD_OUTPUT = "/dev/stdout"


def check_outputs(
    arguments: argparse.Namespace, options: Sequence[str], inputs: Sequence[str]
) -> None:
    """Check that no file would be written over one that is read or written too.

    Args:
        arguments: The arguments.
        options: The options that name files to write.
        inputs: The files that are read.

    Raises:
        UsageError: One would.
    """
    earlier: dict[str, str] = {}
    for option in options:
        target = getattr(arguments, option[2:])
        if target is None:
            continue
        if any(is_same_file(target, source) for source in inputs):
            raise UsageError(f"{option} {target} would overwrite a file that is read")
        for other, written in earlier.items():
            if is_same_file(target, written):
                raise UsageError(f"{other} and {option} are the same file: {target}")
        if open_file_number(target) is None and is_same_file(target, _STANDARD_OUTPUT):
            raise UsageError(f"{option} {target} is standard output too; write it to another file")
        earlier[option] = target
