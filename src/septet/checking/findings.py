"""Findings: texts of a catalogue that take more than they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..display.characters import code_point, lone, visible
from ..display.wording import listed, plural
from ..rewriting.transliteration import apply_replacements
from ..rules.analysis import Analysis
from ..rules.limits import find_exceeded
from ..rules.records import Replacement
from ..segmentation import Segmenter
from ..standard.encoding import Encoding
from .entries import Entry
from .limits import Limits

__all__ = ["Exceeded", "Finding", "find_exceeded_limits", "make_finding"]


class Exceeded(NamedTuple):
    """A limit that a text exceeds.

    Attributes:
        limit: "max_segments", "max_units" or "encoding"; or the name of a provider's limit, such as
            "max_characters".
        actual: What the text takes: a number, or "ucs2".
        allowed: What it may take: a number, or "gsm7".
    """

    limit: str
    actual: int | str
    allowed: int | str

    def __str__(self) -> str:
        if self.limit == "encoding":
            return "UCS-2, but only GSM-7 is allowed"
        unit = self.limit.rpartition("_")[2].removesuffix("s")
        return f"{plural(int(self.actual), unit)}, limit {self.allowed:,}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A text that exceeds limits.

    Attributes:
        path: The file.
        line: The line where the text begins, from 1.
        column: The column where it begins, from 1.
        key: The name of the text.
        language: Its language, such as "fr"; None if nothing tells it.
        exceeded_limits: The limits that it exceeds.
        encoding: The encoding that it needs.
        unit_count: The septets or code units of the text with its placeholders filled.
        segment_count: Its segments.
        non_gsm_characters: The characters that force UCS-2, each once.
        replacements: The cheapest replacements of these characters, with the combining marks that
            are part of them, each once.
        segments_after: Its segments with these replacements; None if a character has none.
    """

    path: str
    line: int
    column: int
    key: str
    language: str | None
    exceeded_limits: tuple[Exceeded, ...]
    encoding: Encoding
    unit_count: int
    segment_count: int
    non_gsm_characters: tuple[str, ...]
    replacements: tuple[tuple[str, str], ...]
    segments_after: int | None

    @property
    def message(self) -> str:
        """What is wrong, and what would help, in one line of visible characters."""
        parts = ["; ".join(map(str, self.exceeded_limits))]
        if self.non_gsm_characters:
            chars = [f"{lone(char)} ({code_point(char)})" for char in self.non_gsm_characters]
            parts.append(f"{listed(chars)} {'forces' if len(chars) == 1 else 'force'} UCS-2")
        if self.segments_after is not None:
            changes = [
                f"{lone(piece[0])}{visible(piece[1:])} to {visible(replacement) or 'nothing'}"
                for piece, replacement in self.replacements
            ]
            parts.append(f"{listed(changes)} would give {plural(self.segments_after, 'segment')}")
        return ": ".join(parts[:2]) + "".join(f"; {part}" for part in parts[2:])


def find_exceeded_limits(analysis: Analysis, limits: Limits) -> tuple[Exceeded, ...]:
    """Return the limits that a text exceeds: the given ones, the provider's, the standard's."""
    exceeded = find_exceeded(
        analysis, limits.max_segments, limits.max_units, only_gsm7=limits.encoding is not None
    )
    return tuple(Exceeded(*each) for each in exceeded)


def make_finding(
    path: str,
    entry: Entry,
    language: str | None,
    analysis: Analysis,
    limits: tuple[Exceeded, ...],
    segmenter: Segmenter,
) -> Finding:
    """Return the finding about a text that exceeds limits."""
    chars: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    after = None
    if analysis.encoding is Encoding.UCS2:
        chars = tuple(dict.fromkeys(char for char, _ in analysis.non_gsm_characters))
        advice = segmenter.advise(analysis.text)
        if not advice.irreplaceable and advice.replacements:
            replacements = advice.replacements
            after = segmenter.count(apply_replacements(analysis.text, replacements))
    return Finding(
        path,
        entry.line,
        entry.column,
        entry.key,
        language,
        limits,
        analysis.encoding,
        analysis.unit_count,
        analysis.segment_count,
        chars,
        tuple(dict.fromkeys((char, replacement) for char, replacement, _ in replacements)),
        after,
    )
