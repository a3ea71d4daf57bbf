"""The content of Parquet pages, decompressed: Snappy by a kernel, other codecs by pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...._kernels import IMPLEMENTATION, decompress_snappy

__all__ = ["EXACT_CODECS", "decompress_page", "decompress_pages"]

_STREAM_CODECS = ("gzip", "brotli", "zstd")

EXACT_CODECS = ("snappy", *_STREAM_CODECS)
"""Codecs that tell how much they have decompressed: not those of LZ4, for which pyarrow has no
stream."""


def decompress_page(stored: Any, codec: Any, byte_count: int) -> Any:
    """Return the content of a page.

    Args:
        stored: The content as it is stored.
        codec: The codec, as pyarrow names it; None if it is not compressed.
        byte_count: The bytes of the content.

    Returns:
        The content, in memory of its own that is writable. With a codec that is not in
        `EXACT_CODECS`, and with Snappy in the Python implementation, some bytes may be undefined,
        and the memory need not be writable.

    Raises:
        Exception: The page is damaged; of many types.
        ValueError: The content has another size.
    """
    if codec is None:
        content = bytearray(stored)
    elif not byte_count:
        return bytearray()
    elif codec == "snappy" and IMPLEMENTATION == "compiled":
        return decompress_snappy(stored, byte_count)[0]
    elif codec in _STREAM_CODECS:
        from pyarrow import BufferReader, CompressedInputStream

        with CompressedInputStream(BufferReader(stored), codec) as stream:
            content = bytearray(stream.read(byte_count + 1))
    else:
        from pyarrow import decompress

        return decompress(stored, byte_count, codec=codec)
    if len(content) != byte_count:
        raise ValueError(f"expected a page of {byte_count} bytes, got {len(content)}")
    return content


def decompress_pages(stored: Sequence[Any], codec: Any, byte_counts: Sequence[int]) -> list[Any]:
    """Return the contents of one or two pages; see `decompress_page`."""
    if codec == "snappy" and len(stored) > 1 and all(byte_counts):
        return [*decompress_snappy(stored[0], byte_counts[0], stored[1], byte_counts[1])]
    return [
        decompress_page(content, codec, byte_count)
        for content, byte_count in zip(stored, byte_counts, strict=True)
    ]
