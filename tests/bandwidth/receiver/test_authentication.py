"""HTTP Basic authentication: what is wrong with a header, without telling what it holds."""

import base64

import pytest

from septet.bandwidth.receiver.authentication import BasicAuthentication


def basic(pair):
    return "Basic " + base64.b64encode(pair).decode()


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (basic(b"ann:sesame"), None),
        (basic(b"ann:sesame").replace("Basic ", "bASIC   "), None),
        (None, "no credentials"),
        ("", "not HTTP Basic authentication"),
        ("Bearer abc", "not HTTP Basic authentication"),
        ("Basic", "wrong username or password"),
        ("Basic ***", "malformed credentials"),
        ("Basic é", "malformed credentials"),
        (basic(b"ann:sesam"), "wrong username or password"),
        (basic(b"ann:sesame "), "wrong username or password"),
        (basic(b"ann"), "wrong username or password"),
        (basic(b"\xff:sesame"), "wrong username or password"),
    ],
)
def test_problems(header, problem):
    """The reason is for the log."""
    assert BasicAuthentication("ann", "sesame").problem_with(header) == problem


@pytest.mark.parametrize("pair", [("", "a"), ("a", ""), ("", ""), ("a:b", "c")])
def test_unusable(pair):
    """Nobody can be asked for empty credentials, or for a username with a colon."""
    with pytest.raises(ValueError, match=r"empty|colon"):
        BasicAuthentication(*pair)
