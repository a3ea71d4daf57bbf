from collections.abc import Callable, Iterable
from typing import Any, Self

from typing_extensions import disjoint_base

from ._compiled import Kernel

__all__ = ["Encoder", "from_septets", "pack", "to_septets", "unpack"]

@disjoint_base
class Encoder:
    def __new__(
        cls,
        kernel: Kernel,
        record: type[tuple[Any, ...]],
        codings: tuple[int, int],
        reference_bits: int,
        read_options: Callable[..., tuple[tuple[int, int], bytes]],
    ) -> Self: ...
    def encode(
        self,
        text: str,
        *,
        reference: int | None = None,
        message_class: int | None = None,
        elements: Iterable[Any] = (),
    ) -> list[Any]: ...

def from_septets(
    septets: bytes, start: int, locking: int, single: int, strict: bool
) -> tuple[str, int]: ...
def pack(septets: bytes, fill_bits: int = 0) -> bytes: ...
def to_septets(text: str, start: int, locking: int, single: int) -> tuple[bytes, int]: ...
def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes: ...
