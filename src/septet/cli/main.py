"""The program: one command from the arguments, and the exit status it ends with."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
import warnings

from .. import IMPLEMENTATION, __version__
from ..exceptions import SeptetError
from .arguments import EXIT_STATUS, Parser
from .bandwidth import outcomes, receive, reconcile, sandbox, send
from .commands import estimate, inspect, rates, serve
from .terminal import complain

__all__ = ["main", "parser"]

_EXAMPLE = """\
example:
  septet estimate campaign.csv --text body --to phone --rates rates.csv
"""
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
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            status = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return _BROKEN_PIPE
    except OSError as error:
        place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        if error.errno == errno.ENOSPC and not place:  # files that are written have names
            place = "standard output: "
        return _complain(place + (error.strerror or str(error)))
    except SeptetError as error:
        return _complain(str(error))
    return status


def parser() -> Parser:
    """Return the parser of the whole command line."""
    root = Parser(
        prog="septet",
        description="What a text will be billed before it is sent: encoding, units and segments.",
        epilog=f"{_EXAMPLE}\n{EXIT_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"septet {__version__} ({IMPLEMENTATION})"
    root.add_argument("--version", action="version", version=version)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (estimate, inspect, rates, serve, send, receive, outcomes, reconcile, sandbox):
        module.add_to(commands)
    return root


def _run(argv: list[str] | None) -> int:
    arguments, unknown = parser().parse_known_args(argv)
    command: Parser = arguments.parser
    if unknown:
        command.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        status: int = arguments.run(arguments)
    except argparse.ArgumentTypeError as error:
        command.error(str(error))
    return status


def _complain(message: str) -> int:
    complain(message)
    return _BAD_INPUT


def _show_warning(message: Warning | str, *_place: object, **_named: object) -> None:
    """Write a warning as commands write errors: one line, without the place in the source."""
    complain(str(message))


def _discard_output() -> None:
    """Let what is still in the buffers go nowhere, so that the interpreter can end in peace."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
