from typing_extensions import disjoint_base

from .python.parquet import Bytes

__all__ = ["TextPages"]

@disjoint_base
class TextPages:
    def read_dictionary(self, values: Bytes, count: int) -> None: ...
    def start_page(
        self, levels: Bytes | None, values: Bytes, start: int, count: int, has_indexes: bool
    ) -> None: ...
    def read(
        self, views: bytearray, validity: bytearray, row: int, count: int, buffer: int
    ) -> int: ...
