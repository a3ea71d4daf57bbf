"""JSON of internationalisation."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.checking.readers.json_files import read_json, walk_json


def test_nested() -> None:
    """Keys are joined by dots; numbers are no texts; .arb has keys that describe others."""
    text = '{"sms": {"a": "x",\n "b_one": "y", "n": [1, "z", true]},\n"@a": {"description": "d"}}'
    assert [entry[:4] for entry in read_json(text)] == [
        ("sms.a", "x", 1, 15),
        ("sms.b_one", "y", 2, 11),
        ("sms.n.1", "z", 2, 25),
    ]


def test_escapes() -> None:
    (entry,) = read_json(r'{"a": "\u2019\n\ud83d\ude00"}')
    assert entry.text == "’\n😀"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ('{"a" "b"}', "line 1, column 6"),
        ('{"a": "b"\n"c"}', "line 2, column 1"),
        ('["a"}', "line 1, column 5"),
        ('"a" b', "line 1, column 5"),
        ('{"a": nul}', "line 1, column 7"),
        ('{"a": "b', "line 1, column 7"),
        ('{"a": "b",}', "line 1, column 11: expected no comma before it"),
        ('{"a": "b" // c\n}', "line 1, column 11: comments are not JSON"),
        ("[" * 101, "line 1, column 101"),
    ],
)
def test_errors(text, place) -> None:
    with pytest.raises(ValueError, match=f"^{place}"):
        list(read_json(text))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(VALUES, st.sampled_from([None, 2]))
def test_as_json_reads(value, indent) -> None:
    """The texts are those that `json` reads."""

    def texts(value, path):
        if isinstance(value, str):
            yield path, value
        items = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for key, child in items:
            yield from texts(child, (*path, key))

    text = json.dumps(value, indent=indent)
    found = list(walk_json(text))
    assert [(path, content) for path, content, _ in found] == list(texts(value, ()))
    assert all(text[index] == '"' for *_, index in found)


def test_descriptions() -> None:
    """Those of formatjs and of browser extensions are left out."""
    text = (
        '{"a": {"defaultMessage": "x", "description": "y"}, "b": {"message": "x", "description":'
        ' "y"}, "c": {"title": "x", "description": "y"}}'
    )
    keys = [entry.key for entry in read_json(text)]
    assert keys == ["a.defaultMessage", "b.message", "c.title", "c.description"]
