"""Structures for consumers: they live as long as somebody uses them, and no longer."""

from __future__ import annotations

import gc

import pytest

from septet import arrow_export

pa = pytest.importorskip("pyarrow")

SAMPLE = ["one", "", None, "é" * 161, "😀" * 40]


def test_memory_goes_with_its_last_user(kernels) -> None:
    """Exported arrays outlive their column, and nothing outlives them."""
    gc.collect()
    before = len(arrow_export._alive), len(arrow_export._in_capsules)
    for _ in range(20):
        counts = kernels.count_many(SAMPLE * 50)
        exported = pa.array(counts)
        expected = counts.to_list()
        del counts
        assert exported.to_pylist() == expected
        unused = kernels.analyze_many(SAMPLE).__arrow_c_array__()
        stream = kernels.analyze_many(SAMPLE).__arrow_c_stream__()
        table = pa.table(kernels.analyze_many(SAMPLE))
        del exported, unused, stream, table
    gc.collect()
    assert (len(arrow_export._alive), len(arrow_export._in_capsules)) == before


def test_a_field_can_outlive_its_table(kernels) -> None:
    """A consumer may keep one child and release the rest."""
    column = pa.array(kernels.analyze_many(SAMPLE)).field("unit_count")
    gc.collect()
    assert column.to_pylist() == [3, 0, None, 161, 80]


def test_a_stream_gives_one_array_and_ends(kernels) -> None:
    """Read to its end by somebody else."""
    reader = pa.RecordBatchReader.from_stream(kernels.analyze_many(SAMPLE))
    assert [batch.num_rows for batch in reader] == [5]
    assert len(arrow_export._in_capsules) == 0
