from typing_extensions import disjoint_base

from .python.parquet import Bytes, Memory

__all__ = ["TextPages"]

@disjoint_base
class TextPages:
    def read_dictionary(self, values: Memory, count: int) -> None: ...
    def start_page(
        self, levels: Bytes | None, values: Memory, start: int, count: int, has_indexes: bool
    ) -> None: ...
    def read(
        self, views: bytearray, validity: bytearray, row: int, count: int, buffer: int
    ) -> int: ...
