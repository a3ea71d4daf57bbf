"""Blocks of Snappy: both implementations give what was compressed, and agree on damaged blocks."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet._kernels.python import snappy

DAMAGE = "the block of Snappy is damaged"


@pytest.fixture(scope="module", params=["python", "compiled"])
def decompress(request, implementations) -> Any:
    """`decompress_snappy` of each implementation."""
    if request.param not in implementations:
        pytest.skip("the compiled implementation was not built")
    return implementations[request.param].functions.decompress_snappy


def varint(number: int) -> bytes:
    """Return an unsigned number, seven bits to a byte."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def literal(content: bytes, size: int = 0) -> bytes:
    """Return an element with octets of its own, whose length takes some octets more."""
    length = len(content) - 1
    if size == 0:
        return bytes([length << 2]) + content
    return bytes([59 + size << 2]) + length.to_bytes(size, "little") + content


def copy(length: int, offset: int, kind: int) -> bytes:
    """Return an element that repeats octets."""
    if kind == 1:
        return bytes([1 | length - 4 << 2 | offset >> 8 << 5, offset & 0xFF])
    return bytes([kind | length - 1 << 2]) + offset.to_bytes(4 if kind == 3 else 2, "little")


def random_block(rng: Random) -> tuple[bytes, bytes]:
    """Return a block with elements of all kinds, and its content."""
    content, block = b"", b""
    for _ in range(rng.choice([0, 1, 5, 300, 3_000])):
        kind = rng.randrange(4) if content else 0
        if kind == 0:
            size = rng.choice([0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
            octets = rng.randbytes(rng.randrange(1, 61) if size == 0 else rng.randrange(1, 257))
            content, block = content + octets, block + literal(octets, size)
            continue
        max_offset = min(len(content), 0x7FF if kind == 1 else 0xFFFF)
        offset = rng.randrange(1, min(max_offset, rng.choice([4, 32, 64, 0xFFFF])) + 1)
        length = rng.randrange(4, 12) if kind == 1 else rng.randrange(1, 65)
        repeated = content[len(content) - offset :]
        content += (repeated * (length // offset + 1))[:length]
        block += copy(length, offset, kind)
    return varint(len(content)) + block, content


@given(st.integers(0, 2**32))
def test_elements(decompress, seed) -> None:
    """Each kind of element is read, in one block and in two of different sizes."""
    rng = Random(seed)
    block, content = random_block(rng)
    other, other_content = random_block(rng)
    assert decompress(block, len(content)) == (content, None)
    found = decompress(block, len(content), other, len(other_content))
    assert found == (content, other_content)


@given(st.integers(0, 2**32))
def test_compressed_texts(decompress, seed) -> None:
    """What pyarrow has compressed becomes the same again."""
    pa = pytest.importorskip("pyarrow")
    rng = Random(seed)
    words = [rng.randbytes(rng.randrange(1, 20)) for _ in range(rng.choice([1, 5, 100]))]
    content = b"".join(rng.choices(words, k=rng.choice([1, 100, 9_000])))
    block = pa.compress(content, "snappy", asbytes=True)
    assert decompress(memoryview(block), len(content)) == (content, None)
    assert decompress(block, len(content), block, len(content)) == (content, content)


def damage(rng: Random, block: bytes) -> bytes:
    """Return a block that is cut, longer, or has some other octets."""
    octets = bytearray(block)
    for _ in range(rng.randrange(1, 4)):
        octets[rng.randrange(len(octets))] = rng.randrange(256)
    return bytes(octets[: rng.choice([len(octets), rng.randrange(len(octets) + 1)])])


def answer(decompress, *blocks) -> Any:
    """Return contents, or the text of an error."""
    try:
        return decompress(*blocks)
    except ValueError as error:
        return str(error)


@given(st.integers(0, 2**32))
def test_damaged_blocks(implementations, seed) -> None:
    """Both implementations refuse the same blocks, which are those that pyarrow refuses."""
    pa = pytest.importorskip("pyarrow")
    rng = Random(seed)
    whole, content = random_block(rng)
    block, size = damage(rng, whole), len(content)
    expected = answer(snappy.decompress_snappy, block, size)
    if block.startswith(varint(size)):  # else pyarrow may leave octets undefined
        try:
            by_pyarrow = pa.decompress(block, size, "snappy", asbytes=True), None
        except OSError:
            by_pyarrow = DAMAGE
        assert expected == by_pyarrow
    both = DAMAGE if expected == DAMAGE else (content, expected[0])
    for implementation in implementations.values():
        decompress = implementation.functions.decompress_snappy
        assert answer(decompress, block, size) == expected
        assert answer(decompress, whole, size, block, size) == both
        if both != DAMAGE:
            both_reversed = both[::-1]
            assert answer(decompress, block, size, whole, size) == both_reversed


@pytest.mark.parametrize(
    ("block", "size"),
    [
        (b"", 0),
        (b"\x01", 1),
        (b"\x02\x00a", 2),
        (b"\x01\x00a", 2),
        (b"\x01\x00a", -1),
        (b"\x00\x00a", 0),
        (b"\x05\x00a\x01\x00", 5),
        (b"\x05\x00a\x01\x02", 5),
        (b"\x05\x00a\x01", 5),
        (b"\x81\x80\x80\x80\x80\x00\x00a", 1),
        (b"\x01\xfc\xff\xff\xff\xffa", 1),
        (b"\x01\xf0", 1),
    ],
)
def test_damage(decompress, block, size) -> None:
    """Lengths and offsets beyond the block or its content are errors, wherever the block stands."""
    with pytest.raises(ValueError, match=DAMAGE):
        decompress(block, size)
    with pytest.raises(ValueError, match=DAMAGE):
        decompress(block, size, b"\x01\x00a", 1)
    with pytest.raises(ValueError, match=DAMAGE):
        decompress(b"\x01\x00a", 1, block, size)
