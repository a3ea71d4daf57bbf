"""`septet serve`: the inspector and its JSON API over HTTP."""

from __future__ import annotations

import argparse

from ...costing import RateCard
from ...rules.providers import provider_names
from ..arguments import Commands, add_command

__all__ = ["add_to"]

_EXAMPLES = """\
example:
  septet serve --rates rates.csv

Open the address that is printed: what is typed there is counted as it is typed.
Programs in any language ask the JSON API behind it, described at
/v1/openapi.json. There is no password: listen on other addresses than this
machine's own only where everybody may ask.
"""


def add_to(commands: Commands) -> None:
    """Add the command `serve`."""
    summary = "a page to inspect texts, and a JSON API"
    command = add_command(commands, "serve", summary, _EXAMPLES, _run)
    command.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)"
    )
    command.add_argument(
        "--port", type=_port, default=8000, help="the port (default 8000; 0 takes a free one)"
    )
    command.add_argument("--rates", metavar="FILE", help="a rate card to price by")
    command.add_argument(
        "--provider",
        choices=provider_names(),
        metavar="NAME",
        help="whose published rules hold unless a request says otherwise: "
        + ", ".join(provider_names()),
    )


def _run(arguments: argparse.Namespace) -> int:
    """Serve until a signal and return the exit status."""
    from ...serving import guarded, serve
    from ...web import application

    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    app = guarded(application(rates, arguments.provider), arguments.host)
    serve(app, host=arguments.host, port=arguments.port, announce="Inspect texts at")
    return 0  # pragma: no cover  # a signal has ended the process


def _port(value: str) -> int:
    if not value.isdecimal() or int(value) > 65_535:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: 0 to 65535")
    return int(value)
