"""Write the manual page septet(1), docs/septet.1, from the parser of the command line.

    python tools/man_page.py

The wheel installs it below share/man. A test checks that it is what this program writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from septet.cli.arguments import Parser
from septet.cli.main import parser

PAGE = Path(__file__).resolve().parent.parent / "docs/septet.1"

# Characters that would be typeset as others, or read as requests.
_ESCAPES = str.maketrans(
    {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
)
_COUNTS = {"*": "[{}]...", "+": "{}...", "?": "[{}]"}


def page() -> str:
    """Return the page."""
    root = parser()
    usual = root.statuses
    lines = [
        '.\\" Made by tools/man_page.py from the help of the commands.',
        ".TH SEPTET 1",
        ".SH NAME",
        r"septet \- count the segments of SMS texts and estimate what they cost",
        ".SH SYNOPSIS",
        "\n.br\n".join(_synopsis(c) for c in root.walk() if not c.commands),
        ".SH DESCRIPTION",
        _escaped(root.summary),
        *_details(root.details),
        ".SH OPTIONS",
        *_arguments(root),
        ".SH COMMANDS",
    ]
    for command in list(root.walk())[1:]:
        lines += [
            f'.SS "{_escaped(command.prog)}"',
            _escaped(command.summary),
            *_arguments(command),
            *_details(command.details),
            *_statuses(command, {s: t for s, t in command.statuses.items() if usual.get(s) != t}),
        ]
    lines += [".SH EXIT STATUS", *_statuses(root, usual)]
    return "\n".join(lines) + "\n"


def _synopsis(command: Parser) -> str:
    positionals = (a for a in command.arguments if not a.option_strings)
    words = [_COUNTS.get(str(a.nargs), "{}").format(_value(a)) for a in positionals]
    return rf"\fB{_escaped(command.prog)}\fR {' '.join(['[options]', *words])}"


def _arguments(command: Parser) -> Iterator[str]:
    for action in command.arguments:
        if action.dest == "help" and command.prog != "septet":
            continue
        value = "" if action.nargs == 0 or not _value(action) else f" {_value(action)}"
        names = [rf"\fB{_escaped(name)}\fR" for name in action.option_strings]
        yield ".TP"
        yield (", ".join(names) + value).strip()
        yield _help(action, command)


def _value(action: argparse.Action) -> str:
    """Return the placeholder of a value, in italics."""
    if action.metavar is not None:
        return rf"\fI{_escaped(str(action.metavar))}\fR"
    if action.choices is not None:
        return "|".join(rf"\fI{_escaped(str(choice))}\fR" for choice in action.choices)
    is_switch = isinstance(action, argparse.BooleanOptionalAction)
    return "" if is_switch else rf"\fI{_escaped(action.dest.upper())}\fR"


def _help(action: argparse.Action, command: Parser) -> str:
    names = {} if action.choices is None else {"choices": ", ".join(map(str, action.choices))}
    return _escaped((action.help or "") % {**vars(action), "prog": command.prog, **names})


def _details(details: str) -> Iterator[str]:
    """Yield paragraphs; those with indented lines keep their lines."""
    for paragraph in details.strip("\n").split("\n\n"):
        yield ".PP"
        if "\n " in paragraph:
            yield from (".nf", *map(_escaped, paragraph.split("\n")), ".fi")
        else:
            yield from map(_escaped, paragraph.split("\n"))


def _statuses(command: Parser, statuses: dict[int, str]) -> Iterator[str]:
    if statuses and command.prog != "septet":
        yield from (".PP", "Exit status:")
    for status, meaning in statuses.items():
        yield from (".TP", str(status), _escaped(meaning))


def _escaped(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    return r"\&" + escaped if escaped.startswith(".") else escaped


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
