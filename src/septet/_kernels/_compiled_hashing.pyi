from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

__all__ = ["HashSet", "Hasher", "find_sent_rows"]

@disjoint_base
class Hasher:
    def __new__(cls, key: bytes) -> Hasher: ...
    def hash_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        hashes: memoryview,
        skips_mark: bool = False,
    ) -> tuple[int, int]: ...

@disjoint_base
class HashSet:
    def __new__(cls) -> HashSet: ...
    def __len__(self) -> int: ...
    def insert(self, hashes: memoryview, rows: memoryview) -> memoryview: ...

def find_sent_rows(
    units: memoryview, matches: memoryview, no_rate: int, not_e164: int
) -> tuple[memoryview, memoryview]: ...
