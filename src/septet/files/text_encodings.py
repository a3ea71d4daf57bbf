"""Text files as UTF-8, whatever encoding they are in: recognised by a mark, or named."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["TextEncoding", "check_encoding", "find_encoding", "read_as_utf8"]

_MARK_INVALID = "septet.mark_invalid"


class TextEncoding(NamedTuple):
    """The encoding of a file.

    Attributes:
        name: The name of the encoding for people: "UTF-8", "UTF-16", or as it was given.
        codec: The codec of Python that reads it; None for UTF-8, which needs none.
        mark: The byte order mark at the start of the file; empty if there is none.
    """

    name: str
    codec: str | None = None
    mark: bytes = b""


_UTF8 = TextEncoding("UTF-8")
_MARKED = (
    TextEncoding("UTF-32", "utf-32-le", codecs.BOM_UTF32_LE),  # begins with the mark of UTF-16-LE
    TextEncoding("UTF-32", "utf-32-be", codecs.BOM_UTF32_BE),
    TextEncoding("UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
    TextEncoding("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE),
    TextEncoding("UTF-8", None, codecs.BOM_UTF8),
)


def check_encoding(name: str) -> None:
    """Check that an encoding of texts has a name.

    Args:
        name: The name of a codec of Python, such as "windows-1252".

    Raises:
        ValueError: Python has no such encoding.
    """
    try:
        b"a".decode(name, "ignore")
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError) as error:
        raise ValueError(f"unknown encoding {name!r}; an example is 'windows-1252'") from error


def find_encoding(head: bytes, name: str | None = None) -> TextEncoding:
    """Return the encoding of a file.

    Args:
        head: The first four bytes of the file, or more; fewer only if the file is shorter.
        name: The encoding of files without a byte order mark; UTF-8 if left out.
    """
    for encoding in _MARKED:
        if head.startswith(encoding.mark):
            return encoding
    if name is None or codecs.lookup(name).name in ("utf-8", "utf-8-sig"):
        return _UTF8
    return TextEncoding(name, name)


def read_as_utf8(blocks: Iterator[bytes], encoding: TextEncoding) -> Iterator[bytes]:
    """Yield a file as UTF-8 without its byte order mark.

    What is invalid stays invalid: bytes that are not UTF-8 are not changed, and in other encodings
    each invalid sequence becomes the byte FF.

    Args:
        blocks: The file in blocks; its mark is in the first.
        encoding: The encoding of the file.

    Yields:
        Blocks of at most three times the size of those that are read, never empty.
    """
    position = len(encoding.mark)
    if encoding.codec is None:
        for block in blocks:
            if len(block) > position:
                yield block[position:]
            position = 0
        return
    decoder = codecs.getincrementaldecoder(encoding.codec)(_MARK_INVALID)
    for block in blocks:
        if text := decoder.decode(block[position:]):
            yield text.encode("utf-8", _MARK_INVALID)
        position = 0
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8", _MARK_INVALID)


def _mark_invalid(error: UnicodeError) -> tuple[str | bytes, int]:
    """Decode an invalid sequence to a lone surrogate, and encode surrogates to the byte FF."""
    if isinstance(error, UnicodeEncodeError):
        return b"\xff", error.end
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(_MARK_INVALID, _mark_invalid)
