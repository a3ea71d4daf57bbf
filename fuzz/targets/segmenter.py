"""A text under several rules: both implementations agree, and the segments match the count.

Input: one octet for the rules, then the text in UTF-8. An octet that is not UTF-8 becomes a lone
surrogate.
"""

from __future__ import annotations

from conftest import Implementation
from septet import Language
from septet.exceptions import EncodingError, SegmentLimitError

OPTIONS = [
    {},
    {"reference_bits": 16},
    {"encoding": "gsm7"},
    {"encoding": "ucs2"},
    {"languages": ["turkish", "portuguese"]},
    {"languages": list(Language), "header_octets": 6},
    {"keep_graphemes": True},
    {"keep_graphemes": True, "languages": ["spanish"], "reference_bits": 16},
]
SEGMENTERS = [
    [package.Segmenter(**options) for options in OPTIONS]
    for package in map(Implementation, ("python", "compiled"))
]


def answer(function, *arguments, **options):
    """Return the result of a call, or its error as text."""
    try:
        return function(*arguments, **options)
    except (EncodingError, SegmentLimitError) as error:
        return f"{type(error).__name__}: {error}"


def ask(segmenter, text):
    """Return all results of one segmenter for a text."""
    elements = [(0x70, bytes(4))] if segmenter.header_octets else []
    analysis = answer(segmenter.analyze, text)
    return [
        answer(segmenter.count, text),
        analysis
        if isinstance(analysis, str)
        else (
            analysis.encoding,
            analysis.unit_count,
            analysis.segment_count,
            analysis.units_left,
            analysis.non_gsm_characters,
            analysis.locking_shift,
            analysis.single_shift,
        ),
        answer(segmenter.split, text),
        answer(segmenter.encode, text, reference=7, elements=elements),
        answer(segmenter.truncate, text, 2, "…"),
        answer(segmenter.transliterate, text),
        answer(segmenter.transliterate, text, when="always"),
        answer(segmenter.count_many, [text, None]),
    ]


def target(octets: bytes) -> None:
    """Compare all results of both implementations."""
    rules = octets[0] % len(OPTIONS) if octets else 0
    text = octets[1:].decode("utf-8", "surrogateescape")
    answers = [ask(segmenters[rules], text) for segmenters in SEGMENTERS]
    assert answers[0] == answers[1], answers
    count, _, segments, *_ = answers[1]
    if not isinstance(count, str):
        assert len(segments) == count
        assert "".join(segment.body for segment in segments) == text
