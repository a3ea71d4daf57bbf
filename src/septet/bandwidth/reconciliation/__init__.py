"""Segments as we count them against those that the provider reported, message by message.

May import `bandwidth`, `costing` and everything below.
"""

from .comparisons import Comparison, LeftOut, Price
from .facts import Facts
from .reasons import Reason
from .reconciliation import Reconciliation, reconcile
from .sums import Amounts, Sums

__all__ = [
    "Amounts",
    "Comparison",
    "Facts",
    "LeftOut",
    "Price",
    "Reason",
    "Reconciliation",
    "Sums",
    "reconcile",
]
