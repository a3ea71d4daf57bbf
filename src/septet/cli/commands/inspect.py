"""`septet count` and `septet inspect`: one text from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby

from ...display.characters import code_point, describe, lone, visible
from ...rewriting.advice import Advice, listed
from ...segmentation import Analysis, Segment, Segmenter
from ...standard.encoding import UNIT_NAMES
from ..arguments import Commands, add_command, add_rules, segmenter
from ..terminal import Column, Span, Style, complain, terminal

__all__ = ["add_to", "summary"]

_SPACE = "\N{SYMBOL FOR SPACE}"


_COUNT_EXAMPLES = """\
example:
  septet count "Your code is 123456"
"""
_INSPECT_EXAMPLES = """\
example:
  septet inspect "Tonight: jazz at the café ’til 2"
"""


def add_to(commands: Commands) -> None:
    """Add the commands `count` and `inspect`."""
    for name, purpose, examples in (
        ("count", "how many segments a text takes", _COUNT_EXAMPLES),
        ("inspect", "where a text is cut and what forces UCS-2", _INSPECT_EXAMPLES),
    ):
        command = add_command(commands, name, purpose, examples, _run)
        add_rules(command)
        command.add_argument(
            "text", metavar="TEXT", help="the text; put -- before one that begins with a dash"
        )


def _run(arguments: argparse.Namespace) -> int:
    """Print what is asked for and return the exit status: 1 if the text is none."""
    try:
        arguments.text.encode()
    except UnicodeEncodeError:
        complain("the text is not valid UTF-8")
        return 1
    rules = segmenter(arguments)
    if arguments.command == "count":
        print(rules.count(arguments.text))
    else:
        _print_inspection(arguments.text, rules)
    return 0


def _print_inspection(text: str, segmenter: Segmenter) -> None:
    """Print where a text is cut, what forces it into UCS-2, and what would save segments."""
    analysis = segmenter.analyze(text)
    advice = segmenter.advise(text)
    indexes: dict[str, list[int]] = {}
    for char, index in analysis.non_gsm_characters:
        indexes.setdefault(char, []).append(index)
    non_gsm_characters = {index for places in indexes.values() for index in places}
    out = terminal(sys.stdout)
    out.line(summary(analysis))
    for limit, allowed, found, source in analysis.exceeded_limits:
        counted = limit.rpartition("_")[2]
        out.line(f"{found:,} {counted}: more than {allowed:,} cannot be sent ({source}).")
    out.line()
    out.table(
        "",
        [Column(), Column(is_number=True), Column()],
        [
            [
                [(f"{segment.sequence}/{segment.total}", "faint")],
                [(f"{segment.unit_count}", "faint")],
                _body(segment, non_gsm_characters),
            ]
            for segment in segmenter.split(text)
        ],
    )
    if indexes:
        out.table(
            "Forces UCS-2",
            [Column(name) for name in ("Character", "Code point", "Name", "Replacement", "Index")],
            list(_non_gsm_rows(indexes, advice)),
        )
    for line in _advised(advice, UNIT_NAMES[analysis.encoding][1]):
        out.line(line)


def _non_gsm_rows(indexes: dict[str, list[int]], advice: Advice) -> Iterator[list[str]]:
    replacements = {
        index: visible(replacement).replace(" ", _SPACE) or "nothing"
        for char, replacement, start in advice.replacements
        for index in range(start, start + len(char))
    }
    for char, places in indexes.items():
        found = list(dict.fromkeys(replacements.get(index, "none") for index in places))
        yield [lone(char), code_point(char), describe(char), listed(found), listed(places)]


def _advised(advice: Advice, unit: str) -> Iterator[list[Span]]:
    if advice.segments_before == 1:
        return
    ways = []
    if advice.level:
        ways.append("the replacements above")
    if any(char == "\r" for char, *_ in advice.changes):
        ways.append("LF instead of CR LF")
    if ways:
        segments = _plural(advice.segments_after, "segment")
        yield [(f"With {' and '.join(ways)}: ", "plain"), (segments, "strong")]
    fewer = advice.segments_before - 1
    units = unit if advice.units_over == 1 else _plural(advice.units_over, unit)
    yield [
        (f"Without the last {units}: {'at most ' * (fewer > 1)}", "plain"),
        (_plural(fewer, "segment"), "strong"),
    ]


def summary(analysis: Analysis) -> list[Span]:
    """Return one line on what a text takes."""
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


def _body(segment: Segment, non_gsm_characters: set[int]) -> list[Span]:
    last = segment.start + len(segment.body.rstrip(" "))
    colour: Style = "odd" if segment.sequence % 2 else "even"

    def shown(item: tuple[int, str]) -> Span:
        index, char = item
        # A space that ends the segment would not be seen.
        text = _SPACE if char == " " and index >= last else visible(char)
        return (
            text,
            "non-gsm" if index in non_gsm_characters else colour if text == char else "faint",
        )

    spans = map(shown, enumerate(segment.body, segment.start))
    # A run of one style is one span, so that marks and letters that join stay together.
    return [
        ("".join(text for text, _ in run), style)
        for style, run in groupby(spans, key=lambda span: span[1])
    ]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
