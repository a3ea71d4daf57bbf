"""The texts that a command takes, from an argument or standard input, and those that it writes."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from ..display.characters import code_point, visible
from ..exceptions import SeptetError
from .arguments import STANDARD_INPUT, Parser, UsageError

__all__ = [
    "INPUT_DETAILS",
    "add_text",
    "print_json",
    "read_input",
    "read_texts",
    "text_printer",
]

INPUT_DETAILS = """\
Without TEXT, the text is the whole of standard input, which is UTF-8 in every locale. One line end
at its end is not part of the text, nor is a byte order mark at its start. With --lines, each line
is a text. The text "-" is written as: -- -
"""
"""What the help of a command with a text says about standard input."""

_MAX_BYTES = 64 << 20
_MARK = "\ufeff"


def add_text(command: Parser) -> None:
    """Add the argument of a text, --lines and --json, for `read_texts` and `print_json`."""
    command.add_argument(
        "text",
        nargs="?",
        metavar="TEXT",
        help="The text. Without it, or for -, standard input is read. Write -- before a text that "
        "begins with a dash.",
    )
    command.add_argument(
        "--lines", action="store_true", help="Take each line of standard input as a text."
    )
    command.add_argument(
        "--json", action="store_true", help="Write JSON; with --lines, a line of it for each text."
    )


def read_texts(arguments: argparse.Namespace) -> Iterator[str]:
    """Return the text that the arguments give, or the texts that standard input has.

    Of standard input, a byte order mark at the start and a line end at the end are left out:
    programs add them, and a text in a message does not end that way.

    Args:
        arguments: The parsed arguments.

    Raises:
        UsageError: TEXT and --lines are given, or neither TEXT nor a pipe or file.
        SeptetError: A text is not UTF-8, or has more than 64 MiB; standard input is closed.
        OSError: Standard input cannot be read.
    """
    text: str | None = arguments.text
    if text is not None and not _is_input(text, arguments.words):
        if arguments.lines:
            raise UsageError("--lines takes texts from standard input: leave out TEXT")
        return iter((_checked(text),))
    stream = _standard_input("TEXT" if text is None else None)
    return _read_lines(stream) if arguments.lines else iter((_read_all(stream),))


def read_input(name: str | None) -> str:
    """Return the text of standard input, without mark and line end as in `read_texts`.

    Args:
        name: The argument that is missing, if a terminal is not read for it.

    Raises:
        UsageError: Standard input is a terminal, and there is a name.
        SeptetError: It is not UTF-8, has more than 64 MiB, or is closed.
        OSError: It cannot be read.
    """
    return _read_all(_standard_input(name))


def text_printer() -> Callable[[str], object]:
    """Return a function that writes a text and a line end to standard output.

    To a terminal, it writes control characters in a visible form. Otherwise the text is written as
    it is, in UTF-8, which is how it is read; a lone surrogate becomes an escape.
    """
    if sys.stdout.isatty():
        return lambda text: print("\n".join(map(visible, text.split("\n"))))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return print


def print_json(value: object, one_line: bool) -> None:
    """Write a value to standard output as JSON.

    Args:
        value: The value.
        one_line: Whether it takes one line, because others follow.
    """
    import json  # not needed without --json

    print(json.dumps(value, indent=None if one_line else 2))


def _is_input(text: str, words: Sequence[str]) -> bool:
    """Return whether a text stands for standard input: a dash that does not follow "--"."""
    return text == STANDARD_INPUT and not ("--" in words and text in words[words.index("--") :])


def _checked(text: str) -> str:
    """Return the text of an argument, whose bytes that are not UTF-8 are lone surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape").decode()
    except UnicodeDecodeError as error:
        raise _not_utf8("the text", error) from None
    except UnicodeEncodeError as error:
        char = code_point(text[error.start])
        message = f"the text has the lone surrogate {char} at index {error.start}"
        raise SeptetError(message) from None


def _standard_input(name: str | None) -> BinaryIO:
    if sys.stdin is None:
        raise SeptetError("standard input is closed")
    if name is not None and sys.stdin.isatty():
        raise UsageError(f"give {name}, or write it to standard input")
    return sys.stdin.buffer


def _read_all(stream: BinaryIO) -> str:
    content = stream.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise SeptetError(f"the text has more than {_MAX_BYTES >> 20} MiB")
    return _without_line_end(_decoded(content, 1).removeprefix(_MARK))


def _read_lines(stream: BinaryIO) -> Iterator[str]:
    for number, content in enumerate(iter(lambda: stream.readline(_MAX_BYTES + 1), b""), 1):
        if len(content) > _MAX_BYTES:
            raise SeptetError(f"line {number} has more than {_MAX_BYTES >> 20} MiB")
        text = _without_line_end(_decoded(content, number))
        yield text.removeprefix(_MARK) if number == 1 else text


def _without_line_end(text: str) -> str:
    return text.removesuffix("\r\n" if text.endswith("\r\n") else "\n")


def _decoded(content: bytes, first_line: int) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8("standard input", error, first_line) from None


def _not_utf8(source: str, error: UnicodeDecodeError, first_line: int = 1) -> SeptetError:
    line = first_line + error.object.count(b"\n", 0, error.start)
    column = error.start - error.object.rfind(b"\n", 0, error.start)
    byte = error.object[error.start]
    return SeptetError(f"{source} is not valid UTF-8: 0x{byte:02X} at byte {column} of line {line}")
