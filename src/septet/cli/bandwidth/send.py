"""`septet bandwidth send`: sends one message, after an estimate and a confirmation."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from ...costing import RateCard
from ...costing.rates.money import format_range
from ...display.characters import visible
from ...display.wording import plural, shorten
from ...segmentation import analyze
from ..arguments import Parser, UsageError, refused_values, whole_number
from ..commands.inspect import summary
from ..terminal import Column, complain, number, terminal
from .secrets import add_password_file, read_secret

if TYPE_CHECKING:
    from ...bandwidth import Client, EventStore, Message, MessageError

__all__ = ["add_to"]

_ENVIRONMENT = "SEPTET_BANDWIDTH_"
_PAIRS = (("username", "password"), ("client_id", "client_secret"))
_NOT_SENT = 1
_UNKNOWN = 3
_ARGUMENTS = {"from_": "--from", "text": "TEXT"}
_MAX_VALUE = 60

_DETAILS = """\
Examples:
  septet bandwidth send --from +12025550100 --to +13125550140 "See you at 8"
  septet bandwidth send --from +12025550100 --to +13125550140 --dry-run "Hi"
  septet bandwidth send --from +12025550100 --to +13125550140 --store e.db "Hi"

The command shows the segments of the message and asks before it sends.

Several --to make a group message. Group messages and messages with --media are MMS.

Credentials are read from environment variables:
  SEPTET_BANDWIDTH_USERNAME and SEPTET_BANDWIDTH_PASSWORD, or
  SEPTET_BANDWIDTH_CLIENT_ID and SEPTET_BANDWIDTH_CLIENT_SECRET

--password-file replaces the variable of the password or of the client secret.

SEPTET_BANDWIDTH_ACCOUNT and SEPTET_BANDWIDTH_APPLICATION_ID replace --account and --application-id.

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
    command.add_argument(
        "--account", metavar="ID", default=_environment("account"), help="Use this account."
    )
    command.add_argument(
        "--application-id",
        metavar="ID",
        default=_environment("application_id"),
        help="Use this application; the sender's number must belong to it.",
    )
    command.add_argument(
        "--url", metavar="URL", help="Use the API at this URL, such as a sandbox's."
    )
    add_password_file(command, "the password of the API user or the secret of the client")
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
    client = None if arguments.dry_run else _client(arguments)
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


def _client(arguments: argparse.Namespace) -> Client:
    """Return a client for the account of the arguments.

    Raises:
        UsageError: A setting is missing or not allowed.
    """
    from ...bandwidth import Client
    from ...bandwidth.sending.account import URL

    given = _credentials(arguments)
    if missing := list(_missing_settings(arguments, given)):
        raise UsageError(f"missing: {', '.join(missing)}")
    with refused_values():
        return Client(
            arguments.account,
            username=given["username"],
            password=given["password"],
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            url=arguments.url or URL,
        )


def _credentials(arguments: argparse.Namespace) -> dict[str, str | None]:
    """Return the names and secrets from the environment and the file of the password."""
    given = {name: _environment(name) for pair in _PAIRS for name in pair}
    if arguments.password_file is not None:
        secret = read_secret(arguments.password_file, "--password-file")
        given |= {key: secret for name, key in _PAIRS if given[name] is not None}
    return given


def _missing_settings(arguments: argparse.Namespace, given: dict[str, str | None]) -> Iterator[str]:
    if not arguments.account:
        yield f"--account (or {_ENVIRONMENT}ACCOUNT)"
    if not arguments.application_id:
        yield f"--application-id (or {_ENVIRONMENT}APPLICATION_ID)"
    if not any(given[name] and given[key] for name, key in _PAIRS):
        yield (
            f"{_ENVIRONMENT}USERNAME and {_ENVIRONMENT}PASSWORD "
            f"(or {_ENVIRONMENT}CLIENT_ID and {_ENVIRONMENT}CLIENT_SECRET)"
        )
    if not (arguments.yes or (sys.stdin is not None and sys.stdin.isatty())):
        yield "--yes (standard input is not a terminal, so nobody can be asked)"


def _environment(name: str) -> str | None:
    return os.environ.get(_ENVIRONMENT + name.upper()) or None
