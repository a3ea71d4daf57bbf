"""`septet serve`: the inspector page and its JSON API over HTTP."""

from __future__ import annotations

import argparse

from ...costing import RateCard
from ...rules.providers import provider_names
from ..arguments import Parser, add_address, refused_values

__all__ = ["add_to"]

_DETAILS = """\
Example:
  septet serve --rates rates.csv

Open the printed address in a browser: the page counts a text while you type. Programs can use
the JSON API, which is described at /v1/openapi.json.

Pages of other sites may not use the server, except those of --allow-origin.

There is no password. Listen on an address that other machines can reach only if everyone who
can reach it may use the server.
"""
_DEFAULT_PORT = 8000


def add_to(root: Parser) -> None:
    """Add the command `serve`."""
    summary = "Serve the inspector page and a JSON API."
    command = root.add_command("serve", summary, _DETAILS, _run)
    add_address(command, _DEFAULT_PORT)
    command.add_argument("--rates", metavar="FILE", help="Show prices from this rate card.")
    command.add_argument(
        "--provider",
        choices=provider_names(),
        metavar="NAME",
        help="Count by the published rules of this provider, unless a request names another: "
        + ", ".join(provider_names())
        + ".",
    )
    command.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        type=_origin,
        metavar="ORIGIN",
        help="Let pages of this site use the API, as in https://example.com. Repeat it for more. "
        "'*' lets the pages of all sites use it.",
    )


def _origin(value: str) -> str:
    from ...serving import read_origins

    try:
        read_origins([value])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


def _run(arguments: argparse.Namespace) -> int:
    """Serve until a signal ends the process."""
    from ...serving import serve
    from ...web import application

    rates = None if arguments.rates is None else RateCard.read(arguments.rates)
    with refused_values():
        app = application(rates, arguments.provider, arguments.allow_origin)
    serve(
        app,
        host=arguments.host,
        port=arguments.port,
        announce="Inspect texts at {url}",
        guard=True,
        allow_origins=arguments.allow_origin,
    )
    return 0  # pragma: no cover  # a signal has ended the process
