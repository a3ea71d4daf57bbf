"""Sums of columns, in both implementations."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

int32 = st.integers(-(2**31), 2**31 - 1)


@given(st.lists(int32, max_size=80), st.integers(0, 3))
def test_sum_of_counts(implementations, counts, start) -> None:
    """The sum of all numbers, from any address on, in every implementation."""
    part = memoryview(array("i", [7] * start + counts))[start:]
    for implementation in implementations.values():
        assert implementation.functions.sum_counts(part) == sum(counts)


def test_a_sum_may_exceed_an_int32(implementations) -> None:
    """Counts that fit into 32 bits have a sum that does not."""
    counts = memoryview(array("i", [2**31 - 1] * 9))
    for implementation in implementations.values():
        assert implementation.functions.sum_counts(counts) == 9 * (2**31 - 1)
