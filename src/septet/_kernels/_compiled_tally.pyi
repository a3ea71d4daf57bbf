from collections.abc import Sequence

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = [
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "Seen",
    "add_up",
    "are_utf8",
    "count_alike",
    "count_empty",
    "find_beyond",
    "join_rows",
    "look_up",
]

NO_RATE: int
NOT_E164: int
NO_NUMBER: int

@disjoint_base
class PrefixIndex:
    def __new__(cls, prefixes: tuple[str, ...]) -> PrefixIndex: ...
    def find(self, number: str) -> int: ...
    def find_rows(
        self, column: Addresses, first: int, stop: int, found: memoryview
    ) -> tuple[int, int]: ...
    def find_texts(
        self, numbers: list[str | None], first: int, stop: int, found: memoryview, base: int
    ) -> None: ...

@disjoint_base
class Seen:
    def __new__(cls) -> Seen: ...
    def __len__(self) -> int: ...
    def mark(self, hashes: memoryview, marks: memoryview) -> None: ...

def add_up(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview | None,
    by_segments: memoryview,
    by_rate: memoryview | None,
) -> tuple[int, list[int]]: ...
def are_utf8(column: Addresses, first: int, stop: int) -> bool: ...
def count_alike(
    columns: list[memoryview], rows: memoryview, others: list[memoryview]
) -> list[tuple[int, ...]]: ...
def count_empty(column: Addresses, first: int, stop: int) -> int: ...
def find_beyond(
    segments: memoryview, encodings: memoryview, most: int, is_ucs2: bool
) -> memoryview: ...
def join_rows(
    pieces: list[bytes | tuple[Addresses, int]], length: int, rows: memoryview | None = None
) -> tuple[bytearray, bytearray]: ...
def look_up(
    index_format: str,
    indexes: int,
    validity: int,
    first: int,
    length: int,
    known: Sequence[memoryview | None],
    known_validity: bytearray | None,
    places: Sequence[memoryview | None],
    nulls: bytearray,
) -> int: ...
