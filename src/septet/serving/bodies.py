"""Bodies of requests: read and decompressed up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable

__all__ = ["gunzip", "read_body"]

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 1 << 12  # zlib copies the rest of the input after each of many small members


async def read_body(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes | None:
    """Return the body of a request, or None as soon as it is longer than allowed.

    Args:
        chunks: The parts of the body, such as the `stream()` of a Starlette request.
        max_bytes: The size of the largest body that is accepted.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


def gunzip(data: bytes, max_bytes: int) -> bytes | None:
    """Return what gzip data holds, or None as soon as it is longer than allowed.

    Args:
        data: One or more complete gzip members.
        max_bytes: The size of the largest result; no more memory than that is used.

    Raises:
        ValueError: The data is not gzip, or is incomplete.
    """
    result = bytearray()
    member = zlib.decompressobj(_GZIP)
    for start in range(0, len(data), _STEP):
        rest = data[start : start + _STEP]
        while rest:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            try:
                result += member.decompress(rest, max_bytes + 1 - len(result))
            except zlib.error as error:
                raise ValueError(f"not gzip data: {error}") from None
            if len(result) > max_bytes:
                return None
            rest = member.unused_data
    if not member.eof:
        raise ValueError("the gzip data is incomplete")
    return bytes(result)
