"""The program: one command from the arguments, and the exit status it ends with."""

from __future__ import annotations

import io
import os
import sys

from ..exceptions import SeptetError
from . import estimate, inspect, rates
from .arguments import parser, segmenter
from .terminal import complain

__all__ = ["main"]

_FINE = 0
_BAD_INPUT = 1
# What a shell reports for a program that ended by the signal: 128 and its number.
_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        argv: The arguments without the program's name; those of the process if left out.

    Raises:
        SystemExit: After --help and --version, and with status 2 after wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        # Texts come from anywhere: what the terminal cannot show is written out and never an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        return _complain("standard output is closed")
    try:
        status = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return _BROKEN_PIPE
    except OSError as error:
        place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return _complain(place + (error.strerror or str(error)))
    except SeptetError as error:
        return _complain(str(error))
    return status


def _run(argv: list[str] | None) -> int:
    root = parser()
    arguments = root.parse_args(argv)
    if arguments.command == "estimate":
        if arguments.rates is not None and arguments.to is None:
            root.error("--rates needs --to: the column of recipients")
        if arguments.on is not None and arguments.rates is None:
            root.error("--on needs --rates: the rate card to price by")
        return estimate.run(arguments)
    if arguments.command == "rates":
        return rates.check(arguments.file)
    if not _is_valid(arguments.text):
        return _complain("the text is not valid UTF-8")
    if arguments.command == "count":
        inspect.print_count(arguments.text, segmenter(arguments))
    else:
        inspect.print_inspection(arguments.text, segmenter(arguments))
    return _FINE


def _is_valid(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _complain(message: str) -> int:
    complain(message)
    return _BAD_INPUT


def _discard_output() -> None:
    """Let what is still in the buffers go nowhere, so that the interpreter can end in peace."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
