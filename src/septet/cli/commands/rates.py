"""`septet rates check`: what is suspicious about a rate card."""

from __future__ import annotations

import argparse
import sys

from ...costing import RateCard
from ...display.characters import visible
from ..arguments import Commands, add_command
from ..terminal import Column, terminal

__all__ = ["add_to"]

_EXAMPLES = """\
example:
  septet rates check rates.csv
"""
_CHECK_EXAMPLES = f"""\
{_EXAMPLES}
What is found is no error, and may be meant: rows that change nothing, prefixes
that make others useless, numbers and days without a rate among others that
have one, and prices out of the ordinary.
"""


def add_to(commands: Commands) -> None:
    """Add the command `rates` and its actions."""
    rates = add_command(commands, "rates", "look at a rate card", _EXAMPLES)
    actions = rates.add_subparsers(dest="action", metavar="ACTION", required=True)
    summary = "what is suspicious about a rate card"
    check = add_command(actions, "check", summary, _CHECK_EXAMPLES, _check)
    check.add_argument("file", metavar="FILE", help="a rate card in CSV or TOML")


def _check(arguments: argparse.Namespace) -> int:
    """Print what is found and return the exit status: 1 if there is anything."""
    card = RateCard.read(arguments.file)
    findings = card.check()
    out = terminal(sys.stdout)
    if findings:
        out.table(
            "",
            [Column("Place"), Column("Prefix"), Column("Kind"), Column("Finding")],
            [
                [finding.place or "", finding.prefix, finding.kind, finding.message]
                for finding in findings
            ],
        )
    count = len(card.all_rates)
    rates = "1 rate" if count == 1 else f"{count:,} rates"
    out.line(f"{visible(arguments.file)}: {rates}, findings: {len(findings):,}")
    return 1 if findings else 0
