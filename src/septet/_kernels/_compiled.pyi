from collections.abc import Callable
from typing import Any, TypeAlias

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses

_Pair: TypeAlias = tuple[int, int, int, int]
_Capacity: TypeAlias = tuple[int, int]

__all__ = ["IMPLEMENTATION", "Kernel", "Measurement", "NonGsmCounts"]

IMPLEMENTATION: str

@disjoint_base
class Measurement:
    @property
    def segmenter(self) -> Kernel: ...
    @property
    def text(self) -> str: ...
    @property
    def pair(self) -> int: ...
    @property
    def unit_count(self) -> int: ...
    @property
    def segment_count(self) -> int: ...
    @property
    def units_left(self) -> int: ...

@disjoint_base
class NonGsmCounts:
    def __new__(cls) -> NonGsmCounts: ...
    def take(self) -> dict[str, int]: ...

@disjoint_base
class Kernel:
    def __init__(
        self,
        pairs: tuple[_Pair, ...],
        ucs2: _Capacity | None,
        result: type[Measurement],
        find_breaks: Callable[[str], bytes | None] | None = None,
        excluded: str = "",
    ) -> None: ...
    @property
    def _excluded(self) -> str: ...
    def count(self, text: str) -> int: ...
    def analyze(self, text: str) -> Measurement: ...
    def _count_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview | None,
        encodings: memoryview | None,
    ) -> tuple[int, int]: ...
    def _count_texts(
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
    def _count_non_gsm(
        self,
        texts: list[Any] | Addresses,
        first: int,
        stop: int,
        encodings: memoryview,
        non_gsm_characters: NonGsmCounts,
    ) -> None: ...
    def _cut(self, text: str) -> list[tuple[int, int]]: ...
    def _foreign(self, text: str) -> list[int]: ...

def use_vector_code(wanted: bool) -> str: ...
