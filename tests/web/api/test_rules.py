"""The rules of requests: the segmenter that they make, and positions in texts."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")

from septet import Rules
from septet.web.api.rules import RulesRequest, TextIndex, TextRequest, text_indexes
from septet.web.api.schema import RequestError


def test_segmenter() -> None:
    """What a request leaves out follows the provider of the service, or the standard."""
    assert RulesRequest().segmenter(None).rules == Rules()
    assert RulesRequest().segmenter("telnyx").rules == Rules(provider="telnyx")
    assert RulesRequest(provider=None).segmenter("telnyx").rules == Rules()
    rules = RulesRequest(
        provider="twilio", reference_bits=16, languages=["turkish"], keep_graphemes=False
    )
    expected = Rules("gsm7", 16, ["turkish"], False, provider="twilio")
    assert rules.segmenter("telnyx", "gsm7").rules == expected


def test_length_with_languages() -> None:
    """A text with national languages may have up to 10,000 characters."""
    TextRequest(text="a" * 40_000).check()
    TextRequest(text="a" * 10_000, languages=["hindi"]).check()
    with pytest.raises(RequestError) as caught:
        TextRequest(text="a" * 10_001, languages=["hindi"]).check()
    assert (caught.value.status, caught.value.refusal.field) == (422, "text")


def test_positions() -> None:
    """Characters beyond U+FFFF are two code units."""
    at = text_indexes("a😀b")
    assert [at(index) for index in range(4)] == [
        TextIndex(0, 0),
        TextIndex(1, 1),
        TextIndex(2, 3),
        TextIndex(3, 4),
    ]
    assert text_indexes("")(0) == TextIndex(0, 0)
