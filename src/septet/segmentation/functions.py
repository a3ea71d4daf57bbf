"""The functions of the package: the methods of a `Segmenter` with the default rules."""

from __future__ import annotations

from .segmenter import Segmenter

__all__ = [
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

_DEFAULT = Segmenter()

count = _DEFAULT.count
analyze = _DEFAULT.analyze
split = _DEFAULT.split
encode = _DEFAULT.encode
truncate = _DEFAULT.truncate
transliterate = _DEFAULT.transliterate
advise = _DEFAULT.advise
count_many = _DEFAULT.count_many
analyze_many = _DEFAULT.analyze_many
transliterate_many = _DEFAULT.transliterate_many
