"""Compares our segment counts with those that the provider reported, message by message.

May import `bandwidth`, `costing` and everything below.
"""

from .comparisons import ComparedPrice, Comparison, LeftOut
from .reasons import Reason
from .reconciliation import Reconciliation, reconcile
from .reported_messages import ReportedMessage
from .totals import Amounts, ComparisonTotals

__all__ = [
    "Amounts",
    "ComparedPrice",
    "Comparison",
    "ComparisonTotals",
    "LeftOut",
    "Reason",
    "Reconciliation",
    "ReportedMessage",
    "reconcile",
]
