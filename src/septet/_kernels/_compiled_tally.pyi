from collections.abc import Sequence

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = [
    "ADDED_DECIMALS",
    "LOST_DIGITS",
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "add_to_sums",
    "are_utf8",
    "copy_dictionary_facts",
    "count_distinct_rows",
    "count_empty",
    "find_rows_beyond",
    "find_wrong_decoding",
    "join_rows",
]

NO_RATE: int
NOT_E164: int
LOST_DIGITS: int
ADDED_DECIMALS: int
NO_NUMBER: int

@disjoint_base
class PrefixIndex:
    def __new__(cls, prefixes: tuple[str, ...], adds_plus: bool = False) -> PrefixIndex: ...
    def find(self, number: str) -> int: ...
    def find_rows(
        self, column: Addresses, first: int, stop: int, rates: memoryview
    ) -> tuple[int, int]: ...
    def find_texts(
        self, numbers: list[str | None], first: int, stop: int, rates: memoryview, base: int
    ) -> None: ...

def add_to_sums(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview | None,
    by_segments: memoryview,
    by_rate: memoryview | None,
) -> tuple[int, list[int]]: ...
def are_utf8(column: Addresses, first: int, stop: int) -> bool: ...
def count_distinct_rows(
    columns: list[memoryview], rows: memoryview, others: list[memoryview]
) -> list[tuple[int, ...]]: ...
def count_empty(column: Addresses, first: int, stop: int) -> int: ...
def find_wrong_decoding(
    column: Addresses, first: int, stop: int, encodings: memoryview
) -> memoryview: ...
def find_rows_beyond(
    segments: memoryview, encodings: memoryview, max_segments: int, is_ucs2: bool
) -> memoryview: ...
def join_rows(
    pieces: list[bytes | tuple[Addresses, int]], length: int, rows: memoryview | None = None
) -> tuple[bytearray, bytearray]: ...
def copy_dictionary_facts(
    indexes: Addresses,
    first: int,
    stop: int,
    known: Sequence[memoryview | None],
    known_validity: bytearray | None,
    facts: Sequence[memoryview | None],
    nulls: bytearray,
    null_segments: int = 0,
) -> int: ...
