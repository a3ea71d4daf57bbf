"""The terms of estimates: equal if texts are counted and priced alike."""

import pytest

from septet import Segmenter
from septet.costing.estimates.job import Job
from septet.costing.estimates.sums import EstimateTerms

PLAIN = EstimateTerms.of(Job())


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
    terms = EstimateTerms.of(Job(Segmenter(**options)))
    assert terms != PLAIN
    assert terms == EstimateTerms.of(Job(Segmenter(**options)))


def test_provider_and_columns_count():
    """So do a provider's alphabet and the columns that messages are added up by."""
    assert EstimateTerms.of(Job(Segmenter(provider="telnyx"))) != PLAIN
    assert EstimateTerms.of(Job(by=("kind",))) != PLAIN
