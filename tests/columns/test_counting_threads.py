"""Columns that several threads count, that other threads change, and that are interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from scalar import SAMPLE
from septet import Analysis, EncodingError
from septet.columns.counting import ColumnCounter
from septet.columns.pieces import read_pieces

pa = pytest.importorskip("pyarrow")

LAYOUTS = {"utf8": pa.string(), "large_utf8": pa.large_string(), "utf8_view": pa.string_view()}


@pytest.mark.parametrize("threads", [2, pytest.param(3, marks=pytest.mark.slow), 64])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_threads(kernels, layout, threads) -> None:
    """Several threads give the result of one thread, and count every row."""
    texts = SAMPLE * 5_003
    column = pa.array(texts, layout)[3:]
    counts = kernels.Segmenter().count_many(column, threads=threads)
    assert counts.to_list() == kernels.Segmenter().count_many(texts[3:]).to_list()


def test_counts_in_several_threads(kernels) -> None:
    """They share one segmenter, one column and one list, and export their results."""
    segmenter = kernels.Segmenter()
    texts = SAMPLE * 2_100
    column = pa.chunked_array([texts[:500], texts[500:]])
    expected = segmenter.count_many(texts).to_list()

    def work(turn: int) -> None:
        counts = segmenter.count_many(texts if turn % 2 else column, threads=1 + turn % 3)
        assert counts.to_list() == expected
        assert pa.array(counts).to_pylist() == pa.chunked_array(counts).to_pylist() == expected

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, range(6))) == [None] * 6


def test_a_list_that_other_threads_change(kernels) -> None:
    """Each row is counted as a text that was in the list, or the list has become too short."""
    segmenter = kernels.Segmenter()
    texts = ["a" * 161 for _ in range(20_000)]
    is_over = threading.Event()

    def change() -> None:
        row = 0
        while not is_over.is_set():
            row = (row + 7_919) % 19_000
            texts[row] = "".join(["[" * 80, str(row)])
            texts.append(texts.pop())

    with ThreadPoolExecutor(2) as pool:
        changes = [pool.submit(change) for _ in range(2)]
        for _ in range(4):
            with contextlib.suppress(RuntimeError):
                assert set(segmenter.count_many(texts)) == {2}
        is_over.set()
        assert [future.result() for future in changes] == [None, None]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_first_row_that_fails_is_named(kernels, threads) -> None:
    """However many rows fail, and whichever thread finds one first."""
    texts = ["a"] * 600_000
    for row in (299_000, 300_000, 301_000, 599_999):
        texts[row] = "😀"
    with pytest.raises(EncodingError) as caught:
        kernels.Segmenter(encoding="gsm7").count_many(pa.array(texts), threads=threads)
    assert caught.value.row == 299_000


def test_an_error_in_a_thread_is_raised(kernels) -> None:
    """There is no result if a thread could not count its rows."""
    has_failed = threading.Event()

    class Kernel(kernels.functions.Kernel):
        def count_rows(self, *arguments):
            if threading.current_thread() is threading.main_thread():
                assert has_failed.wait(10)
                return super().count_rows(*arguments)
            has_failed.set()
            raise MemoryError("in a thread")

    kernel = Kernel(((0, 0, 160, 153),), (70, 67), Analysis)
    counter = ColumnCounter(kernel, threads=2)
    with pytest.raises(MemoryError, match=r"^in a thread$"):
        list(counter.count(read_pieces(pa.array(["a"] * 40_000))))


_INTERRUPTED = """
import signal, struct, sys, threading
import pyarrow as pa
import septet

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background
holder, size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rows, text = 8_000_000, "[" * size
if holder == "list":
    column = [text] * rows
else:
    views = pa.py_buffer(struct.pack("<i4sii", size, b"[[[[", 0, 0) * rows)
    buffers = [None, views, pa.py_buffer(text.encode())]
    column = pa.Array.from_buffers(pa.string_view(), rows, buffers)
print("counting", flush=True)
try:
    septet.count_many(column, threads=threads)
except KeyboardInterrupt:
    again = septet.count_many(column[:40_000], threads=threads)
    print("interrupted", threading.active_count(), set(again) == {septet.count(text)})
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself SIGINT there")
@pytest.mark.parametrize("implementation", ["compiled", "python"])
@pytest.mark.parametrize(
    ("holder", "threads"), [("list", 1), ("arrow", 1), ("arrow", 2)], ids=lambda value: str(value)
)
def test_an_interrupt_ends_the_count(implementations, implementation, holder, threads) -> None:
    """It ends long before the last row, which is a minute away, and columns still work."""
    if implementation not in implementations:
        pytest.skip("the compiled implementation was not built")
    size = {"compiled": 5_000, "python": 150}[implementation]
    command = [sys.executable, "-c", _INTERRUPTED, holder, str(size), str(threads)]
    with subprocess.Popen(
        command,
        env={**os.environ, "SEPTET_IMPLEMENTATION": implementation},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "counting\n"
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=20)
        finally:
            process.kill()
    assert output == "interrupted 1 True\n"


def test_a_list_that_shrinks_between_slices(kernels) -> None:
    """It has fewer rows when the kernel reads it than when the count began."""

    class Kernel(kernels.functions.Kernel):
        def count_texts(self, texts, *arguments):
            texts.pop()
            super().count_texts(texts, *arguments)

    kernel = Kernel(((0, 0, 160, 153),), (70, 67), Analysis)
    counter = ColumnCounter(kernel)
    with pytest.raises(RuntimeError, match=r"^the list changed while it was read$"):
        counter.count_piece(["a"] * 100)
