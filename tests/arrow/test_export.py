"""Structures for consumers: they live as long as somebody uses them, and no longer."""

from __future__ import annotations

import ctypes
import gc

import pytest

from septet.arrow import export as arrow_export
from septet.arrow import structures as arrow

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


def test_a_child_that_is_taken_over(kernels) -> None:
    """It is not released with the whole, which is how the C data interface moves one."""
    gc.collect()
    before = len(arrow_export._alive)
    schema, made = kernels.analyze_many(SAMPLE).__arrow_c_array__()
    whole = arrow.Array.from_address(arrow._capsule_pointer(made, b"arrow_array"))
    child = whole.children[1].contents
    taken = arrow.Array.from_buffer_copy(child)
    child.release = None
    arrow.release_function(whole.release)(ctypes.addressof(whole))
    assert (ctypes.c_int32 * 5).from_address(taken.buffers[1])[:] == [3, 0, 0, 161, 80]
    arrow.release_function(taken.release)(ctypes.addressof(taken))
    del schema, made
    assert len(arrow_export._alive) == before


def test_a_stream_has_no_error_to_tell(kernels) -> None:
    """A consumer may ask all the same."""
    capsule = kernels.count_many(SAMPLE).__arrow_c_stream__()
    pointer = arrow._capsule_pointer(capsule, b"arrow_array_stream")
    stream = arrow.Stream.from_address(pointer)
    assert arrow._get_last_error(stream.get_last_error)(pointer) is None
