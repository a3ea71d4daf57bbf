"""`septet rates`: looks for mistakes in a rate card, and makes one of a price list."""

from __future__ import annotations

import argparse
import sys

from ...costing import RateCard
from ...display.characters import visible
from ...display.wording import plural
from ...files.text_encodings import check_encoding
from ..arguments import Parser, refused_values
from ..outputs import check_outputs
from ..terminal import Column, terminal

__all__ = ["add_to"]

_EXAMPLE = """\
Examples:
  septet rates import prices.csv --output rates.csv
  septet rates check rates.csv
"""
_CHECK_DETAILS = """\
Example:
  septet rates check rates.csv

The check reports rows that change nothing, prefixes that hide others, numbers and days without
a rate between some that have one, and unusual prices. Such a row can be intended; septet
estimate accepts the card all the same.
"""
_IMPORT_DETAILS = """\
Examples:
  septet rates import prices.csv --output rates.csv
  septet rates import prices.json --output rates.csv --currency EUR
  septet rates import prices.xlsx --output rates.csv --sheet "SMS prices"

The list is one that a provider publishes: CSV with commas, semicolons or tabs, JSON, or an Excel
workbook (.xlsx). Headings may have any case, order and usual name; prices may be by dialling code,
country, ISO code or mobile country code, and by network. The report says how the list was
understood and which rows were passed over. A cell that could mean two things is an error, and no
card is written.
"""


def add_to(root: Parser) -> None:
    """Add the command `rates` and the commands below it."""
    rates = root.add_command("rates", "Check rate cards, and make them of price lists.", _EXAMPLE)
    check = rates.add_command(
        "check",
        "Look for mistakes in a rate card.",
        _CHECK_DETAILS,
        _check,
        statuses={1: "error, or the check found something"},
    )
    check.add_argument("file", metavar="FILE", help="The rate card, or a price list.")
    importing = rates.add_command(
        "import", "Make a rate card of a provider's price list.", _IMPORT_DETAILS, _import
    )
    importing.add_argument("list", metavar="LIST", help="The price list: CSV, JSON, TOML or .xlsx.")
    importing.add_argument(
        "--output", metavar="CARD", required=True, help="Write the rate card to this CSV file."
    )
    importing.add_argument(
        "--currency",
        type=_currency,
        metavar="CUR",
        help="Take this currency, such as EUR, for prices that have none in the list.",
    )
    importing.add_argument(
        "--encoding",
        metavar="NAME",
        help="Read a list without a byte order mark in this encoding, such as windows-1252 "
        "(default: UTF-8).",
    )
    importing.add_argument(
        "--sheet",
        metavar="NAME",
        help="Read this sheet of a workbook (default: the only one with the headings of a list).",
    )


def _check(arguments: argparse.Namespace) -> int:
    """Print the findings and return the exit status: 1 if there are any."""
    card = RateCard.read(arguments.file)
    findings = card.check()
    out = terminal(sys.stdout)
    if findings:
        out.table(
            "",
            [Column("Row"), Column("Prefix"), Column("Kind"), Column("Finding")],
            [
                [finding.place or "", finding.prefix, finding.kind, finding.message]
                for finding in findings
            ],
        )
    rates = plural(len(card.all_rates), "rate")
    out.line(f"{visible(arguments.file)}: {rates}, {plural(len(findings), 'finding')}")
    return 1 if findings else 0


def _import(arguments: argparse.Namespace) -> int:
    """Write the rate card and print the report; the exit status is 0 if the card is whole."""
    from ...costing.rates.lists.files.card_files import write_card
    from ...costing.rates.lists.price_list import read_price_list

    check_outputs(arguments, ["--output"], [arguments.list])
    with refused_values():
        if arguments.encoding is not None:
            check_encoding(arguments.encoding)
    price_list = read_price_list(
        arguments.list, arguments.currency, arguments.encoding, arguments.sheet
    )
    write_card(arguments.output, price_list.rates)
    out = terminal(sys.stdout)
    for line in price_list.report.lines():
        out.line(visible(line))
    out.line(f"{visible(arguments.output)}: {visible(price_list.summary())}")
    return 0


def _currency(value: str) -> str:
    if not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise argparse.ArgumentTypeError(f"{value!r} is not three letters such as USD")
    return value.upper()
