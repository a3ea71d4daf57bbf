"""The events of messages: by number, for SMS, MMS and both group behaviours."""

import pytest

from septet.bandwidth.sandbox.results import error_code_for, steps_by_recipient

FINE, INVALID, OPTED_OUT, SILENT = "+13125550140", "+12025550", "+15555554775", "+15555550000"


def events(steps_by_number):
    """Return the events of each recipient."""
    return [
        [(step.type.removeprefix("message-"), step.error_code) for step in steps]
        for steps in steps_by_number
    ]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (FINE, None),
        ("+447700900123", None),
        ("+15555554720", 4720),
        ("+15555555999", 5999),
        (SILENT, 0),
        ("+15565554720", None),
        (INVALID, 4303),
        ("+120255501001", 4303),
        ("+1555555472", 4303),
        ("+4477009", 4303),
        ("+44770090", None),
    ],
)
def test_numbers(number, code):
    """In an area code that does not exist, the last four digits are the error code."""
    assert error_code_for(number) == code


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (FINE, [("sent", None), ("delivered", None)]),
        (OPTED_OUT, [("sent", None), ("failed", 4775)]),
        (INVALID, [("failed", 4303)]),
        ("+15555555100", [("failed", 5100)]),
        ("+15555555600", [("sent", None), ("failed", 5600)]),
        ("+15555551234", [("sent", None), ("failed", 1234)]),
        (SILENT, []),
    ],
)
def test_sms(number, expected):
    """Messages that Bandwidth itself refuses are never sent to the carrier."""
    assert events(steps_by_recipient((number,), "message-sent")) == [expected]


def test_late_receipt():
    """9902 follows after 73 hours without a receipt."""
    ((sent, failed),) = steps_by_recipient(("+15555559902",), "message-sent")
    assert (sent.delay, failed.delay) == (0, 73 * 3600)


def test_group():
    """Each recipient has exactly one final event."""
    assert events(steps_by_recipient((FINE, INVALID, OPTED_OUT, SILENT), "message-sending")) == [
        [("sending", None), ("delivered", None)],
        [("failed", 4303)],
        [("sending", None), ("failed", 4775)],
        [],
    ]


def test_old_group():
    """The documented fault: invalid numbers fail, and all numbers are delivered."""
    group = (FINE, INVALID, OPTED_OUT, SILENT)
    assert events(steps_by_recipient(group, "message-sending", has_old_groups=True)) == [
        [("delivered", None)],
        [("failed", 4303), ("delivered", None)],
        [("delivered", None)],
        [],
    ]
    alone = steps_by_recipient((INVALID,), "message-sent", has_old_groups=True)
    assert events(alone) == [[("failed", 4303)]]


def test_descriptions():
    """A failure has the provider's name for the error; every step has a description."""
    recipients = steps_by_recipient((FINE, INVALID, "+15555551234"), "message-sent")
    assert [step.description for steps in recipients for step in steps][2:] == [
        "malformed-invalid-to-number",
        "Message sent to carrier",
        "unknown-error",
    ]
