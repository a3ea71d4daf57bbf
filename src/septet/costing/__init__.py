"""What a campaign will take and cost: files of messages, rate cards, and the estimate over both."""

from .._kernels import NO_NUMBER, NO_RATE, NOT_E164
from .budgets import Budget, LongMessage, find_long_messages
from .campaigns import open_source
from .checks import Finding
from .estimate import Estimate
from .estimation import estimate
from .money import micros, money
from .rates import Rate, RateCard, is_e164
from .report import report
from .savings import Savings
from .sources import Batch, Source, UnreadableRow, UnreadableRows
from .tallies import Cost, Group, Tally
from .tips import Tips

__all__ = [
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "Batch",
    "Budget",
    "Cost",
    "Estimate",
    "Finding",
    "Group",
    "LongMessage",
    "Rate",
    "RateCard",
    "Savings",
    "Source",
    "Tally",
    "Tips",
    "UnreadableRow",
    "UnreadableRows",
    "estimate",
    "find_long_messages",
    "is_e164",
    "micros",
    "money",
    "open_source",
    "report",
]
