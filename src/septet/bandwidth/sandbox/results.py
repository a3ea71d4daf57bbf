"""The events of a message for each recipient, decided by the recipient's number.

    +1555555CCCC       fails with the error code CCCC
    +15555559902       fails with 9902 after 73 hours without a receipt
    +15555550000       gets no callbacks
    +1 with fewer or more than 10 digits, or fewer than 8 digits: fails with 4303, invalid number
    any other          is delivered

555 is not an area code, so no real number fails by accident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import ErrorCategory, find_error

__all__ = ["MESSAGE_EXPIRED", "Step", "error_code_for", "steps_by_recipient", "steps_for"]

_INVALID_NUMBER = 4303
MESSAGE_EXPIRED = 4360
_RECEIPT_EXPIRED = 9902
_RECEIPT_SECONDS = 73 * 3600.0  # since July 2026; before, it was two hours

_ERROR_NUMBER = re.compile(r"\+1555555([0-9]{4})")
_INVALID_FORM = re.compile(r"\+1(?![0-9]{10}$)[0-9]*|\+[0-9]{1,7}")

# The provider fails these before it sends anything, so there is no message-sent.
_FAILED_BEFORE_SENDING = (ErrorCategory.BANDWIDTH_REJECTED, ErrorCategory.BANDWIDTH_FAULT)


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a message for one recipient.

    Attributes:
        to: The recipient.
        type: The type of the event.
        error_code: The error code of `message-failed`.
        delay: Seconds of the sandbox's clock after the previous step.
    """

    to: str
    type: str
    error_code: int | None = None
    delay: float = 0.0

    @property
    def description(self) -> str:
        """The provider's description of the event."""
        if self.error_code is None:
            return _DESCRIPTIONS[self.type]
        error = find_error(self.error_code)
        return (error and error.name) or "unknown-error"


_DESCRIPTIONS = {
    "message-sending": "Message is sending to carrier",
    "message-sent": "Message sent to carrier",
    "message-delivered": "Message delivered to carrier.",
}


def error_code_for(number: str) -> int | None:
    """Return the error code of a message to a number: None if delivered, 0 without callbacks."""
    if match := _ERROR_NUMBER.fullmatch(number):
        return int(match[1])
    return _INVALID_NUMBER if _INVALID_FORM.fullmatch(number) else None


def steps_by_recipient(
    to: tuple[str, ...], first_type: str, *, has_old_groups: bool = False
) -> list[list[Step]]:
    """Return a list of steps for each recipient, in the order of the recipients.

    Args:
        to: The recipients; several make a group.
        first_type: The type of the event before the last one, "message-sending" or "message-sent".
        has_old_groups: Whether groups have the fault that the provider's overview describes: an
            invalid number fails, and then every number is delivered, the invalid one too.
    """
    if has_old_groups and len(to) > 1:
        return [_old_group_steps(number) for number in to]
    return [steps_for(number, error_code_for(number), first_type) for number in to]


def steps_for(to: str, code: int | None, first_type: str) -> list[Step]:
    """Return the steps of one recipient.

    Args:
        to: The recipient.
        code: The error code, as `error_code_for` returns it.
        first_type: The type of the event before the last one.
    """
    if code == 0:
        return []
    start = Step(to, first_type)
    if code is None:
        return [start, Step(to, "message-delivered")]
    error = find_error(code)
    delay = _RECEIPT_SECONDS if code == _RECEIPT_EXPIRED else 0.0
    failed = Step(to, "message-failed", code, delay)
    return (
        [failed]
        if error is not None and error.category in _FAILED_BEFORE_SENDING
        else [start, failed]
    )


def _old_group_steps(to: str) -> list[Step]:
    code = error_code_for(to)
    delivered = [] if code == 0 else [Step(to, "message-delivered")]
    if code == _INVALID_NUMBER:
        return [Step(to, "message-failed", code), *delivered]
    return delivered
