"""Count texts after replacements, without keeping the texts."""

from __future__ import annotations

from array import array

from .._kernels import join_rows
from .counting import count_column
from .rewriting import TextColumn, transliterate_column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._kernels import Kernel
    from ..rewriting.replacements import Level
    from .pieces import Piece

__all__ = ["count_replaced"]


def count_replaced(kernel: Kernel, piece: Piece, rows: memoryview, level: Level) -> memoryview:
    """Return the segments of some rows of a piece after all replacements of a level, as int32.

    Args:
        kernel: Counts by the rules.
        piece: A list of texts, or an Arrow array without a dictionary.
        rows: Row numbers of the piece.
        level: The level of `transliterate`.
    """
    texts: Any
    if isinstance(piece, list):
        replaced = transliterate_column(kernel, [piece[row] for row in rows], level, "always")
        texts = replaced.to_list()  # there may be lone surrogates
    else:
        offsets, utf8 = join_rows([(piece.addresses, piece.offset)], piece.length, rows)
        column = TextColumn(utf8, array("q", bytes(offsets)), bytes(len(rows)))
        texts = transliterate_column(kernel, column, level, "always")
    return count_column(kernel, texts, 1).memory
