"""Segments as we count them against those that the provider reported, message by message."""

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
