"""What becomes of messages: by number, by kind, in the old way and the correct one."""

import pytest

from septet.bandwidth.sandbox.results import error_of, fates

FINE, INVALID, OPTED_OUT, SILENT = "+13125550140", "+12025550", "+15555554775", "+15555550000"


def told(lives):
    """The events of each recipient."""
    return [
        [(step.type.removeprefix("message-"), step.error_code) for step in life] for life in lives
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
    """The last four digits tell the code, in an area that does not exist."""
    assert error_of(number) == code


@pytest.mark.parametrize(
    ("number", "life"),
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
def test_sms(number, life):
    """What Bandwidth refuses is never handed on; what the carrier refuses is."""
    assert told(fates((number,), is_mms=False)) == [life]


def test_late_receipt():
    """9902 comes when no receipt has come for 73 hours."""
    ((sent, failed),) = fates(("+15555559902",), is_mms=False)
    assert (sent.delay, failed.delay) == (0, 73 * 3600)


def test_group():
    """Exactly one final event for each recipient."""
    assert told(fates((FINE, INVALID, OPTED_OUT, SILENT), is_mms=True)) == [
        [("sending", None), ("delivered", None)],
        [("failed", 4303)],
        [("sending", None), ("failed", 4775)],
        [],
    ]


def test_old_group():
    """The fault of the overview: the invalid number fails, and everybody is delivered."""
    assert told(fates((FINE, INVALID, OPTED_OUT, SILENT), is_mms=True, is_old=True)) == [
        [("delivered", None)],
        [("failed", 4303), ("delivered", None)],
        [("delivered", None)],
        [],
    ]
    assert told(fates((INVALID,), is_mms=False, is_old=True)) == [[("failed", 4303)]]


def test_descriptions():
    """A failure is described by the provider's name for it; no step is without description."""
    lives = fates((FINE, INVALID, "+15555551234"), is_mms=False)
    assert [step.description for life in lives for step in life][2:] == [
        "malformed-invalid-to-number",
        "Message sent to carrier",
        "unknown-error",
    ]
