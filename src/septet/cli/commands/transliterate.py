"""`septet transliterate`: replaces characters that are not in GSM-7."""

from __future__ import annotations

import argparse

from ...rewriting.replacements import LEVELS
from ...rewriting.transliteration import WHEN
from ..arguments import Parser, add_rules, segmenter
from ..texts import INPUT_DETAILS, add_text, print_json, read_texts, text_printer

__all__ = ["add_to"]

_DETAILS = f"""\
Examples:
  septet transliterate "Tonight: jazz at the café ’til 2"
  septet transliterate --level letters --lines < messages.txt > rewritten.txt

Only the new text is written, in UTF-8; --json adds the replacements with their indexes in the
original text. The levels letters and all need the extra "transliteration".

{INPUT_DETAILS}"""


def add_to(root: Parser) -> None:
    """Add the command `transliterate`."""
    command = root.add_command(
        "transliterate",
        "Replace characters that are not in GSM-7.",
        _DETAILS,
        _run,
    )
    command.add_argument(
        "--level",
        choices=LEVELS,
        default="punctuation",
        help="Replace punctuation and signs (default), also Latin and Greek letters, or "
        "everything.",
    )
    command.add_argument(
        "--when",
        choices=WHEN,
        default="helps",
        help="Replace if the whole text is GSM-7 then and takes no more segments (helps, the "
        "default), if it takes fewer segments (cheaper), or always.",
    )
    add_rules(command)
    add_text(command)


def _run(arguments: argparse.Namespace) -> int:
    """Print each text after the replacements."""
    rules = segmenter(arguments)
    print_text = text_printer()
    for text in read_texts(arguments):
        result = rules.transliterate(text, arguments.level, when=arguments.when)
        if arguments.json:
            replacements = [replacement._asdict() for replacement in result.replacements]
            print_json({"text": result.text, "replacements": replacements}, arguments.lines)
        else:
            print_text(result.text)
    return 0
