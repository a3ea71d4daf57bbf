"""`septet rates check`: looks for mistakes in a rate card."""

from __future__ import annotations

import argparse
import sys

from ...costing import RateCard
from ...display.characters import visible
from ...display.wording import plural
from ..arguments import Parser
from ..terminal import Column, terminal

__all__ = ["add_to"]

_EXAMPLE = """\
Example:
  septet rates check rates.csv
"""
_CHECK_DETAILS = f"""\
{_EXAMPLE}
The check reports rows that change nothing, prefixes that hide others, numbers and days without
a rate between some that have one, and unusual prices. Such a row can be intended; septet
estimate accepts the card all the same.
"""


def add_to(root: Parser) -> None:
    """Add the command `rates` and the command below it."""
    rates = root.add_command("rates", "Check rate cards.", _EXAMPLE)
    check = rates.add_command(
        "check",
        "Look for mistakes in a rate card.",
        _CHECK_DETAILS,
        _check,
        statuses={1: "error, or the check found something"},
    )
    check.add_argument("file", metavar="FILE", help="The rate card, in CSV or TOML.")


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
