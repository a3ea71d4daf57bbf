from typing import Any

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = ["ValueIndex"]

@disjoint_base
class ValueIndex:
    def __new__(cls) -> ValueIndex: ...
    def __len__(self) -> int: ...
    def find_rows(
        self, column: Addresses, first: int, stop: int, numbers: memoryview
    ) -> tuple[int, int]: ...
    def find_texts(
        self, texts: list[Any], first: int, stop: int, numbers: memoryview, base: int
    ) -> None: ...
    def values(self, first: int = 0) -> list[str | None]: ...
