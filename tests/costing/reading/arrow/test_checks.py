"""Checks of Arrow arrays: wrong offsets are errors, bytes that are not UTF-8 are not."""

import struct

import pytest

pa = pytest.importorskip("pyarrow")

from septet.costing.reading.arrow.checks import (  # noqa: E402
    are_sound,
    as_binary,
    readable_rows,
    undecodable_rows,
)


def strings(*offsets, content=b"onetwo"):
    """Return an array of strings with any offsets."""
    rows = pa.py_buffer(struct.pack(f"<{len(offsets)}i", *offsets))
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, rows, pa.py_buffer(content)])


def in_a_list(values):
    return pa.ListArray.from_arrays(pa.array(range(len(values) + 1), pa.int32()), values)


def in_a_dictionary(values):
    indexes = pa.array(range(len(values)), pa.int8())
    return pa.DictionaryArray.from_arrays(indexes, values, safe=False)


WRAPPERS = [
    lambda values: values,
    in_a_list,
    in_a_dictionary,
    lambda values: in_a_list(in_a_dictionary(values)),
    lambda values: pa.StructArray.from_arrays([values], ["field"]),
    lambda values: pa.MapArray.from_arrays(
        pa.array(range(len(values) + 1), pa.int32()), values, values
    ),
    lambda values: pa.FixedSizeListArray.from_arrays(values, 1),
]


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_offsets(wrap):
    """Offsets that go back or beyond the bytes are found at any depth."""
    assert are_sound([wrap(strings(0, 3, 6))])
    for offsets in ((0, 6, 3), (0, -(2**31) + 1, 6), (0, 7, 6), (0, 3, 7)):
        with pytest.raises(pa.ArrowException):
            are_sound([pa.array(["fine"]), wrap(strings(*offsets))])


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_bytes_that_are_not_utf8(wrap):
    """They are told, and are no error."""
    column = wrap(strings(0, 3, 6, content=b"on\xfftwo"))
    assert not are_sound([column, pa.array(["fine"])])
    as_binary(column).validate(full=True)


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_bytes_and_offsets(wrap):
    """A wrong offset is found behind bytes that are not UTF-8."""
    with pytest.raises(pa.ArrowException):
        are_sound([wrap(strings(0, 3, 2, 6, content=b"on\xfftwo"))])


@pytest.mark.parametrize("index", [-1, 2, 127])
def test_dictionary_indexes(index):
    """An index outside the dictionary is found."""
    indexes = pa.array([0, index], pa.int8())
    with pytest.raises(pa.ArrowException):
        are_sound([pa.DictionaryArray.from_arrays(indexes, pa.array(["a", "b"]), safe=False)])


def test_views():
    """A view outside its buffer is found; one that is not UTF-8 is not an error."""
    views = pa.array(["a text that is not in its view", "short"], pa.string_view())
    assert are_sound([views, in_a_list(views)])
    _, rows, values = views.buffers()
    if int(pa.__version__.split(".")[0]) < 19:
        pytest.skip("this pyarrow makes no views from several buffers")
    broken = pa.Array.from_buffers(pa.string_view(), 2, [None, rows, values.slice(0, 9)])
    with pytest.raises(pa.ArrowException):
        are_sound([broken])
    content = values.to_pybytes()[:-1] + b"\xff"
    undecodable = pa.Array.from_buffers(pa.string_view(), 2, [None, rows, pa.py_buffer(content)])
    assert not are_sound([undecodable])
    assert undecodable_rows(undecodable) == [0]


def test_readable_rows():
    """A row is readable if it is in all columns."""
    first = strings(0, 1, 2, 3, content=b"a\xffc")
    second = strings(0, 1, 2, 3, content=b"xy\xff")
    columns, unreadable = readable_rows(first, second)
    assert ([column.to_pylist() for column in columns], unreadable) == ([["a"], ["x"]], [1, 2])
    columns, unreadable = readable_rows(pa.array(["a", None]))
    assert (columns[0].to_pylist(), unreadable) == (["a", None], [])
