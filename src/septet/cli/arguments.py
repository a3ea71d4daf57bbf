"""What the arguments of several commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn, TypeAlias

from ..display.characters import visible
from ..rules.providers import provider_names
from ..segmentation import Segmenter

__all__ = [
    "EXIT_STATUS",
    "Commands",
    "Parser",
    "add_address",
    "add_command",
    "add_rules",
    "day",
    "segmenter",
]

EXIT_STATUS = """\
exit status:
  0 fine, 1 the input or a part of it cannot be read, or the output cannot be
  written, or a check found something, 2 wrong usage, 3 a budget is passed,
  130 interrupted, 141 the reader of the output went away
"""


class Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations and quotes nothing unseen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """End with status 2 and one line; it may quote an argument, which may be any text."""
        self.exit(2, f"{self.prog}: error: {visible(message)}; {self.prog} --help tells more\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def segmenter(arguments: argparse.Namespace) -> Segmenter:
    """Return the rules that the arguments ask for."""
    options = {
        name: getattr(arguments, name)
        for name in ("reference_bits", "languages", "keep_graphemes")
        if getattr(arguments, name) is not None
    }
    return Segmenter(provider=arguments.provider, **options)


def add_command(
    commands: Commands,
    name: str,
    summary: str,
    examples: str,
    run: Callable[[argparse.Namespace], int] | None = None,
) -> Parser:
    """Add a command with its help.

    Args:
        commands: Where to.
        name: What is typed.
        summary: What it is for, as a clause.
        examples: Command lines to copy, and what else there is to say.
        run: What does it and returns the exit status; ArgumentTypeError is wrong usage. A command
            of several actions has none.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"{examples}\n{EXIT_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run, parser=command)
    return command


def add_rules(command: argparse.ArgumentParser) -> None:
    """Add the options that say how texts are counted."""
    rules = command.add_argument_group("rules")
    rules.add_argument(
        "--provider",
        choices=provider_names(),
        metavar="NAME",
        help="whose published rules hold, beside those given here: " + ", ".join(provider_names()),
    )
    rules.add_argument(
        "--reference-bits",
        type=int,
        choices=(8, 16),
        help="width of the concatenation reference (default 8)",
    )
    rules.add_argument(
        "--languages",
        type=_languages,
        metavar="NAME,...",
        help="national languages whose alphabets may be used, as in turkish,spanish or 1,2",
    )
    rules.add_argument(
        "--keep-graphemes",
        action=argparse.BooleanOptionalAction,
        help="never cut what a reader sees as one character",
    )


def _languages(value: str) -> tuple[str | int, ...]:
    names = [name.strip() for name in value.split(",")]
    languages = tuple(int(name) if name.isdecimal() else name for name in names)
    try:
        Segmenter(languages=languages)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return languages


def add_address(command: argparse.ArgumentParser) -> None:
    """Add the options that say where to listen."""
    command.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)"
    )
    command.add_argument(
        "--port", type=_port, required=True, metavar="N", help="the TCP port; 0 takes a free one"
    )


def day(value: str) -> date:
    """Return the day that an argument names."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date such as 2026-01-31") from None


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port from 0 to 65535")
    return int(value)
