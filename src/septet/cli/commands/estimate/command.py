"""`septet estimate`: counts files of messages, prices them, and checks limits."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from functools import reduce
from operator import add

from ....costing import Budget, Estimate, RateCard, estimate
from ....costing.rates.money import parse_price
from ....costing.reading.opening import WORKBOOK_SUFFIXES
from ....costing.reading.sources import Columns
from ....costing.reading.templates import parse_template
from ....display.characters import visible
from ....display.wording import plural
from ....exceptions import SourceError
from ....files.whole_files import whole_file
from ...arguments import (
    Parser,
    UsageError,
    add_rules,
    day,
    refused_values,
    require,
    segmenter,
    whole_number,
)
from ...memory import keep_freed_memory
from ...outputs import check_outputs
from ...terminal import complain, progress_bar, terminal
from .files import (
    describe_columns,
    find_inputs,
    find_pipe,
    merge_field_hints,
    read_estimate,
)
from .long_messages import report_long_messages
from .networks import add_networks, share_networks
from .numbers import add_number_options, with_numbers
from .sending import add_sending, find_sending_time
from .tables import hints, print_estimate
from .template import add_field_options, add_text_options, check_text_options, run_template

__all__ = ["add_to"]

_UNREADABLE_ROWS = 1
_LIMIT_EXCEEDED = 3

_DETAILS = """\
Examples:
  septet estimate campaign.csv --text body --to phone --rates rates.csv
  septet estimate 'data/*.parquet' more/ --text body --by campaign
  septet estimate part1.json part2.json

A rate card is a CSV file with the columns prefix, price and currency (three capital letters).
It can have the columns country, network, kind (sms, mms, rcs or rcs-single; all but sms are for
--savings), surcharge, per (segment or message) and valid_from (a date). Or it is a TOML file of
[[rates]] tables with the same fields.

Prices have up to 6 decimals. A prefix can have a rate for each network; a price that depends on an
unknown network is a range. The longest prefix of the recipient's E.164 number gives the price.
"""
_STATUSES = {1: "error, or some rows could not be read", 3: "a limit is exceeded"}

# Options that are useless without another one, and what that one gives.
_REQUIRES = {
    "--rates": "--to",
    "--on": "--rates",
    "--plus": "--rates",
    "--region": "--rates",
    "--countries": "--rates",
    "--network": "--rates",
    "--network-share": "--rates",
    "--long": "--max-per-message",
}
_MEANINGS = {
    "--to": "the column of recipients",
    "--rates": "the rate card",
    "--max-per-message": "the limit of segments",
}


def add_to(root: Parser) -> None:
    """Add the command `estimate`."""
    summary = "Count the segments of a campaign and estimate what it costs."
    command = root.add_command("estimate", summary, _DETAILS, _run, statuses=_STATUSES)
    command.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="Read messages from this file (.csv, .tsv, .txt, .jsonl, .ndjson, also compressed; "
        ".parquet, .arrow, .arrows, .feather, .ipc, .xlsx), from all such files of a folder but "
        ".txt, .zip and .xlsx, from those of a pattern in quotes, or as CSV from standard input "
        "(-). A .json file must be an estimate that --json printed; it is added to the total.",
    )
    add_text_options(command)
    command.add_argument(
        "--to",
        metavar="COLUMN",
        help="Take the recipients from this column: E.164 numbers such as +12025550123.",
    )
    command.add_argument(
        "--by",
        metavar="COLUMN",
        action="append",
        default=[],
        help="Show totals for each value of this column. Can be given several times.",
    )
    command.add_argument(
        "--encoding",
        metavar="NAME",
        help="Read CSV and JSON Lines files without a byte order mark in this encoding, such as "
        "windows-1252 (default: UTF-8).",
    )
    command.add_argument(
        "--sheet",
        metavar="NAME",
        help="Read this sheet of Excel workbooks (default: the first visible one that has the "
        "columns).",
    )
    command.add_argument(
        "--savings",
        action="store_true",
        help="Show which changes to the texts would save money, and what MMS and RCS would cost if "
        "the rate card has prices of them. Takes longer.",
    )
    _add_pricing(command)
    _add_output(command)
    _add_limits(command)
    add_sending(command)
    add_field_options(command)
    add_rules(command)


def _add_pricing(command: Parser) -> None:
    prices = command.add_argument_group("prices")
    prices.add_argument(
        "--rates",
        metavar="FILE",
        help="Price the messages by this rate card or price list (CSV, JSON, TOML or .xlsx). "
        "Needs --to.",
    )
    prices.add_argument(
        "--on",
        metavar="DATE",
        type=day,
        help="Use the rates of this day, such as 2026-01-31 (default: today).",
    )
    add_number_options(prices)
    prices.add_argument(
        "--countries",
        action="store_true",
        help="Show country names for prefixes that the rate card does not name.",
    )
    add_networks(prices)


def _add_output(command: Parser) -> None:
    output = command.add_argument_group("output")
    output.add_argument(
        "--output",
        metavar="FILE",
        help="Write every message to this file, with its encoding, unit_count, segment_count, "
        "price, currency and note. A .parquet file is written as Parquet, any other as CSV, "
        "compressed if its name ends in .gz.",
    )
    output.add_argument(
        "--report", metavar="FILE", help="Write the estimate to this file as an HTML page."
    )
    output.add_argument(
        "--title", metavar="TEXT", help="Show this title above the figures, and in the report."
    )
    output.add_argument(
        "--json", action="store_true", help="Print the estimate as JSON instead of tables."
    )


def _add_limits(command: Parser) -> None:
    limits = command.add_argument_group(
        "limits", "The exit status is 3 if one of these is exceeded."
    )
    limits.add_argument(
        "--max-cost",
        nargs=2,
        metavar=("AMOUNT", "CURRENCY"),
        action="append",
        default=[],
        help="Limit the cost of all messages in a currency, such as 500 EUR. Can be given for "
        "several currencies. Needs --rates.",
    )
    limits.add_argument(
        "--max-segments", type=whole_number, metavar="N", help="Limit the segments of the campaign."
    )
    limits.add_argument(
        "--max-per-message",
        type=whole_number,
        metavar="N",
        help="Limit the segments of each message. The first 20 longer messages are listed.",
    )
    limits.add_argument(
        "--long",
        metavar="CSV",
        help="Write every message longer than --max-per-message segments to this CSV file.",
    )


def _run(arguments: argparse.Namespace) -> int:
    """Print the estimate and return the exit status.

    It is 3 if a limit is exceeded, otherwise 1 if some rows could not be read.
    """
    budget = _budget(arguments)
    check_text_options(arguments)
    require(arguments, _REQUIRES, _MEANINGS)
    if not arguments.files:
        if not arguments.field and not arguments.messages:
            raise UsageError(
                "give FILE, or --template with --messages and --field for each of its fields"
            )
        return run_template(arguments, _rates(arguments))
    if arguments.field or arguments.messages:
        raise UsageError("--field and --messages are for a template without FILE")
    files, parts = find_inputs(arguments.files)
    _check_options(arguments, files)
    find_sending_time(arguments)  # reports options that do not go together
    keep_freed_memory()
    rates = [] if arguments.rates is None else [arguments.rates]
    check_outputs(arguments, ["--output", "--report", "--long"], [*files, *parts, *rates])
    if arguments.report is not None:
        from ....display.pages import check_pages

        check_pages()  # reports a missing package now, and not after the campaign was read
    with nullcontext() if arguments.report is None else whole_file(arguments.report) as page:
        results = [read_estimate(name) for name in parts]
        if files:
            results.append(_estimate(arguments, files))
        result = _sum(results)
        if arguments.title is not None:
            result.heading = replace(result.heading, title=arguments.title)
        sending = find_sending_time(arguments, result.segments)
        if page is not None:
            from ....costing import report  # loads what makes pages

            page.write(report(result, sending).encode())
    if arguments.json:
        times = {} if sending is None else {"sending_time": sending.to_dict()}
        values = {**result.heading.to_dict(), **result.to_dict(), **times}
        print(json.dumps(values, indent=2))
    else:
        print_estimate(result, terminal(sys.stdout), sending)
    status = 0
    if result.unreadable.count:
        complain(_unreadable(result))
        status = _UNREADABLE_ROWS
    if violations := budget.violations(result):
        complain(f"limit exceeded: {', '.join(violations)}")
        status = _LIMIT_EXCEEDED
        if files and arguments.max_per_message is not None:
            report_long_messages(arguments, files)
    if not arguments.json:
        reads_written = arguments.plus or arguments.region is not None
        for remark in result.heading.remarks:
            complain(visible(remark))
        for hint in hints(result, reads_written=reads_written):
            complain(hint)
        if files and arguments.text is not None:
            for hint in merge_field_hints(arguments, files):
                complain(hint)
    return status


def _budget(arguments: argparse.Namespace) -> Budget:
    with refused_values():
        costs = {
            currency: parse_price("--max-cost", amount) for amount, currency in arguments.max_cost
        }
    return Budget(costs, arguments.max_segments, arguments.max_per_message)


def _check_options(arguments: argparse.Namespace, files: list[str]) -> None:
    """Check that the options go together.

    Raises:
        UsageError: They do not.
    """
    if files:
        if arguments.text is arguments.template is arguments.template_column is None:
            with refused_values():
                columns = describe_columns(files, arguments.encoding, arguments.sheet)
            raise UsageError(f"give --text (the column of texts) or --template{columns}")
        if arguments.sheet is not None and not any(
            file.lower().endswith(WORKBOOK_SUFFIXES) for file in files
        ):
            raise UsageError(
                f"--sheet is for workbooks of messages (.xlsx), and {files[0]} is not one"
            )
        if arguments.max_cost and arguments.rates is None:
            raise UsageError(f"--max-cost needs --rates: {_MEANINGS['--rates']}")
        with refused_values():
            arguments.template = parse_template(arguments.template)
            Columns(
                arguments.text,
                arguments.to,
                template=arguments.template,
                encoding=arguments.encoding,
                template_column=arguments.template_column,
            )
    elif arguments.output is not None:
        raise UsageError("--output needs files of messages; estimates in JSON contain none")
    if arguments.long is not None and (pipe := find_pipe(files)):
        raise UsageError(f"--long reads the files twice, but {pipe} can be read only once")


def _estimate(arguments: argparse.Namespace, files: list[str]) -> Estimate:
    # Batches are freed by other threads than allocated them; pyarrow's own pools then grow.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    title = f"Reading {visible(os.path.basename(files[0]))}"
    if len(files) > 1:
        title += f" and {len(files) - 1:,} more"
    with nullcontext() if arguments.json else progress_bar(title) as progress:
        return estimate(
            files,
            text=arguments.text,
            template=arguments.template,
            template_column=arguments.template_column,
            to=arguments.to,
            by=arguments.by,
            encoding=arguments.encoding,
            sheet=arguments.sheet,
            savings=arguments.savings,
            rates=_rates(arguments),
            network=arguments.network,
            segmenter=segmenter(arguments),
            threads=_usable_cores(),
            output=arguments.output,
            progress=progress,
        )


def _rates(arguments: argparse.Namespace) -> RateCard | None:
    if arguments.rates is None:
        return None
    rates = RateCard.read(arguments.rates)
    currencies = {rate.currency for rate in rates.all_rates}
    for amount, currency in arguments.max_cost:
        if currency not in currencies:  # no cost could ever exceed this limit
            raise UsageError(
                f"--max-cost {amount} {currency}: the rates of {arguments.rates} are in "
                + ", ".join(sorted(currencies))
            )
    if arguments.on is not None:
        rates = rates.on(arguments.on)
    rates = with_numbers(rates, arguments)
    with refused_values():
        rates = share_networks(rates, arguments.network_share)
    return rates.with_countries() if arguments.countries else rates


def _sum(results: list[Estimate]) -> Estimate:
    try:
        return reduce(add, results)
    except ValueError as error:
        raise SourceError(str(error)) from error


def _usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _unreadable(result: Estimate) -> str:
    count, examples = result.unreadable.count, result.unreadable.examples
    more = ", ..." if count > len(examples) else ""
    return f"{plural(count, 'row')} could not be read ({', '.join(map(str, examples))}{more})"
