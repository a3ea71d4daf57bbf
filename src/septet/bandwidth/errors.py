"""The meaning of the error codes of failed messages; the table is data (`error_codes.csv`).

The column `source` names the source: Bandwidth's page of messaging error codes as of 2023-11
(github.com/Bandwidth/api-docs, `errors.mdx`), or, for six newer codes, its transcript of
2026-08-31. The meanings are in our words. Only the older page says whether a failure was billed.

The first digit says who caused the failure (4 the client, 5 a server, 9 unknown) and the second who
reported it. By Bandwidth's rule, a message that failed with 4xxx would fail again; one that failed
with 5xxx may be sent again, but only once if the carrier reported it (56xx). `RetryAdvice.LATER` is
ours, except for 4785: by the rule such a message would fail again, but the explanation of the code
describes a temporary condition.
Bandwidth adds codes and changes their meaning, so the rule decides about codes not in the table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

__all__ = ["ErrorCategory", "ErrorCode", "RetryAdvice", "find_error"]


class ErrorCategory(StrEnum):
    """Who caused a failure, and who reported it."""

    BANDWIDTH_REJECTED = "bandwidth-rejected"
    CARRIER_REJECTED = "carrier-rejected"
    BANDWIDTH_FAULT = "bandwidth-fault"
    CARRIER_FAULT = "carrier-fault"
    AMBIGUOUS = "ambiguous"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class RetryAdvice(StrEnum):
    """Whether a message that failed may be sent again.

    `NEVER`: it would fail again. `LATER`: not now, but the reason is temporary. `ALLOWED`: yes.
    `ONCE`: one more time at most. `UNKNOWN`: it may have been delivered, so the recipient may get
    it twice.
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
    """The meaning of an error code.

    Attributes:
        code: The provider's number.
        name: The provider's name; None for a code that is not in the table.
        meaning: What happened, in a few words.
        category: Who caused the failure, and who reported it.
        retry: Whether the message may be sent again.
        is_billed: Whether the failed message is billed, as of 2023; None if that is not known.
    """

    code: int
    name: str | None
    meaning: str
    category: ErrorCategory
    retry: RetryAdvice
    is_billed: bool | None


def find_error(code: int) -> ErrorCode | None:
    """Return the meaning of an error code.

    Args:
        code: The error code of a failed message, such as 4720.

    Returns:
        Its meaning, by the table or else by its first digits; None for a number that is not an
        error code of the provider.
    """
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
                category=ErrorCategory(row["category"]),
                retry=RetryAdvice(row["retry"]),
                is_billed=_BILLED[row["billed"]],
            )
    return None


_BILLED = {"yes": True, "no": False, "": None}


@cache
def _table() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("error_codes.csv")
    with path.open(encoding="ascii", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}
