"""Texts to fix as the report shows them: shortened, with what forces UCS-2 marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple

from ...display.characters import code_point, lone, visible
from ...display.wording import listed, plural
from ...standard.encoding import UNIT_NAMES, Encoding
from ..insights.texts_to_fix import TextToFix

__all__ = ["MarkedText", "mark_texts"]

_MAX_CHARACTERS = 160
_BEFORE_FIRST = 40  # characters that are shown before the first one that forces UCS-2
_MAX_NAMED = 5


class MarkedText(NamedTuple):
    """An example of texts to fix.

    Attributes:
        runs: The text in runs of characters, and whether these force UCS-2.
        note: Its encoding, units and segments, and what forces UCS-2.
        messages: The messages of this encoding and number of segments.
        extra_segments: The segments that they take beyond one each.
        percent: The length of the bar.
    """

    runs: list[tuple[str, bool]]
    note: str
    messages: str
    extra_segments: str
    percent: float


def mark_texts(texts: Iterable[TextToFix], non_gsm_characters: Collection[str]) -> list[MarkedText]:
    """Return texts to fix in the form in which they are shown.

    Args:
        texts: The texts, those with the most extra segments first.
        non_gsm_characters: The characters that force messages into UCS-2.
    """
    texts = list(texts)
    largest = max((text.extra_segments for text in texts), default=0)
    return [
        MarkedText(
            _runs(text.text, non_gsm_characters if text.encoding == Encoding.UCS2 else ""),
            _note(text, non_gsm_characters),
            f"{text.messages:,}",
            f"{text.extra_segments:,}",
            round(100 * text.extra_segments / largest, 2),
        )
        for text in texts
    ]


def _note(text: TextToFix, non_gsm_characters: Collection[str]) -> str:
    encoding, unit = UNIT_NAMES[text.encoding]
    note = (
        f"{plural(text.segment_count, 'segment')} of {encoding}; "
        f"this one has {plural(text.unit_count, unit)}"
    )
    if text.encoding == Encoding.UCS2:
        chars = dict.fromkeys(char for char in text.text if char in non_gsm_characters)
        named = [f"{lone(char)} ({code_point(char)})" for char in chars]
        if named:
            note += f"; UCS-2 because of {listed(named, _MAX_NAMED)}"
    return note


def _runs(text: str, marked: Collection[str]) -> list[tuple[str, bool]]:
    first = next((index for index, char in enumerate(text) if char in marked), 0)
    start = max(0, first - _BEFORE_FIRST) if first >= _MAX_CHARACTERS else 0
    shown = text[start : start + _MAX_CHARACTERS]
    runs = [
        (visible("".join(run)), is_marked)
        for is_marked, run in groupby(shown, key=lambda char: char in marked)
    ]
    if start:
        runs.insert(0, ("…", False))
    if start + len(shown) < len(text):
        runs.append(("…", False))
    return runs
