"""`septet bandwidth outbox …`: queues the messages of a file, sends them, decides about some."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...display.characters import visible
from ...display.wording import plural, shorten
from ..arguments import (
    Parser,
    UsageError,
    address,
    positive_number,
    positive_whole_number,
    refused_values,
)
from ..terminal import Column, complain, number, progress_bar, terminal
from .accounts import CREDENTIALS, add_account, add_application, make_client, missing_application

if TYPE_CHECKING:
    from ...bandwidth import EventStore, Outbox, OutboxEntry

__all__ = ["add_to"]

_UNDECIDED = 3
_MAX_TEXT = 40
_STATES = (
    *("queued", "sending", "accepted", "refused"),
    *("expired", "cancelled", "unknown", "abandoned"),
)
_DETAILS = """\
Examples:
  septet bandwidth outbox add campaign.csv --text body --to phone \\
    --from +12025550100 --store events.db --batch "jazz tonight"
  septet bandwidth outbox run --store events.db --segments-per-second 10
  septet bandwidth outbox list --store events.db --state unknown
  septet bandwidth outbox resolve 17 --as queued --store events.db
  septet bandwidth outbox cancel --batch "jazz tonight" --store events.db
"""
_ADD_DETAILS = """\
Example:
  septet bandwidth outbox add campaign.csv --text body --to phone \\
    --from +12025550100 --store events.db --batch "jazz tonight"

Give either --from or --from-column. All messages are stored, or none if one of them cannot be used.
The files are those that `septet estimate` reads, such as CSV, Excel, JSON Lines and Parquet. With
--batch, the command can be repeated safely: a batch that is stored already is not added again.
"""
_RUN_DETAILS = f"""\
Example:
  septet bandwidth outbox run --store events.db --segments-per-second 10

The command ends when no message is queued. Ctrl-C and SIGTERM end it after the current requests.
Another run on the same database waits until this one ends.

{CREDENTIALS}
"""
_RUN_STATUSES = {
    1: "error, or it was stopped before all messages were sent",
    3: "there are messages of which it is unknown whether they were accepted",
}
_LIST_DETAILS = """\
Examples:
  septet bandwidth outbox list --store events.db
  septet bandwidth outbox list --store events.db --state unknown

With --state, each line has the id of a message, its state, the time of the last change, the sending
number, the recipients, the provider's id, the beginning of the text, and the reason.
"""
_RESOLVE_DETAILS = """\
Examples:
  septet bandwidth outbox resolve 17 18 --as queued --store events.db
  septet bandwidth outbox resolve 17 --as accepted \\
    --message-id 1793782800000iyvq --store events.db

Only unknown and refused messages can be resolved. A message that is queued again may arrive twice
if it was accepted the first time: search for it before.
"""
_CANCEL_DETAILS = """\
Examples:
  septet bandwidth outbox cancel 17 18 --store events.db
  septet bandwidth outbox cancel --batch "jazz tonight" --store events.db
"""


def add_to(group: Parser) -> None:
    """Add the commands `bandwidth outbox …`."""
    summary = "Queue messages in a database, send them, and decide about unknown ones."
    outbox = group.add_command("outbox", summary, _DETAILS)
    _add_add(outbox)
    _add_run(outbox)
    _add_list(outbox)
    _add_resolve(outbox)
    _add_cancel(outbox)


def _add_store(command: Parser, text: str) -> None:
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help=f"{text}: an SQLite file, or a URL of SQLite or PostgreSQL.",
    )


def _add_add(outbox: Parser) -> None:
    summary = "Queue the messages of a file."
    command = outbox.add_command("add", summary, _ADD_DETAILS, _run_add)
    command.add_argument("file", metavar="FILE", help="The file of messages.")
    command.add_argument(
        "--text", metavar="COLUMN", required=True, help="Take the texts from this column."
    )
    command.add_argument(
        "--to",
        metavar="COLUMN",
        required=True,
        help="Take the recipients, in E.164, from this column.",
    )
    command.add_argument("--from", dest="from_", metavar="NUMBER", help="Send from this number.")
    command.add_argument(
        "--from-column", metavar="COLUMN", help="Take the sending numbers from this column."
    )
    command.add_argument(
        "--tag-column",
        metavar="COLUMN",
        help="Take tags, which every callback repeats, from this column.",
    )
    command.add_argument(
        "--batch", metavar="NAME", help="Give the messages a name; it is added only once."
    )
    command.add_argument(
        "--expires-at",
        metavar="TIME",
        type=_time,
        help="Do not send them after this time with a zone, such as 2026-11-04T20:00:00Z.",
    )
    add_application(command)
    _add_store(command, "Store the messages in this database, which is created if necessary")


def _add_run(outbox: Parser) -> None:
    summary = "Send the queued messages."
    command = outbox.add_command("run", summary, _RUN_DETAILS, _run_run, statuses=_RUN_STATUSES)
    _add_store(command, "Send the messages in this database")
    command.add_argument(
        "--segments-per-second",
        metavar="N",
        type=positive_number,
        required=True,
        help="Send at most N segments a second.",
    )
    command.add_argument(
        "--sender-segments-per-second",
        metavar="[NUMBER=]N",
        action="append",
        type=_sender_rate,
        default=[],
        help="Send at most N segments a second from each number, or from this one. Can be given "
        "several times with numbers.",
    )
    command.add_argument(
        "--workers",
        metavar="N",
        type=positive_whole_number,
        default=16,
        help="Make at most N requests at a time (default: 16).",
    )
    command.add_argument(
        "--metrics",
        metavar="[HOST:]PORT",
        type=address,
        help="Serve metrics for Prometheus at http://HOST:PORT/metrics (default host: 127.0.0.1).",
    )
    add_account(command)


def _add_list(outbox: Parser) -> None:
    summary = "Show how many messages are in each state, or the messages in one."
    command = outbox.add_command("list", summary, _LIST_DETAILS, _run_list)
    _add_store(command, "Read this database")
    command.add_argument(
        "--state",
        choices=_STATES,
        metavar="STATE",
        help="Show the messages in this state: %(choices)s.",
    )


def _add_resolve(outbox: Parser) -> None:
    summary = "Decide about messages that are unknown or refused."
    command = outbox.add_command("resolve", summary, _RESOLVE_DETAILS, _run_resolve)
    command.add_argument(
        "ids", metavar="ID", nargs="+", type=positive_whole_number, help="The ids of messages."
    )
    command.add_argument(
        "--as",
        dest="state",
        choices=("accepted", "queued", "abandoned"),
        metavar="STATE",
        required=True,
        help="accepted: the provider has it; queued: send it again; abandoned: do not.",
    )
    command.add_argument(
        "--message-id", metavar="ID", help="The provider's id of the one accepted message."
    )
    _add_store(command, "Change this database")


def _add_cancel(outbox: Parser) -> None:
    summary = "Cancel queued messages; those that may have been sent stay as they are."
    command = outbox.add_command("cancel", summary, _CANCEL_DETAILS, _run_cancel)
    command.add_argument(
        "ids", metavar="ID", nargs="*", type=positive_whole_number, help="The ids of messages."
    )
    command.add_argument("--batch", metavar="NAME", help="Cancel the messages of this batch.")
    _add_store(command, "Change this database")


def _run_add(arguments: argparse.Namespace) -> int:
    if (arguments.from_ is None) == (arguments.from_column is None):
        raise UsageError("give either --from or --from-column")
    if missing := list(missing_application(arguments)):
        raise UsageError(f"missing: {', '.join(missing)}")
    from .outbox_files import read_messages

    messages, problems = read_messages(arguments)
    for problem in problems:
        complain(problem)
    if problems:
        complain("nothing was added")
        return 1
    with _outbox(arguments.store, create=True) as (outbox, _), refused_values():
        ids = outbox.add(messages, arguments.batch, expires_at=arguments.expires_at)
    segments = sum(message.segment_count * len(message.to) for message in messages)
    print(f"{plural(len(ids), 'message')} in the outbox, {plural(segments, 'segment')}")
    return 0


def _run_run(arguments: argparse.Namespace) -> int:
    from ...bandwidth import OutboxState

    rates = dict(arguments.sender_segments_per_second)
    if None in rates and len(rates) > 1:
        raise UsageError("--sender-segments-per-second: give one rate, or rates with numbers")
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    client = make_client(arguments)
    with (
        client,
        _outbox(arguments.store, client) as (outbox, store),
        _metrics(outbox, arguments.metrics),
    ):
        total = outbox.counts()[OutboxState.QUEUED]
        done = 0
        with progress_bar("Sending") as show, _stopping(outbox):

            def note(entry: OutboxEntry) -> None:
                nonlocal done
                done += entry.state is not OutboxState.QUEUED
                show(min(1.0, done / max(total, 1)), done)

            outbox.run(
                arguments.segments_per_second,
                sender_segments_per_second=rates.get(None, rates) or None,
                workers=arguments.workers,
                on_entry=note,
            )
        _print_counts(outbox, store)
        counts = outbox.counts()
    if counts[OutboxState.UNKNOWN]:
        return _UNDECIDED
    return 1 if counts[OutboxState.QUEUED] else 0


def _run_list(arguments: argparse.Namespace) -> int:
    from ...bandwidth import OutboxState

    with _outbox(arguments.store) as (outbox, store):
        if arguments.state is None:
            _print_counts(outbox, store)
        else:
            for entry in outbox.entries(OutboxState(arguments.state)):
                print(_line(entry))
    return 0


def _run_resolve(arguments: argparse.Namespace) -> int:
    from ...bandwidth import OutboxState

    if arguments.message_id is not None and len(arguments.ids) > 1:
        raise UsageError("--message-id belongs to one message; give one ID")
    status = 0
    with _outbox(arguments.store) as (outbox, _):
        for entry_id in arguments.ids:
            try:
                with refused_values():
                    entry = outbox.resolve(
                        entry_id, OutboxState(arguments.state), arguments.message_id
                    )
            except KeyError:
                complain(f"no message {entry_id} is unknown or refused")
                status = 1
            else:
                print(_line(entry))
    return status


def _run_cancel(arguments: argparse.Namespace) -> int:
    if bool(arguments.ids) == (arguments.batch is not None):
        raise UsageError("give either IDs or --batch")
    with _outbox(arguments.store) as (outbox, _):
        count = outbox.cancel(arguments.ids or None, batch=arguments.batch)
    print(f"{plural(count, 'message')} cancelled")
    return 0


@contextmanager
def _outbox(
    url: str, client: Any = None, *, create: bool = False
) -> Iterator[tuple[Outbox[Any], EventStore]]:
    from ...bandwidth import Outbox, open_store

    with open_store(url, create=create) as store:
        yield Outbox(store, client), store


@contextmanager
def _metrics(outbox: Outbox[Any], listen: tuple[str, int] | None) -> Iterator[None]:
    """Serve the metrics of an outbox at an address, and print it."""
    if listen is None:
        yield
        return
    from ...bandwidth.outbox.metrics import metrics_app
    from ...serving import Server

    host, port = listen
    with Server(metrics_app(outbox), host=host, port=port, guard=True) as server:
        print(f"Metrics are served at {server.url}/metrics", flush=True)
        yield


@contextmanager
def _stopping(outbox: Outbox[Any]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM stop the outbox after its current requests."""
    signals = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(one, lambda *_: outbox.stop()) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def _print_counts(outbox: Outbox[Any], store: EventStore) -> None:
    rows = [[state.value, f"{count:,}"] for state, count in outbox.counts().items() if count]
    out = terminal(sys.stdout)
    if rows:
        out.table("", [Column("State"), number("Messages")], rows)
    else:
        out.line(f"{visible(store.database.name)}: no messages in the outbox")


def _line(entry: OutboxEntry) -> str:
    message = entry.message
    values = [
        str(entry.id),
        entry.state.value,
        f"{entry.changed_at:%Y-%m-%dT%H:%M:%SZ}",
        "" if message is None else message.from_,
        "" if message is None else ",".join(message.to),
        entry.message_id or "",
        shorten(repr(message.text), _MAX_TEXT) if message is not None else "",
        entry.reason or "",
    ]
    return "  ".join(visible(value) for value in values if value)


def _time(value: str) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{value!r} is not a time with a zone such as 2026-11-04T20:00:00Z"
        )
    return time


def _sender_rate(value: str) -> tuple[str | None, float]:
    sender, separator, rate = value.rpartition("=")
    return (sender if separator else None), positive_number(rate)
