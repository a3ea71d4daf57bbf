"""Requests: what is taken, and what a refusal says."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress

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
    "turkish|spanish|portuguese|bengali|gujarati|hindi|kannada|malayalam|oriya|punjabi|tamil|telugu|"
    "urdu"
)


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
        ({}, ("Object missing required field `text`", None, None)),
        ([], ("Expected `object`, got `array`", None, None)),
        ({"text": 5}, ("Expected `str`, got `int`", "text", "5")),
        ({"text": None}, ("Expected `str`, got `null`", "text", "null")),
        ({"text": "a" * 40_001}, ("Expected `str` of length <= 40000", "text", f'"{"a" * 59}…')),
        ({"text": "a\ud83d"}, ("Expected `str` of whole surrogate pairs", "text", '"a\\ud83d"')),
        ({"text": "a", "txt": "b"}, ("Object contains unknown field `txt`", None, None)),
        (
            {"text": "", "languages": ["turkish", "klingon"]},
            (
                f"Expected `str` matching regex '^({LANGUAGES})$'",
                "languages[1]",
                '"klingon"',
            ),
        ),
        (
            {"text": "a", "x - at `$.y[1]": "b"},
            ("Object contains unknown field `x", None, None),
        ),
        (
            {"text": "a", "x" * 1000: "b"},
            (f"Object contains unknown field `{'x' * 169}…", None, None),
        ),
        ({"text": "", "reference_bits": 7}, ("Invalid enum value 7", "reference_bits", "7")),
        (
            {"text": "", "reference_bits": True},
            ("Expected `int | null`, got `bool`", "reference_bits", "true"),
        ),
        (
            {"text": "", "keep_graphemes": "no"},
            ("Expected `bool | null`, got `str`", "keep_graphemes", '"no"'),
        ),
    ],
)
def test_refused_text(body, told) -> None:
    """The field is named, and what it was given."""
    assert refusal(AnalyzeRequest, body) == (422, *told)


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([{"to": "+1"}], ("Object missing required field `text`", "messages[0]", None)),
        ([{"text": ""}, {"text": [1]}], ("Expected `str`, got `array`", "messages[1].text", None)),
        ([{"text": "", "to": 1}], ("Expected `str | null`, got `int`", "messages[0].to", "1")),
        (
            [{"text": "", "to": "\udc00"}],
            ("Expected `str` of whole surrogate pairs", "messages[0].to", '"\\udc00"'),
        ),
        (
            [{"text": ""}] * 10_001,
            (
                "Expected `array` of length <= 10000",
                "messages",
                None,
            ),
        ),
    ],
    ids=["missing", "array", "number", "half a pair", "too many"],
)
def test_refused_messages(messages, told) -> None:
    """So is the message among others."""
    assert refusal(EstimateRequest, {"messages": messages}) == (422, *told)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON in UTF-8: Expecting value: line 1 column 1 (char 0)"),
        (b'{"text": "\xff"}', "the body is not JSON in UTF-8: 'utf-8' codec can't decode"),
        (b'{"text": "\xed\xa0\xbd"}', "the body is not JSON in UTF-8: 'utf-8' codec can't decode"),
        (b"[" * 1_000_000, "the body is nested too deeply"),
        (b'{"text": ' + b"1" * 10_000 + b"}", "the body is not JSON in UTF-8: Exceeds the limit"),
    ],
    ids=["empty", "octets", "half a pair in octets", "depth", "digits"],
)
def test_no_json(body, reason) -> None:
    """What is no JSON has no field."""
    status, error, field, value = refusal(AnalyzeRequest, body)
    assert (status, field, value) == (400, None, None)
    assert error.startswith(reason)


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
    """Every body is a request or refused, and no other error."""
    with suppress(RefusedError):
        assert read(kind, json.dumps(value).encode())


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
