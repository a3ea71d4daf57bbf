"""`septet count` and `septet inspect`: one text from the command line."""

from __future__ import annotations

import sys
from itertools import groupby

from ..encoding import Encoding
from ..limits import MAX_SEGMENTS
from ..segmentation import Analysis, Segment, Segmenter
from .characters import code_point, describe, lone, visible
from .terminal import Column, Span, Style, terminal

__all__ = ["UNIT_NAMES", "print_count", "print_inspection"]

UNIT_NAMES = {
    Encoding.GSM7: ("GSM-7", "septet"),
    Encoding.UCS2: ("UCS-2", "code unit"),
}


_INDEXES_SHOWN = 5
_SPACE = "\N{SYMBOL FOR SPACE}"


def print_count(text: str, segmenter: Segmenter) -> None:
    """Print how many segments a text takes, and nothing else."""
    print(segmenter.count(text))


def print_inspection(text: str, segmenter: Segmenter) -> None:
    """Print where a text is cut and what forces it into UCS-2."""
    analysis = segmenter.analyze(text)
    indexes: dict[str, list[int]] = {}
    for char, index in analysis.blockers:
        indexes.setdefault(char, []).append(index)
    blockers = {index for places in indexes.values() for index in places}
    out = terminal(sys.stdout)
    out.line(_summary(analysis))
    if analysis.segment_count > MAX_SEGMENTS:
        out.line(f"More than {MAX_SEGMENTS} segments cannot be sent.")
    out.line()
    out.table(
        "",
        [Column(), Column(is_number=True), Column()],
        [
            [
                [(f"{segment.sequence}/{segment.total}", "faint")],
                [(f"{segment.unit_count}", "faint")],
                _body(segment, blockers),
            ]
            for segment in segmenter.split(text)
        ],
    )
    if indexes:
        out.table(
            "Forces UCS-2",
            [Column("Character"), Column("Code point"), Column("Name"), Column("Index")],
            [
                [lone(char), code_point(char), describe(char), _listed(places)]
                for char, places in indexes.items()
            ],
        )


def _summary(analysis: Analysis) -> list[Span]:
    encoding, unit = UNIT_NAMES[analysis.encoding]
    shifts = [
        f"{language.name.capitalize()} {kind}"
        for kind, language in (
            ("locking shift", analysis.locking_shift),
            ("single shift", analysis.single_shift),
        )
        if language is not None
    ]
    tables = f" with {' and '.join(shifts)}" if shifts else ""
    return [
        (encoding, "strong"),
        (f"{tables}, {_plural(analysis.unit_count, unit)} in ", "plain"),
        (_plural(analysis.segment_count, "segment"), "strong"),
        (f", {_plural(analysis.units_left, unit)} left", "plain"),
        (" in the last" if analysis.segment_count > 1 else "", "plain"),
    ]


def _body(segment: Segment, blockers: set[int]) -> list[Span]:
    last = segment.start + len(segment.body.rstrip(" "))
    colour: Style = "odd" if segment.sequence % 2 else "even"

    def shown(item: tuple[int, str]) -> Span:
        index, char = item
        # A space that ends the segment would not be seen.
        text = _SPACE if char == " " and index >= last else visible(char)
        return text, "blocker" if index in blockers else colour if text == char else "faint"

    spans = map(shown, enumerate(segment.body, segment.start))
    # A run of one style is one span, so that marks and letters that join stay together.
    return [
        ("".join(text for text, _ in run), style)
        for style, run in groupby(spans, key=lambda span: span[1])
    ]


def _listed(places: list[int]) -> str:
    shown = ", ".join(map(str, places[:_INDEXES_SHOWN]))
    more = len(places) - _INDEXES_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
