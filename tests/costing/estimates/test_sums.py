"""The terms of estimates: alike if texts are counted and priced alike."""

import pytest

from septet import Segmenter
from septet.costing.estimates.sums import Terms

PLAIN = Terms.of(Segmenter(), None, ())


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "ucs2"},
        {"reference_bits": 16},
        {"languages": ["turkish"]},
        {"header_octets": 4},
        {"keep_graphemes": True},
    ],
)
def test_each_option_counts(options):
    """Whatever can change a count changes the terms, and equal options are equal terms."""
    if "keep_graphemes" in options:
        pytest.importorskip("regex")
    terms = Terms.of(Segmenter(**options), None, ())
    assert terms != PLAIN
    assert terms == Terms.of(Segmenter(**options), None, ())


def test_provider_and_columns_count():
    """So do a provider's alphabet and the columns that messages are added up by."""
    assert Terms.of(Segmenter(provider="telnyx"), None, ()) != PLAIN
    assert Terms.of(Segmenter(), None, ("kind",)) != PLAIN
