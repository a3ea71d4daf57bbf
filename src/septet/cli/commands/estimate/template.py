"""`septet estimate --template TEXT --field NAME=VALUES`: messages before there are recipients."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ....costing import RateCard
from ....costing.rates.money import format_aligned
from ....display.characters import visible
from ....display.wording import plural
from ...arguments import (
    Parser,
    UsageError,
    has_value,
    positive_whole_number,
    refused_values,
    segmenter,
)
from ...terminal import Cell, Column, complain, number, terminal

if TYPE_CHECKING:
    from ....costing import TemplateBill
    from ....costing.insights.template_estimates import FieldValues

__all__ = ["add_field_options", "add_text_options", "check_text_options", "run_template"]

_LENGTHS = re.compile(r"([0-9]{1,9})(?:\.\.([0-9]{1,9}))?")
_LIKE_LENGTHS = re.compile(r"[-+]?[0-9]+(?:\s*(?:\.+|-|–|…|:|to)\s*[0-9]*)?")
_NEEDS_FILES = (
    *("--text", "--template-column", "--by", "--encoding", "--sheet", "--savings", "--output"),
    *("--report", "--long", "--max-cost", "--max-segments", "--max-per-message"),
    *("--title", "--network", "--network-share", "--segments-per-second"),
)


def add_text_options(command: Parser) -> None:
    """Add `--text`, `--template` and `--template-column`."""
    command.add_argument("--text", metavar="COLUMN", help="Take the texts from this column.")
    command.add_argument(
        "--template",
        metavar="TEXT",
        help="Make each text from this template, such as 'Hi {name}, your order {order} is on its "
        "way'. A name in braces is a column; {{ and }} are literal braces.",
    )
    command.add_argument(
        "--template-column",
        metavar="COLUMN",
        help="Take a template for each row from this column; the other columns fill it.",
    )


def check_text_options(arguments: argparse.Namespace) -> None:
    """Check that the texts come from one place.

    Raises:
        UsageError: They come from several.
    """
    options = ("--text", "--template", "--template-column")
    given = [o for o in options if getattr(arguments, o[2:].replace("-", "_")) is not None]
    if len(given) > 1:
        raise UsageError(f"give only one of {', '.join(given)}")


def add_field_options(command: Parser) -> None:
    """Add `--field` and `--messages`."""
    fields = command.add_argument_group(
        "templates without recipients",
        "Without FILE, show the lowest, the likely and the highest bill of --template.",
    )
    fields.add_argument(
        "--field",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        help="The values of a field: a length (code=6), lengths (first_name=2..20), or samples "
        "(first_name=Ann,Zoë,Maximiliane). Give it for each field. With --rates, --to is a number "
        "of the destination, such as +447700900123.",
    )
    fields.add_argument(
        "--messages",
        metavar="N",
        type=positive_whole_number,
        help="The number of messages (default: 1). Needs --template.",
    )


def run_template(arguments: argparse.Namespace, rates: RateCard | None) -> int:
    """Print what messages of the template take and cost, and return the exit status.

    Args:
        arguments: The parsed arguments.
        rates: The rate card, if there is one.

    Raises:
        UsageError: An option is wrong, or needs files.
    """
    for option in _NEEDS_FILES:
        if has_value(arguments, option):
            raise UsageError(f"{option} needs files of messages")
    if arguments.template is None:
        raise UsageError("--field and --messages need --template")
    from ....costing import estimate_template  # few runs need it

    with refused_values():
        result = estimate_template(
            arguments.template,
            _parse_fields(arguments.field),
            messages=arguments.messages or 1,
            to=arguments.to,
            rates=rates,
            segmenter=segmenter(arguments),
        )
    if arguments.json:
        print(json.dumps(result.to_dict(), indent=2))
        return 0
    bills = {"Lowest": result.lowest, "Likely": result.likely, "Highest": result.highest}
    if result.highest_ucs2 is not None:
        bills["Highest in UCS-2"] = result.highest_ucs2
    currencies = {bill.price.currency for bill in bills.values() if bill.price is not None}
    columns = [Column("Bill"), number("Segments")]
    columns += [number(f"Cost in {currency}") for currency in currencies]
    rows: list[list[Cell]] = [
        [name, f"{bill.segments:,}", *(_cost(bill) for _ in currencies)]
        for name, bill in bills.items()
    ]
    terminal(sys.stdout).table(plural(result.messages, "message"), columns, rows)
    for hint in _hints(arguments, bool(currencies), result.highest_ucs2):
        complain(hint)
    return 0


def _parse_fields(options: list[str]) -> dict[str, FieldValues]:
    fields: dict[str, FieldValues] = {}
    for option in options:
        name, values = _parse_field(option)
        if name in fields:
            raise UsageError(f"--field {name} is given more than once: write its samples in one")
        fields[name] = values
    return fields


def _parse_field(field: str) -> tuple[str, FieldValues]:
    name, equals, values = field.partition("=")
    if not name or not equals:
        raise UsageError(f"--field {field}: expected NAME=VALUES, such as first_name=2..20")
    match = _LENGTHS.fullmatch(values)
    if match is None:
        if _LIKE_LENGTHS.fullmatch(values):
            raise UsageError(f"--field {field}: expected a length such as 6, or 2..20, or samples")
        return name, values.split(",")
    shortest, longest = int(match[1]), int(match[2] or match[1])
    if shortest > longest:
        raise UsageError(f"--field {field}: the first length is greater than the last")
    return name, range(shortest, longest + 1)


def _cost(bill: TemplateBill) -> str:
    if bill.price is None:
        return "too long"
    lowest, highest = format_aligned([bill.price.lowest, bill.price.highest])
    return lowest if lowest == highest else f"{lowest} to {highest}"


def _hints(
    arguments: argparse.Namespace, is_priced: bool, highest_ucs2: TemplateBill | None
) -> Iterator[str]:
    if arguments.rates is not None and not is_priced:
        yield f"the rate card has no price for {visible(arguments.to)}"
    if highest_ucs2 is not None:
        yield "one value with a character that is not GSM-7, such as Łukasz, makes a message UCS-2"
