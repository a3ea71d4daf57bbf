"""Columns: what the scalar functions say of each text, whatever holds the texts."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings

import oracle
import strategies
from scalar import SAMPLE, columns, scalar
from septet import Analysis, Encoding, EncodingError
from septet.columns.counting import count_column

pa = pytest.importorskip("pyarrow")

RULES = ((0, 0, 160, 153),), (70, 67), Analysis

LAYOUTS = {"utf8": pa.string(), "large_utf8": pa.large_string(), "utf8_view": pa.string_view()}


class OnlyArray:
    """Nothing but the capsules of an array, as any Arrow producer has them."""

    def __init__(self, source: object) -> None:
        self.source = source

    def __arrow_c_array__(self, requested_schema=None):
        return self.source.__arrow_c_array__()


class OnlyStream:
    """Nothing but the capsule of a stream."""

    def __init__(self, source: object) -> None:
        self.source = source

    def __arrow_c_stream__(self, requested_schema=None):
        return self.source.__arrow_c_stream__()


def check(segmenter, column, texts, threads=1) -> None:
    expected = scalar(segmenter, texts)
    assert segmenter.analyze_many(column, threads=threads).to_list() == expected
    counts = segmenter.count_many(column, threads=threads)
    assert counts.to_list() == [row and row[2] for row in expected]
    assert counts.sum() == sum(row[2] for row in expected if row)


@pytest.fixture(scope="module", autouse=True)
def _soiled_memory():
    """New memory holds anything: who reads what was never written shall see it."""

    def grow(memory: bytearray, size: int) -> None:
        memory.extend(b"\xa5" * size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("septet.columns.counting.grow", grow)
        yield


@pytest.fixture(params=["vector", "portable"])
def either_code(request):
    """Run with vector code and without it, where there is a compiled twin."""
    try:
        from septet._kernels._compiled import use_vector_code
    except ModuleNotFoundError:
        yield
        return
    use_vector_code(request.param == "vector")
    yield
    use_vector_code(True)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=columns, options=strategies.options)
def test_arrow_rows_are_counted_as_texts(kernels, either_code, layout, texts, options) -> None:
    """Every layout, under all options, with both implementations, with and without vector code."""
    segmenter = kernels.Segmenter(**options)
    column = pa.array(texts, layout)
    try:
        expected = scalar(segmenter, texts)
    except EncodingError:
        with pytest.raises(EncodingError) as caught:
            segmenter.count_many(column)
        text = texts[caught.value.row]
        assert text[caught.value.index] == caught.value.char
        return
    assert segmenter.analyze_many(column).to_list() == expected
    assert segmenter.analyze_many(texts).to_list() == expected
    cut = len(texts) // 2
    assert segmenter.analyze_many(column[cut:]).to_list() == expected[cut:]
    assert segmenter.count_many(column[1:cut]).to_list() == [r and r[2] for r in expected[1:cut]]


@pytest.mark.parametrize("languages", [(), (3,)])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_octets(implementations, either_code, layout, languages) -> None:
    """Octets that are not UTF-8 have a count, the same in both implementations; no overrun."""
    generator = random.Random(1)
    pool = [
        b"a",
        b"[",
        b"\xc3\xa9",
        b"\xe2\x82\xac",
        b"\xce\x94",
        b"\xf0\x9f\x98\x80",
        b"\xc3",
        b"\x80",
    ]
    pool += [
        b"\xe2",
        b"\xe2\x82",
        b"\xf0",
        b"\xff",
        b"\xc0",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"a" * 31,
        b"\xa9",
    ]
    rows = [b"".join(generator.choices(pool, k=generator.randrange(90))) for _ in range(1_500)]
    rows += pool
    large = layout in (pa.string(), pa.large_string())
    kind = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}.get(layout)
    column = pa.array(rows, kind or pa.binary_view())
    column = column.view(layout) if large else column.cast(pa.binary_view()).view(layout)
    segmenters = [twin.Segmenter(languages=languages) for twin in implementations.values()]
    answers = [segmenter.analyze_many(column).to_list() for segmenter in segmenters]
    assert answers[0] == answers[-1]
    for octets, found in zip(rows, answers[0], strict=True):
        firsts = octets[:1] + bytes(octet for octet in octets[1:] if octet & 0xC0 != 0x80)
        try:
            expected = oracle.analyze(octets.decode(), languages=languages)
        except UnicodeDecodeError:
            units = len(firsts) + sum(octet >= 0xF0 for octet in firsts)
            assert found[:2] == (Encoding.UCS2, units)
        else:
            assert found == (expected.encoding, expected.unit_count, expected.segment_count)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_row_around_full_segments(kernels, either_code, layout) -> None:
    """Alone in its column: plain, or with one character that may stand on a border."""
    texts = ["a" * size for size in (306, 307, 459, 460)]
    texts += ["a" * 152 + "€" + "a" * more for more in (151, 152)]
    texts += ["ж" * 66 + "😀" + "ж" * more for more in (65, 66)]
    for text in texts:
        check(kernels.Segmenter(), pa.array([text], layout), [text])


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_language_without_a_locking_table(kernels, either_code, layout) -> None:
    """Spanish makes two pairs of tables: rows are looked at as for many."""
    texts = ["¿Qué más?", "Á" * 78, "plain", None, "ж", "[" * 81, "ç€" * 39]
    check(kernels.Segmenter(languages=["spanish"]), pa.array(texts, layout), texts)


@pytest.mark.parametrize("wrap", [OnlyArray, OnlyStream, lambda column: column])
def test_any_producer(kernels, wrap) -> None:
    """Only the capsules are asked for."""
    column = pa.array(SAMPLE)
    if wrap is OnlyStream:
        column = pa.chunked_array([column])
    check(kernels.Segmenter(), wrap(column), SAMPLE)


def test_chunks_dictionaries_and_tables(kernels) -> None:
    """Streams of several chunks, slices of them, dictionaries, tables of one column."""
    segmenter = kernels.Segmenter()
    check(segmenter, pa.chunked_array([SAMPLE[:3], [], SAMPLE[3:]]), SAMPLE)
    check(segmenter, pa.chunked_array([SAMPLE * 3, SAMPLE])[7:35], (SAMPLE * 4)[7:35])
    check(segmenter, pa.chunked_array([], pa.string()), [])
    uneven = [["a"] * 3, [None, "b"] * 5, ["c"] * 21, ["d", None], ["e"] * 9, [None]]
    check(segmenter, pa.chunked_array(uneven), [text for chunk in uneven for text in chunk])
    for index in (pa.int8(), pa.uint16(), pa.int32(), pa.uint64()):
        column = pa.array(SAMPLE * 3, pa.dictionary(index, pa.string()))
        check(segmenter, column, SAMPLE * 3)
        check(segmenter, column[4:21], (SAMPLE * 3)[4:21])
    null_inside = pa.DictionaryArray.from_arrays([0, 1, None, 0], ["one", None])
    check(segmenter, null_inside, ["one", None, None, "one"])
    check(segmenter, pa.table({"body": SAMPLE}), SAMPLE)
    check(segmenter, pa.table({"body": SAMPLE}).to_batches()[0][2:9], SAMPLE[2:9])


@pytest.mark.parametrize(
    "options",
    [
        {},
        pytest.param({"reference_bits": 16}, marks=pytest.mark.slow),
        pytest.param({"header_octets": 130}, marks=pytest.mark.slow),
        {"encoding": "ucs2"},
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_long_runs_of_plain_rows(kernels, either_code, layout, options) -> None:
    """Rows that need only their lengths, of every length around every limit, with nulls between."""
    segmenter = kernels.Segmenter(**options)
    texts: list[str | None] = ["a" * size for size in range(700)]
    texts += ["a" * (153 * times + more) for times in range(5, 60) for more in (-1, 0, 1)]
    texts[20:600:7] = [None] * len(texts[20:600:7])
    texts += ["b" * (1 << 20), "c" * ((1 << 20) + 1), *["d"] * 40]
    expected = [text and segmenter.count(text) for text in texts]
    expected[0] = 1
    assert segmenter.count_many(pa.array(texts, layout)).to_list() == expected
    check(segmenter, pa.array(texts, layout)[3:680], texts[3:680])


def test_rows_that_are_all_null(kernels) -> None:
    """Arrow's type null, which is what a producer makes of rows without a text, in every holder."""
    polars = pytest.importorskip("polars")
    for column in (
        pa.nulls(3),
        pa.chunked_array([pa.nulls(2), pa.nulls(0), pa.nulls(3)])[1:4],
        pa.nulls(3).dictionary_encode(),
        pa.table({"body": pa.nulls(5)}).to_batches()[0][1:4],
        polars.Series([None, None, None]),
    ):
        check(kernels.Segmenter(), column, [None] * 3, threads=2)
    check(kernels.Segmenter(keep_graphemes=True), pa.nulls(3), [None] * 3)
    check(kernels.Segmenter(), pa.nulls(0), [])


def test_sequences(kernels) -> None:
    """Lists, tuples, generators and NumPy arrays of texts."""
    segmenter = kernels.Segmenter(reference_bits=16)
    check(segmenter, SAMPLE, SAMPLE)
    check(segmenter, tuple(SAMPLE), SAMPLE)
    assert segmenter.count_many(text for text in SAMPLE * 9_000).to_list()[-1] == 1
    assert segmenter.count_many([]).to_list() == []
    numpy = pytest.importorskip("numpy")
    check(segmenter, numpy.array(SAMPLE, dtype=object), SAMPLE)
    check(segmenter, numpy.array(["one", "é" * 200]), ["one", "é" * 200])
    check(segmenter, numpy.array(["one", float("nan")], dtype=object), ["one", None])
    kind = numpy.dtypes.StringDType(na_object=None)
    check(segmenter, numpy.array(SAMPLE, dtype=kind), SAMPLE)


def test_other_libraries(kernels) -> None:
    """Polars, pandas and DuckDB hand their columns over themselves."""
    segmenter = kernels.Segmenter()
    polars = pytest.importorskip("polars")
    check(segmenter, polars.Series(SAMPLE), SAMPLE)
    check(segmenter, polars.Series(SAMPLE, dtype=polars.Categorical), SAMPLE)
    check(segmenter, polars.DataFrame({"body": SAMPLE}), SAMPLE)
    pandas = pytest.importorskip("pandas")
    check(segmenter, pandas.Series(SAMPLE), SAMPLE)
    check(segmenter, pandas.Series(SAMPLE, dtype=object), SAMPLE)
    check(segmenter, pandas.Series(SAMPLE, dtype=pandas.ArrowDtype(pa.string())), SAMPLE)
    for kind in ("category", pandas.StringDtype("python"), pandas.StringDtype("pyarrow")):
        check(segmenter, pandas.Series(SAMPLE, dtype=kind), SAMPLE)
    check(segmenter, pandas.Index(SAMPLE[3:]), SAMPLE[3:])
    with pytest.raises(TypeError, match="must be of texts, not of type int64"):
        segmenter.count_many(pandas.Series([1, 2]))
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.connect().sql("select 'é😀' as body union all select null")
    check(segmenter, relation, ["é😀", None])


@pytest.mark.parametrize("threads", [2, pytest.param(3, marks=pytest.mark.slow), 64])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_threads(kernels, layout, threads) -> None:
    """Several threads give what one gives, and leave no row out."""
    texts = SAMPLE * 5_003
    column = pa.array(texts, layout)[3:]
    counts = kernels.Segmenter().count_many(column, threads=threads)
    assert counts.to_list() == kernels.Segmenter().count_many(texts[3:]).to_list()


def test_many_threads_at_once(kernels) -> None:
    """One segmenter, one column and one list for all of them; the results go on to others."""
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


def test_a_list_that_others_change_meanwhile(kernels) -> None:
    """Each row is counted as the text it is or was, or the list was found too short."""
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
    """However many fail, and whichever thread finds one first."""
    texts = ["a"] * 600_000
    for row in (299_000, 300_000, 301_000, 599_999):
        texts[row] = "😀"
    with pytest.raises(EncodingError) as caught:
        kernels.Segmenter(encoding="gsm7").count_many(pa.array(texts), threads=threads)
    assert caught.value.row == 299_000


def test_a_thread_that_ends_early_is_noticed(kernels) -> None:
    """Its rows were not counted: there is no answer."""

    class Kernel(kernels.functions.Kernel):
        def count_rows(self, *arguments):
            if threading.current_thread() is not threading.main_thread():
                raise MemoryError
            started.wait(10)
            return super().count_rows(*arguments)

    started = threading.Event()
    threading.excepthook, before = lambda _: started.set(), threading.excepthook
    try:
        with pytest.raises(RuntimeError, match="ended early"):
            count_column(Kernel(*RULES), pa.array(["a"] * 40_000), 2)
    finally:
        threading.excepthook = before


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
@pytest.mark.parametrize("twin", ["compiled", "python"])
@pytest.mark.parametrize(
    ("holder", "threads"), [("list", 1), ("arrow", 1), ("arrow", 2)], ids=lambda value: str(value)
)
def test_an_interrupt_ends_the_count(implementations, twin, holder, threads) -> None:
    """Long before the last row, which is a minute away; what comes after is as always."""
    if twin not in implementations:
        pytest.skip("the compiled twin was not built")
    size = {"compiled": 5_000, "python": 150}[twin]
    command = [sys.executable, "-c", _INTERRUPTED, holder, str(size), str(threads)]
    with subprocess.Popen(
        command,
        env={**os.environ, "SEPTET_IMPLEMENTATION": twin},
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


def test_a_list_that_shrinks_meanwhile(kernels) -> None:
    """Before a slice of it is counted, or while one is: the same error."""

    class Kernel(kernels.functions.Kernel):
        def count_texts(self, texts, *arguments):
            texts.pop()
            super().count_texts(texts, *arguments)

    with pytest.raises(RuntimeError, match=r"^the list changed while it was read$"):
        count_column(Kernel(*RULES), ["a"] * 100, 1)
    texts = ["a" * 161] * 100
    kernel = kernels.functions.Kernel(*RULES, lambda text: texts.clear())
    with pytest.raises(RuntimeError, match=r"^the list changed while it was read$"):
        kernel.count_texts(
            texts, 0, 100, memoryview(bytearray(400)).cast("i"), None, None, bytearray(13), 0
        )


@pytest.mark.parametrize("excluded", ["€Ω", "\f[", "ae", "ğ€é"])
@pytest.mark.parametrize("languages", [(), (1,)])
def test_characters_that_a_provider_leaves_out(kernels, either_code, excluded, languages) -> None:
    """In every layout, beside rows that have none of them, near the ends of segments and nulls."""
    segmenter = kernels.Segmenter(
        provider=strategies.provider_without(excluded), languages=languages
    )
    texts = [None, "bcd" * 70, "", "[" * 80, "é" * 307, "Ω", "b" * 69 + "€", "😀b", "ğ" * 9]
    texts += [text + char for text in ("b" * 70, "b" * 160, "[" * 76) for char in excluded + "b"]
    texts *= 3
    for layout in LAYOUTS.values():
        check(segmenter, pa.array(texts, layout), texts)
    check(segmenter, texts, texts)


def test_keep_graphemes(kernels) -> None:
    """Clusters are kept in columns too."""
    pytest.importorskip("regex")
    texts = ["a" * 65 + "🇩🇪" + "b" * 67, None, "a" * 152 + "\r\n" + "b" * 152]
    check(kernels.Segmenter(keep_graphemes=True), pa.array(texts), texts)
    check(kernels.Segmenter(keep_graphemes=True), texts, texts)
    octets = [b"a\xff" * 100, b"\x80\x80\xc3", b"\xf0\x9f", None, b"\xc3\xa9"]
    column = pa.array(octets, pa.binary()).view(pa.string())
    found = kernels.Segmenter(keep_graphemes=True).analyze_many(column)
    assert found == kernels.Segmenter().analyze_many(column)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([1, 2]), "the column must be of texts, not of Arrow type int64"),
        (pa.array([b"x"]), "the column must be of texts, not of Arrow type binary"),
        (pa.array([["x"]]), "the column must be of texts, not of Arrow type list"),
        (
            pa.table({"a": ["x"], "b": ["y"]}),
            "the column must be of texts, not of Arrow type struct of 2 fields",
        ),
        (
            pa.array([1, 2]).dictionary_encode(),
            "the column must be of texts, not of Arrow type dictionary of int64",
        ),
        ("text", "a column is a list, an Arrow array or the like, not str"),
        (b"text", "a column is a list, an Arrow array or the like, not bytes"),
        (["one", 2], "row 1: text must be str or None, not int"),
        ((x for x in ["a"] * 70_000 + [b"x"]), "row 70000: text must be str or None, not bytes"),
        (7, "a column is a list, an Arrow array or the like, not int"),
    ],
)
def test_what_is_no_column_of_texts(kernels, column, message) -> None:
    """A TypeError names the Arrow type, or the row."""
    if not isinstance(column, str | bytes | list) and not hasattr(column, "__len__"):
        column = [*["a"] * 70_000, b"x"] if hasattr(column, "send") else column
    with pytest.raises(TypeError) as caught:
        kernels.count_many(column)
    assert str(caught.value) == message


@pytest.mark.parametrize("threads", [0, -1, 1.5, None])
def test_wrong_threads(kernels, threads) -> None:
    """At least one."""
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        kernels.count_many([], threads=threads)


def test_forced_gsm7_names_the_row(kernels) -> None:
    """The row, the character and its index."""
    segmenter = kernels.Segmenter(encoding=Encoding.GSM7)
    for column in (
        ["a", None, "b😀"],
        pa.array(["a", None, "b😀"]),
        pa.array(["x", "a", "", "b😀"])[1:],
    ):
        with pytest.raises(EncodingError) as caught:
            segmenter.count_many(column)
        assert str(caught.value) == (
            "character '😀' at row 2, index 1 is not in the GSM 7-bit alphabet"
        )


def test_lists_are_left_as_they_are(kernels) -> None:
    """No reference to a text is kept or lost."""
    text = "".join(["not", " interned"])
    before = sys.getrefcount(text)
    texts = [text] * 1_000
    kernels.count_many(texts)
    assert sys.getrefcount(text) == before + 1_000
