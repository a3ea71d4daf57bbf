"""`septet decode`: the texts of segments, which are hexadecimal digits or JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...exceptions import SeptetError
from ...wire.decoding import decode
from ...wire.reassembly import Reassembler, UnfinishedText
from ..arguments import STANDARD_INPUT, Parser, UsageError, refused_values, whole_number
from ..terminal import complain
from ..texts import print_json, read_input, text_printer

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet decode c834
  septet decode --data-coding 8 "04 1f 04 40 04 38"
  septet decode --protocol smpp --data-coding 3 < segments.txt
  septet encode --json "Привет" | septet decode

A segment is the hexadecimal digits of its user data. Without HEX, standard input has a segment in
each line. Both may instead be the JSON of septet encode --json: an object for each segment, or
lists of them. Its fields override the options, which are for segments without these fields.

Segments with a concatenation element in their header are joined, in any order. Each text is
written when it is whole, with a line end behind it. With --json, each is an object with the field
text, in a line of its own.
"""
_FIELDS: dict[str, tuple[type, ...]] = {
    "data_coding": (int,),
    "has_udh": (bool,),
    "packed": (bool, type(None)),
    "user_data_length": (int, type(None)),
}
_KINDS = {str: "a string", int: "an integer", bool: "true or false", type(None): "null"}


def add_to(root: Parser) -> None:
    """Add the command `decode`."""
    command = root.add_command(
        "decode",
        "Print the text of segments.",
        _DETAILS,
        _run,
        statuses={1: "error, or segments of a text are missing"},
    )
    command.add_argument(
        "segments",
        nargs="*",
        metavar="HEX",
        help="The user data of a segment. Without it, or for -, standard input is read.",
    )
    command.add_argument(
        "--data-coding",
        type=_octet,
        default=0,
        metavar="N",
        help="Read user data with this data coding: 0 for GSM-7 (default), 8 or 0x08 for UCS-2.",
    )
    command.add_argument(
        "--udh",
        dest="has_udh",
        action="store_true",
        help="Read a header at the beginning of the user data, as TP-UDHI says.",
    )
    command.add_argument(
        "--user-data-length",
        type=whole_number,
        metavar="N",
        help="Set TP-User-Data-Length: the septets of the segment, or its octets of UCS-2. Without "
        "it, seven zero bits at the end of packed septets are not a character.",
    )
    command.add_argument(
        "--packed",
        action=argparse.BooleanOptionalAction,
        help="Read packed septets (default), or one in each octet (default with --protocol smpp).",
    )
    command.add_argument(
        "--protocol",
        choices=("gsm", "smpp"),
        default="gsm",
        help="Read data codings as TS 23.038 defines them (gsm, the default), or as SMPP does.",
    )
    command.add_argument(
        "--default-alphabet",
        metavar="NAME",
        help="Read data coding 0 of SMPP as gsm7 (default), or as a text encoding of Python such "
        "as latin-1.",
    )
    command.add_argument(
        "--strict", action="store_true", help="Refuse invalid data instead of replacing it."
    )
    command.add_argument("--json", action="store_true", help="Write a line of JSON for each text.")


def _run(arguments: argparse.Namespace) -> int:
    """Print each text; the exit status is 1 if one is not whole."""
    if arguments.default_alphabet is not None and arguments.protocol != "smpp":
        raise UsageError("--default-alphabet needs --protocol smpp")
    coding = {
        "protocol": arguments.protocol,
        "default_alphabet": arguments.default_alphabet or "gsm7",
    }
    unfinished: list[UnfinishedText] = []
    # Segments that are read at the same time are never too old.
    with refused_values():
        reassembler = Reassembler(unfinished.append, clock=lambda: 0.0, **coding)
    defaults = {field: getattr(arguments, field) for field in _FIELDS}
    print_text = text_printer()
    for number, (key, segment) in enumerate(_segments(arguments.segments), 1):
        try:
            user_data, options = _read_segment(segment, defaults)
            if arguments.strict:
                decode(user_data, strict=True, **options, **coding)
            text = reassembler.add(key, user_data, **options)
        except ValueError as error:
            raise SeptetError(f"segment {number}: {error}") from None
        if text is None:
            continue
        if arguments.json:
            print_json({"text": text}, one_line=True)
        else:
            print_text(text)
    reassembler.expire(0)
    for lost in unfinished:
        complain(
            f"only {len(lost.bodies)} of {lost.total} segments with reference {lost.reference} "
            "were given"
        )
    return 1 if unfinished else 0


def _segments(arguments: list[str]) -> Iterator[tuple[int, Any]]:
    """Yield each segment, as digits or decoded JSON, with the number of the list that it is in.

    Segments of different lists are never joined, even if their references are equal. The number is
    0 outside of lists.
    """
    if arguments in ([], [STANDARD_INPUT]):
        text = read_input("HEX" if not arguments else None)
        sources = [text] if _is_json(text) else [line for line in text.split("\n") if line.strip()]
    else:
        sources = arguments
    lists = 0
    for source in sources:
        for value in _read_json(source) if _is_json(source) else [source]:
            if isinstance(value, list):
                lists += 1
                yield from ((lists, segment) for segment in value)
            else:
                yield 0, value


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{")


def _read_json(text: str) -> Iterator[Any]:
    """Yield the values of a JSON text, or of several one after the other."""
    decoder = json.JSONDecoder()
    text = text.strip()
    end = 0
    while end < len(text):
        try:
            value, end = decoder.raw_decode(text, end)
        except json.JSONDecodeError as error:
            raise SeptetError(f"the segments are not JSON: {error}") from None
        except RecursionError:
            raise SeptetError("the segments are not JSON: they are nested too deeply") from None
        yield value
        end += len(text[end:]) - len(text[end:].lstrip())


def _read_segment(segment: Any, defaults: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return the user data of a segment and its options.

    Raises:
        ValueError: It is not a segment.
    """
    if isinstance(segment, str):
        return _octets(segment), dict(defaults)
    if not isinstance(segment, dict):
        raise ValueError("expected an object with user_data")
    _check_field("user_data", segment.get("user_data"), (str,))
    options = dict(defaults)
    for field, kinds in _FIELDS.items():
        if field in segment:
            _check_field(field, segment[field], kinds)
            options[field] = segment[field]
    return _octets(segment["user_data"]), options


def _check_field(name: str, value: Any, kinds: tuple[type, ...]) -> None:
    if type(value) not in kinds:
        expected = " or ".join(_KINDS[kind] for kind in kinds)
        raise ValueError(f"expected {name} to be {expected}, got {json.dumps(value)}")


def _octets(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(f"expected pairs of hexadecimal digits, got {digits!r}") from None


def _octet(value: str) -> int:
    try:
        number = int(value, 0)
    except ValueError:
        number = -1
    if not 0 <= number <= 0xFF:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 0 to 255 such as 0x08")
    return number
