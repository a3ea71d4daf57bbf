"""The requests of an account without I/O: addresses, bodies and pages."""

from __future__ import annotations

from io import StringIO
from time import monotonic
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.bandwidth.messages import Message
from septet.bandwidth.sending.account import Account, checked_url, credentials_of
from septet.bandwidth.sending.credentials import Basic, Tokens
from septet.bandwidth.sending.exchanges import ONCE, Answer


def account(url="https://h/api/v2", account_id="9900000"):
    return Account(account_id, url, Basic("ann", "hush"), ONCE)


def test_url() -> None:
    """The account is one segment of the path."""
    message = Message("app", "+12025550100", "+13125550140", "hi")
    request = next(account("https://h/api/v2//", "a/b").send(message))
    assert request.url == "https://h/api/v2/users/a%2Fb/messages"
    assert not request.is_repeatable


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_media_id(media_id) -> None:
    """An id comes back from its URL, or is refused."""
    files = account()
    try:
        request = next(files.delete(media_id))
    except ValueError:
        parts = media_id.split("/")
        assert "://" in media_id or {"", ".", ".."} & set(parts)
        return
    base = "https://h/api/v2/users/9900000/media/"
    assert request.url.startswith(base)
    assert unquote(request.url.removeprefix(base)) == media_id
    assert next(files.delete(request.url)) == request


@pytest.mark.parametrize("content_type", ["", "image/png\r\nX: y", "bild/grün", " a", "a "])
def test_content_type(content_type) -> None:
    """A content type cannot add other headers."""
    with pytest.raises(ValueError, match="content type"):
        next(account().upload("a", b"", content_type, None))
    with pytest.raises(ValueError, match="expected directives such as no-cache"):
        next(account().upload("a", b"", "image/png", content_type))


@pytest.mark.parametrize("data", ["text", bytearray(b"x"), None, StringIO("text")])
def test_contents(data) -> None:
    """A file has bytes."""
    with pytest.raises(TypeError, match=f"binary file, got {type(data).__name__}"):
        next(account().upload("a", data, "image/png", None))


def test_page_without_a_next() -> None:
    """A page without a readable token is the last one."""
    for body in (b'{"messages": []}', b'{"messages": [], "pageInfo": 1}'):
        exchange = account().search({"message_id": "1"}, None)
        next(exchange)
        with pytest.raises(StopIteration) as caught:
            exchange.send(Answer(200, {}, body))
        assert (caught.value.value.items, caught.value.value.token) == ([], None)


def test_credentials() -> None:
    """Either pair makes credentials."""
    assert isinstance(credentials_of("u", "p", None, None, "", monotonic), Basic)
    assert isinstance(credentials_of(None, None, "i", "s", "https://h/t", monotonic), Tokens)


@pytest.mark.parametrize(
    "url",
    [
        *("", "h", "//h/a", "file:///a", "https://", "https://h#a", "https://h:x", "https://h:0"),
        *("https://h:99999", "https://h\nX", "https://h/\x7f", "https://" + "a" * 64, "https://["),
        *("https://h /", "https:// h", "https://a b"),
    ],
)
def test_checked_url(url) -> None:
    """A URL to which no path can be appended is refused."""
    with pytest.raises(ValueError, match="URL"):
        checked_url(url)


@pytest.mark.parametrize("url", ["htp://ann:hush@h", "https://ann:hush@h", "https://[ann:hush@h"])
def test_credentials_in_a_url(url) -> None:
    """They belong elsewhere, and the error does not show them."""
    with pytest.raises(ValueError, match="URL") as caught:
        checked_url(url)
    assert "hush" not in str(caught.value)
    with pytest.raises(ValueError, match="not a file of this account") as caught:
        next(account().delete(url))
    assert "hush" not in str(caught.value)
