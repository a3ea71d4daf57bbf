"""Structures of other libraries: inconsistent ones are refused, and all are released."""

from __future__ import annotations

import gc
from array import array

import pytest

from septet.arrow import export as arrow_export
from septet.arrow import structures as arrow

pa = pytest.importorskip("pyarrow")

LAYOUTS = (pa.string(), pa.large_string(), pa.string_view())
SAMPLE = ["one", "", None, "é" * 161, "😀" * 40]


def test_sources_are_released(kernels) -> None:
    """Memory of the producer is freed after the count."""
    gc.collect()
    before = pa.total_allocated_bytes()
    for layout in LAYOUTS:
        column = pa.array(SAMPLE * 1_000, layout)
        for _ in range(10):
            kernels.count_many(column)
            kernels.count_many(pa.chunked_array([column, column]))
        del column
    gc.collect()
    assert pa.total_allocated_bytes() == before


class Hostile:
    """An Arrow array built by hand, with inconsistent fields."""

    def __init__(self, layout, buffers, **fields):
        self.layout, self.buffers, self.fields = layout, buffers, fields

    def __arrow_c_array__(self, requested_schema=None):
        exported = arrow_export.Exported(self.layout, 3, 0, self.buffers, {}, None)
        schema = arrow_export.fill_schema(arrow_export.Schema(), exported)
        made = arrow_export.fill_array(arrow_export.Array(), exported)
        for name, value in self.fields.items():
            setattr(made, name, value)
        return arrow_export.make_capsule(schema), arrow_export.make_capsule(made)


def offsets(*values):
    return array("i", values)


def views(*rows):
    return bytearray(b"".join(array("i", row).tobytes() for row in rows))


OCTETS = bytearray(b"abcdef" * 10)
SIZES = array("q", [len(OCTETS)])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Hostile("u", [None, offsets(0, 4, 2, 6), OCTETS]), "row 1: its offsets go backwards"),
        (Hostile("u", [None, offsets(0, 9, 9, 6), OCTETS]), "row 0: its offsets go backwards"),
        (Hostile("u", [None, offsets(-3, 1, 2, 6), OCTETS]), "row 0: its offsets go backwards"),
        (
            Hostile("u", [None, offsets(*range(11), 5, *range(12, 21)), OCTETS], length=20),
            "row 10: its offsets go backwards",
        ),
        (
            Hostile(
                "u", [None, offsets(*[0] * 10, 2**31 - 1, -(2**31), *[9] * 9), OCTETS], length=20
            ),
            "row 9: its offsets go backwards",
        ),
        (Hostile("u", [None, offsets(7, 8, 9, 6), OCTETS]), "row 0: its offsets go backwards"),
        (Hostile("U", [None, array("q", [0, 1 << 62, 2, 3]), OCTETS]), "row 0: its offsets"),
        (Hostile("vu", [None, views(*[(13, 0, 0, 50)] * 3), OCTETS, SIZES]), "row 0: its view"),
        (Hostile("vu", [None, views(*[(13, 0, 1, 0)] * 3), OCTETS, SIZES]), "row 0: its view"),
        (Hostile("vu", [None, views(*[(13, 0, -1, 0)] * 3), OCTETS, SIZES]), "row 0: its view"),
        (Hostile("vu", [None, views(*[(13, 0, 0, -1)] * 3), OCTETS, SIZES]), "row 0: its view"),
        (Hostile("vu", [None, views(*[(-1, 0, 0, 0)] * 3), OCTETS, SIZES]), "row 0: its view"),
        (Hostile("u", [None, offsets(0, 1, 2, 3), OCTETS], length=-1), "has length -1"),
        (Hostile("u", [None, offsets(0, 1, 2, 3), OCTETS], offset=-1), "offset -1; neither"),
        (Hostile("u", [None, offsets(0, 1, 2, 3), OCTETS], null_count=2), "no validity buffer"),
        (Hostile("u", [None, offsets(0, 1, 2, 3)]), "with 3 buffers, got 2"),
        (Hostile("u", [None, None, OCTETS]), "no buffer for them"),
        (Hostile("u", [None, offsets(0, 1, 2, 3), None]), "lacks the buffer of their bytes"),
        (
            Hostile("vu", [None, views(*[(1, 0, 0, 0)] * 3), None, SIZES]),
            "lacks one of its buffers",
        ),
        (Hostile("vu", [None, views(*[(1, 0, 0, 0)] * 3), OCTETS, None]), "lacks the sizes"),
        (Hostile("u", [None, offsets(0, 1, 2, 3), OCTETS], release=None), "already released"),
    ],
)
@pytest.mark.parametrize("keep_graphemes", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_hostile_arrays(kernels, source, message, keep_graphemes) -> None:
    """Inconsistent structures are refused before anything is read from them."""
    with pytest.raises(ValueError, match=message):
        kernels.Segmenter(keep_graphemes=keep_graphemes).count_many(source)


@pytest.mark.parametrize("layout", ["u", "U", "vu"])
@pytest.mark.parametrize("keep_graphemes", [False, True])
def test_no_rows_need_no_memory(kernels, layout, keep_graphemes) -> None:
    """An array without rows may have no offsets, or meaningless ones."""
    segmenter = kernels.Segmenter(keep_graphemes=keep_graphemes)
    for memory in (None, array("q", [-1, -1])):
        source = Hostile(layout, [None, memory, None], length=0)
        assert segmenter.count_many(source).to_list() == []


class Indexed(Hostile):
    """An Arrow array built by hand, with a dictionary of three values."""

    def __arrow_c_array__(self, requested_schema=None):
        values = arrow_export.Exported(
            "u", 3, 0, [None, offsets(0, 1, 2, 3), bytearray(b"abc")], {}, None
        )
        exported = arrow_export.Exported(self.layout, 3, 0, self.buffers, {}, values)
        schema = arrow_export.fill_schema(arrow_export.Schema(), exported)
        for name, value in self.fields.items():
            setattr(schema, name, value)
        made = arrow_export.fill_array(arrow_export.Array(), exported)
        return arrow_export.make_capsule(schema), arrow_export.make_capsule(made)


@pytest.mark.parametrize("layout", [None, b"", b"\xff", b"u"])
def test_a_dictionary_without_indexes(kernels, layout) -> None:
    """The format of the indexes must be that of integers."""
    source = Indexed("i", [None, offsets(0, 1, 2)], format=layout)
    with pytest.raises(ValueError, match="dictionary indexes must be integers"):
        kernels.count_many(source)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_hostile_offset_between_slices(kernels, threads) -> None:
    """The offset bounds the slice before it, and is checked first."""
    rows = 300_000
    for row in {rows * number // count for count in (2, 3, 4) for number in range(1, count)}:
        values = offsets(*[0] * (rows + 1))
        values[row] = 2**31 - 1
        source = Hostile("u", [None, values, OCTETS], length=rows)
        with pytest.raises(ValueError, match=f"row {row - 1}: its offsets go backwards"):
            kernels.Segmenter().count_many(source, threads=threads)


def test_a_dictionary_that_points_outside(kernels) -> None:
    """An index beyond the values is an error; the index of a null row is ignored."""
    good = pa.array(["one", "two", None]).dictionary_encode()
    bad = pa.DictionaryArray.from_buffers(
        good.type, 3, [None, pa.py_buffer(array("i", [0, 7, 1]))], good.dictionary
    )
    with pytest.raises(
        ValueError, match="row 1: dictionary index 7, but the dictionary has 2 values"
    ):
        kernels.count_many(bad)
    masked = pa.DictionaryArray.from_buffers(
        good.type, 3, [pa.py_buffer(b"\x05"), pa.py_buffer(array("i", [0, 7, 1]))], good.dictionary
    )
    assert kernels.count_many(masked).to_list() == [1, None, 1]


class Altered:
    """An array of another library in which one field was changed."""

    def __init__(self, source, alter):
        self.source, self.alter = source, alter

    def __arrow_c_array__(self, requested_schema=None):
        schema, made = self.source.__arrow_c_array__()
        self.alter(
            arrow.Schema.from_address(arrow.capsule_pointer(schema, b"arrow_schema")),
            arrow.Array.from_address(arrow.capsule_pointer(made, b"arrow_array")),
        )
        return schema, made


def without_child(schema, made):
    made.n_children = 0


def with_short_child(schema, made):
    made.children[0].contents.length -= 1


def without_buffers(schema, made):
    made.buffers = None


def with_odd_indexes(schema, made):
    schema.format = b"f"


def without_values(schema, made):
    made.dictionary = None


TABLE = pa.StructArray.from_arrays([["one", "two"]], ["body"])
WORDS = pa.array(["one", "two"]).dictionary_encode()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            pa.StructArray.from_arrays([["one", "two"]], ["body"], mask=pa.array([True, False])),
            "an Arrow table with null rows cannot be read",
        ),
        (Altered(pa.array(["one"]), without_buffers), "an Arrow array lacks its buffers"),
        (Altered(TABLE, without_child), "with 1 child, got 0"),
        (Altered(TABLE, with_short_child), "the column of an Arrow table has only 1 rows"),
        (
            Altered(WORDS, with_odd_indexes),
            "must be integers, not of Arrow format 'f'",
        ),
        (Altered(WORDS, without_values), "an Arrow dictionary array has no dictionary"),
    ],
)
def test_hostile_tables_and_dictionaries(kernels, source, message) -> None:
    """Children and dictionaries are checked too."""
    with pytest.raises(ValueError, match=message):
        kernels.count_many(source)


def test_empty_texts_need_no_bytes(kernels) -> None:
    """The buffer of bytes may be absent if all texts are empty."""
    assert kernels.count_many(Hostile("u", [None, offsets(0, 0, 0, 0), None])).to_list() == [1] * 3


def test_a_stream_that_fails_midway(kernels) -> None:
    """The message of the error contains the reason that the stream gives."""

    def batches():
        yield pa.record_batch({"body": ["one"]})
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("body", pa.string())]), batches())
    with pytest.raises(ValueError, match=r"(?s)the Arrow stream failed: .*the disk is gone"):
        kernels.count_many(reader)


def test_a_stream_can_be_read_once(kernels) -> None:
    """A second count of the same stream is refused."""
    capsule = pa.chunked_array([["one"]]).__arrow_c_stream__()

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    assert kernels.count_many(Once()).to_list() == [1]
    with pytest.raises(ValueError, match="already released"):
        kernels.count_many(Once())
