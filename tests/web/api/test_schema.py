"""Requests: which are accepted, and how errors name the field and the value."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.web.api.analysis import AnalyzeRequest
from septet.web.api.endpoints import ENDPOINTS
from septet.web.api.estimates import EstimateRequest
from septet.web.api.schema import UNSET, RequestError, definitions, read

LANGUAGES = (
    "turkish, spanish, portuguese, bengali, gujarati, hindi, kannada, malayalam, oriya, punjabi, "
    "tamil, telugu, urdu"
)
PROVIDERS = "aws, azure, bandwidth, bird, infobip, plivo, signalwire, sinch, telnyx, twilio, vonage"
FIELDS = "the fields are text, provider, reference_bits, languages, keep_graphemes, encoding"
LONE_SURROGATE = "expected whole characters, got a lone surrogate"


def refusal(kind, body):
    with pytest.raises(RequestError) as caught:
        read(kind, body if isinstance(body, bytes) else json.dumps(body).encode())
    answer = caught.value.refusal
    return caught.value.status, answer.error, answer.field, answer.value


def test_all_fields() -> None:
    """Only the text is required; null and missing differ for the provider only."""
    request = read(AnalyzeRequest, b'{"text": "\\ud83d\\ude00"}')
    assert (request.text, request.provider, request.languages) == ("😀", UNSET, [])
    rules = {
        "provider": None,
        "encoding": "ucs2",
        "reference_bits": 16,
        "languages": ["turkish", "urdu"],
        "keep_graphemes": True,
    }
    request = read(EstimateRequest, json.dumps({"messages": [{"text": ""}], **rules}).encode())
    assert {name: getattr(request, name) for name in rules} == rules
    assert request.messages[0].to is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("required, but missing", "text", None)),
        ([], ("expected an object, got an array", None, None)),
        ({"text": 5}, ("expected a string, got an integer", "text", "5")),
        ({"text": 5.0}, ("expected a string, got a number with a fraction", "text", "5.0")),
        ({"text": None}, ("expected a string, got null", "text", "null")),
        ({"text": {}}, ("expected a string, got an object", "text", None)),
        (
            {"text": "a" * 40_001},
            ("expected at most 40000 characters, got 40001", "text", f'"{"a" * 59}…'),
        ),
        ({"text": "a\ud83d"}, (LONE_SURROGATE, "text", '"a\\ud83d"')),
        ({"text": "a", "txt": "b"}, (f'unknown field "txt"; {FIELDS}', None, None)),
        ({"text": "a", "\ud800": 1}, (f'unknown field "\\ud800"; {FIELDS}', None, None)),
        ({"text": "", "provider": "x"}, (f"expected one of {PROVIDERS}", "provider", '"x"')),
        (
            {"text": "", "languages": ["turkish", "klingon"]},
            (f"expected one of {LANGUAGES}", "languages[1]", '"klingon"'),
        ),
        (
            {"text": "a", "x - at `$.y[1]": "b"},
            (f'unknown field "x - at `$.y[1]"; {FIELDS}', None, None),
        ),
        (
            {"text": "a", "x" * 1000: "b"},
            (f'unknown field "{"x" * 59}…; {FIELDS}', None, None),
        ),
        ({"text": "", "encoding": "utf8"}, ("expected one of gsm7, ucs2", "encoding", '"utf8"')),
        ({"text": "", "reference_bits": 7}, ("expected one of 8, 16", "reference_bits", "7")),
        (
            {"text": "", "reference_bits": True},
            ("expected an integer or null, got a boolean", "reference_bits", "true"),
        ),
        (
            {"text": "", "keep_graphemes": "no"},
            ("expected a boolean or null, got a string", "keep_graphemes", '"no"'),
        ),
    ],
)
def test_invalid_analyze_request(body, expected) -> None:
    """The error names the field and its value."""
    assert refusal(AnalyzeRequest, body) == (422, *expected)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([{"to": "+1"}], ("required, but missing", "messages[0].text", None)),
        (
            [{"text": ""}, {"text": [1]}],
            ("expected a string, got an array", "messages[1].text", None),
        ),
        (
            [{"text": "", "to": 1}],
            ("expected a string or null, got an integer", "messages[0].to", "1"),
        ),
        ([{"text": "", "to": "\udc00"}], (LONE_SURROGATE, "messages[0].to", '"\\udc00"')),
        (
            [{"text": "", "of": 1}],
            ('unknown field "of"; the fields are text, to', "messages[0]", None),
        ),
        ([{"text": ""}] * 10_001, ("expected at most 10000 items, got 10001", "messages", None)),
    ],
    ids=["missing", "array", "number", "lone surrogate", "unknown", "too many"],
)
def test_invalid_estimate_request(messages, expected) -> None:
    """The error names the message among others."""
    assert refusal(EstimateRequest, {"messages": messages}) == (422, *expected)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"text": "\xff"}',
        b'{"text": "\xed\xa0\xbd"}',
        b'{"text": ' + b"1" * 10_000 + b"}",
    ],
    ids=["empty", "bytes", "surrogate in bytes", "digits"],
)
def test_body_that_is_not_json(body) -> None:
    """A body that is not JSON has no field; the error has the reason of the decoder."""
    status, error, field, value = refusal(AnalyzeRequest, body)
    assert (status, field, value) == (400, None, None)
    assert re.fullmatch(r"the body is not JSON in UTF-8: .+", error)


def test_unbounded_depth() -> None:
    """A body that is nested too deeply for Python has an error message of its own."""
    assert refusal(AnalyzeRequest, b"[" * 1_000_000) == (
        400,
        "the body is nested too deeply",
        None,
        None,
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=8,
)
names = st.sampled_from(
    [
        *("text", "messages", "to", "provider", "languages", "reference_bits", "x"),
        *("entries", "catalogue", "field_lengths", "reference", "level", "format", "content"),
    ]
)


kinds = st.sampled_from([endpoint.request for endpoint in ENDPOINTS])


def test_depth() -> None:
    """Nesting that Python can just read gives an error too."""
    for depth in range(1, 1100):
        body = b'{"text": ' + b"[" * depth + b"]" * depth + b"}"
        assert refusal(AnalyzeRequest, body)[0] in (400, 422)


@given(value=values | st.dictionaries(names, values), kind=kinds)
def test_any_json(value, kind) -> None:
    """Every JSON value is a request, or is refused with a specific reason."""
    reasons: list[str] = []
    try:
        assert read(kind, json.dumps(value).encode())
    except RequestError as error:
        reasons.append(error.refusal.error)
    assert all(why.startswith(("expected ", "required, ", "unknown field ")) for why in reasons)


@given(body=st.binary(), kind=kinds)
def test_any_bytes(body, kind) -> None:
    """Random bytes are never a request."""
    with pytest.raises(RequestError):
        read(kind, body)


def test_definitions_include_nested_definitions() -> None:
    """A definition comes with the definitions that it refers to."""
    assert set(definitions(EstimateRequest)) == {"EstimateRequest", "MessageRequest"}


def test_without_msgspec() -> None:
    """The error names the extra."""
    code = "import sys; sys.modules['msgspec'] = None; import septet.web.api.schema"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the inspector needs msgspec: pip install 'septet[serve]'" in done.stderr
