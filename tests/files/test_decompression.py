"""Decompression: by content, a block at a time, and damage is an OSError."""

import bz2
import gzip
import io
import random
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.exceptions import MissingExtraError
from septet.files.decompression import read_decompressed

CONTENT = random.Random(1).randbytes(300_000) + b"text " * 100_000


def compress_zstd(data):
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        zstd = pytest.importorskip("backports.zstd")
    return zstd.compress(data)


COMPRESSORS = {"plain": bytes, "gzip": gzip.compress, "bz2": bz2.compress, "zstd": compress_zstd}
COMPRESSED = sorted(COMPRESSORS.keys() - {"plain"})


class Slow(io.BytesIO):
    """A file that gives fewer bytes than it is asked for, as a pipe does."""

    def __init__(self, data, sizes):
        super().__init__(data)
        self._sizes = iter(sizes)

    def read(self, size=-1):
        return super().read(min(size, next(self._sizes, size)))


def read(data):
    return b"".join(read_decompressed(io.BytesIO(data)))


@pytest.mark.parametrize("kind", COMPRESSORS)
@pytest.mark.parametrize("content", [b"a", b"body\none\n", CONTENT], ids=len)
def test_content(kind, content):
    """The content comes in blocks that are never empty and never large."""
    blocks = list(read_decompressed(io.BytesIO(COMPRESSORS[kind](content))))
    assert b"".join(blocks) == content
    assert all(0 < len(block) <= 65_536 for block in blocks)


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_nothing(kind):
    """An empty file has no blocks, compressed or not."""
    assert list(read_decompressed(io.BytesIO(COMPRESSORS[kind](b"")))) == []


@pytest.mark.parametrize("kind", COMPRESSED)
def test_members(kind):
    """Files that were joined give their contents one after the other, also empty ones."""
    compress = COMPRESSORS[kind]
    members = [b"one\n", b"", CONTENT, *(b"%d\n" % number for number in range(3_000))]
    assert read(b"".join(map(compress, members))) == b"".join(members)


@pytest.mark.parametrize("kind", COMPRESSED)
@pytest.mark.parametrize("rest", [b"garbage", b"\0\0x", b"\x1f\x8b", b"BZh9"])
def test_garbage_at_the_end(kind, rest):
    """What is no member is damage, for nothing says what it was; the content comes before."""
    blocks = read_decompressed(io.BytesIO(COMPRESSORS[kind](CONTENT) + rest))
    content: list[bytes] = []
    with pytest.raises(OSError, match=r"."):
        content.extend(blocks)
    assert b"".join(content) == CONTENT


def test_zeros_behind_gzip():
    """A tape fills its last block with zeros, and `gzip` ignores them."""
    member = gzip.compress(CONTENT)
    assert read(member + bytes(100_000)) == CONTENT
    assert read(member + bytes(100_000) + member) == CONTENT * 2


@pytest.mark.parametrize("kind", COMPRESSED)
def test_truncated(kind):
    """Every shorter file is an error, after the content that can be known."""
    data = COMPRESSORS[kind](b"some text, some more text\n" * 20)
    for length in range(20 if kind == "bz2" else 4, len(data)):
        with pytest.raises(OSError, match=r"."):
            read(data[:length])


@pytest.mark.parametrize("kind", ["gzip", "bz2"])
def test_damaged(kind):
    """A changed byte is found, at the latest by the checksum."""
    data = bytearray(COMPRESSORS[kind](CONTENT))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(OSError, match=r"."):
        read(data)


def test_skippable_frame_of_zstd():
    """Some programs write one before the others."""
    assert read(b"\x50\x2a\x4d\x18\x04\0\0\0size" + compress_zstd(CONTENT)) == CONTENT


@pytest.mark.parametrize("text", [b"BZh", b"BZh9,body\n", b"\x28\xb5", b"(body)\n", b"\x1f\n"])
def test_text_that_begins_like_a_signature(text):
    """It is text, for the whole signature is compared."""
    assert read(text) == text


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_highly_compressed(kind):
    """A decoder is never asked for more than a block, whatever the data expands to."""
    content = bytes(20_000_000)
    blocks = read_decompressed(io.BytesIO(COMPRESSORS[kind](content)))
    sizes = list(map(len, blocks))
    assert (sum(sizes), max(sizes) <= 65_536) == (len(content), True)


@given(
    content=st.binary(max_size=200),
    kind=st.sampled_from(["plain", "gzip", "bz2"]),
    sizes=st.lists(st.integers(1, 50)),
)
def test_pieces(content, kind, sizes):
    """However the bytes arrive after the first, the content is the same."""
    data = COMPRESSORS[kind](content)
    file = Slow(data, [len(data), *sizes])
    assert b"".join(read_decompressed(file)) == content


@given(st.sampled_from([b"\x1f\x8b\x08", b"BZh91AY&SY", b""]), st.binary())
def test_any_bytes(head, data):
    """Random bytes are content, or an OSError."""
    with suppress(OSError):
        read(head + data)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="zstd is part of the standard library")
def test_zstd_is_not_installed(monkeypatch):
    """One sentence names the extra."""
    monkeypatch.setitem(sys.modules, "backports", None)
    with pytest.raises(MissingExtraError, match=r"reading zstd files needs .*septet\[zstd\]"):
        read(b"\x28\xb5\x2f\xfd")
