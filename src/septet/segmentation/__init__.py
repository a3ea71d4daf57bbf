"""`Segmenter`, which holds the rules, `Analysis`, and the functions of the default rules.

Imports from layers 2 to 5: `rewriting`, `wire`, `columns` and below.
"""

from .segmenter import (
    Analysis,
    NonGsmCharacter,
    Segment,
    Segmenter,
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

__all__ = [
    "Analysis",
    "NonGsmCharacter",
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
