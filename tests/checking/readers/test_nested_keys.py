"""Nested keys."""

from septet.checking.readers.nested_keys import Text, entries_of


def keys(*paths):
    return [(e.key, e.language) for e in entries_of(Text(path, "x", 1, 1) for path in paths)]


def test_language_as_first_key() -> None:
    """It is no part of the key, if all first keys are languages."""
    assert keys(("en", "sms", "a"), ("pt-BR", "b", 0)) == [("sms.a", "en"), ("b.0", "pt-BR")]
    assert keys(("en", "a"), ("sms", "b")) == [("en.a", None), ("sms.b", None)]
    assert keys(("en",), ("fr",)) == [("en", None), ("fr", None)]
    assert keys() == []
