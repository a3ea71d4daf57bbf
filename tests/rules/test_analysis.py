"""`Analysis`: a value, and the kernel that makes it."""

from __future__ import annotations

import copy
import pickle

import pytest

import septet
from septet.rules.analysis import make_kernel


def test_analyses_are_values() -> None:
    """Equal by text and rules, usable as keys, pickled with their rules."""
    one = septet.Segmenter(reference_bits=16).analyze("a’b" * 50)
    assert one == septet.Segmenter(reference_bits=16).analyze("a’b" * 50)
    assert one != septet.analyze("a’b" * 50)
    assert one != "an analysis"
    assert len({one, septet.Segmenter(reference_bits=16).analyze("a’b" * 50)}) == 1
    copied = pickle.loads(pickle.dumps(one))
    assert (copied, copied.units_left, copied.non_gsm_characters) == (
        one,
        one.units_left,
        one.non_gsm_characters,
    )
    with pytest.raises(TypeError, match=r"^analyze\(\) makes an Analysis; it has no constructor$"):
        septet.Analysis()


def test_an_analysis_holds_text_and_rules(kernels) -> None:
    """Whichever implementation made it, there is one class."""
    segmenter = kernels.Segmenter(reference_bits=16)
    analysis = segmenter.analyze("Hi")
    assert type(analysis) is septet.Analysis
    assert analysis.text == "Hi"
    assert analysis.rules is segmenter.rules
    assert analysis == septet.Segmenter(reference_bits=16).analyze("Hi")
    for made in (copy.copy(analysis), copy.deepcopy(analysis)):
        assert made == analysis
        assert made.units_left == 158


def test_a_result_needs_the_slots(kernels) -> None:
    """A class without one of them is refused when the kernel is made."""

    class Result:
        __slots__ = ("_kernel", "_pair", "segment_count", "text", "units_left")

    for result, slot in ((Result, "unit_count"), (int, "_kernel")):
        with pytest.raises(TypeError) as caught:
            kernels.functions.Kernel((), (70, 67), result)
        assert str(caught.value) == (
            f"result must have a slot {slot!r}, but {result.__name__} has none"
        )


@pytest.mark.parametrize("implementation", ["compiled", "python"])
def test_make_kernel(implementations, implementation) -> None:
    """The kernel has the rules, and is of the implementation that was asked for."""
    if implementation not in implementations:
        pytest.skip("the compiled implementation was not built")
    rules = septet.Rules(languages=["turkish"], provider="telnyx")
    kernel = make_kernel(rules, implementation)
    assert (kernel.implementation, kernel.rules) == (implementation, rules)
    assert (kernel.pairs, kernel.excluded) == (rules.pairs, rules.excluded)
    assert make_kernel(rules).implementation == septet.IMPLEMENTATION
