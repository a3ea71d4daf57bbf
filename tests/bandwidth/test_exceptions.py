"""The tree of errors, their messages, and bodies of any form."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.bandwidth import exceptions
from septet.bandwidth.exceptions import (
    BandwidthError,
    DeliveryUnknownError,
    FaultError,
    MessageError,
    QueueFullError,
    RefusedError,
    StoreError,
    TooManySegmentsError,
    UnansweredError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.exceptions import SeptetError

ERRORS = [getattr(exceptions, name) for name in exceptions.__all__]
BODY = b"""{"type": "request-validation", "description": "Your request could not be accepted.",
"fieldErrors": [{"fieldName": "to", "description": "'+1' must be replaced"}, 17, {}]}"""


@pytest.mark.parametrize("error", ERRORS)
def test_one_root(error) -> None:
    """SeptetError is the base class of all."""
    assert issubclass(error, SeptetError)


@pytest.mark.parametrize("error", ERRORS)
def test_drawn_in_the_tree(error) -> None:
    """The drawing at the top of the file names every error below its parent."""
    lines = (exceptions.__doc__ or "").splitlines()
    (index,) = (n for n, line in enumerate(lines) if f" {error.__name__} " in f"{line} ")
    if issubclass(error, BandwidthError):
        depth = lines[index].index(error.__name__)
        above = [line for line in lines[:index] if line.strip() and len(line) > depth - 4]
        parent = next(
            line[depth - 4 :].split()[0] for line in reversed(above) if line[depth - 4].isalpha()
        )
        assert error.__bases__[0].__name__ == parent


def test_transient() -> None:
    """A request that may have been accepted is never called transient."""
    assert {error for error in ERRORS if getattr(error, "is_transient", False)} == {
        QueueFullError,
        UnansweredError,
        UnreachableError,
    }


@pytest.mark.parametrize(
    "error",
    [
        ValidationRefusedError("", 400, BODY),
        QueueFullError("", 429, b"", 3.5),
        TooManySegmentsError(3, 2),
        DeliveryUnknownError("ReadTimeout"),
        UnansweredError("", 503, b"", 60.0),
        MessageError("to", "2025550100", "not an E.164 number"),
        FaultError("probability", 2, "not between 0 and 1"),
        StoreError("events.db: the disk is full"),
    ],
)
def test_pickled(error) -> None:
    """A worker process can pass an error on."""
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_message_of_the_documented_body() -> None:
    """The properties and the message of the documented body."""
    error = ValidationRefusedError("", 400, BODY)
    assert error.type == "request-validation"
    assert error.description == "Your request could not be accepted."
    assert error.field_errors == (("to", "'+1' must be replaced"), ("", ""))
    assert str(error).startswith(
        "HTTP 400 request-validation; Your request could not be accepted.; to: '+1' must"
    )


def test_body_of_a_framework() -> None:
    """The body of a 404 has another form."""
    body = b'{"timestamp": "2026", "status": 404, "error": "Not Found", "path": "/"}'
    error = RefusedError("", 404, body)
    assert (str(error), error.type, error.field_errors) == ("HTTP 404", None, ())


def test_long_description() -> None:
    """A long description is shortened."""
    assert len(str(RefusedError("", 400, b'{"description": "%s"}' % (b"x" * 9999)))) < 400


@given(st.binary() | st.sampled_from([BODY[:-1], b"[" * 99_999, b"\xef\xbb\xbf" + BODY]))
def test_any_body(body) -> None:
    """No body raises, and its bytes are kept up to a limit."""
    error = RefusedError("", 400, body)
    assert str(error).startswith("HTTP 400")
    assert error.body == body[:65536]
    assert error.type is None or isinstance(error.type, str)
    assert isinstance(error.field_errors, tuple)
