"""What a campaign will take and cost: files of messages, rate cards, and the estimate over both."""

from .estimate import Cost, Estimate, Tally, estimate
from .rates import Rate, RateCard, is_e164, money
from .sources import Batch, Source, UnreadableRow, UnreadableRows, open_source

__all__ = [
    "Batch",
    "Cost",
    "Estimate",
    "Rate",
    "RateCard",
    "Source",
    "Tally",
    "UnreadableRow",
    "UnreadableRows",
    "estimate",
    "is_e164",
    "money",
    "open_source",
]
