"""Records: plain, comparable, and the same from wherever they are imported."""

from __future__ import annotations

import pickle

import septet
from septet.rules import records


def test_records_are_those_of_the_face() -> None:
    """There is one of each."""
    assert (septet.NonGsmCharacter, septet.Segment) == (records.NonGsmCharacter, records.Segment)


def test_records_are_tuples_with_names() -> None:
    """They compare by value, pickle, and take nothing that they do not have."""
    non_gsm_character = records.NonGsmCharacter("’", 3)
    segment = records.Segment("a", 1, 0, 1, sequence=1, total=1)
    assert septet.analyze("one’").non_gsm_characters == (non_gsm_character,) == (("’", 3),)
    assert septet.split("a") == [segment]
    for record in (non_gsm_character, segment):
        assert pickle.loads(pickle.dumps(record)) == record
        assert not hasattr(record, "__dict__")
