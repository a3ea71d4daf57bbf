"""`septet estimate`: what files of messages will take and cost."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

from ..costing import Cost, Estimate, RateCard, estimate, money
from .arguments import Commands, add_command, add_rules, day, segmenter
from .characters import code_point, describe, lone, visible
from .inspect import UNIT_NAMES
from .terminal import Cell, Column, Terminal, complain, progress_bar, terminal

__all__ = ["add_to"]

_EXAMPLES = """\
example:
  septet estimate campaign.csv --text body --to phone --rates rates.csv
  septet estimate 'data/*.parquet' more/ --text body

A rate card is a CSV file with the columns prefix, price and currency (three
capital letters), and if wanted country, network (a note), kind (sms, or mms,
which is not used here), surcharge, per (segment, or message) and valid_from
(a date); or a TOML file of tables [[rates]] with the same fields. Prices have
at most 6 decimals, and a prefix has one rate at a time: the longest prefix of
the recipient's E.164 number wins.
"""


def add_to(commands: Commands) -> None:
    """Add the command `estimate`."""
    summary = "what files of messages will take and cost"
    command = add_command(commands, "estimate", summary, _EXAMPLES, _run)
    add_rules(command)
    command.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a file (.csv, .jsonl, .ndjson, each perhaps with .gz; .parquet, .arrow, .arrows, "
        ".feather, .ipc), a folder of such files, or a glob in quotes",
    )
    command.add_argument("--text", metavar="COLUMN", required=True, help="the column of texts")
    command.add_argument("--to", metavar="COLUMN", help="the column of recipients (E.164 numbers)")
    command.add_argument("--rates", metavar="RATES", help="a rate card to price by; needs --to")
    command.add_argument(
        "--on", metavar="DATE", type=day, help="price by the rates of that day, as in 2026-01-31"
    )
    command.add_argument("--json", action="store_true", help="print the estimate as JSON")


def _run(arguments: argparse.Namespace) -> int:
    """Print the estimate and return the exit status: 1 if there were rows that cannot be read."""
    if arguments.rates is not None and arguments.to is None:
        raise argparse.ArgumentTypeError("--rates needs --to: the column of recipients")
    if arguments.on is not None and arguments.rates is None:
        raise argparse.ArgumentTypeError("--on needs --rates: the rate card to price by")
    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    if rates is not None and arguments.on is not None:
        rates = rates.on(arguments.on)
    title = f"Reading {visible(Path(arguments.files[0]).name)}"
    if len(arguments.files) > 1:
        title += f" and {len(arguments.files) - 1:,} more"
    with nullcontext() if arguments.json else progress_bar(title) as progress:
        result = estimate(
            arguments.files,
            text=arguments.text,
            to=arguments.to,
            rates=rates,
            segmenter=segmenter(arguments),
            threads=_cores(),
            progress=progress,
        )
    if arguments.json:
        # ASCII only: what cannot be written to this terminal would else be no JSON any more.
        print(json.dumps(result.to_dict(), indent=2))
    else:
        _print_estimate(result, terminal(sys.stdout))
    if not result.unreadable.count:
        return 0
    complain(_unreadable(result))
    return 1


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _unreadable(result: Estimate) -> str:
    count, examples = result.unreadable.count, result.unreadable.examples
    rows = "1 row" if count == 1 else f"{count:,} rows"
    more = ", ..." if count > len(examples) else ""
    listed = ", ".join(map(str, examples))
    return f"{rows} could not be read ({listed}{more})"


def _print_estimate(result: Estimate, out: Terminal) -> None:
    out.table("", [Column(), Column(is_number=True), Column()], _overview(result))
    out.table(
        "By encoding",
        [Column("Encoding"), _number("Messages"), _number("Share"), _number("Segments")],
        [
            [
                UNIT_NAMES[encoding][0],
                f"{tally.messages:,}",
                _share(tally.messages, result.messages),
                f"{tally.segments:,}",
            ]
            for encoding, tally in result.by_encoding.items()
        ],
    )
    if result.distribution:
        out.table(
            "Segments per message",
            [_number("Segments"), _number("Messages"), _number("Share")],
            [
                [f"{count:,}", f"{messages:,}", _share(messages, result.messages)]
                for count, messages in sorted(result.distribution.items())
            ],
        )
    if result.blockers:
        out.table(
            "Characters that force UCS-2",
            [Column("Character"), Column("Code point"), Column("Name"), _number("Messages")],
            [
                [lone(char), code_point(char), describe(char), f"{messages:,}"]
                for char, messages in result.worst_characters(10)
            ],
        )
    if result.is_priced:
        _print_cost(result, out)


def _overview(result: Estimate) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        ["Messages", [(f"{result.messages:,}", "strong")], ""],
        ["Rows without text", f"{result.without_text:,}", ""],
        ["Unreadable rows", f"{result.unreadable.count:,}", ""],
        [
            "Segments",
            [(f"{result.segments:,}", "strong")],
            f"{result.segments_per_message:.2f} per message" if result.messages else "",
        ],
    ]
    if result.over_limit:
        rows.append(
            ["Messages too long", f"{result.over_limit:,}", "over 255 segments, cannot be sent"]
        )
    return rows


def _print_cost(result: Estimate, out: Terminal) -> None:
    ranked = result.ranked_destinations()
    for currency, total in result.totals.items():
        lines = [(visible(label), cost) for label, its, cost in ranked if its == currency]
        amounts = _aligned([cost for _, cost in [*lines, ("", total)]])
        rows: list[list[Cell]] = [
            [label, f"{cost.messages:,}", f"{cost.segments:,}", amount]
            for (label, cost), amount in zip([*lines, ("Total", total)], amounts, strict=True)
        ]
        rows[-1] = [[(str(cell), "strong")] for cell in rows[-1]]
        out.table(
            f"Cost by destination in {currency}",
            [Column("Destination"), _number("Messages"), _number("Segments"), _number("Cost")],
            rows,
        )
    if result.unpriced:
        out.table(
            "Without a price",
            [Column("Reason"), _number("Messages"), _number("Segments")],
            [
                [reason, f"{tally.messages:,}", f"{tally.segments:,}"]
                for reason, tally in sorted(result.unpriced.items())
            ],
        )


def _aligned(costs: list[Cost]) -> list[str]:
    """Return the amounts of one currency, exact and all with as many decimals as the longest."""
    amounts = [money(cost.micros) for cost in costs]
    decimals = max(len(amount.partition(".")[2]) for amount in amounts)
    return [f"{Decimal(amount):,.{decimals}f}" for amount in amounts]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _number(heading: str) -> Column:
    return Column(heading, is_number=True)
