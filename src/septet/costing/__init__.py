"""Estimates of campaigns: files of messages, rate cards, and what the messages cost.

Start at `run.estimate` for the way of a campaign through these packages: `reading` (files to
batches), `rates` (prices), `insights` (savings, template fields), `estimates` (sums and figures),
`writing` (priced files, the report).

May import `segmentation` and everything below, never `bandwidth`.
"""

from typing import TYPE_CHECKING

from .budgets import Budget, LongMessage, find_long_messages
from .estimates.estimate import Estimate
from .estimates.heading import Heading
from .insights.alternatives import Alternative
from .insights.counted_batches import BatchFacts
from .insights.field_effects import FieldEffects
from .insights.savings import Savings
from .insights.texts_to_fix import TextToFix
from .rates.card import RateCard, is_e164
from .rates.money import format_amount
from .rates.rate import Price, Rate
from .rates.rate_range import RateRange
from .rates.tallies import Cost, Group, Tally
from .rates.unpriced import Unpriced
from .reading.opening import open_source
from .reading.sources import Batch, Source
from .reading.templates import Filled, Template
from .reading.unreadable_rows import UnreadableRow, UnreadableRows
from .run import estimate

if TYPE_CHECKING:
    from .estimates.sending_time import SendingTime, sending_time
    from .insights.template_estimates import TemplateBill, TemplateEstimate, estimate_template
    from .rates.checks import Finding
    from .writing.report import report

__all__ = [
    "Alternative",
    "Batch",
    "BatchFacts",
    "Budget",
    "Cost",
    "Estimate",
    "FieldEffects",
    "Filled",
    "Finding",
    "Group",
    "Heading",
    "LongMessage",
    "Price",
    "Rate",
    "RateCard",
    "RateRange",
    "Savings",
    "SendingTime",
    "Source",
    "Tally",
    "Template",
    "TemplateBill",
    "TemplateEstimate",
    "TextToFix",
    "Unpriced",
    "UnreadableRow",
    "UnreadableRows",
    "estimate",
    "estimate_template",
    "find_long_messages",
    "format_amount",
    "is_e164",
    "open_source",
    "report",
    "sending_time",
]

_LOADED_ON_FIRST_USE = {
    **dict.fromkeys(
        ("TemplateBill", "TemplateEstimate", "estimate_template"), "insights.template_estimates"
    ),
    "Finding": "rates.checks",
    "SendingTime": "estimates.sending_time",
    "report": "writing.report",
    "sending_time": "estimates.sending_time",
}


def __getattr__(name: str) -> object:
    if name not in _LOADED_ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_LOADED_ON_FIRST_USE[name]}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *_LOADED_ON_FIRST_USE]
