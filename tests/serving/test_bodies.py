"""Bodies of requests, plain and compressed, with limits."""

import asyncio
import gzip
import tracemalloc

import pytest

from septet.serving import gunzip, read_body


@pytest.mark.parametrize(
    ("chunks", "body"),
    [([], b""), ([b"ab", b"", b"c"], b"abc"), ([b"abcd"], None), ([b"abc", b"d"], None)],
)
def test_body_of_limited_size(chunks, body):
    """A body of up to three bytes is returned whole, a longer one is not."""

    async def stream():
        for chunk in chunks:
            yield chunk

    assert asyncio.run(read_body(stream(), 3)) == body


def test_rest_of_a_large_body_is_not_read():
    """Reading stops with the chunk that makes the body too large."""
    read = []

    async def stream():
        for chunk in (b"ab", b"cd", b"ef"):
            read.append(chunk)
            yield chunk

    assert asyncio.run(read_body(stream(), 3)) is None
    assert read == [b"ab", b"cd"]


PLAIN = b"[{}]" * 25


def compress(data):
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    "data",
    [
        compress(PLAIN),
        compress(PLAIN[:40]) + compress(b"") + compress(PLAIN[40:]),
        compress(b"") * 1000 + compress(PLAIN),
        b"".join(compress(PLAIN[index : index + 1]) for index in range(100)) + compress(b"") * 1000,
    ],
)
def test_gunzip(data):
    """One member or several; the limit is for the result, to the byte."""
    assert gunzip(data, 100) == PLAIN
    assert gunzip(data, 99) is None
    assert gunzip(compress(b""), 0) == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PLAIN,
        compress(PLAIN)[:-1],
        compress(PLAIN) + b"x",
        compress(PLAIN)[:-5] + b"\0\0\0\0\0",
    ],
)
def test_no_gzip(data):
    """Plain data, and members that are incomplete or damaged."""
    with pytest.raises(ValueError, match="gzip"):
        gunzip(data, 1000)


def test_gzip_bomb():
    """Memory is bounded by the limit, whatever the data would expand to."""
    bomb = compress(bytes(100_000_000))
    tracemalloc.start()
    assert gunzip(bomb * 2, 100_000) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
