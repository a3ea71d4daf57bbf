from collections.abc import Callable
from typing import Any

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses
from ._compiled import Kernel

__all__ = ["Rewriter", "encode_texts"]

@disjoint_base
class Rewriter:
    def __new__(
        cls,
        kernel: Kernel,
        tables_only: Kernel,
        replace: Callable[..., Any],
        pieces: tuple[Any, ...],
        when: str = "helps",
    ) -> Rewriter: ...
    def rewrite_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        text_bytes: bytearray,
        offsets: memoryview,
        replaced: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> None: ...
    def measure_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        selected: memoryview,
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> None: ...

def encode_texts(
    texts: list[str | None], offsets: memoryview, nulls: memoryview, base: int
) -> bytearray: ...
