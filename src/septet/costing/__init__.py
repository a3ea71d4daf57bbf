"""What a campaign will take and cost: files of messages, rate cards, and the estimate over both.

May import `segmentation` and everything below, never `bandwidth`.
"""

from .._kernels import NO_NUMBER, NO_RATE, NOT_E164
from .budgets import Budget, LongMessage, find_long_messages
from .estimates.estimate import Estimate
from .insights.field_effects import FieldEffects
from .insights.savings import Savings
from .rates.card import RateCard, is_e164
from .rates.checks import Finding
from .rates.money import format_amount
from .rates.rate import Price, Rate
from .rates.tallies import Cost, Group, Tally
from .reading.campaigns import open_source
from .reading.sources import Batch, Source, UnreadableRow, UnreadableRows
from .run import estimate
from .writing.report import report

__all__ = [
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "Batch",
    "Budget",
    "Cost",
    "Estimate",
    "FieldEffects",
    "Finding",
    "Group",
    "LongMessage",
    "Price",
    "Rate",
    "RateCard",
    "Savings",
    "Source",
    "Tally",
    "UnreadableRow",
    "UnreadableRows",
    "estimate",
    "find_long_messages",
    "format_amount",
    "is_e164",
    "open_source",
    "report",
]
