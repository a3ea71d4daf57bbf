"""`septet rates check`: what is suspicious about a rate card."""

from __future__ import annotations

import sys

from ..costing import RateCard
from .characters import visible
from .terminal import Column, terminal

__all__ = ["check"]


def check(file: str) -> int:
    """Print what is found and return the exit status: 1 if there is anything."""
    card = RateCard.read(file)
    findings = card.check()
    out = terminal(sys.stdout)
    if findings:
        out.table(
            "",
            [Column("Prefix"), Column("Kind"), Column("Finding")],
            [[finding.prefix, finding.kind, finding.message] for finding in findings],
        )
    out.line(f"{visible(file)}: {len(card.all_rates):,} rates, findings: {len(findings):,}")
    return 1 if findings else 0
