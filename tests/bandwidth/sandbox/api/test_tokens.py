"""Tokens of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.bandwidth.sandbox.api.tokens import read_token, token_of


@given(st.text())
def test_token(text):
    """A token is Base64, and stands for its text."""
    assert read_token(token_of(text)) == text
    assert token_of("a?>") == "YT8+"


@pytest.mark.parametrize("token", ["x", "/w==", "é", "YT8+\n"])
def test_no_token(token):
    """Other values are refused."""
    with pytest.raises(ValueError, match=r"."):
        read_token(token)
