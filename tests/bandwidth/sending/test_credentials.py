"""Basic and tokens, led by hand; over real sockets in `test_client`."""

from __future__ import annotations

from base64 import b64decode

import pytest

pytest.importorskip("msgspec")

from septet.bandwidth.exceptions import UnauthorizedError
from septet.bandwidth.sending import credentials
from septet.bandwidth.sending.credentials import Basic, Tokens
from septet.bandwidth.sending.exchanges import ONCE, Answer


def finish(exchange, answer):
    """Give an exchange its answer, and return its result."""
    next(exchange)
    with pytest.raises(StopIteration) as caught:
        exchange.send(answer)
    return caught.value.value


def tokens():
    """Return tokens of which none has been had."""
    return Tokens("http://h/token", "id", "secret")


def test_basic() -> None:
    """RFC 7617, in UTF-8; the same always."""
    basic = Basic("ann", "hüsh:hush")
    kind, _, value = basic.current(None).partition(" ")
    assert (kind, b64decode(value).decode()) == ("Basic", "ann:hüsh:hush")
    assert basic.current(basic.current(None)) == basic.current(None)
    with pytest.raises(StopIteration) as caught:
        next(basic.renew(None, ONCE))
    assert caught.value.value == basic.current(None)


@pytest.mark.parametrize(("name", "secret"), [("", "x"), ("x", ""), ("a:b", "x")])
def test_basic_that_would_be_another(name, secret) -> None:
    """A colon in the name would end it."""
    with pytest.raises(ValueError, match="neither empty"):
        Basic(name, secret)


@pytest.mark.parametrize(("expires_in", "is_kept"), [(61, True), ("3600", True), (60, False)])
def test_end(expires_in, is_kept, monkeypatch) -> None:
    """A token is kept until a minute before its end; it is used in any case."""
    monkeypatch.setattr(credentials, "monotonic", lambda: 5.0)
    ours = tokens()
    assert ours.current(None) is None
    body = f'{{"access_token": "t", "expires_in": {expires_in!r}}}'.replace("'", '"')
    assert finish(ours.renew(None, ONCE), Answer(200, {}, body.encode())) == "Bearer t"
    assert ours.current(None) == ("Bearer t" if is_kept else None)


@pytest.mark.parametrize("expires_in", ["null", '"soon"', "-1", "true"])
def test_no_end(expires_in) -> None:
    """Without an end that can be read a token is used once."""
    ours = tokens()
    body = f'{{"access_token": "t", "expires_in": {expires_in}}}'
    assert finish(ours.renew(None, ONCE), Answer(200, {}, body.encode())) == "Bearer t"
    assert ours.current(None) is None


def test_somebody_else_was_first() -> None:
    """No request is made for a token that is there by now, unless it is the one refused."""
    ours = tokens()
    body = b'{"access_token": "t", "expires_in": 3600}'
    finish(ours.renew(None, ONCE), Answer(200, {}, body))
    with pytest.raises(StopIteration) as caught:
        next(ours.renew("Bearer older", ONCE))
    assert caught.value.value == "Bearer t"
    assert next(ours.renew("Bearer t", ONCE)).method == "POST"


def test_answer_is_not_kept() -> None:
    """An answer without a token that can be used may have one that cannot be told from a secret."""
    exchange = tokens().renew(None, ONCE)
    next(exchange)
    with pytest.raises(UnauthorizedError) as caught:
        exchange.send(Answer(200, {}, b'{"token": "secret"}'))
    assert caught.value.body == b""
