"""Whole columns of texts: counting them, rewriting them, and what an estimate asks of them.

Imports from `rewriting`, `rules`, `_kernels`, `arrow`, `standard` and below; never `wire`.
"""

from .column_types import AnalysisColumns, Column, EncodingColumn
from .rewriting import TextColumn

__all__ = ["AnalysisColumns", "Column", "EncodingColumn", "TextColumn"]
