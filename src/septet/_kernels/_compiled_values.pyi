from typing import Any

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = ["GroupCounts", "ValueIndex", "choose_by_network"]

@disjoint_base
class GroupCounts:
    def __new__(cls) -> GroupCounts: ...
    def add(
        self, groups: memoryview, rates: memoryview, segments: memoryview, units: memoryview
    ) -> None: ...
    def take(self) -> dict[tuple[int, int, int], int]: ...

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

def choose_by_network(
    rates: memoryview,
    networks: memoryview,
    columns: memoryview,
    table: memoryview,
    column_count: int,
) -> None: ...
