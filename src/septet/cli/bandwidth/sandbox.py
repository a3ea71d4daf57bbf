"""`septet sandbox`: a stand-in for Bandwidth's messaging API."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING

from ...display.characters import visible
from ..arguments import Commands, add_address, add_command
from ..terminal import terminal

if TYPE_CHECKING:
    from ...bandwidth.sandbox import CallbackDrop

__all__ = ["add_to"]

_PASSWORD = "SEPTET_SANDBOX_PASSWORD"  # noqa: S105 -- where it is, not what
_CALLBACK_PASSWORD = "SEPTET_CALLBACK_PASSWORD"  # noqa: S105
_EXAMPLES = f"""\
example:
  septet sandbox --port 8081 --callback-url http://127.0.0.1:8080/ --clock 3600x

Messages are taken at /api/v2/users/ANY/messages of the address; a browser shows
there what happens. A recipient +1555555 with an error code behind it fails with
that code, +15555550000 is never heard of, and one that is too short is invalid.
The password that belongs to --username is read from {_PASSWORD},
that of --callback-username from {_CALLBACK_PASSWORD}. Callbacks that are
given up after 24 hours of the clock are printed.
"""


def add_to(commands: Commands) -> None:
    """Add the command `sandbox`."""
    summary = "stand in for Bandwidth's messaging API, to try everything without an account"
    command = add_command(commands, "sandbox", summary, _EXAMPLES, _run)
    add_address(command)
    command.add_argument("--callback-url", metavar="URL", help="where callbacks are posted")
    command.add_argument(
        "--group-behaviour",
        choices=("correct", "old"),
        default="correct",
        help="old: invalid numbers of a group fail and are delivered too (default correct)",
    )
    command.add_argument("--faults", metavar="FILE", help="what goes wrong, in TOML or JSON")
    command.add_argument(
        "--clock",
        type=_speed,
        default=1.0,
        metavar="N",
        help="how fast its time passes, as in 3600x (default 1x)",
    )
    command.add_argument(
        "--rate",
        type=float,
        default=10_000.0,
        metavar="N",
        help="segments sent in a second of its clock (default 10000)",
    )
    command.add_argument(
        "--queue",
        type=int,
        metavar="N",
        help="segments that may wait (default: what is sent in 15 minutes)",
    )
    command.add_argument("--username", metavar="NAME", help="what requests have to give")
    command.add_argument("--callback-username", metavar="NAME", help="what callbacks give")


def _run(arguments: argparse.Namespace) -> int:
    from ...bandwidth.sandbox import Faults, Sandbox

    faults = Faults() if arguments.faults is None else Faults.read(arguments.faults)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    try:
        sandbox = Sandbox(
            arguments.callback_url,
            host=arguments.host,
            port=arguments.port,
            username=arguments.username,
            password=_password(arguments.username, "--username", _PASSWORD),
            callback_username=arguments.callback_username,
            callback_password=_password(
                arguments.callback_username, "--callback-username", _CALLBACK_PASSWORD
            ),
            group_behaviour=arguments.group_behaviour,
            faults=faults,
            speed=arguments.clock,
            segments_per_second=arguments.rate,
            queue_segments=arguments.queue,
        )
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    sandbox.serve("The sandbox listens at", on_drop=_show)
    return 0  # pragma: no cover  # a signal has ended the process


def _password(username: str | None, option: str, variable: str) -> str | None:
    if username is None:
        return None
    if (password := os.environ.get(variable)) is None:
        raise argparse.ArgumentTypeError(f"{option} without {variable}")
    return password


def _speed(value: str) -> float:
    try:
        speed = float(value.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} is no speed such as 3600x")
    return speed


def _show(drop: CallbackDrop) -> None:
    """Print a callback that was given up."""
    about = " ".join(visible(text) for text in (drop.type, drop.message_id, drop.to) if text)
    terminal(sys.stdout).line(f"dropped after {drop.attempts} attempts: {about}")
    sys.stdout.flush()
