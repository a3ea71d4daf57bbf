"""`septet encode`: the user data of each segment of a text."""

from __future__ import annotations

import argparse

from ..arguments import Parser, add_rules, refused_values, segmenter, whole_number
from ..texts import INPUT_DETAILS, add_text, print_json, read_texts

__all__ = ["add_to"]

_DETAILS = f"""\
Examples:
  septet encode "Your code is 123456"
  septet encode --json --reference 7 < message.txt
  septet encode --json "Привет" | septet decode

The user data of each segment is one line of hexadecimal digits: its header if it has one, then
packed septets or UTF-16BE. --json adds what a message has beside its user data, such as the data
coding, and what septet decode needs to restore the text.

{INPUT_DETAILS}"""


def add_to(root: Parser) -> None:
    """Add the command `encode`."""
    command = root.add_command(
        "encode", "Print the user data of each segment of a text.", _DETAILS, _run
    )
    command.add_argument(
        "--reference",
        type=whole_number,
        metavar="N",
        help="Set the concatenation reference of the segments (default: a random one).",
    )
    command.add_argument(
        "--message-class",
        type=whole_number,
        choices=range(4),
        help="Set the message class; 0 shows the message at once.",
    )
    command.add_argument(
        "--packed",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Pack septets (default), or write each in an octet of its own, as SMPP carries them.",
    )
    add_rules(command)
    add_text(command)


def _run(arguments: argparse.Namespace) -> int:
    """Print the segments of each text."""
    rules = segmenter(arguments)
    options = {"reference": arguments.reference, "message_class": arguments.message_class}
    with refused_values():
        rules.encode("", **options)
    for text in read_texts(arguments):
        segments = [
            segment.to_dict(packed=arguments.packed) for segment in rules.encode(text, **options)
        ]
        if arguments.json:
            print_json(segments, arguments.lines)
        else:
            for segment in segments:
                print(segment["user_data"])
    return 0
