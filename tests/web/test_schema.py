"""Requests: what is taken, and what a refusal says."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.web.schema import (
    UNSET,
    AnalyzeRequest,
    EstimateRequest,
    RefusedError,
    definitions,
    read,
)

LANGUAGES = (
    "turkish, spanish, portuguese, bengali, gujarati, hindi, kannada, malayalam, oriya, punjabi, "
    "tamil, telugu, urdu"
)
PROVIDERS = "aws, bandwidth, infobip, signalwire, telnyx, twilio, vonage"
FIELDS = "the fields are text, provider, encoding, reference_bits, languages, keep_graphemes"
HALF = "expected whole characters, got half a surrogate pair"


def refusal(kind, body):
    with pytest.raises(RefusedError) as caught:
        read(kind, body if isinstance(body, bytes) else json.dumps(body).encode())
    told = caught.value.refusal
    return caught.value.status, told.error, told.field, told.value


def test_everything_that_can_be_asked() -> None:
    """A text by itself is enough; null and left out differ for the provider only."""
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
    ("body", "told"),
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
        ({"text": "a\ud83d"}, (HALF, "text", '"a\\ud83d"')),
        ({"text": "a", "txt": "b"}, (f'unknown field "txt"; {FIELDS}', None, None)),
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
def test_refused_text(body, told) -> None:
    """The field is named, and what it was given."""
    assert refusal(AnalyzeRequest, body) == (422, *told)


@pytest.mark.parametrize(
    ("messages", "told"),
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
        ([{"text": "", "to": "\udc00"}], (HALF, "messages[0].to", '"\\udc00"')),
        (
            [{"text": "", "of": 1}],
            ('unknown field "of"; the fields are text, to', "messages[0]", None),
        ),
        ([{"text": ""}] * 10_001, ("expected at most 10000 items, got 10001", "messages", None)),
    ],
    ids=["missing", "array", "number", "half a pair", "unknown", "too many"],
)
def test_refused_messages(messages, told) -> None:
    """So is the message among others."""
    assert refusal(EstimateRequest, {"messages": messages}) == (422, *told)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"text": "\xff"}',
        b'{"text": "\xed\xa0\xbd"}',
        b'{"text": ' + b"1" * 10_000 + b"}",
    ],
    ids=["empty", "octets", "half a pair in octets", "digits"],
)
def test_no_json(body) -> None:
    """What is no JSON has no field; the decoder says why."""
    status, error, field, value = refusal(AnalyzeRequest, body)
    assert (status, field, value) == (400, None, None)
    assert re.fullmatch(r"the body is not JSON in UTF-8: .+", error)


def test_depth_without_an_end() -> None:
    """What Python cannot read because of its depth is said in our words."""
    told = refusal(AnalyzeRequest, b"[" * 1_000_000)
    assert told == (400, "the body is nested too deeply", None, None)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=8,
)
names = st.sampled_from(["text", "messages", "to", "provider", "languages", "reference_bits", "x"])


kinds = st.sampled_from([AnalyzeRequest, EstimateRequest])


def test_depth() -> None:
    """Nesting that can just be read can be refused as well."""
    for depth in range(1, 1100):
        body = b'{"text": ' + b"[" * depth + b"]" * depth + b"}"
        assert refusal(AnalyzeRequest, body)[0] in (400, 422)


@given(value=values | st.dictionaries(names, values), kind=kinds)
def test_any_json(value, kind) -> None:
    """Every body is a request or refused for a reason that is found, and no other error."""
    reasons: list[str] = []
    try:
        assert read(kind, json.dumps(value).encode())
    except RefusedError as error:
        reasons.append(error.refusal.error)
    assert all(why.startswith(("expected ", "required, ", "unknown field ")) for why in reasons)


@given(body=st.binary(), kind=kinds)
def test_any_octets(body, kind) -> None:
    """Whatever they are."""
    with pytest.raises(RefusedError):
        read(kind, body)


def test_definitions_come_with_what_they_are_made_of() -> None:
    """Those that are asked for, and those that these refer to."""
    assert set(definitions(EstimateRequest)) == {"EstimateRequest", "Message"}


def test_without_msgspec() -> None:
    """The error names the extra."""
    code = "import sys; sys.modules['msgspec'] = None; import septet.web.schema"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the inspector needs msgspec: pip install 'septet[serve]'" in done.stderr
