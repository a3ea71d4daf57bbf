from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = ["RcsCounter", "utf8_length"]

@disjoint_base
class RcsCounter:
    def __new__(cls, segment_bytes: int) -> RcsCounter: ...
    def count_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview | None,
        encodings: memoryview | None,
    ) -> tuple[int, int]: ...
    def count_texts(
        self,
        texts: list[str | None],
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview | None,
        encodings: memoryview | None,
        nulls: memoryview,
        base: int,
        ucs2_texts: list[str] | None = None,
    ) -> None: ...

def utf8_length(text: str) -> int: ...
