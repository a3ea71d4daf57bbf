"""The arguments of the command line."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any, NoReturn

from .. import IMPLEMENTATION, __version__
from ..providers import provider_names
from ..segmentation import Segmenter
from .characters import visible

__all__ = ["parser", "segmenter"]

_ESTIMATE_EXAMPLES = """\
example:
  septet estimate campaign.csv --text body --to phone --rates rates.csv

A rate card is a CSV file with the columns prefix, price and currency (three
capital letters), and if wanted country, network (a note), kind (sms, or mms,
which is not used here), surcharge, per (segment, or message) and valid_from
(a date); or a TOML file of tables [[rates]] with the same fields. Prices have
at most 6 decimals, and a prefix has one rate at a time: the longest prefix of
the recipient's E.164 number wins.
"""
_COUNT_EXAMPLES = """\
example:
  septet count "Your code is 123456"
"""
_INSPECT_EXAMPLES = """\
example:
  septet inspect "Tonight: jazz at the café ’til 2"
"""
_RATES_EXAMPLES = """\
example:
  septet rates check rates.csv
"""
_CHECK_EXAMPLES = f"""\
{_RATES_EXAMPLES}
What is found is no error, and may be meant: rows that change nothing, prefixes
that make others useless, numbers and days without a rate among others that
have one, and prices out of the ordinary.
"""
_EXIT_STATUS = """\
exit status:
  0 fine, 1 the input or a part of it cannot be read, or a check found
  something, 2 wrong usage, 130 interrupted, 141 the reader of the output went
  away
"""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        # It may quote an argument, which may be any text.
        super().error(visible(message))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = _Parser(
        prog="septet",
        description="What a text will be billed before it is sent: encoding, units and segments.",
        epilog=_ESTIMATE_EXAMPLES.partition("\n\n")[0] + "\n\n" + _EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"septet {__version__} ({IMPLEMENTATION})"
    root.add_argument("--version", action="version", version=version)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)

    estimate = _command(
        commands, "estimate", "what a file of messages will take and cost", _ESTIMATE_EXAMPLES
    )
    _add_rules(estimate)
    estimate.add_argument("file", metavar="FILE", help="a .csv, .csv.gz or .parquet file")
    estimate.add_argument("--text", metavar="COLUMN", required=True, help="the column of texts")
    estimate.add_argument("--to", metavar="COLUMN", help="the column of recipients (E.164 numbers)")
    estimate.add_argument("--rates", metavar="RATES", help="a rate card to price by; needs --to")
    estimate.add_argument(
        "--on", metavar="DATE", type=_date, help="price by the rates of that day, as in 2026-01-31"
    )
    estimate.add_argument("--json", action="store_true", help="print the estimate as JSON")

    for name, summary, examples in (
        ("count", "how many segments a text takes", _COUNT_EXAMPLES),
        ("inspect", "where a text is cut and what forces UCS-2", _INSPECT_EXAMPLES),
    ):
        command = _command(commands, name, summary, examples)
        _add_rules(command)
        command.add_argument(
            "text", metavar="TEXT", help="the text; put -- before one that begins with a dash"
        )

    rates = _command(commands, "rates", "look at a rate card", _RATES_EXAMPLES)
    actions = rates.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = _command(actions, "check", "what is suspicious about a rate card", _CHECK_EXAMPLES)
    check.add_argument("file", metavar="FILE", help="a rate card in CSV or TOML")
    return root


def segmenter(arguments: argparse.Namespace) -> Segmenter:
    """Return the rules that the arguments ask for."""
    options = {
        name: getattr(arguments, name)
        for name in ("reference_bits", "languages", "keep_graphemes")
        if getattr(arguments, name) is not None
    }
    if arguments.provider is None:
        return Segmenter(**options)
    return Segmenter.for_provider(arguments.provider, **options)


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    summary: str,
    examples: str,
) -> _Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"{examples}\n{_EXIT_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_rules(command: argparse.ArgumentParser) -> None:
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


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
