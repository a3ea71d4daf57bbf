"""Compares our segment counts with those that the provider reported, message by message.

May import `bandwidth`, `costing` and everything below.
"""

from .comparisons import ComparedPrice, Comparison, LeftOut
from .invoices.audit import InvoiceAudit, audit_invoice
from .invoices.columns import InvoiceColumns
from .invoices.findings import AuditAmounts, AuditedMessage, AuditTotals, Finding
from .reasons import Reason
from .reconciliation import Reconciliation, reconcile
from .reported_messages import ReportedMessage
from .totals import Amounts, ComparisonTotals

__all__ = [
    "Amounts",
    "AuditAmounts",
    "AuditTotals",
    "AuditedMessage",
    "ComparedPrice",
    "Comparison",
    "ComparisonTotals",
    "Finding",
    "InvoiceAudit",
    "InvoiceColumns",
    "LeftOut",
    "Reason",
    "Reconciliation",
    "ReportedMessage",
    "audit_invoice",
    "reconcile",
]
