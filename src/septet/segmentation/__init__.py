"""`Segmenter`, `Analysis`, and the functions that count by the default rules.

Imports from layers 2 to 5: `rewriting`, `wire`, `columns` and below.
"""

from ..rules.analysis import Analysis
from ..rules.records import NonGsmCharacter, Segment
from ..rules.rules import Rules
from .functions import (
    advise,
    analyze,
    analyze_many,
    count,
    count_many,
    encode,
    split,
    transliterate,
    transliterate_many,
    truncate,
)
from .segmenter import Segmenter

__all__ = [
    "Analysis",
    "NonGsmCharacter",
    "Rules",
    "Segment",
    "Segmenter",
    "advise",
    "analyze",
    "analyze_many",
    "count",
    "count_many",
    "encode",
    "split",
    "transliterate",
    "transliterate_many",
    "truncate",
]
