"""`septet bandwidth receive`: a server that stores the provider's callbacks."""

from __future__ import annotations

import argparse
import logging
import sys

from ...serving import serve
from ..arguments import Parser, add_address, refused_values
from .secrets import add_password_file, credentials

__all__ = ["add_to"]

_PASSWORD = "SEPTET_CALLBACK_PASSWORD"  # noqa: S105 -- the name of the variable
_DEFAULT_PORT = 8080
_DETAILS = f"""\
Example:
  septet bandwidth receive --store events.db

The server accepts callbacks at any path. GET /healthz reports whether the database can be used,
and GET /metrics returns counters for Prometheus. On a terminal, each new event is shown.

The password for --username is read from --password-file, or else from the variable
{_PASSWORD}. Without a password, the server does not answer requests of web pages of other
sites; on a loopback address it answers only for the host 127.0.0.1, localhost or [::1].

The password of PostgreSQL need not be a part of the URL, which other users of the machine can see:
libpq also reads it from the variable PGPASSWORD, the file ~/.pgpass, or a service file.
"""


def add_to(group: Parser) -> None:
    """Add the command `bandwidth receive`."""
    summary = "Receive callbacks and store them in a database."
    command = group.add_command("receive", summary, _DETAILS, _run)
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help="Store events in this database: an SQLite file, or a URL of SQLite or PostgreSQL.",
    )
    add_address(command, _DEFAULT_PORT)
    command.add_argument(
        "--username",
        metavar="NAME",
        help="Accept only requests with this username and the password (HTTP Basic).",
    )
    add_password_file(command, "the password for --username")


def _run(arguments: argparse.Namespace) -> int:
    """Serve until a signal ends the process."""
    from ...bandwidth import Receiver, open_store
    from ...bandwidth.receiver.authentication import BasicAuthentication
    from .shown_events import ShownStore

    username, password = credentials(arguments.username, arguments.password_file, _PASSWORD)
    if username is not None and password is not None:
        with refused_values():  # before the store is created
            BasicAuthentication(username, password)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    with open_store(arguments.store) as store:
        receiver = Receiver(
            ShownStore(store.database) if sys.stdout.isatty() else store,
            username=username,
            password=password,
        )
        serve(
            receiver,
            host=arguments.host,
            port=arguments.port,
            announce="Callbacks are received at {url}",
            guard=password is None,
        )
    return 0  # pragma: no cover  # a signal has ended the process
