"""YAML of internationalisation."""

import sys
import time

import pytest

from septet.checking.readers.yaml_files import read_yaml
from septet.exceptions import MissingExtraError


def read(text):
    pytest.importorskip("yaml")
    return [entry[:5] for entry in read_yaml(text)]


def test_rails() -> None:
    """The first key is the language; plural forms are keys."""
    text = "pt-BR:\n  sms:\n    code: 'It’s'\n    items:\n      one: x\n      other: \"y\\n\"\n"
    assert read(text) == [
        ("sms.code", "It’s", 3, 11, "pt-BR"),
        ("sms.items.one", "x", 5, 12, "pt-BR"),
        ("sms.items.other", "y\n", 6, 14, "pt-BR"),
    ]


def test_plain() -> None:
    """Texts of several lines, lists, keys that are numbers; other values are no texts."""
    text = "a: |\n  one\n  two\nb: [x, 1, {c: y}]\nd: true\ne: '1'\n1: z\nf: null\ng: !x w\n"
    assert read(text) == [
        ("a", "one\ntwo\n", 1, 4, None),
        ("b.0", "x", 4, 5, None),
        ("b.2.c", "y", 4, 15, None),
        ("e", "1", 6, 4, None),
        ("1", "z", 7, 4, None),
    ]


def test_aliases() -> None:
    """A text that is repeated is yielded once, however often."""
    levels = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 20))
    assert read(f"k0: &k0 x\n{levels}m:\n  <<: *k0\n  n: y\n") == [
        ("k0", "x", 1, 5, None),
        ("m.n", "y", 23, 6, None),
    ]


def test_several_documents() -> None:
    assert [entry[:2] for entry in read("a: x\n---\nb: y\n")] == [("a", "x"), ("b", "y")]
    assert read("") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [", "line 1, column 5: "),
        ("a: b: c", r"line 1, column \d+: "),
        ("[a, b]: c", "line 1, column 1: a key must be a text"),
        ("a: &a b\n*a : c", "line 2, column 1: a key must be a text"),
        ("[" * 101, "line 1, column 101: more than 100 levels"),
        ("a: \x01", ""),
    ],
)
def test_errors(text, place) -> None:
    with pytest.raises(ValueError, match=f"^{place}"):
        read(text)


def test_ten_thousand_texts() -> None:
    text = "en:\n" + "".join(f"  k{n}: 'Your code is %{{code}}'\n" for n in range(10_000))
    read("")  # imports
    start = time.process_time()
    assert len(read(text)) == 10_000
    assert time.process_time() - start < 1


def test_missing_package(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"septet\[check\]"):
        read_yaml("a: b")


def test_places(monkeypatch) -> None:
    """Lines end where editors end them, and columns are characters, with both parsers of PyYAML."""
    yaml = pytest.importorskip("yaml")
    text = 'a: "x\u2028y\x85z"\r\n"\U0001f600é": b\r\n'
    places = [("a", 1, 4), ("\U0001f600é", 2, 7)]
    assert [(entry.key, entry.line, entry.column) for entry in read_yaml(text)] == places
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [(entry.key, entry.line, entry.column) for entry in read_yaml(text)] == places
