"""The program: runs the command that the arguments name and returns the exit status."""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import sys
import warnings
from importlib import import_module

from .. import IMPLEMENTATION, __version__
from ..exceptions import RateCardError, SeptetError
from .arguments import Parser, UsageError
from .terminal import complain

__all__ = ["main", "parser"]

# The module that adds each command, in the order of the help. Only what is needed is loaded.
_MODULES = {
    "estimate": ".commands.estimate",
    "count": ".commands.inspect",
    "inspect": ".commands.inspect",
    "encode": ".commands.encode",
    "decode": ".commands.decode",
    "transliterate": ".commands.transliterate",
    "check": ".commands.check",
    "rates": ".commands.rates",
    "serve": ".commands.serve",
    "browser": ".commands.browser",
    "bandwidth": ".bandwidth",
    "completion": ".commands.completion",
}
_SUMMARY = "Count the segments of SMS texts and estimate what they cost, before they are sent."
_DETAILS = """\
Examples:
  septet inspect "Tonight: jazz at the café ’til 2"
  septet estimate campaign.csv --text body --to phone --rates rates.csv
  septet estimate --help

Errors and hints are written to standard error, results to standard output.
"""
_STATUSES = {1: "error, or a part of the input could not be read", 3: "a limit is exceeded"}
_ERROR = 1
# As shells report a program that was ended by a signal: 128 plus the number of the signal.
_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        argv: The arguments without the name of the program; None takes those of the process.

    Returns:
        0 for success, 1 for an error, 3 for an exceeded limit, 130 after an interruption, 141 if
        the reader of the output closed it.

    Raises:
        SystemExit: With status 0 after --help and --version, with status 2 after wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        # Texts contain any characters: write those that the stream cannot encode as escapes.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        return _report_error("standard output is closed")
    if argv is None:
        # No command needs NumPy. pyarrow would import it, and works without it, in half the time.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
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
        name = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        if error.errno == errno.ENOSPC and not name:  # errors about other files have a name
            name = "standard output: "
            _discard_output()
        return _report_error(name + (error.strerror or str(error)))
    except RateCardError as error:
        return _report_error(*error.args)
    except SeptetError as error:
        return _report_error(str(error))
    return status


def parser(command: str | None = None) -> Parser:
    """Return the parser of the command line; `Parser.walk` lists its commands.

    Args:
        command: The first word of the command that will be run, which is all that is needed then.
            Without it, or if there is no such command, the parser has all commands.
    """
    root = Parser(prog="septet", summary=_SUMMARY, details=_DETAILS, statuses=_STATUSES)
    root.add_argument(
        "-V",
        "--version",
        action="version",
        version=f"septet {__version__} ({IMPLEMENTATION})",
        help="Show the version and the implementation (compiled or python).",
    )
    names = _MODULES.values() if command not in _MODULES else [_MODULES[command]]
    for name in dict.fromkeys(names):
        import_module(name, __package__).add_to(root)
    root.set_defaults(run=_show_help, parser=root)
    return root


def _show_help(arguments: argparse.Namespace) -> int:
    """Show the help, for a call without arguments."""
    arguments.parser.print_help()
    return 0


def _run(argv: list[str] | None) -> int:
    is_process = argv is None
    argv = sys.argv[1:] if argv is None else argv
    if is_process:
        gc.disable()  # to import a command makes many objects and no garbage
    root = parser(argv[0] if argv else None)
    if is_process:
        gc.freeze()  # later collections need not look at them either
        gc.enable()
    arguments, unknown = root.parse_known_args(argv)
    command: Parser = arguments.parser
    if unknown:
        command.error(f"unrecognized arguments: {' '.join(unknown)}")
    arguments.words = argv
    arguments.make_parser = parser
    try:
        status: int = arguments.run(arguments)
    except UsageError as error:
        command.error(str(error))
    return status


def _report_error(*messages: str) -> int:
    for message in messages:
        complain(message)
    return _ERROR


def _show_warning(message: Warning | str, *_location: object, **_options: object) -> None:
    """Write a warning in one line, as errors are, without its location in the source."""
    complain(str(message))


def _discard_output() -> None:
    """Discard buffered output, so that the interpreter can flush it without an error at exit."""
    null_device = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null_device, sys.stdout.fileno())
    os.close(null_device)
