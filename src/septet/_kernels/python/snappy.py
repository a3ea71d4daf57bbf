"""Blocks of Snappy, in which Parquet stores pages; `_compiled_snappy` has the same function.

The format is that of github.com/google/snappy, format_description.txt. A block may be damaged:
every length and offset is checked before it is used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Bytes: TypeAlias = bytes | bytearray | memoryview

__all__ = ["decompress_snappy"]

_LITERAL, _NEAR, _FARTHEST = 0, 1, 3  # kinds of elements; the kind of a copy is how far it reaches
_MAX_SHORT = 60  # octets of a literal whose length is in its first octet
_MAX_LENGTH_SHIFT = 28  # of the last seven bits of the length of the content

_DAMAGE = "the block of Snappy is damaged"


def decompress_snappy(
    block: Bytes, size: int, other: Bytes | None = None, other_size: int = 0
) -> tuple[bytearray, bytearray | None]:
    """Decompress a block of Snappy, or two, which takes less time than one after the other.

    Args:
        block: The block.
        size: The bytes of its content.
        other: Another block.
        other_size: The bytes of the content of this.

    Returns:
        The content of both; None without another block.

    Raises:
        ValueError: A block is damaged, or its content has another size.
    """
    content = _decompress(block, size)
    return content, None if other is None else _decompress(other, other_size)


def _decompress(block: Bytes, size: int) -> bytearray:
    position, content = _check_size(block, size), bytearray()
    while position < len(block):
        tag, position = block[position], position + 1
        kind, length = tag & 3, (tag >> 2) + 1
        if kind == _LITERAL:
            if length > _MAX_SHORT:
                number, position = _read_number(block, position, length - _MAX_SHORT)
                length = number + 1
            if length > len(block) - position:
                raise ValueError(_DAMAGE)
            content += block[position : position + length]
            position += length
        else:
            offset, position = _read_number(block, position, 4 if kind == _FARTHEST else kind)
            if kind == _NEAR:
                offset |= tag >> 5 << 8
                length = (tag >> 2 & 7) + 4
            if not 0 < offset <= len(content):
                raise ValueError(_DAMAGE)
            repeated = bytes(content[-offset:][:length])
            content += (repeated * (length // len(repeated) + 1))[:length]
        if len(content) > size:
            raise ValueError(_DAMAGE)
    if len(content) != size:
        raise ValueError(_DAMAGE)
    return content


def _check_size(block: Bytes, size: int) -> int:
    """Compare the size with which a block begins; return the position after it."""
    number = 0
    for position, byte in enumerate(block):
        shift = 7 * position
        if shift > _MAX_LENGTH_SHIFT:
            break
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number == size:
                return position + 1
            break
    raise ValueError(_DAMAGE)


def _read_number(block: Bytes, position: int, size: int) -> tuple[int, int]:
    """Return a number of some bytes, and the position after it."""
    stop = position + size
    if stop > len(block):
        raise ValueError(_DAMAGE)
    return int.from_bytes(block[position:stop], "little"), stop
