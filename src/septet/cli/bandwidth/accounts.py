"""The account that commands use: its options, and the credentials in environment variables."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..arguments import Parser, UsageError, refused_values
from .secrets import add_password_file, read_secret

if TYPE_CHECKING:
    from ...bandwidth import Client

__all__ = [
    "CREDENTIALS",
    "add_account",
    "add_application",
    "make_client",
    "missing_application",
]

_ENVIRONMENT = "SEPTET_BANDWIDTH_"
_PAIRS = (("username", "password"), ("client_id", "client_secret"))

CREDENTIALS = """\
Credentials are read from environment variables:
  SEPTET_BANDWIDTH_USERNAME and SEPTET_BANDWIDTH_PASSWORD, or
  SEPTET_BANDWIDTH_CLIENT_ID and SEPTET_BANDWIDTH_CLIENT_SECRET

--password-file replaces the variable of the password or of the client secret.

SEPTET_BANDWIDTH_ACCOUNT and SEPTET_BANDWIDTH_APPLICATION_ID replace --account and --application-id.
"""
"""A part of the help of commands with `add_account`."""


def add_account(command: Parser) -> None:
    """Add the options that say which account is used, and how."""
    command.add_argument(
        "--account", metavar="ID", default=_environment("account"), help="Use this account."
    )
    command.add_argument(
        "--url", metavar="URL", help="Use the API at this URL, such as a sandbox's."
    )
    add_password_file(command, "the password of the API user or the secret of the client")


def add_application(command: Parser) -> None:
    """Add the option that says which application messages belong to."""
    command.add_argument(
        "--application-id",
        metavar="ID",
        default=_environment("application_id"),
        help="Use this application; the sender's number must belong to it. Default: the variable "
        f"{_ENVIRONMENT}APPLICATION_ID.",
    )


def missing_application(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the option of the application if it is missing, for a message."""
    if not arguments.application_id:
        yield f"--application-id (or {_ENVIRONMENT}APPLICATION_ID)"


def make_client(arguments: argparse.Namespace, also_missing: Sequence[str] = ()) -> Client:
    """Return a client for the account of the arguments.

    Args:
        arguments: The parsed arguments.
        also_missing: Other settings that are missing, for the same message.

    Raises:
        UsageError: A setting is missing or not allowed.
    """
    from ...bandwidth import Client
    from ...bandwidth.sending.account import URL

    given = _credentials(arguments)
    if missing := [*_missing_settings(arguments, given, also_missing)]:
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


def _missing_settings(
    arguments: argparse.Namespace, given: dict[str, str | None], also_missing: Sequence[str]
) -> Iterator[str]:
    if not arguments.account:
        yield f"--account (or {_ENVIRONMENT}ACCOUNT)"
    if not any(given[name] and given[key] for name, key in _PAIRS):
        yield (
            f"{_ENVIRONMENT}USERNAME and {_ENVIRONMENT}PASSWORD "
            f"(or {_ENVIRONMENT}CLIENT_ID and {_ENVIRONMENT}CLIENT_SECRET)"
        )
    yield from also_missing


def _environment(name: str) -> str | None:
    return os.environ.get(_ENVIRONMENT + name.upper()) or None
