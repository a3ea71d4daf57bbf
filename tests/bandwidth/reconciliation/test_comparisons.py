"""Comparisons: both counts, the reason, or why they cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from septet import Encoding, EncodingError, Segmenter
from septet.bandwidth.reconciliation import Comparison, LeftOut, Reason, ReportedMessage
from septet.bandwidth.reconciliation.comparisons import compare
from septet.bandwidth.reconciliation.reasons import ReasonFinder

SMS = ReportedMessage("1", None, "sent", "SMS", "+12025550100", ("+13125550140",), "a" * 161, (2,))
RBM = replace(SMS, medium="RBM", text="é" * 100)
MMS = replace(SMS, medium="MMS", segment_counts=(1,))


def compared(message: ReportedMessage, **options) -> Comparison:
    rules = Segmenter(**options)
    return compare(message, rules, ReasonFinder(rules))


def test_equal() -> None:
    """Equal counts need no reason."""
    comparison = compared(SMS)
    assert (comparison.estimated, comparison.reported, comparison.difference) == (2, 2, 0)
    assert (comparison.analysis.encoding, comparison.analysis.unit_count) == (Encoding.GSM7, 161)
    assert (comparison.reason, comparison.left_out, comparison.price) == (None, None, None)


def test_differing() -> None:
    """The difference is the reported count minus ours."""
    comparison = compared(replace(SMS, segment_counts=(3,)))
    assert (comparison.difference, comparison.reason) == (1, Reason.UCS2)
    assert compared(replace(SMS, segment_counts=(1,))).difference == -1


def test_contradiction() -> None:
    """If the provider reported two counts, the message differs, and the larger one is used."""
    for figures in ((1, 2), (2, 3), (0, 1)):
        comparison = compared(replace(SMS, segment_counts=figures))
        assert (comparison.reason, comparison.reported) == (Reason.CONTRADICTION, figures[-1])


@pytest.mark.parametrize("text", ["a" * 161, "", None])
def test_mms(text) -> None:
    """An MMS is one segment with any text."""
    comparison = compared(replace(MMS, text=text))
    assert (comparison.estimated, comparison.difference, comparison.analysis) == (1, 0, None)
    several = replace(MMS, text=text, to=("+1", "+2", "+3"), segment_counts=(3,))
    assert compared(several).reason is Reason.RECIPIENTS


@pytest.mark.parametrize(
    ("changes", "estimated", "reason"),
    [
        ({}, 2, None),
        ({"direction": "received", "from_": "+13125550140", "to": ("ParcelCo",)}, 2, None),
        ({"to": ()}, 2, None),
        ({"to": ("+447700900123",), "segment_counts": (1,)}, 1, None),
        ({"to": ("+447700900123",)}, 1, Reason.RBM_SEGMENTS),
        ({"has_media": True, "segment_counts": (1,)}, 1, None),
        ({"has_media": True, "text": None, "segment_counts": (1,)}, 1, None),
        ({"has_media": True}, 1, Reason.RBM_SEGMENTS),
        ({"segment_counts": (1,)}, 2, Reason.ONCE),
        ({"text": "€" * 161}, 4, Reason.CHARACTERS),
        ({"text": "€" * 161, "segment_counts": (3,)}, 4, Reason.SMS),
        ({"text": "€" * 400, "segment_counts": (6,)}, 8, Reason.SMS),
        ({"text": "€" * 161, "segment_counts": (7,)}, 4, Reason.UNKNOWN),
    ],
)
def test_rbm(changes, estimated, reason) -> None:
    """Bytes count with +1 and for numbers that are not known; media and other countries once."""
    comparison = compared(replace(RBM, **changes))
    assert (comparison.estimated, comparison.reason) == (estimated, reason)
    assert (comparison.left_out, comparison.analysis) == (None, None)


@pytest.mark.parametrize(
    ("message", "left_out", "estimated"),
    [
        (replace(SMS, text=None), LeftOut.NO_TEXT, None),
        (replace(SMS, segment_counts=()), LeftOut.NO_COUNT, 2),
        (replace(SMS, text=None, segment_counts=()), LeftOut.NO_TEXT, None),
        (replace(MMS, segment_counts=()), LeftOut.NO_COUNT, 1),
        (replace(RBM, text=None), LeftOut.NO_TEXT, None),
        (replace(RBM, text=""), LeftOut.NO_TEXT, None),
        (replace(RBM, segment_counts=()), LeftOut.NO_COUNT, 2),
        (replace(SMS, text=None, segment_counts=(1, 2)), LeftOut.NO_TEXT, None),
    ],
)
def test_left_out(message, left_out, estimated) -> None:
    """The counts that exist are kept."""
    comparison = compared(message)
    assert (comparison.left_out, comparison.estimated, comparison.reason) == (
        left_out,
        estimated,
        None,
    )
    assert comparison.reported == max(message.segment_counts, default=None)
    if None in (comparison.estimated, comparison.reported):
        assert comparison.difference is None


def test_names() -> None:
    """`repr` shows the name of a reason, `str` its text."""
    names = repr(LeftOut.NO_TEXT), str(LeftOut.NO_TEXT)
    assert names == ("LeftOut.NO_TEXT", "no text is stored")


def test_empty_text() -> None:
    """An empty received message is one segment."""
    assert compared(replace(SMS, text="", segment_counts=(1,))).estimated == 1


def test_other_rules() -> None:
    """Other rules change the estimate, and may refuse a text."""
    comparison = compared(replace(SMS, text="ş" * 71, segment_counts=(1,)), languages=["turkish"])
    assert (comparison.estimated, comparison.reason) == (1, None)
    with pytest.raises(EncodingError):
        compared(replace(SMS, text="ş"), encoding="gsm7")
