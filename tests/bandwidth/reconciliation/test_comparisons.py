"""A message compared: both figures, the reason, or why there is nothing to compare."""

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
MMS = replace(SMS, medium="MMS", segment_counts=(1,))


def compared(facts: ReportedMessage, **options) -> Comparison:
    rules = Segmenter(**options)
    return compare(facts, rules, ReasonFinder(rules))


def test_equal() -> None:
    """Nothing to explain."""
    found = compared(SMS)
    assert (found.estimated, found.reported, found.difference) == (2, 2, 0)
    assert (found.analysis.encoding, found.analysis.unit_count) == (Encoding.GSM7, 161)
    assert (found.reason, found.left_out, found.price) == (None, None, None)


def test_differing() -> None:
    """The difference is what the provider has more."""
    found = compared(replace(SMS, segment_counts=(3,)))
    assert (found.difference, found.reason) == (1, Reason.UCS2)
    assert compared(replace(SMS, segment_counts=(1,))).difference == -1


def test_contradiction() -> None:
    """Two figures of the provider differ, whichever is ours; the larger one is what it may bill."""
    for figures in ((1, 2), (2, 3), (0, 1)):
        found = compared(replace(SMS, segment_counts=figures))
        assert (found.reason, found.reported) == (Reason.CONTRADICTION, figures[-1])


@pytest.mark.parametrize("text", ["a" * 161, "", None])
def test_mms(text) -> None:
    """One, whatever its text."""
    found = compared(replace(MMS, text=text))
    assert (found.estimated, found.difference, found.analysis) == (1, 0, None)
    several = replace(MMS, text=text, to=("+1", "+2", "+3"), segment_counts=(3,))
    assert compared(several).reason is Reason.RECIPIENTS


@pytest.mark.parametrize(
    ("facts", "left_out", "estimated"),
    [
        (replace(SMS, text=None), LeftOut.NO_TEXT, None),
        (replace(SMS, segment_counts=()), LeftOut.NO_COUNT, 2),
        (replace(SMS, text=None, segment_counts=()), LeftOut.NO_TEXT, None),
        (replace(MMS, segment_counts=()), LeftOut.NO_COUNT, 1),
        (replace(SMS, medium="RBM"), LeftOut.RBM, None),
        (replace(SMS, text=None, segment_counts=(1, 2)), LeftOut.NO_TEXT, None),
    ],
)
def test_left_out(facts, left_out, estimated) -> None:
    """What there is is kept."""
    found = compared(facts)
    assert (found.left_out, found.estimated, found.reason) == (left_out, estimated, None)
    assert found.reported == max(facts.segment_counts, default=None)
    if None in (found.estimated, found.reported):
        assert found.difference is None


def test_names() -> None:
    """What is shown of a reason is its name, what is written its text."""
    assert (repr(LeftOut.RBM), str(LeftOut.RBM)) == ("LeftOut.RBM", "RBM has no segments")


def test_empty_text() -> None:
    """An empty message that came in is one segment."""
    assert compared(replace(SMS, text="", segment_counts=(1,))).estimated == 1


def test_other_rules() -> None:
    """The estimate is theirs; what they refuse is an error."""
    found = compared(replace(SMS, text="ş" * 71, segment_counts=(1,)), languages=["turkish"])
    assert (found.estimated, found.reason) == (1, None)
    with pytest.raises(EncodingError):
        compared(replace(SMS, text="ş"), encoding="gsm7")
