"""String catalogues of Xcode."""

import json

import pytest

from septet.checking.readers.xcstrings import read_xcstrings


def unit(value):
    return {"stringUnit": {"state": "translated", "value": value}}


def test_texts() -> None:
    """Plain texts, plural forms, devices, substitutions; a key that is its own text."""
    plural = {"variations": {"plural": {"one": unit("1"), "other": unit("2")}}}
    device = {"variations": {"device": {"iphone": {"variations": {"plural": {"one": unit("3")}}}}}}
    substitution = {**unit("%#@n@"), "substitutions": {"n": {"argNum": 1, **plural}}}
    catalogue = {
        "sourceLanguage": "en",
        "strings": {
            "": {},
            "a": {"comment": "c", "localizations": {"fr": unit("x"), "en": unit("y")}},
            "b": {"localizations": {"fr": plural, "pt-BR": device}},
            "c": {"localizations": {"fr": substitution, "en": unit("z")}},
            "d": {},
        },
        "version": "1.0",
    }
    text = json.dumps(catalogue, indent=0)
    entries = list(read_xcstrings(text))
    assert [(entry.key, entry.text, entry.language) for entry in entries] == [
        ("a", "x", "fr"),
        ("a", "y", "en"),
        ("b[one]", "1", "fr"),
        ("b[other]", "2", "fr"),
        ("b[iphone][one]", "3", "pt-BR"),
        ("c", "%#@n@", "fr"),
        ("c[n][one]", "1", "fr"),
        ("c[n][other]", "2", "fr"),
        ("c", "z", "en"),
        ("b", "b", "en"),
        ("d", "d", "en"),
    ]
    lines = text.split("\n")
    assert all(lines[e.line - 1][e.column - 1 :].startswith(f'"{e.text}"') for e in entries)


def test_damaged_file() -> None:
    with pytest.raises(ValueError, match=r"^line 1, column 2: "):
        list(read_xcstrings("{"))
    assert list(read_xcstrings('["a", {"strings": "x"}]')) == []
    assert list(read_xcstrings('"a"')) == []
