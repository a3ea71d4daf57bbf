"""What the error codes of failed messages mean; the table is data (`error_codes.csv`).

Sources, in the column `source`: Bandwidth's page of messaging error codes as of 2023-11
(github.com/Bandwidth/api-docs, `errors.mdx`), and six codes that are newer, from its transcript of
2026-08-31. The meanings are in our words. Whether a failure was billed is known for the former.

The first digit tells who is at fault (4 the client, 5 a server, 9 nobody knows) and the second who
says so. By Bandwidth's rule a message that failed with 4xxx fails again, one that failed with 5xxx
may be sent again, and once at most if the carrier reported it (56xx). `Retry.LATER` is ours, but
for 4785: the rule says never, and the explanation of the code tells of something that passes.
Codes have been added and have changed their meaning, so one that the table lacks gets what the
rule says.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

__all__ = ["Category", "ErrorCode", "Retry", "find_error"]


class Category(StrEnum):
    """Who is at fault, and who says so."""

    BANDWIDTH_REJECTED = "bandwidth-rejected"
    CARRIER_REJECTED = "carrier-rejected"
    BANDWIDTH_FAULT = "bandwidth-fault"
    CARRIER_FAULT = "carrier-fault"
    AMBIGUOUS = "ambiguous"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Retry(StrEnum):
    """Whether a message that failed may be sent again.

    `NEVER`: it would fail again. `LATER`: not now, for the reason may pass. `ALLOWED`: it may be.
    `ONCE`: once and no more. `UNKNOWN`: it may have been delivered, so it may come twice.
    """

    NEVER = "never"
    LATER = "later"
    ALLOWED = "allowed"
    ONCE = "once"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What a code means.

    Attributes:
        code: The provider's number.
        name: The provider's name; None for a code that the table lacks.
        meaning: What happened, in a few words.
        category: Who is at fault, and who says so.
        retry: Whether the message may be sent again.
        is_billed: Whether the failed message was billed, in the table of 2023; None if not known.
    """

    code: int
    name: str | None
    meaning: str
    category: Category
    retry: Retry
    is_billed: bool | None


def find_error(code: int) -> ErrorCode | None:
    """Return what a code means; None for one that is not of the provider's scheme."""
    digits = str(code)
    if len(digits) != 4:
        return None
    table = _table()
    for key in (digits, f"{digits[:2]}xx", f"{digits[0]}xxx"):
        if row := table.get(key):
            return ErrorCode(
                code=code,
                name=row["name"] or None,
                meaning=row["meaning"],
                category=Category(row["category"]),
                retry=Retry(row["retry"]),
                is_billed=_BILLED[row["billed"]],
            )
    return None


_BILLED = {"yes": True, "no": False, "": None}


@cache
def _table() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("error_codes.csv")
    with path.open(encoding="ascii", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}
