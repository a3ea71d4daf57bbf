"""`septet bandwidth send`: sends one message, after an estimate and a confirmation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from ...costing import RateCard
from ...costing.rates.money import format_range
from ...display.characters import visible
from ...display.wording import plural, shorten
from ...segmentation import analyze
from ..arguments import Parser, UsageError, whole_number
from ..commands.inspect import summary
from ..terminal import Column, complain, number, terminal
from .accounts import CREDENTIALS, add_account, add_application, make_client, missing_application

if TYPE_CHECKING:
    from ...bandwidth import Client, EventStore, Message, MessageError

__all__ = ["add_to"]

_NOT_SENT = 1
_UNKNOWN = 3
_ARGUMENTS = {"from_": "--from", "text": "TEXT"}
_MAX_VALUE = 60

_DETAILS = f"""\
Examples:
  septet bandwidth send --from +12025550100 --to +13125550140 "See you at 8"
  septet bandwidth send --from +12025550100 --to +13125550140 --dry-run "Hi"
  septet bandwidth send --from +12025550100 --to +13125550140 --store e.db "Hi"

The command shows the segments of the message and asks before it sends.

Several --to make a group message. Group messages and messages with --media are MMS.

{CREDENTIALS}
After exit status 3, the message may have been accepted. If you send it again, it can arrive twice.
"""
_STATUSES = {
    1: "error, or the message was not sent",
    3: "it is unknown whether the message was accepted",
}


def add_to(group: Parser) -> None:
    """Add the command `bandwidth send`."""
    summary = "Send a message, after showing its segments and price."
    command = group.add_command("send", summary, _DETAILS, _run, statuses=_STATUSES)
    command.add_argument(
        "text",
        metavar="TEXT",
        nargs="?",
        help="The text; not needed with --media. Write -- before a text that begins with a dash.",
    )
    command.add_argument(
        "--from", dest="from_", metavar="NUMBER", required=True, help="Send from this number."
    )
    command.add_argument(
        "--to",
        metavar="NUMBER",
        action="append",
        required=True,
        help="Send to this E.164 number, such as +13125550140. Can be given several times.",
    )
    command.add_argument(
        "--media",
        metavar="URL",
        action="append",
        default=[],
        help="Attach the file at this URL. Can be given several times.",
    )
    command.add_argument(
        "--tag", metavar="TEXT", help="Attach this text, which every callback repeats."
    )
    add_account(command)
    add_application(command)
    command.add_argument(
        "--max-segments",
        metavar="N",
        type=whole_number,
        help="Refuse to send a message of more than N segments.",
    )
    command.add_argument("--rates", metavar="FILE", help="Show the price by this rate card.")
    command.add_argument(
        "--store",
        metavar="STORE",
        help="Keep the message and the answer in this database, which `reconcile` reads: an SQLite "
        "file, or a URL of SQLite or PostgreSQL. It is created if it does not exist.",
    )
    command.add_argument("--yes", action="store_true", help="Send without asking.")
    command.add_argument(
        "--dry-run", action="store_true", help="Show segments and price, and send nothing."
    )


def _run(arguments: argparse.Namespace) -> int:
    """Send the message and return the exit status."""
    from ...bandwidth import Message, MessageError, TooManySegmentsError

    try:
        message = Message(
            application_id=arguments.application_id or "not needed for an estimate",
            from_=arguments.from_,
            to=arguments.to,
            text=arguments.text,
            media=arguments.media,
            tag=arguments.tag,
        )
    except MessageError as error:
        raise UsageError(_refusal(error)) from None
    client = None if arguments.dry_run else make_client(arguments, list(_missing(arguments)))
    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    with client or nullcontext(), _store(arguments) as store:
        _print_estimate(message, rates)
        max_segments = arguments.max_segments
        if max_segments is not None and message.segment_count > max_segments:
            raise TooManySegmentsError(message.segment_count, max_segments)
        if client is None:
            return 0
        if not (arguments.yes or _is_confirmed()):
            complain("not sent")
            return _NOT_SENT
        return _send(client, message, store)


def _store(arguments: argparse.Namespace) -> AbstractContextManager[EventStore | None]:
    if arguments.store is None or arguments.dry_run:
        return nullcontext()
    from ...bandwidth import open_store

    return open_store(arguments.store)


def _refusal(error: MessageError) -> str:
    """Return what is wrong with a message, with the option in the place of the field."""
    argument = _ARGUMENTS.get(error.field) or f"--{error.field.replace('_', '-')}"
    value = "" if error.value is None else f" {shorten(repr(error.value), _MAX_VALUE)}"
    return f"{argument}{value}: {error.reason}"


def _send(client: Client, message: Message, store: EventStore | None) -> int:
    from ...bandwidth import DeliveryUnknownError, Outbox

    try:
        send = client.send if store is None else Outbox(store, client).send
        accepted = send(message)
    except DeliveryUnknownError as error:
        complain(str(error))
        return _UNKNOWN
    except KeyboardInterrupt:
        complain("interrupted while sending: the message may or may not have been accepted")
        return _UNKNOWN
    counted = accepted.segment_count
    difference = ""
    if counted is not None and counted != message.segment_count:
        difference = f"; the provider counts {plural(counted, 'segment')}"
    print(f"Accepted with ID {visible(accepted.id or '(none)')}{difference}.")
    return 0


def _print_estimate(message: Message, rates: RateCard | None) -> None:
    out = terminal(sys.stdout)
    if message.is_mms:
        out.line("MMS, counted as 1 segment")
    else:
        out.line(summary(analyze(message.text or "")))
    if rates is None:
        return
    columns = [Column("Recipient"), number("Cost"), Column("Currency")]
    out.table("", columns, list(_costs(message, rates)))


def _costs(message: Message, rates: RateCard) -> Iterator[list[str]]:
    for recipient in message.to:
        rate = None if message.is_mms else rates.match(recipient)
        if rate is None:
            yield [recipient, "no rate", ""]
        else:
            lowest, highest, currency = rate.price_of(message.segment_count)
            yield [recipient, format_range(lowest, highest), currency]


def _is_confirmed() -> bool:
    print("Send it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _missing(arguments: argparse.Namespace) -> Iterator[str]:
    yield from missing_application(arguments)
    if not (arguments.yes or (sys.stdin is not None and sys.stdin.isatty())):
        yield "--yes (standard input is not a terminal, so nobody can be asked)"
