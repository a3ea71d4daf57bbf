"""`septet send`: one message, estimated first, confirmed, and never sent twice."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...costing import RateCard
from ...display.characters import visible
from ...segmentation import analyze
from ..arguments import Commands, add_command
from ..commands.inspect import summary
from ..terminal import Column, complain, terminal

if TYPE_CHECKING:
    from ...bandwidth import Client, Message

__all__ = ["add_to"]

_ENVIRONMENT = "SEPTET_BANDWIDTH_"
_NOT_SENT = 1
_UNKNOWN = 3

_EXAMPLES = """\
example:
  septet send --from +12025550100 --to +13125550140 --dry-run "See you at 8"

Several --to make one group message, which is an MMS, as is one with --media.

Credentials come from the environment and from nowhere else:
  SEPTET_BANDWIDTH_USERNAME and SEPTET_BANDWIDTH_PASSWORD, or
  SEPTET_BANDWIDTH_CLIENT_ID and SEPTET_BANDWIDTH_CLIENT_SECRET;
SEPTET_BANDWIDTH_ACCOUNT and SEPTET_BANDWIDTH_APPLICATION_ID stand in for
--account and --application-id.

The exit status is 3 if nobody knows whether the message was taken. Then it
must not simply be sent again, for it may come twice.
"""


def add_to(commands: Commands) -> None:
    """Add the command `send`."""
    command = add_command(
        commands, "send", "send a message by Bandwidth, after an estimate", _EXAMPLES, _run
    )
    command.add_argument("--from", dest="from_", metavar="NUMBER", required=True, help="the sender")
    command.add_argument(
        "--to", metavar="NUMBER", action="append", required=True, help="a recipient, in E.164"
    )
    command.add_argument(
        "text", metavar="TEXT", nargs="?", help="the text; put -- before one that begins with -"
    )
    command.add_argument(
        "--media", metavar="URL", action="append", default=[], help="what an MMS shows"
    )
    command.add_argument("--tag", metavar="TEXT", help="comes back in every callback")
    command.add_argument(
        "--account", metavar="ID", default=_environment("account"), help="the account"
    )
    command.add_argument(
        "--application-id",
        metavar="ID",
        default=_environment("application_id"),
        help="the application that the sender belongs to",
    )
    command.add_argument("--url", metavar="URL", help="another address of the API, as of a sandbox")
    command.add_argument(
        "--max-segments", metavar="N", type=int, help="send only what takes no more"
    )
    command.add_argument("--rates", metavar="RATES", help="a rate card to price by")
    command.add_argument("--yes", action="store_true", help="ask nothing")
    command.add_argument(
        "--dry-run", action="store_true", help="show the estimate and send nothing"
    )


def _run(arguments: argparse.Namespace) -> int:
    """Send the message and return the exit status."""
    from ...bandwidth import Message, TooManySegmentsError

    message = Message(
        # Nobody looks at it before the message is sent.
        application_id=arguments.application_id or "none yet",
        from_=arguments.from_,
        to=arguments.to,
        text=arguments.text,
        media=arguments.media,
        tag=arguments.tag,
    )
    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    _print_estimate(message, rates)
    most = arguments.max_segments
    if most is not None and message.segment_count > most:
        raise TooManySegmentsError(message.segment_count, most)
    if arguments.dry_run:
        return 0
    with _client(arguments) as client:
        if not (arguments.yes or _is_confirmed()):
            complain("not sent")
            return _NOT_SENT
        return _send(client, message)


def _send(client: Client, message: Message) -> int:
    from ...bandwidth import DeliveryUnknownError

    try:
        accepted = client.send(message)
    except DeliveryUnknownError as error:
        complain(str(error))
        return _UNKNOWN
    except KeyboardInterrupt:
        complain("interrupted while sending: the message may or may not have been accepted")
        return _UNKNOWN
    counted = accepted.segment_count
    differs = counted not in (None, message.segment_count)
    print(
        f"Accepted as {visible(accepted.id or '(no id)')}"
        + (f"; the provider counts {counted:,} segments." if differs else ".")
    )
    return 0


def _print_estimate(message: Message, rates: RateCard | None) -> None:
    out = terminal(sys.stdout)
    if message.is_mms:
        out.line("An MMS, which is 1 segment")
    else:
        out.line(summary(analyze(message.text or "")))
    if rates is None:
        return
    columns = [Column("Recipient"), Column("Cost", is_number=True), Column("Currency")]
    out.table("", columns, list(_costs(message, rates)))


def _costs(message: Message, rates: RateCard) -> Iterator[list[str]]:
    for number in message.to:
        rate = None if message.is_mms else rates.match(number)
        if rate is None:
            yield [number, "no rate", ""]
        else:
            yield [number, str(rate.cost(message.segment_count)), rate.currency]


def _is_confirmed() -> bool:
    print("Send it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _client(arguments: argparse.Namespace) -> Client:
    from ...bandwidth import Client
    from ...bandwidth.sending.account import URL

    if not (arguments.yes or (sys.stdin is not None and sys.stdin.isatty())):
        raise argparse.ArgumentTypeError("--yes is needed where nobody can be asked")
    for name in ("account", "application_id"):
        if not getattr(arguments, name):
            flag, variable = name.replace("_", "-"), _ENVIRONMENT + name.upper()
            raise argparse.ArgumentTypeError(f"--{flag} or {variable} is needed")
    try:
        return Client(
            arguments.account,
            username=_environment("username"),
            password=_environment("password"),
            client_id=_environment("client_id"),
            client_secret=_environment("client_secret"),
            url=arguments.url or URL,
        )
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _environment(name: str) -> str | None:
    return os.environ.get(_ENVIRONMENT + name.upper()) or None
