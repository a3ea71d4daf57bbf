"""`septet count` and `septet inspect`: texts from the command line or standard input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ... import rcs
from ...display.characters import code_point, describe, lone, visible
from ...display.wording import listed, plural
from ...segmentation import Analysis, Segment, Segmenter
from ...standard.characters import is_mark
from ...standard.encoding import UNIT_NAMES, Language
from ..arguments import Parser, add_rules, segmenter
from ..terminal import Column, Span, Style, complain, terminal
from ..texts import INPUT_DETAILS, add_text, print_json, read_texts

if TYPE_CHECKING:
    from ...rewriting.advice import Advice

__all__ = ["add_to", "summary"]

_SPACE = "\N{SYMBOL FOR SPACE}"
_CHANGES = ("changes", "replacements", "line_ends")

_COUNT_DETAILS = """\
Examples:
  septet count "Your code is 123456"
  septet count < message.txt
  septet count --lines --json < messages.txt

"""
_INSPECT_DETAILS = """\
Examples:
  septet inspect "Tonight: jazz at the café ’til 2"
  septet inspect --json < message.txt

"""


def add_to(root: Parser) -> None:
    """Add the commands `count` and `inspect`."""
    for name, purpose, details, run in (
        ("count", "Print the number of segments of a text.", _COUNT_DETAILS, _count),
        (
            "inspect",
            "Show where a text is split, which characters force UCS-2, and how RCS bills it.",
            _INSPECT_DETAILS,
            _inspect,
        ),
    ):
        command = root.add_command(name, purpose, details + INPUT_DETAILS, run)
        add_rules(command)
        add_text(command)


def _count(arguments: argparse.Namespace) -> int:
    """Print the number of segments of each text, with --json also its encoding and units."""
    rules = segmenter(arguments)
    for text in read_texts(arguments):
        if arguments.json:
            print_json(_to_json(rules.analyze(text)), arguments.lines)
        else:
            print(rules.count(text))
    return 0


def _inspect(arguments: argparse.Namespace) -> int:
    """Print the segments of each text, what forces UCS-2, and what would save segments."""
    rules = segmenter(arguments)
    for text in read_texts(arguments):
        if arguments.json:
            print_json(_inspection(text, rules), arguments.lines)
        else:
            _print_inspection(text, rules)
    return 0


def _to_json(analysis: Analysis) -> dict[str, Any]:
    return {
        "encoding": analysis.encoding,
        "unit_count": analysis.unit_count,
        "segment_count": analysis.segment_count,
        "units_left": analysis.units_left,
    }


def _inspection(text: str, segmenter: Segmenter) -> dict[str, Any]:
    """Return everything that is known about a text, by the names that it has in Python."""
    analysis = segmenter.analyze(text)
    _, byte_count, us_segment_count = rcs.analyze(text)
    advice = segmenter.advise(text)
    return {
        **_to_json(analysis),
        "locking_shift": _language_name(analysis.locking_shift),
        "single_shift": _language_name(analysis.single_shift),
        "segments": _records(segmenter.split(text)),
        "non_gsm_characters": _records(analysis.non_gsm_characters),
        "exceeded_limits": _records(analysis.exceeded_limits),
        "advice": {
            **advice._asdict(),
            **{name: _records(getattr(advice, name)) for name in _CHANGES},
        },
        "rcs": {
            "byte_count": byte_count,
            "us_segment_count": us_segment_count,
            "kind": rcs.analyze(text, "standard").kind,
        },
    }


def _language_name(language: Language | None) -> str | None:
    return None if language is None else language.name.lower()


def _records(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [record._asdict() for record in records]


def _print_inspection(text: str, segmenter: Segmenter) -> None:
    analysis = segmenter.analyze(text)
    advice = segmenter.advise(text)
    indexes_by_character: dict[str, list[int]] = {}
    for char, index in analysis.non_gsm_characters:
        indexes_by_character.setdefault(char, []).append(index)
    non_gsm_indexes = {index for _, index in analysis.non_gsm_characters}
    out = terminal(sys.stdout)
    out.line(summary(analysis))
    if text:
        out.line(_as_rcs(text))
    for limit, allowed, actual, source in analysis.exceeded_limits:
        unit = limit.rpartition("_")[2]
        out.line(f"{actual:,} {unit}: more than {allowed:,} cannot be sent ({source}).")
    out.line()
    out.table(
        "",
        [Column(), Column(is_number=True), Column()],
        [
            [
                [(f"{segment.sequence}/{segment.total}", "faint")],
                [(f"{segment.unit_count}", "faint")],
                _body(segment, non_gsm_indexes),
            ]
            for segment in segmenter.split(text)
        ],
    )
    if indexes_by_character:
        out.table(
            "Characters that force UCS-2",
            [Column(name) for name in ("Character", "Code point", "Name", "Replacement", "Index")],
            list(_non_gsm_rows(indexes_by_character, advice)),
        )
    for line in _advice_lines(advice, UNIT_NAMES[analysis.encoding][1]):
        out.line(line)
    if advice.probable_text is not None:
        complain(
            "the text looks like UTF-8 read as Windows-1252 or Latin-1; it probably was: "
            + advice.probable_text
        )


def _non_gsm_rows(
    indexes_by_character: dict[str, list[int]], advice: Advice
) -> Iterator[list[str]]:
    replacements: dict[int, str] = {}
    for piece, replacement, start in advice.replacements:
        shown = visible(replacement).replace(" ", _SPACE) or "nothing"
        replacements[start] = shown
        # What is attached to a letter becomes part of it, or goes: then the letter has a row of its
        # own, or needs no replacement without it.
        letter = piece[0]
        goes = letter in indexes_by_character or replacement == letter
        for index, char in enumerate(piece[1:], start + 1):
            replacements[index] = "nothing" if goes or not is_mark(char) else shown
    for char, indexes in indexes_by_character.items():
        distinct = list(dict.fromkeys(replacements.get(index, "none") for index in indexes))
        yield [lone(char), code_point(char), describe(char), listed(distinct), listed(indexes)]


def _advice_lines(advice: Advice, unit: str) -> Iterator[list[Span]]:
    if advice.segments_before == 1:
        return
    ways = []
    if advice.level:
        ways.append("the replacements above")
    if any(char == "\r" for char, *_ in advice.changes):
        ways.append("LF instead of CR LF")
    if ways:
        segments = plural(advice.segments_after, "segment")
        yield [(f"With {' and '.join(ways)}: ", "plain"), (segments, "strong")]
    fewer = advice.segments_before - 1
    units = unit if advice.units_over == 1 else plural(advice.units_over, unit)
    yield [
        (f"Without the last {units}: {'at most ' * (fewer > 1)}", "plain"),
        (plural(fewer, "segment"), "strong"),
    ]


def summary(analysis: Analysis) -> list[Span]:
    """Return the encoding, units and segments of a text in one line."""
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
        (f"{tables}, {plural(analysis.unit_count, unit)} in ", "plain"),
        (plural(analysis.segment_count, "segment"), "strong"),
        (f", {plural(analysis.units_left, unit)} left", "plain"),
        (" in the last" if analysis.segment_count > 1 else "", "plain"),
    ]


def _as_rcs(text: str) -> str:
    """Return how the text is billed as an RCS message without media."""
    _, byte_count, segment_count = rcs.analyze(text)
    kind = rcs.analyze(text, "standard").kind
    segments = plural(segment_count, "segment")
    return f"As RCS: {plural(byte_count, 'byte')}, {segments} in the US, a {kind} message elsewhere"


def _body(segment: Segment, non_gsm_indexes: set[int]) -> list[Span]:
    last = segment.start + len(segment.body.rstrip(" "))
    colour: Style = "odd" if segment.sequence % 2 else "even"

    def span(item: tuple[int, str]) -> Span:
        index, char = item
        # Spaces at the end of the segment would be invisible.
        text = _SPACE if char == " " and index >= last else visible(char)
        return (
            text,
            "non-gsm" if index in non_gsm_indexes else colour if text == char else "faint",
        )

    spans = map(span, enumerate(segment.body, segment.start))
    # One span for each run of a style, so that combining marks stay with their letters.
    return [
        ("".join(text for text, _ in run), style)
        for style, run in groupby(spans, key=lambda span: span[1])
    ]
