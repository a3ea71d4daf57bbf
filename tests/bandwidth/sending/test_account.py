"""What is asked of an account: addresses, bodies and pages, led by hand."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.bandwidth.messages import Message
from septet.bandwidth.sending.account import Account, checked_url, credentials_of
from septet.bandwidth.sending.credentials import Basic, Tokens
from septet.bandwidth.sending.exchanges import Answer, Patience

PATIENCE = Patience(1, 1)


def account(url="https://h/api/v2", account_id="9900000"):
    return Account(account_id, url, Basic("ann", "hush"), PATIENCE)


def test_url() -> None:
    """The account stands in the path, as one part of it."""
    message = Message("app", "+12025550100", "+13125550140", "hi")
    request = next(account("https://h/api/v2//", "a/b").send(message))
    assert request.url == "https://h/api/v2/users/a%2Fb/messages"
    assert not request.is_repeatable


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_media_id(media_id) -> None:
    """An id comes back from its URL, or is refused."""
    ours = account()
    try:
        request = next(ours.delete(media_id))
    except ValueError:
        parts = media_id.split("/")
        assert "://" in media_id or {"", ".", ".."} & set(parts)
        return
    base = "https://h/api/v2/users/9900000/media/"
    assert request.url.startswith(base)
    assert unquote(request.url.removeprefix(base)) == media_id
    assert next(ours.delete(request.url)) == request


@pytest.mark.parametrize("content_type", ["", "image/png\r\nX: y", "bild/grün"])
def test_content_type(content_type) -> None:
    """A header ends where it ends."""
    with pytest.raises(ValueError, match="content type"):
        next(account().upload("a", b"", content_type))


def test_page_without_a_next() -> None:
    """Whatever a page does not say in the documented way ends the list."""
    for body in (b'{"messages": []}', b'{"messages": [], "pageInfo": 1}'):
        exchange = account().search({"message_id": "1"}, None)
        next(exchange)
        with pytest.raises(StopIteration) as caught:
            exchange.send(Answer(200, {}, body))
        assert (caught.value.value.items, caught.value.value.token) == ([], None)


def test_credentials() -> None:
    """Either pair."""
    assert isinstance(credentials_of("u", "p", None, None, ""), Basic)
    assert isinstance(credentials_of(None, None, "i", "s", "https://h/t"), Tokens)


@pytest.mark.parametrize("url", ["", "h", "//h/a", "file:///a", "https://", "https://h#a"])
def test_checked_url(url) -> None:
    """What cannot be built on."""
    with pytest.raises(ValueError, match="URL"):
        checked_url(url)
