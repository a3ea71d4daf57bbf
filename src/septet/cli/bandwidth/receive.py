"""`septet receive`: keep what the provider posts."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING

from ...display.characters import visible
from ...serving import serve
from ..arguments import Commands, add_address, add_command
from ..terminal import terminal

if TYPE_CHECKING:
    from ...bandwidth import Event, Undecodable

__all__ = ["add_to"]

_PASSWORD = "SEPTET_CALLBACK_PASSWORD"  # noqa: S105 -- where it is, not what
_EXAMPLES = f"""\
example:
  septet receive --store sqlite:///events.db --port 8080

Callbacks may be posted to any path; GET /healthz tells whether the store can
be used, and GET /metrics counts for Prometheus. The password that belongs to
--username is read from {_PASSWORD}. On a terminal each new event
is shown.
"""


def add_to(commands: Commands) -> None:
    """Add the command `receive`."""
    summary = "keep Bandwidth's callbacks in a database"
    command = add_command(commands, "receive", summary, _EXAMPLES, _run)
    command.add_argument(
        "--store",
        metavar="URL",
        required=True,
        help="sqlite:///FILE or postgresql://USER@HOST/DATABASE",
    )
    add_address(command)
    command.add_argument(
        "--username", metavar="NAME", help="what HTTP Basic authentication has to give"
    )


def _run(arguments: argparse.Namespace) -> int:
    from ...bandwidth import Receiver, open_store

    password = os.environ.get(_PASSWORD)
    if (arguments.username is None) != (password is None):
        raise argparse.ArgumentTypeError(f"--username and {_PASSWORD}: one without the other")
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    with open_store(arguments.store) as store:
        receiver = Receiver(
            store,
            username=arguments.username,
            password=password,
            on_event=_show if sys.stdout.isatty() else None,
        )
        serve(
            receiver,
            host=arguments.host,
            port=arguments.port,
            announce="Callbacks are received at",
        )
    return 0  # pragma: no cover  # a signal has ended the process


def _show(entry: Event | Undecodable) -> None:
    """Print one event in one line."""
    from ...bandwidth import Event

    out = terminal(sys.stdout)
    if not isinstance(entry, Event):
        out.line(f"stored {len(entry.raw)} bytes that are not an event: {visible(entry.reason)}")
        return
    told = [entry.type, entry.message_id, entry.from_, entry.to, entry.description]
    time = "" if entry.time is None else f"{entry.time:%H:%M:%S}  "
    out.line([(time, "faint"), ("  ".join(visible(fact) for fact in told if fact), "plain")])
