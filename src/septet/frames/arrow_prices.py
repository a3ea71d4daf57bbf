"""Prices as arrays of pyarrow, for the adapters that work with it."""

from __future__ import annotations

from decimal import Decimal

from ..costing.rates.price_columns import PRICE_TYPE, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import pyarrow

__all__ = ["to_decimals"]


def to_decimals(prices: Values[Decimal]) -> pyarrow.Array[Any]:
    """Return prices as an array of decimal128.

    Args:
        prices: The prices.
    """
    import pyarrow

    values: Any = pyarrow.array(prices.distinct, pyarrow.decimal128(*PRICE_TYPE))
    memory = pyarrow.py_buffer(prices.indexes.memory)
    row_count = len(prices.indexes)
    indexes = pyarrow.Array.from_buffers(pyarrow.int32(), row_count, [None, memory])
    decimals: pyarrow.Array[Any] = values.take(indexes)
    return decimals
