"""What becomes of a message for each recipient, told by the recipient's number.

    +1555555CCCC       fails with the error code CCCC
    +15555559902       fails with 9902, when no receipt has come for 73 hours
    +15555550000       nobody ever hears of it: no callback at all
    +1 and not 10 more digits, or fewer than 8 digits: fails with 4303, an invalid number
    any other          is delivered

555 is no area code, so no real number fails by accident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import ErrorCategory, find_error

__all__ = ["NOT_SENT_EXPIRED", "Step", "error_of", "fates", "steps_to"]

_INVALID_TO_NUMBER = 4303
NOT_SENT_EXPIRED = 4360
_RECEIPT_EXPIRED = 9902
_RECEIPT_SECONDS = 73 * 3600.0  # since July 2026; before, it was two hours

_SCHEME = re.compile(r"\+1555555([0-9]{4})")
_INVALID = re.compile(r"\+1(?![0-9]{10}$)[0-9]*|\+[0-9]{1,7}")

# Found out before anything is handed on, so that there is no message-sent.
_REJECTED = (ErrorCategory.BANDWIDTH_REJECTED, ErrorCategory.BANDWIDTH_FAULT)


@dataclass(frozen=True, slots=True)
class Step:
    """An event in a recipient's life of a message.

    Attributes:
        to: The recipient.
        type: The type of the event.
        error_code: The reason, of `message-failed`.
        delay: Seconds after the step before.
    """

    to: str
    type: str
    error_code: int | None = None
    delay: float = 0.0

    @property
    def description(self) -> str:
        """The provider's prose for it."""
        if self.error_code is None:
            return _DESCRIPTIONS[self.type]
        error = find_error(self.error_code)
        return (error and error.name) or "unknown-error"


_DESCRIPTIONS = {
    "message-sending": "Message is sending to carrier",
    "message-sent": "Message sent to carrier",
    "message-delivered": "Message delivered to carrier.",
}


def error_of(number: str) -> int | None:
    """Return the error that a message to a number ends with: None if none, 0 if nobody hears."""
    if match := _SCHEME.fullmatch(number):
        return int(match[1])
    return _INVALID_TO_NUMBER if _INVALID.fullmatch(number) else None


def fates(to: tuple[str, ...], *, is_mms: bool, is_old: bool = False) -> list[list[Step]]:
    """Return the steps of each recipient, one list each, in their order.

    Args:
        to: The recipients; several are a group.
        is_mms: Whether it is an MMS, as groups are.
        is_old: Groups as the provider's overview tells of their fault: there are no receipts, an
            invalid number fails, and then every number is delivered, the invalid one too.
    """
    if is_old and len(to) > 1:
        return [_old(number) for number in to]
    return [steps_to(number, error_of(number), is_mms=is_mms) for number in to]


def steps_to(to: str, code: int | None, *, is_mms: bool) -> list[Step]:
    """Return the steps of a recipient whose message ends with an error code as of `error_of`."""
    if code == 0:
        return []
    start = Step(to, "message-sending" if is_mms else "message-sent")
    if code is None:
        return [start, Step(to, "message-delivered")]
    error = find_error(code)
    delay = _RECEIPT_SECONDS if code == _RECEIPT_EXPIRED else 0.0
    failed = Step(to, "message-failed", code, delay)
    return [failed] if error is not None and error.category in _REJECTED else [start, failed]


def _old(to: str) -> list[Step]:
    code = error_of(to)
    delivered = [] if code == 0 else [Step(to, "message-delivered")]
    if code == _INVALID_TO_NUMBER:
        return [Step(to, "message-failed", code), *delivered]
    return delivered
