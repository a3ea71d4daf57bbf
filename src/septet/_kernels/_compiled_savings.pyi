from collections import Counter
from typing import Any, TypeAlias

from typing_extensions import disjoint_base

from ..arrow.rows import Addresses
from ..standard.graphemes import ClusterRules
from ._compiled import Kernel

_Counts: TypeAlias = Counter[tuple[Any, int, int]]

__all__ = ["SavingsCounts"]

@disjoint_base
class SavingsCounts:
    def __new__(
        cls, kernel: Kernel, changes: tuple[str, ...], clusters: ClusterRules, near_units: int
    ) -> SavingsCounts: ...
    def add_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        segments: memoryview,
        units: memoryview,
        encodings: memoryview,
        rates: memoryview,
        base: int,
        allows_surrogates: bool = False,
    ) -> tuple[memoryview, memoryview]: ...
    def add_changes(
        self,
        selected: memoryview,
        alone: memoryview,
        segments: memoryview,
        rates: memoryview,
        after: list[memoryview],
    ) -> None: ...
    def take(self) -> tuple[_Counts, _Counts, _Counts, _Counts, Counter[str]]: ...
