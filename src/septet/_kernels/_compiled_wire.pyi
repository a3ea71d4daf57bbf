from typing import TypeVar

from ._compiled import Kernel

_Record = TypeVar("_Record", bound=tuple[object, ...])

__all__ = ["encode_segments", "from_septets", "pack", "to_septets", "unpack"]

def encode_segments(
    kernel: Kernel,
    text: str,
    result: type[_Record],
    codings: tuple[int, int],
    reference: int | None,
    reference_bits: int,
    elements: bytes,
) -> list[_Record]: ...
def from_septets(
    septets: bytes, start: int, locking: int, single: int, strict: bool
) -> tuple[str, int]: ...
def pack(septets: bytes, fill_bits: int = 0) -> bytes: ...
def to_septets(text: str, start: int, locking: int, single: int) -> tuple[bytes, int]: ...
def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes: ...
