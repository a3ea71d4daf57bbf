"""Exported structures: they live as long as a consumer uses them, and no longer."""

from __future__ import annotations

import ctypes
import gc

import pytest

from septet._kernels import IMPLEMENTATION
from septet.arrow import structures as arrow
from septet.arrow.callbacks import live_exports

pa = pytest.importorskip("pyarrow")

SAMPLE = ["one", "", None, "é" * 161, "😀" * 40]


def test_memory_is_freed_with_its_last_user(kernels) -> None:
    """An exported array outlives its column, and nothing is kept after it is released."""
    gc.collect()
    before = len(live_exports)
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
    assert (len(live_exports)) == before


def test_a_field_can_outlive_its_table(kernels) -> None:
    """A consumer may keep one child and release the rest."""
    column = pa.array(kernels.analyze_many(SAMPLE)).field("unit_count")
    gc.collect()
    assert column.to_pylist() == [3, 0, None, 161, 80]


def test_a_stream_gives_one_array_and_ends(kernels) -> None:
    """Another library reads one array, and releases the stream at its end."""
    gc.collect()
    before = len(live_exports)
    reader = pa.RecordBatchReader.from_stream(kernels.analyze_many(SAMPLE))
    assert [batch.num_rows for batch in reader] == [5]
    del reader
    gc.collect()
    assert len(live_exports) == before


def test_a_child_can_be_moved_out_of_its_table(kernels) -> None:
    """A consumer clears the release callback of the child: it is not released with the table."""
    gc.collect()
    before = len(live_exports)
    schema, made = kernels.analyze_many(SAMPLE).__arrow_c_array__()
    whole = arrow.Array.from_address(arrow.capsule_pointer(made, b"arrow_array"))
    child = whole.children[1].contents
    taken = arrow.Array.from_buffer_copy(child)
    child.release = None
    arrow.release_function(whole.release)(ctypes.addressof(whole))
    assert (ctypes.c_int32 * 5).from_address(taken.buffers[1])[:] == [3, 0, 0, 161, 80]
    arrow.release_function(taken.release)(ctypes.addressof(taken))
    del schema, made
    assert len(live_exports) == before


@pytest.mark.skipif(IMPLEMENTATION == "python", reason="ctypes clears a pending exception")
@pytest.mark.parametrize(
    "export",
    [
        pa.array,
        pa.chunked_array,
        lambda column: column.__arrow_c_array__(),
        lambda column: column.__arrow_c_stream__(),
    ],
)
def test_a_pending_exception_outlives_what_is_released(kernels, export) -> None:
    """An expression that fails releases the arrays in it, and the exception is the same."""
    gc.collect()
    before = len(live_exports)
    column = kernels.analyze_many(SAMPLE)
    with pytest.raises(KeyError, match="missing"):
        [export(column), {}["missing"]]
    assert len(live_exports) == before


def test_a_stream_has_no_last_error(kernels) -> None:
    """A consumer may ask for one, and gets a null pointer."""
    capsule = kernels.count_many(SAMPLE).__arrow_c_stream__()
    pointer = arrow.capsule_pointer(capsule, b"arrow_array_stream")
    stream = arrow.Stream.from_address(pointer)
    assert arrow.error_text_function(stream.get_last_error)(pointer) is None
