"""The argument parser: commands and their help, shared options, usage errors."""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

from ..display.characters import visible
from ..rules.providers import provider_names
from ..segmentation import Segmenter

__all__ = [
    "STANDARD_INPUT",
    "Parser",
    "UsageError",
    "add_address",
    "add_rules",
    "address",
    "day",
    "has_value",
    "positive_number",
    "positive_whole_number",
    "refused_values",
    "require",
    "segmenter",
    "whole_number",
]

STANDARD_INPUT = "-"
"""The argument that stands for standard input."""

_STATUSES = {0: "success", 1: "error", 2: "wrong usage", 130: "interrupted", 141: "broken pipe"}
_MAX_HELP_COLUMNS = 100


class UsageError(Exception):
    """Arguments that do not go together, or a value that is not allowed: exit status 2."""


class Parser(argparse.ArgumentParser):
    """The parser of the program, or of one of its commands. It accepts no abbreviated options.

    Attributes:
        summary: What the command does: a sentence in the imperative.
        details: Examples and explanations.
        statuses: The meaning of each exit status.
        commands: The parsers of the commands below this one, by name, in the order of the help.
    """

    def __init__(
        self,
        *,
        prog: str,
        summary: str,
        details: str = "",
        statuses: Mapping[int, str] | None = None,
        **options: Any,
    ) -> None:
        """Make a parser that has no arguments yet.

        Args:
            prog: The full name of the command, as in "septet rates check".
            summary: What it does: a sentence in the imperative.
            details: Examples and explanations below the list of options. Paragraphs without
                indented lines are wrapped to the width of the terminal.
            statuses: Meanings of exit statuses that differ from the usual ones.
            **options: What argparse passes to the parser of a command.
        """
        super().__init__(
            prog=prog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            add_help=False,
            **options,
        )
        self.add_argument("-h", "--help", action="help", help="Show this help.")
        self.summary = summary
        self.details = details
        self.statuses = dict(sorted({**_STATUSES, **(statuses or {})}.items()))
        self.commands: dict[str, Parser] = {}
        self._words: Sequence[str] = ()
        self._subparsers_action: argparse._SubParsersAction[Parser] | None = None

    def add_command(
        self,
        name: str,
        summary: str,
        details: str,
        run: Callable[[argparse.Namespace], int] | None = None,
        statuses: Mapping[int, str] | None = None,
    ) -> Parser:
        """Add a command below this parser and return its parser.

        Args:
            name: The last word of the command.
            summary: What it does: a sentence in the imperative.
            details: Examples and explanations below the list of options.
            run: Runs the command and returns the exit status; may raise `UsageError`. None for a
                command that only groups others.
            statuses: Meanings of exit statuses that differ from the usual ones.
        """
        if self._subparsers_action is None:
            self._subparsers_action = self.add_subparsers(metavar="COMMAND")
        command = self._subparsers_action.add_parser(
            name,
            prog=f"{self.prog} {name}",
            help=summary,
            summary=summary,
            details=details,
            statuses=statuses,
        )
        command.set_defaults(run=run or command._miss_command, parser=command)
        self.commands[name] = command
        return command

    @property
    def arguments(self) -> list[argparse.Action]:
        """The arguments and options of this command, in the order of the help."""
        return [action for action in self._actions if action is not self._subparsers_action]

    def walk(self) -> Iterator[Parser]:
        """Yield this parser and the parsers of all commands below it, in the order of the help."""
        yield self
        for command in self.commands.values():
            yield from command.walk()

    def format_help(self) -> str:
        """Return the help, wrapped to the terminal."""
        statuses = "".join(f"  {status:<3}  {text}\n" for status, text in self.statuses.items())
        self.description = _wrapped(self.summary)
        self.epilog = _wrapped(f"{self.details}\nExit status:\n{statuses}")
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments as argparse does; `error` looks for a misspelt option in them."""
        self._words = args or ()
        return super().parse_known_args(args, namespace)

    def _miss_command(self, _: argparse.Namespace) -> int:
        raise UsageError(f"give a COMMAND: {' or '.join(self.commands)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Check a command or the value of an option; argparse calls this."""
        if action is self._subparsers_action and value not in self.commands:
            names = ", ".join(self.commands)
            similar = _similar(value, self.commands) or f" (choose from {names})"
            self.error(f"unknown COMMAND {value!r}{similar}")
        if action.choices is not None and value not in action.choices:
            similar = _similar(str(value), map(str, action.choices))
            if similar:
                raise argparse.ArgumentError(action, f"invalid choice: {value!r}{similar}")
        super()._check_value(action, value)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write a message; unlike argparse, fail if standard output does. argparse calls this."""
        if file is sys.stdout:
            print(message, end="", file=file, flush=True)
        else:
            super()._print_message(message, file)

    def _unknown_option(self) -> str | None:
        """Return the first argument that looks like an option, but is none of this parser."""
        for word in self._words:
            is_option = word[:1] == "-" and word.strip("-")[:1].isalpha() and " " not in word
            if word == "--" or (self.commands and not is_option):
                break  # what follows are texts, or arguments of a command
            if is_option and word.partition("=")[0] not in self._option_string_actions:
                return word
        return None

    def error(self, message: str) -> NoReturn:
        """Write one line to standard error and exit with status 2.

        A misspelt option is reported before what is missing without it.

        Args:
            message: What is wrong. It may quote an argument, which can contain any characters.
        """
        unknown = self._unknown_option()
        if unknown is not None:
            if unknown not in message:
                message = f"unrecognized arguments: {unknown}"
            message += _similar(unknown.partition("=")[0], self._option_string_actions)
        elif message.startswith("unrecognized") and any(
            action.metavar == "TEXT" and not action.option_strings for action in self._actions
        ):
            message += " (put a text of several words in quotes)"
        self.exit(2, f"{self.prog}: error: {visible(message)}; see '{self.prog} --help'\n")


class _ProviderNames:
    """The names of providers, read when they are needed: for a name to check, and for the help."""

    def __iter__(self) -> Iterator[str]:
        return iter(provider_names())


@contextmanager
def refused_values() -> Iterator[None]:
    """Report a ValueError in the block as a usage error: an object refused the value of an option.

    Raises:
        UsageError: The block raised ValueError.
    """
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error)) from None


def has_value(arguments: argparse.Namespace, option: str) -> bool:
    """Return whether an option was given, or has a default.

    Args:
        arguments: The parsed arguments.
        option: The option with its dashes.
    """
    value = getattr(arguments, option[2:].replace("-", "_"))
    return not (value is None or value is False or value == [])


def require(
    arguments: argparse.Namespace, requirements: Mapping[str, str], meanings: Mapping[str, str]
) -> None:
    """Check that options which need another one are given together with it.

    Args:
        arguments: The parsed arguments.
        requirements: The option that each option needs.
        meanings: What a needed option gives.

    Raises:
        UsageError: A needed option is missing.
    """
    for option, needed in requirements.items():
        if has_value(arguments, option) and not has_value(arguments, needed):
            raise UsageError(f"{option} needs {needed}: {meanings[needed]}")


def segmenter(arguments: argparse.Namespace) -> Segmenter:
    """Return the segmenter with the rules that the arguments ask for (see `add_rules`)."""
    options = {
        name: getattr(arguments, name)
        for name in ("reference_bits", "languages", "keep_graphemes")
        if getattr(arguments, name) is not None
    }
    return Segmenter(provider=arguments.provider, **options)


def add_rules(command: Parser) -> None:
    """Add the options that say how texts are counted."""
    rules = command.add_argument_group("counting rules")
    rules.add_argument(
        "--provider",
        choices=_ProviderNames(),
        metavar="NAME",
        help="Count by the published rules of this provider: %(choices)s. The other options "
        "override single rules.",
    )
    rules.add_argument(
        "--reference-bits",
        type=whole_number,
        choices=(8, 16),
        help="Set the width of the concatenation reference number (default: 8).",
    )
    rules.add_argument(
        "--languages",
        type=_languages,
        metavar="NAME,...",
        help="Allow the national alphabets of these languages, by name or number: turkish,spanish "
        "or 1,2.",
    )
    rules.add_argument(
        "--keep-graphemes",
        action=argparse.BooleanOptionalAction,
        help="Never split what a reader sees as one character, such as an emoji of several code "
        "points.",
    )


def add_address(command: Parser, default_port: int) -> None:
    """Add the options that say where to listen.

    Args:
        command: The parser of the command.
        default_port: The port that is used without --port.
    """
    command.add_argument(
        "--host",
        type=_host,
        default="127.0.0.1",
        help="Listen on this address (default: 127.0.0.1).",
    )
    command.add_argument(
        "--port",
        type=_port,
        default=default_port,
        metavar="N",
        help=f"Listen on this TCP port (default: {default_port}); 0 takes any free port.",
    )


def address(value: str) -> tuple[str, int]:
    """Return the host and the port that an argument gives as [HOST:]PORT."""
    host, _, port = value.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise argparse.ArgumentTypeError(f"{value!r} is not an address such as [::1]:9100")
    return _host(host or "127.0.0.1"), _port(port)


def day(value: str) -> date:
    """Return the date that an argument gives as YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date such as 2026-01-31") from None


def whole_number(value: str) -> int:
    """Return the number, 0 or greater, that an argument gives."""
    if not (value.isascii() and value.isdecimal() and len(value) < 16):
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number such as 100")
    return int(value)


def positive_whole_number(value: str) -> int:
    """Return the number, 1 or greater, that an argument gives."""
    if not (number := whole_number(value)):
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number from 1")
    return number


def positive_number(value: str) -> float:
    """Return the finite number greater than 0 that an argument gives."""
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number greater than 0")
    return number


def _similar(word: str, known: Iterable[str]) -> str:
    """Return a question after the known word that is written most similarly; empty for none."""
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), names, n=1)
    return f" (did you mean {names[close[0]]}?)" if close else ""


def _languages(value: str) -> tuple[str | int, ...]:
    names = [name.strip() for name in value.split(",")]
    languages = tuple(int(name) if name.isdecimal() else name for name in names)
    try:
        Segmenter(languages=languages)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return languages


def _host(value: str) -> str:
    try:
        value.encode("idna")  # as the socket module does, whose error would name no option
    except UnicodeError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a host name or IP address") from None
    return value


def _port(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{value!r} is not a port number from 0 to 65535")
    return int(value)


def _wrapped(text: str) -> str:
    """Return a text with paragraphs wrapped to the terminal, except those with indented lines."""
    width = min(shutil.get_terminal_size().columns - 2, _MAX_HELP_COLUMNS)
    paragraphs = text.strip("\n").split("\n\n")
    return "\n\n".join(
        paragraph if "\n " in paragraph else textwrap.fill(paragraph, width, break_on_hyphens=False)
        for paragraph in paragraphs
    )
