"""Sums of columns; `_compiled_sums` has the same function."""

from __future__ import annotations

__all__ = ["sum_counts"]


def sum_counts(counts: memoryview) -> int:
    """Return the sum of int32 counts, which may be greater than an int32.

    Args:
        counts: The counts as they are in memory, one for each row; 0 for a null.
    """
    return sum(counts)
