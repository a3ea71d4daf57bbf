"""Structs of Thrift: values of all types, and bytes that are none."""

import random
import struct

import pytest

from septet.costing.reading.arrow.thrift_structs import ThriftError, read_struct


def test_values():
    """Integers with signs, booleans, floats, bytes, lists, structs, and long field numbers."""
    content = (
        b"\x15\x07"  # field 1: -4 as an integer
        b"\x11\x12"  # fields 2 and 3: true and false
        b"\x17" + struct.pack("<d", 0.5) + b"\x18\x02hi"  # fields 4 and 5
        b"\x19\x35\x02\x04\x06"  # field 6: a list of three integers
        b"\x19\x21\x01\x02"  # field 7: a list of two booleans
        b"\x1c\x13\x09\x00"  # field 8: a struct with a byte
        b"\x05\xd0\x0f\x80\x01"  # field 1000
        b"\x00rest"
    )
    expected = {1: -4, 2: True, 3: False, 4: 0.5, 5: b"hi", 6: [1, 2, 3], 7: [1, 2], 8: {1: 9}}
    assert read_struct(content) == (expected | {1000: 64}, len(content) - 4)
    assert read_struct(b"??" + content, 2)[1] == len(content) - 2


@pytest.mark.parametrize("content", [b"", b"\x15", b"\x18\x05four", b"\x19\xf5\x80"])
def test_too_short(content):
    """Bytes that end within the struct are told from those that are none."""
    with pytest.raises(IndexError):
        read_struct(content)


@pytest.mark.parametrize(
    "content", [b"\x1e\x00", b"\x15" + b"\xff" * 20, b"\x1c" * 2_000, b"\x19\x19" + b"\x19" * 2_000]
)
def test_not_a_struct(content):
    """Unknown types, endless integers and endless depth are errors."""
    with pytest.raises(ThriftError):
        read_struct(content)


def test_random_bytes():
    """Nothing else is raised, whatever the bytes are."""
    draw = random.Random(1)
    for _ in range(3_000):
        try:
            read_struct(draw.randbytes(40))
        except (IndexError, ThriftError):
            continue
