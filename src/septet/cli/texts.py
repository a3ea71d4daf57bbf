"""A text that a command takes: an argument, or standard input."""

from __future__ import annotations

import argparse
import sys

from ..exceptions import SeptetError
from .arguments import STANDARD_INPUT, Parser

__all__ = ["add_text", "read_text"]

_MAX_BYTES = 64 << 20
_NOT_UTF8 = "the text is not valid UTF-8"


def add_text(command: Parser) -> None:
    """Add the argument of the text; `read_text` returns the text itself."""
    command.add_argument(
        "text",
        metavar="TEXT",
        help="The text, or - to read it from standard input. Write -- before a text that begins "
        "with a dash.",
    )


def read_text(arguments: argparse.Namespace) -> str:
    """Return the text that the arguments give, or that standard input has.

    Of standard input, a byte order mark at the start and one line end at the end are left out:
    programs add them, and a text in a message does not end that way.

    Args:
        arguments: The parsed arguments.

    Raises:
        SeptetError: The text is not UTF-8, standard input is closed or has more than 64 MiB.
        OSError: Standard input cannot be read.
    """
    text: str = arguments.text
    try:
        if text == STANDARD_INPUT:
            text = _read_input().decode("utf-8-sig")
            return text.removesuffix("\r\n" if text.endswith("\r\n") else "\n")
        text.encode()
    except UnicodeError:
        raise SeptetError(_NOT_UTF8) from None
    return text


def _read_input() -> bytes:
    if sys.stdin is None:
        raise SeptetError("standard input is closed")
    content: bytes = sys.stdin.buffer.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise SeptetError(f"the text has more than {_MAX_BYTES >> 20} MiB")
    return content
