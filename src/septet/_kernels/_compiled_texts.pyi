from collections.abc import Callable
from typing import Any, Self

from typing_extensions import disjoint_base

from ._compiled import Kernel

__all__ = ["Transliterator", "truncate"]

def truncate(kernel: Kernel, text: str, segments: int, ellipsis: str = "") -> str: ...

@disjoint_base
class Transliterator:
    def __new__(
        cls, kernel: Kernel, record: type[tuple[Any, ...]], rewrite: Callable[..., Any]
    ) -> Self: ...
    def transliterate(
        self, text: str, level: str = "punctuation", *, when: str = "helps"
    ) -> Any: ...
