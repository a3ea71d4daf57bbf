"""`septet check`: compares the texts of message catalogues with limits."""

from __future__ import annotations

import argparse

from ...checking import Checker, Finding, Limits, find_catalogues
from ...checking.baseline import Baseline
from ...checking.fixes import fix_catalogue
from ...checking.output.github import to_github
from ...checking.output.json_text import to_json
from ...checking.output.sarif import to_sarif
from ...checking.output.text import to_text
from ...checking.placeholders import FIELD_LENGTH
from ...display.characters import visible
from ...display.wording import plural
from ...exceptions import SeptetError
from ...segmentation import Segmenter
from ..arguments import Parser, add_rules, positive_whole_number, require, whole_number
from ..terminal import complain
from .check_settings import add_settings

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet check locale/ --max-segments 1 --keys 'sms.*'
  septet check res/values/strings.xml --encoding gsm7
  septet check locale/fr.json --field name=30 --format github

Formats: gettext (.po, .pot), JSON and .arb, YAML, Java properties, Android (.xml), Apple (.strings,
.xcstrings), CSV, and plain text with one text in each line (.txt). In folders, CSV and plain text
are passed over, and so are .xml files outside of folders such as values-fr.

Placeholders such as {name}, {{name}}, ${name}, %(name)s, %s and %1$s are counted with values of
the length that --field gives, or --field-length. Those without a name have a number: 1 is the first
%s and %1$s, 0 is the first {} and {0}. Of ICU messages, the longest text is counted.

A comment above a text, or in its line, sets other limits for it: "septet: ignore" or
"septet: max-segments=2". The table [tool.septet.check] of pyproject.toml, in the current folder or
above, has settings for what the command line leaves out, and exceptions.
"""
_EXCEEDED = 3
_FORMATS = {"text": to_text, "json": to_json, "sarif": to_sarif, "github": to_github}


def add_to(root: Parser) -> None:
    """Add the command `check`."""
    command = root.add_command(
        "check",
        "Check the texts of message catalogues against a limit of segments, or an encoding.",
        _DETAILS,
        _check,
        statuses={1: "error, or a file could not be read", 3: "a text exceeds a limit"},
    )
    command.add_argument("paths", nargs="+", metavar="PATH", help="A catalogue, or a folder.")
    limits = command.add_argument_group("limits")
    limits.add_argument(
        "--max-segments",
        type=positive_whole_number,
        metavar="N",
        help="Report texts of more segments (default: 1 if no other limit is given).",
    )
    limits.add_argument(
        "--max-units",
        type=positive_whole_number,
        metavar="N",
        help="Report texts of more septets or code units.",
    )
    limits.add_argument("--encoding", choices=("gsm7",), help="Report texts that need UCS-2.")
    texts = command.add_argument_group("texts")
    texts.add_argument(
        "--keys",
        action="append",
        default=[],
        metavar="PATTERN",
        help="Check only texts whose key, or msgctxt, matches, as in 'sms.*'. Repeat it for more.",
    )
    texts.add_argument(
        "--field",
        action="append",
        default=[],
        type=_field,
        metavar="NAME=N",
        help="Count N characters for the placeholder NAME. Repeat it for more.",
    )
    texts.add_argument(
        "--field-length",
        type=whole_number,
        metavar="N",
        help=f"Count N characters for other placeholders (default: {FIELD_LENGTH}).",
    )
    texts.add_argument(
        "--text",
        action="append",
        default=[],
        metavar="COLUMN",
        help="Check this column of CSV files (default: those whose headings are languages, or "
        "names such as text and body). Repeat it for more.",
    )
    texts.add_argument(
        "--whole-text-files",
        action="store_true",
        help="Take each .txt file as one text, not each of its lines.",
    )
    command.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="Write findings as lines (default), JSON, SARIF, or annotations of GitHub Actions.",
    )
    command.add_argument(
        "--baseline", metavar="FILE", help="Do not report the findings that this file has."
    )
    command.add_argument(
        "--write-baseline",
        action="store_true",
        help="Write all findings to the file of --baseline instead of reporting them.",
    )
    command.add_argument(
        "--fix",
        action="store_true",
        help="Replace punctuation that forces UCS-2, in .po, JSON, YAML and .properties files, "
        "where a reported text is GSM-7 then and takes no more segments. Report what remains.",
    )
    add_rules(command)


def _check(arguments: argparse.Namespace) -> int:
    """Print the findings and return the exit status."""
    add_settings(arguments)
    require(arguments, {"--write-baseline": "--baseline"}, {"--baseline": "the file to write"})
    baseline = Baseline()
    if arguments.baseline is not None and not arguments.write_baseline:
        baseline = Baseline.read(arguments.baseline)
    checker = _checker(arguments)
    findings: list[Finding] = []
    is_complete = True
    files = 0
    for argument in arguments.paths:
        for path in find_catalogues(argument):
            try:
                found = [each for each in checker.check_file(path) if not baseline.has(each)]
                if arguments.fix:
                    found = _fix(path, found, checker.segmenter, arguments)
                findings += found
                files += 1
            except SeptetError as error:
                complain(str(error))
                is_complete = False
            except OSError as error:
                complain(f"{path}: {error.strerror or error}")
                is_complete = False
    if arguments.write_baseline and is_complete:
        Baseline(findings).write(arguments.baseline)
        print(f"{visible(arguments.baseline)}: {plural(len(findings), 'finding')}")
        return 0
    for line in _FORMATS[arguments.format](findings):
        print(line)
    if arguments.format == "text":
        texts = f"{plural(checker.checked, 'text')} in {plural(files, 'file')}"
        print(f"{texts}, {plural(len(findings), 'finding')}")
    if not is_complete:
        return 1
    return _EXCEEDED if findings else 0


def _fix(
    path: str, findings: list[Finding], segmenter: Segmenter, arguments: argparse.Namespace
) -> list[Finding]:
    """Replace characters in the texts of findings, and return the findings that remain."""
    fixed = fix_catalogue(path, findings, segmenter)
    if not fixed:
        return findings
    complain(f"{path}: {plural(len(fixed), 'text')} fixed")
    reported = {(each.line, each.key) for each in findings}
    again = _checker(arguments).check_file(path)
    return [each for each in again if (each.line, each.key) in reported]


def _checker(arguments: argparse.Namespace) -> Checker:
    max_segments, max_units = arguments.max_segments, arguments.max_units
    if max_segments is None and max_units is None and arguments.encoding is None:
        max_segments = 1
    field_length = arguments.field_length
    return Checker(
        Limits(max_segments, max_units, arguments.encoding),
        arguments.segmenter,
        keys=arguments.keys,
        text_columns=arguments.text,
        is_whole_text=arguments.whole_text_files,
        exceptions=arguments.exceptions,
        field_lengths=arguments.fields,
        field_length=FIELD_LENGTH if field_length is None else field_length,
    )


def _field(value: str) -> tuple[str, int]:
    name, _, length = value.rpartition("=")
    if not name:
        raise argparse.ArgumentTypeError(f"{value!r} is not a name and a length such as name=30")
    return name, whole_number(length)
