from typing import Any, Literal, TypeAlias

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses
from ..standard.graphemes import ClusterRules

_Pair: TypeAlias = tuple[int, int, int, int]
_Capacity: TypeAlias = tuple[int, int]

__all__ = ["IMPLEMENTATION", "Kernel", "NonGsmCounts"]

IMPLEMENTATION: str

@disjoint_base
class NonGsmCounts:
    def __new__(cls) -> NonGsmCounts: ...
    def take(self) -> dict[str, int]: ...

@disjoint_base
class Kernel:
    implementation: Literal["compiled", "python"]
    def __init__(
        self,
        pairs: tuple[_Pair, ...],
        ucs2: _Capacity | None,
        result: type[object],
        clusters: ClusterRules | None = None,
        excluded: str = "",
        rules: Any = None,
        segment: type[tuple[Any, ...]] = ...,
        non_gsm_character: type[tuple[Any, ...]] = ...,
    ) -> None: ...
    @property
    def pairs(self) -> tuple[_Pair, ...]: ...
    @property
    def excluded(self) -> str: ...
    @property
    def clusters(self) -> ClusterRules | None: ...
    @property
    def rules(self) -> Any: ...
    def count(self, text: str) -> int: ...
    def analyze(self, text: str) -> Any: ...
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
    def count_non_gsm(
        self,
        texts: list[Any] | Addresses,
        first: int,
        stop: int,
        encodings: memoryview,
        non_gsm_characters: NonGsmCounts,
    ) -> None: ...
    def split(self, text: str) -> list[Any]: ...
    def non_gsm_characters(self, text: str) -> tuple[Any, ...]: ...
    def non_gsm_indexes(self, text: str) -> list[int]: ...

def use_vector_code(last: int = 2) -> str: ...
