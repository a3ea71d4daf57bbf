"""Decompression by content: gzip, zstd, bz2 and ZIP, never further ahead than one block."""

from __future__ import annotations

import importlib
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, Protocol

from ..exceptions import MissingExtraError

__all__ = ["read_decompressed"]

_BLOCK_BYTES = 1 << 16
_INPUT_BYTES = 1 << 14
_ZIP_SIGNATURE = b"PK\x03\x04"


class _Decoder(Protocol):
    """The decoder of one gzip member, bz2 stream or zstd frame, such as `BZ2Decompressor`."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Format(NamedTuple):
    """How a kind of compressed data is read.

    Attributes:
        make_decoder: Makes a decoder for one member.
        error: The error of its decoders about damaged data.
        padding: The bytes that may fill the space after a member.
    """

    make_decoder: Callable[[], _Decoder]
    error: type[Exception]
    padding: bytes = b""


def read_decompressed(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks, decompressed if its first bytes say how.

    >>> with open("campaign.csv.gz", "rb") as file:
    ...     size = sum(map(len, read_decompressed(file)))

    Args:
        file: A file or pipe that was opened for reading bytes, buffered.

    Yields:
        Blocks of 1 to 65,536 bytes.

    Raises:
        OSError: The file cannot be read, or its compressed data is damaged or ends too early.
        SourceError: The file is a ZIP archive, but not of one file, or comes from a pipe.
        MissingExtraError: The file is compressed with zstd, and the package that reads it is not
            installed.
    """
    block = file.read(_BLOCK_BYTES)
    for signature, open_format in _SIGNATURES:
        if signature.match(block):
            yield from _decompress(block, file, open_format())
            return
    if block.startswith(_ZIP_SIGNATURE):
        from .zip_files import read_only_file  # which takes long

        yield from read_only_file(file)
        return
    while block:
        yield block
        block = file.read(_BLOCK_BYTES)


def _decompress(data: bytes, file: BinaryIO, kind: _Format) -> Iterator[bytes]:
    """Yield the content of all members of a compressed file, which begins with `data`."""
    while data:
        decoder = kind.make_decoder()
        yield from _decompress_member(data, file, decoder, kind.error)
        data = decoder.unused_data.lstrip(kind.padding)
        while not data and (data := file.read(_INPUT_BYTES)):
            data = data.lstrip(kind.padding)


def _decompress_member(
    data: bytes, file: BinaryIO, decoder: _Decoder, damage: type[Exception]
) -> Iterator[bytes]:
    while not decoder.eof:
        is_end = not data and decoder.needs_input
        try:
            block = decoder.decompress(data, _BLOCK_BYTES)
        except damage as error:
            raise OSError(str(error)) from error
        if block:
            yield block
        elif is_end:
            raise OSError("Compressed file ended before the end-of-stream marker was reached")
        data = file.read(_INPUT_BYTES) if decoder.needs_input and not decoder.eof else b""


class _GzipDecoder:
    """A decoder of a gzip member, with the interface of the other decoders."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


def _open_gzip() -> _Format:
    return _Format(_GzipDecoder, zlib.error, padding=b"\0")


def _open_bz2() -> _Format:
    import bz2

    return _Format(bz2.BZ2Decompressor, OSError)


def _open_zstd() -> _Format:
    zstd: Any
    if sys.version_info >= (3, 14):
        zstd = importlib.import_module("compression.zstd")
    else:
        try:
            from backports import zstd
        except ModuleNotFoundError as error:
            raise MissingExtraError("backports.zstd", "zstd", "reading zstd files") from error
    return _Format(zstd.ZstdDecompressor, zstd.ZstdError)


_SIGNATURES: tuple[tuple[re.Pattern[bytes], Callable[[], _Format]], ...] = (
    (re.compile(rb"\x1f\x8b"), _open_gzip),
    (re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), _open_bz2),
    (re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), _open_zstd),  # or skippable frame
)
"""The first bytes of compressed files; those of bz2 are letters, so more of them are compared."""
