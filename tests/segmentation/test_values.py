"""Segmenters as values: equal, hashable, copied, pickled, subclassed."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import septet


def test_segmenters_are_values() -> None:
    """Equal by their rules, usable as keys, copied and pickled, and never changed."""
    one = septet.Segmenter(reference_bits=16, languages=["hindi", "urdu"], header_octets=3)
    other = septet.Segmenter(None, 16, [13, 6], False, 3)
    assert one == other
    assert hash(one) == hash(other)
    assert one != septet.Segmenter()
    assert one != "a segmenter"
    for copied in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert copied == one
        assert copied.analyze("ж" * 100).segment_count == 2
    with pytest.raises(AttributeError):
        one.reference_bits = 8
    with pytest.raises(AttributeError):
        del one.languages
    with pytest.raises(TypeError, match="Segmenter is immutable"):
        one.__init__(reference_bits=8)
    assert one.reference_bits == 16
    assert eval(repr(one), vars(septet)) == one


class Priced(septet.Segmenter):
    """A subclass with a method and an attribute more."""

    def __init__(self, price: int, **options: Any) -> None:
        super().__init__(**options)
        vars(self)["price"] = price

    def cost(self, text: str) -> int:
        return self.price * self.count(text)


class WithFooter(septet.Segmenter):
    """A subclass that overrides what the kernel does."""

    __slots__ = ()

    def count(self, text: str) -> int:
        return super().count(text + "!" * 10)

    def analyze(self, text: str) -> septet.Analysis:
        return super().analyze(text + "!" * 10)


def test_subclasses_of_a_segmenter() -> None:
    """A subclass may add methods and attributes, and override `count` and `analyze`."""
    assert Priced(7, reference_bits=16).cost("a" * 305) == 21
    with_footer = WithFooter(reference_bits=16)
    assert (with_footer.count("a" * 150), with_footer.count("a" * 151)) == (1, 2)
    assert with_footer.analyze("a").text == "a!!!!!!!!!!"


def test_subclasses_keep_their_class() -> None:
    """Copies, pickles and the repr of a subclass are of the subclass, with its attributes."""
    priced = Priced(7, languages=["turkish"])
    for made in (pickle.loads(pickle.dumps(priced)), copy.copy(priced), copy.deepcopy(priced)):
        assert type(made) is Priced
        assert made == priced
        assert made.cost("ğ" * 156) == 14
    assert repr(WithFooter()).startswith("WithFooter(encoding=None, reference_bits=8, ")
    assert type(WithFooter.from_rules(septet.Rules(reference_bits=16))) is WithFooter
