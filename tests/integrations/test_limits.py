"""`MaxSegments`: what it allows, and what it tells other programs."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import septet
from septet import Encoding, Language, Provider, ProviderRule
from septet.integrations import MaxSegments
from strategies import texts


@given(texts, st.integers(1, 3))
def test_a_text_is_allowed_if_it_takes_no_more_segments(text, max_segments) -> None:
    """As `count` has them."""
    violation = MaxSegments(max_segments).check(text)
    assert (violation is None) == (septet.count(text) <= max_segments)


@pytest.mark.parametrize(
    ("limit", "allowed", "refused"),
    [
        (MaxSegments(1), "a" * 160, "a" * 161),
        (MaxSegments(2, reference_bits=16), "a" * 304, "a" * 305),
        (MaxSegments(1, max_units=20), "a" * 20, "a" * 21),
        (MaxSegments(1, encoding="gsm7"), "é", "ç"),
        (MaxSegments(1, encoding=Encoding.UCS2), "a" * 70, "a" * 71),
        (MaxSegments(1, languages=["turkish"]), "ş" * 80, "ő" * 71),
        (MaxSegments(2, keep_graphemes=True), "é" * 306, "世" * 66 + "👍🏽" * 17),
        (MaxSegments(2, header_octets=4), "a" * 152, "a" * 300),
        (MaxSegments(20, provider="twilio"), "a" * 1600, "a" * 1601),
        (MaxSegments(300), "a" * 153 * 255, "a" * 153 * 256),
        (MaxSegments(1, line_ends="lf"), "a\r\n" * 80, "a\r\n" * 81),
        (MaxSegments(1, line_ends="lf"), "a\r" * 80, "a\r" * 81),
        (MaxSegments(1), "a\r\n" * 53, "a\r\n" * 54),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_options(limit, allowed, refused) -> None:
    """Each option counts; a text of the greatest length may be allowed."""
    assert limit.check(allowed) is None
    assert limit.check(refused) is not None
    assert limit.check("") is None


def test_invalid_options() -> None:
    """They are refused when the limit is made."""
    for number in (0, -1, True, 1.0, "1", None):
        with pytest.raises(ValueError, match=r"max_segments must be a whole number from 1, not"):
            MaxSegments(number)
    with pytest.raises(ValueError, match="max_units must be a whole number from 1, not 0"):
        MaxSegments(1, max_units=0)
    with pytest.raises(ValueError, match="line_ends must be kept or lf, not 'LF'"):
        MaxSegments(1, line_ends="LF")
    with pytest.raises(ValueError, match="provider must be one of"):
        MaxSegments(1, provider="nobody")
    with pytest.raises(ValueError, match="encoding must be"):
        MaxSegments(1, encoding="ascii")
    with pytest.raises(TypeError, match="unknown option 'max_length'; known are max_units, "):
        MaxSegments(1, max_length=160)


@pytest.mark.parametrize("value", [b"text", None, 1])
def test_only_texts_are_checked(value) -> None:
    """Anything else is a TypeError that names its type."""
    with pytest.raises(TypeError, match=f"expected str, got {type(value).__name__}"):
        MaxSegments(1).check(value)


def test_equality_and_copies() -> None:
    """Two limits are equal if they allow the same texts; copies are equal."""
    limit = MaxSegments(2, encoding="gsm7", languages=["turkish"], provider="twilio")
    same = MaxSegments(
        2, provider="twilio", encoding=Encoding.GSM7, languages=iter([Language.TURKISH])
    )
    assert limit == same == pickle.loads(pickle.dumps(limit)) == copy.deepcopy(limit)
    assert hash(limit) == hash(same)
    assert repr(MaxSegments(2, line_ends="lf")) == "MaxSegments(2, line_ends='lf')"
    assert eval(repr(limit)) == limit
    assert MaxSegments(1) != MaxSegments(2)
    assert MaxSegments(1) != MaxSegments(1, encoding="gsm7")
    with pytest.raises(AttributeError):
        limit.max_segments = 3


@given(texts, st.sampled_from(["kept", "lf"]))
def test_no_allowed_text_is_longer_than_the_schema_says(text, line_ends) -> None:
    """`maxLength` is a bound of every text that is allowed."""
    for limit in (
        MaxSegments(1, line_ends=line_ends),
        MaxSegments(1, line_ends=line_ends, max_units=10),
        MaxSegments(1, line_ends=line_ends, encoding="ucs2"),
    ):
        for longer in (text, text * 20):
            if limit.check(longer) is None:
                assert len(longer) <= limit.json_schema()["maxLength"]


@pytest.mark.parametrize(
    ("limit", "longest"),
    [
        (MaxSegments(1), "a" * 160),
        (MaxSegments(3), "a" * 459),
        (MaxSegments(1, encoding="ucs2"), "a" * 70),
        (MaxSegments(1, line_ends="lf"), "\r\n" * 160),
        (MaxSegments(3, max_units=200), "a" * 200),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_longest_text(limit, longest) -> None:
    """It is exactly as long as the schema says."""
    assert limit.check(longest) is None
    assert limit.json_schema()["maxLength"] == len(longest)


@pytest.mark.parametrize("max_segments", [1, 2, 20, 300])
@pytest.mark.parametrize("provider", [None, *septet.provider_names()])
def test_the_longest_text_for_a_provider(provider, max_segments) -> None:
    """No text is longer than the provider and the standard allow."""
    limit = MaxSegments(max_segments, provider=provider)
    assert limit.check("a" * limit.max_length) is None
    assert limit.check("a" * (limit.max_length + 1)) is not None


def test_descriptions() -> None:
    """In words, as JSON Schema, as attributes of the counter."""
    mine = Provider("mine", (ProviderRule("max_segments", 3, "a budget"),))
    limit = MaxSegments(
        2, encoding="gsm7", max_units=1, languages=[1, "urdu"], keep_graphemes=True, provider=mine
    )
    words = "At most 2 SMS segments. At most 1 unit. Only characters of GSM-7."
    assert limit.describe() == words
    assert MaxSegments(1).describe() == "At most 1 SMS segment."
    schema = json.loads(json.dumps(limit.json_schema()))
    assert schema == {
        "description": words,
        "maxLength": 1,
        "x-sms": {
            "max_segments": 2,
            "encoding": "gsm7",
            "languages": ["turkish", "urdu"],
            "keep_graphemes": True,
            "provider": "mine",
            "max_units": 1,
        },
    }
    assert limit.html_attributes() == {
        "max-segments": "2",
        "encoding": "gsm7",
        "languages": "turkish urdu",
        "keep-graphemes": "",
        "provider": "mine",
        "max-units": "1",
        "line-ends": "crlf",
    }
    lf = MaxSegments(1, line_ends="lf", keep_graphemes=False)
    assert lf.html_attributes() == {"max-segments": "1", "line-ends": "lf"}


def test_line_ends_of_the_text_that_is_sent() -> None:
    """They change only on request."""
    assert MaxSegments(1).as_sent("a\r\nb\r") == "a\r\nb\r"
    assert MaxSegments(1, line_ends="lf").as_sent("a\r\nb\r\n\rc\n") == "a\nb\n\nc\n"


def test_threads_share_a_limit() -> None:
    """It has nothing that changes."""
    limit = MaxSegments(1, line_ends="lf")
    checked = ["a\r\n" * length for length in range(150)] * 4
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(limit.check, checked)) == list(map(limit.check, checked))


def test_no_framework_is_loaded() -> None:
    """Not even by the limit, until a framework asks for something."""
    code = "import sys, septet.integrations; print(*{'django', 'pydantic_core'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


IMPORT = """
import importlib, sys
module, absent = sys.argv[1:]
sys.modules[absent] = None
import septet
try:
    importlib.import_module(f"septet.integrations.{module}")
except septet.MissingExtraError as error:
    print(error)
"""


@pytest.mark.parametrize(("module", "package"), [("django", "Django"), ("wtforms", "WTForms")])
def test_a_missing_framework(module, package) -> None:
    """The sentence names the package and the extra."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORT, module, module], capture_output=True, text=True, check=True
    )
    name = f"septet.integrations.{module}"
    assert run.stdout == f"{name} needs {package}: pip install 'septet[{module}]'\n"
