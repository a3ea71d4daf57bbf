"""Basic and tokens without I/O; `test_tokens` tests them over real sockets."""

from __future__ import annotations

from base64 import b64decode

import pytest

pytest.importorskip("msgspec")

from septet.bandwidth.exceptions import UnauthorizedError
from septet.bandwidth.sending.credentials import Basic, Tokens
from septet.bandwidth.sending.exchanges import ONCE, Answer


def finish(exchange, answer):
    """Pass an answer to an exchange, and return the result."""
    next(exchange)
    with pytest.raises(StopIteration) as caught:
        exchange.send(answer)
    return caught.value.value


def tokens():
    """Return credentials without a cached token, whose clock stands still."""
    return Tokens("http://h/token", "id", "secret", clock=lambda: 5.0)


def test_basic() -> None:
    """RFC 7617, in UTF-8; always the same."""
    basic = Basic("ann", "hüsh:hush")
    kind, _, value = basic.current(None).partition(" ")
    assert (kind, b64decode(value).decode()) == ("Basic", "ann:hüsh:hush")
    assert basic.current(basic.current(None)) == basic.current(None)
    with pytest.raises(StopIteration) as caught:
        next(basic.renew(None, ONCE))
    assert caught.value.value == basic.current(None)


@pytest.mark.parametrize(("name", "secret"), [("", "x"), ("x", ""), ("a:b", "x")])
def test_wrong_basic(name, secret) -> None:
    """Both parts are required, and a colon would end the name."""
    with pytest.raises(ValueError, match=r"empty|colon"):
        Basic(name, secret)


@pytest.mark.parametrize(("expires_in", "is_cached"), [(61, True), ("3600", True), (60, False)])
def test_expiry(expires_in, is_cached) -> None:
    """A token is cached until a minute before it expires; it is used in any case."""
    source = tokens()
    assert source.current(None) is None
    body = f'{{"access_token": "t", "expires_in": {expires_in!r}}}'.replace("'", '"')
    assert finish(source.renew(None, ONCE), Answer(200, {}, body.encode())) == "Bearer t"
    assert source.current(None) == ("Bearer t" if is_cached else None)


@pytest.mark.parametrize("expires_in", ["null", '"soon"', "-1", "true"])
def test_without_an_expiry(expires_in) -> None:
    """A token without a readable expiry is used once."""
    source = tokens()
    body = f'{{"access_token": "t", "expires_in": {expires_in}}}'
    assert finish(source.renew(None, ONCE), Answer(200, {}, body.encode())) == "Bearer t"
    assert source.current(None) is None


def test_renewed_by_another_caller() -> None:
    """No request is made if another caller has renewed the token, unless it is the refused one."""
    source = tokens()
    body = b'{"access_token": "t", "expires_in": 3600}'
    finish(source.renew(None, ONCE), Answer(200, {}, body))
    with pytest.raises(StopIteration) as caught:
        next(source.renew("Bearer older", ONCE))
    assert caught.value.value == "Bearer t"
    assert next(source.renew("Bearer t", ONCE)).method == "POST"


def test_error_without_the_answer() -> None:
    """Any part of an answer without a usable token may be secret, so the error has none of it."""
    exchange = tokens().renew(None, ONCE)
    next(exchange)
    with pytest.raises(UnauthorizedError) as caught:
        exchange.send(Answer(200, {}, b'{"token": "secret"}'))
    assert caught.value.body == b""
