"""`septet estimate`: what files of messages will take and cost."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext
from functools import reduce
from itertools import islice
from operator import add
from pathlib import Path

from ...costing import (
    Budget,
    Estimate,
    RateCard,
    estimate,
    find_long_messages,
    report,
)
from ...costing.rates.money import parse_price
from ...costing.reading.campaigns import find_files
from ...costing.reading.sources import Columns
from ...costing.reading.templates import parse_template
from ...display.characters import visible
from ...exceptions import SourceError
from ...files.whole_files import whole_file
from ..arguments import Commands, add_command, add_rules, day, segmenter
from ..terminal import complain, progress_bar, terminal
from .estimate_tables import print_estimate
from .long_messages import print_long_messages, write_long_messages

__all__ = ["add_to"]

_OVER_BUDGET = 3
_SHOWN = 20

_EXAMPLES = """\
example:
  septet estimate campaign.csv --text body --to phone --rates rates.csv
  septet estimate 'data/*.parquet' more/ --text body --by campaign
  septet estimate part1.json part2.json

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
        help="a file (.csv, .tsv, .jsonl, .ndjson, each perhaps with .gz; .parquet, .arrow, "
        ".arrows, .feather, .ipc), - for CSV from standard input, a folder of such files, a glob "
        "in quotes, or an estimate that --json wrote (.json), which is added",
    )
    texts = command.add_mutually_exclusive_group()
    texts.add_argument("--text", metavar="COLUMN", help="the column of texts")
    texts.add_argument(
        "--template",
        metavar="TEXT",
        help="make the texts, as in 'Hi {name}, your order {order} is on its way': a column of the "
        "files in braces; {{ and }} are braces themselves",
    )
    command.add_argument("--to", metavar="COLUMN", help="the column of recipients (E.164 numbers)")
    command.add_argument("--rates", metavar="RATES", help="a rate card to price by; needs --to")
    command.add_argument(
        "--on", metavar="DATE", type=day, help="price by the rates of that day, as in 2026-01-31"
    )
    command.add_argument(
        "--region",
        metavar="CC",
        help="price other recipients than E.164 as numbers dialled there, as in US; needs --rates",
    )
    command.add_argument(
        "--countries",
        action="store_true",
        help="name the countries of prefixes where the rate card does not; needs --rates",
    )
    command.add_argument(
        "--by",
        metavar="COLUMN",
        action="append",
        default=[],
        help="add up by the values of that column too, as in --by campaign --by sender",
    )
    command.add_argument(
        "--savings",
        action="store_true",
        help="look for what would save money too: characters, line ends, repetitions; slower",
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        help="write the messages there (.parquet, else CSV) with encoding, unit_count, "
        "segment_count, price, currency and note",
    )
    _add_budget(command)
    command.add_argument("--json", action="store_true", help="print the estimate as JSON")
    command.add_argument("--report", metavar="FILE", help="write the estimate as a page in HTML")


def _add_budget(command: argparse.ArgumentParser) -> None:
    budget = command.add_argument_group("budget", "what may not be passed: else exit status 3")
    budget.add_argument(
        "--max-cost",
        nargs=2,
        metavar=("AMOUNT", "CURRENCY"),
        action="append",
        default=[],
        help="of all messages in a currency, as in --max-cost 500 EUR; needs --rates",
    )
    budget.add_argument("--max-segments", type=int, metavar="N", help="of all messages")
    budget.add_argument("--max-per-message", type=int, metavar="N", help="segments of each message")
    budget.add_argument(
        "--long", metavar="CSV", help="write the messages of more segments there, not only twenty"
    )


def _run(arguments: argparse.Namespace) -> int:
    """Print the estimate and return the exit status.

    It is 3 if the budget is passed, else 1 if there were rows that cannot be read.
    """
    budget = _budget(arguments)
    parts = [name for name in arguments.files if name.lower().endswith(".json")]
    files = ["/dev/stdin" if name == "-" else name for name in arguments.files if name not in parts]
    _check(arguments, files)
    _check_targets(arguments, [*files, *parts])
    if arguments.report is not None:
        report(Estimate())  # what is not installed shows now, and not after a long reading
    results = [_read(name) for name in parts]
    if files:
        results.append(_estimate(arguments, files))
    result = _sum(results)
    if arguments.report is not None:
        with whole_file(arguments.report) as unfinished:
            unfinished.write_text(report(result), encoding="utf-8")
    if arguments.json:
        # ASCII only: what cannot be written to this terminal would else be no JSON any more.
        print(result.to_json())
    else:
        print_estimate(result, terminal(sys.stdout))
    if result.unreadable.count:
        complain(_unreadable(result))
    violations = budget.violations(result)
    if not violations:
        return 1 if result.unreadable.count else 0
    complain(f"over the budget: {', '.join(violations)}")
    if files and budget.per_message is not None and (arguments.long or not arguments.json):
        if passing := _passing(files):
            complain(f"these messages are not listed: {passing} can be read only once")
        else:
            _tell_long(arguments, files)
    return _OVER_BUDGET


def _budget(arguments: argparse.Namespace) -> Budget:
    costs = {}
    for amount, currency in arguments.max_cost:
        try:
            costs[currency] = parse_price("--max-cost", amount)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return Budget(costs, arguments.max_segments, arguments.max_per_message)


def _tell_long(arguments: argparse.Namespace, files: list[str]) -> None:
    """Write the messages that are too long: all of them to a file, or the first to the terminal."""
    found = find_long_messages(
        files,
        arguments.max_per_message,
        text=arguments.text,
        template=arguments.template,
        to=arguments.to,
        segmenter=segmenter(arguments),
    )
    if arguments.long is not None:
        write_long_messages(arguments.long, found)
    else:
        print_long_messages(islice(found, _SHOWN), terminal(sys.stdout))


def _passing(files: list[str]) -> str | None:
    """Return a pipe among the files, which nobody can read twice."""
    found = (file for name in files for file in find_files(name))
    return next((file for file in found if not os.path.isfile(file)), None)


def _check(arguments: argparse.Namespace, files: list[str]) -> None:
    if files and arguments.text is None and arguments.template is None:
        raise argparse.ArgumentTypeError("--text is needed: the column of texts; or --template")
    if files:
        try:
            Columns(arguments.text, arguments.to, template=parse_template(arguments.template))
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    if arguments.rates is not None and arguments.to is None:
        raise argparse.ArgumentTypeError("--rates needs --to: the column of recipients")
    if arguments.output is not None and not files:
        raise argparse.ArgumentTypeError("--output needs files of messages")
    if arguments.max_cost and files and arguments.rates is None:
        raise argparse.ArgumentTypeError("--max-cost needs --rates: the rate card to price by")
    if arguments.long is not None and arguments.max_per_message is None:
        raise argparse.ArgumentTypeError("--long needs --max-per-message")
    if arguments.long is not None and (passing := _passing(files)):
        raise argparse.ArgumentTypeError(f"--long reads twice, and {passing} can be read only once")
    if arguments.region is not None and arguments.rates is None:
        raise argparse.ArgumentTypeError("--region needs --rates: the rate card to price by")
    if arguments.countries and arguments.rates is None:
        raise argparse.ArgumentTypeError("--countries needs --rates: the rate card to price by")
    if arguments.on is not None and arguments.rates is None:
        raise argparse.ArgumentTypeError("--on needs --rates: the rate card to price by")


def _check_targets(arguments: argparse.Namespace, names: list[str]) -> None:
    """Nothing may take the place of what is read: rows that cannot be read would be lost."""
    read = {os.path.realpath(file) for name in names for file in find_files(name)}
    if arguments.rates is not None:
        read.add(os.path.realpath(arguments.rates))
    for option in ("output", "report", "long"):
        target = getattr(arguments, option)
        if target is not None and os.path.realpath(target) in read:
            raise argparse.ArgumentTypeError(f"--{option} {target} is a file that is read")


def _read(path: str) -> Estimate:
    with open(path, "rb") as file:
        octets = file.read()
    try:
        return Estimate.from_json(octets)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _estimate(arguments: argparse.Namespace, files: list[str]) -> Estimate:
    # Other threads free batches than make them, which costs pyarrow's own allocators more memory.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    title = f"Reading {visible(Path(files[0]).name)}"
    if len(files) > 1:
        title += f" and {len(files) - 1:,} more"
    with nullcontext() if arguments.json else progress_bar(title) as progress:
        return estimate(
            files,
            text=arguments.text,
            template=arguments.template,
            to=arguments.to,
            by=arguments.by,
            savings=arguments.savings,
            rates=_rates(arguments),
            segmenter=segmenter(arguments),
            threads=_cores(),
            output=arguments.output,
            progress=progress,
        )


def _rates(arguments: argparse.Namespace) -> RateCard | None:
    if arguments.rates is None:
        return None
    rates = RateCard.read(arguments.rates)
    priced_in = {rate.currency for rate in rates.all_rates}
    for amount, currency in arguments.max_cost:
        if currency not in priced_in:  # nothing would ever pass it
            raise argparse.ArgumentTypeError(
                f"--max-cost {amount} {currency}: the rates of {arguments.rates} are in "
                + ", ".join(sorted(priced_in))
            )
    if arguments.on is not None:
        rates = rates.on(arguments.on)
    if arguments.region is not None:
        try:
            rates = rates.in_region(arguments.region)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return rates.with_countries() if arguments.countries else rates


def _sum(results: list[Estimate]) -> Estimate:
    try:
        return reduce(add, results)
    except ValueError as error:
        raise SourceError(str(error)) from error


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
