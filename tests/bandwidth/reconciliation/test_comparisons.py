"""A message compared: both figures, the reason, or why there is nothing to compare."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from septet import Encoding, EncodingError, Segmenter
from septet.bandwidth.reconciliation import Comparison, Facts, LeftOut, Reason
from septet.bandwidth.reconciliation.comparisons import compare
from septet.bandwidth.reconciliation.reasons import Reasons

SMS = Facts("1", None, "sent", "SMS", "+12025550100", ("+13125550140",), "a" * 161, (2,))
MMS = replace(SMS, medium="MMS", figures=(1,))


def compared(facts: Facts, **options) -> Comparison:
    rules = Segmenter(**options)
    return compare(facts, rules, Reasons(rules))


def test_equal() -> None:
    """Nothing to explain."""
    found = compared(SMS)
    assert (found.estimated, found.reported, found.difference) == (2, 2, 0)
    assert (found.analysis.encoding, found.analysis.unit_count) == (Encoding.GSM7, 161)
    assert (found.reason, found.left_out, found.price) == (None, None, None)


def test_differing() -> None:
    """The difference is what the provider has more."""
    found = compared(replace(SMS, figures=(3,)))
    assert (found.difference, found.reason) == (1, Reason.UCS2)
    assert compared(replace(SMS, figures=(1,))).difference == -1


def test_contradiction() -> None:
    """Two figures of the provider differ, whichever is ours; the larger one is what it may bill."""
    for figures in ((1, 2), (2, 3), (0, 1)):
        found = compared(replace(SMS, figures=figures))
        assert (found.reason, found.reported) == (Reason.CONTRADICTION, figures[-1])


@pytest.mark.parametrize("text", ["a" * 161, "", None])
def test_mms(text) -> None:
    """One, whatever its text."""
    found = compared(replace(MMS, text=text))
    assert (found.estimated, found.difference, found.analysis) == (1, 0, None)
    several = replace(MMS, text=text, to=("+1", "+2", "+3"), figures=(3,))
    assert compared(several).reason is Reason.RECIPIENTS


@pytest.mark.parametrize(
    ("facts", "left_out", "estimated"),
    [
        (replace(SMS, text=None), LeftOut.NO_TEXT, None),
        (replace(SMS, figures=()), LeftOut.NO_FIGURE, 2),
        (replace(SMS, text=None, figures=()), LeftOut.NO_TEXT, None),
        (replace(MMS, figures=()), LeftOut.NO_FIGURE, 1),
        (replace(SMS, medium="RBM"), LeftOut.RBM, None),
        (replace(SMS, text=None, figures=(1, 2)), LeftOut.NO_TEXT, None),
    ],
)
def test_left_out(facts, left_out, estimated) -> None:
    """What there is is kept."""
    found = compared(facts)
    assert (found.left_out, found.estimated, found.reason) == (left_out, estimated, None)
    assert found.reported == max(facts.figures, default=None)
    if None in (found.estimated, found.reported):
        assert found.difference is None


def test_names() -> None:
    """What is shown of a reason is its name, what is written its text."""
    assert (repr(LeftOut.RBM), str(LeftOut.RBM)) == ("LeftOut.RBM", "RBM has no segments")


def test_empty_text() -> None:
    """An empty message that came in is one segment."""
    assert compared(replace(SMS, text="", figures=(1,))).estimated == 1


def test_other_rules() -> None:
    """The estimate is theirs; what they refuse is an error."""
    found = compared(replace(SMS, text="ş" * 71, figures=(1,)), languages=["turkish"])
    assert (found.estimated, found.reason) == (1, None)
    with pytest.raises(EncodingError):
        compared(replace(SMS, text="ş"), encoding="gsm7")
