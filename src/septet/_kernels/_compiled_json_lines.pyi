from collections.abc import Sequence

from typing_extensions import disjoint_base

from ..arrow.view_columns import ViewColumn
from .python.json_lines import JsonColumn

__all__ = ["JsonRows"]

@disjoint_base
class JsonRows:
    def __new__(
        cls, block: bytes, columns: tuple[JsonColumn, ...], max_rows: int, max_line_bytes: int
    ) -> JsonRows: ...
    def __len__(self) -> int: ...
    def read(self, start: int) -> tuple[int, int]: ...
    def add(self, cells: Sequence[str | None]) -> None: ...
    def take(self) -> list[ViewColumn]: ...
