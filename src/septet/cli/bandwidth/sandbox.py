"""`septet bandwidth sandbox`: a local server that simulates Bandwidth's messaging API."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import TYPE_CHECKING

from ...display.characters import visible
from ...display.wording import plural
from ..arguments import (
    Parser,
    add_address,
    positive_number,
    positive_whole_number,
    refused_values,
)
from ..terminal import terminal
from .secrets import add_password_file, credentials

if TYPE_CHECKING:
    from ...bandwidth.sandbox import CallbackDrop

__all__ = ["add_to"]

_PASSWORD = "SEPTET_SANDBOX_PASSWORD"  # noqa: S105 -- the name of the variable
_CALLBACK_PASSWORD = "SEPTET_CALLBACK_PASSWORD"  # noqa: S105
_DEFAULT_PORT = 8081
_DETAILS = f"""\
Example:
  septet bandwidth sandbox --callback-url http://127.0.0.1:8080/

Two addresses are printed. Open the first in a browser to see what happens. Give the second, which
ends in /api/v2, to clients, as in 'septet bandwidth send --url http://127.0.0.1:8081/api/v2 …'.

Messages to +1555555 followed by an error code fail with that code. A number that is too short
is invalid. Messages to +15555550000 get no callbacks.

The password for --username is read from --password-file, or else from the variable
{_PASSWORD}; the one for --callback-username from --callback-password-file, or
else from {_CALLBACK_PASSWORD}.

Callbacks that are still refused after 24 hours of the sandbox's clock are dropped and printed.
"""


def add_to(group: Parser) -> None:
    """Add the command `bandwidth sandbox`."""
    summary = "Simulate Bandwidth's messaging API on this machine, without an account."
    command = group.add_command("sandbox", summary, _DETAILS, _run)
    add_address(command, _DEFAULT_PORT)
    command.add_argument(
        "--callback-url",
        metavar="URL",
        help="Post callbacks to this URL. It may have a username and a password, but command lines "
        "can be seen by other users: prefer --callback-username.",
    )
    command.add_argument(
        "--message-sent",
        action="append",
        nargs="?",
        metavar="ID",
        help="Post message-sent for the application with this ID only; Bandwidth posts it for "
        "those that it is enabled for. Can be given several times (default: for all).",
    )
    command.add_argument(
        "--no-message-sent",
        dest="message_sent",
        action="store_const",
        const=[],
        help="Post message-sent for no application.",
    )
    command.add_argument(
        "--message-sending",
        action=argparse.BooleanOptionalAction,
        help="Post message-sending for MMS and groups (default: until 2027-01-06, when Bandwidth "
        "discontinues it).",
    )
    command.add_argument(
        "--group-behaviour",
        choices=("correct", "old"),
        default="correct",
        help="Post callbacks for group messages as Bandwidth does today (correct) or as it did "
        "before (old), when invalid numbers were also reported as delivered (default: correct).",
    )
    command.add_argument(
        "--faults", metavar="FILE", help="Simulate the faults that this TOML or JSON file lists."
    )
    command.add_argument(
        "--clock",
        type=_speed,
        default=1.0,
        metavar="N",
        help="Let the sandbox's time pass N times as fast, such as 3600x (default: 1x).",
    )
    command.add_argument(
        "--rate",
        type=positive_number,
        default=10_000.0,
        metavar="N",
        help="Send N segments of each account per second of the sandbox's clock (default: 10000).",
    )
    command.add_argument(
        "--queue",
        type=positive_whole_number,
        metavar="N",
        help="Queue up to N segments of each account and refuse more (default: what is sent in 15 "
        "minutes).",
    )
    command.add_argument(
        "--search-limit",
        type=positive_whole_number,
        default=3_500,
        metavar="N",
        help="Answer 429 after N searches by one address in 5 minutes of the sandbox's clock "
        "(default: 3500).",
    )
    command.add_argument(
        "--username", metavar="NAME", help="Accept only requests with this username."
    )
    add_password_file(command, "the password for --username")
    command.add_argument(
        "--callback-username", metavar="NAME", help="Send this username with each callback."
    )
    add_password_file(command, "the password for --callback-username", "--callback-password-file")


def _run(arguments: argparse.Namespace) -> int:
    """Serve until a signal ends the process."""
    from ...bandwidth.sandbox import Faults, Sandbox

    faults = Faults() if arguments.faults is None else Faults.read(arguments.faults)
    username, password = credentials(arguments.username, arguments.password_file, _PASSWORD)
    callback_username, callback_password = _callback_credentials(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    with refused_values():
        sandbox = Sandbox(
            arguments.callback_url,
            host=arguments.host,
            port=arguments.port,
            username=username,
            password=password,
            callback_username=callback_username,
            callback_password=callback_password,
            group_behaviour=arguments.group_behaviour,
            message_sending=arguments.message_sending,
            message_sent=_applications(arguments.message_sent),
            search_limit=arguments.search_limit,
            faults=faults,
            speed=arguments.clock,
            segments_per_second=arguments.rate,
            queue_segments=arguments.queue,
        )
    sandbox.serve(on_drop=_show)
    return 0  # pragma: no cover  # a signal has ended the process


def _callback_credentials(arguments: argparse.Namespace) -> tuple[str | None, str | None]:
    username, file = arguments.callback_username, arguments.callback_password_file
    if username is None and file is None:
        return None, None  # the variable may be there for `septet bandwidth receive`
    options = ("--callback-username", "--callback-password-file")
    return credentials(username, file, _CALLBACK_PASSWORD, *options)


def _applications(ids: list[str | None] | None) -> bool | list[str]:
    """Return the applications that get message-sent, or whether all do; None stands for all."""
    return True if ids is None or None in ids else [each for each in ids if each is not None]


def _speed(value: str) -> float:
    try:
        return positive_number(value.removesuffix("x"))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a speed such as 3600x") from None


def _show(drop: CallbackDrop) -> None:
    """Print a callback that was dropped."""
    values = (drop.type, drop.message_id, drop.to)
    description = " ".join(visible(value) for value in values if value)
    terminal(sys.stdout).line(f"dropped after {plural(drop.attempts, 'attempt')}: {description}")
    sys.stdout.flush()
