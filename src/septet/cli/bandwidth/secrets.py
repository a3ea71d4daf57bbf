"""Passwords of the commands: from a file or a variable, never from an argument."""

from __future__ import annotations

import os

from ..arguments import Parser, UsageError

__all__ = ["add_password_file", "credentials", "read_secret"]

_MAX_BYTES = 4096


def add_password_file(command: Parser, purpose: str, option: str = "--password-file") -> None:
    """Add an option that names the file of a password.

    Args:
        command: The parser of the command.
        purpose: What the password is for, as in "the password for --username".
        option: The option with its dashes.
    """
    command.add_argument(
        option,
        metavar="FILE",
        help=f"Read {purpose} from this file, such as a systemd credential or a Docker secret.",
    )


def credentials(
    username: str | None,
    file: str | None,
    variable: str,
    option: str = "--username",
    file_option: str = "--password-file",
) -> tuple[str | None, str | None]:
    """Return the username and password that a command was given; neither or both are None.

    Args:
        username: The value of the option for the username.
        file: The value of the option for the file of the password; it goes before the variable.
        variable: The environment variable with the password.
        option: The option for the username.
        file_option: The option for the file.

    Raises:
        UsageError: One is given without the other, the password is empty, or the file cannot be
            read.
    """
    if file is not None:
        password: str | None = read_secret(file, file_option)
    else:
        password = os.environ.get(variable)
        if password == "":
            raise UsageError(f"the variable {variable} is empty: expected a password")
    if username is not None and password is None:
        raise UsageError(
            f"{option} needs a password: give {file_option}, or set the variable {variable}"
        )
    if username is None and password is not None:
        source = f"the variable {variable}" if file is None else file_option
        raise UsageError(f"{source} needs {option}: they must be given together")
    return username, password


def read_secret(path: str, option: str) -> str:
    """Return the secret in a file, without the end of its line.

    The mode of the file is not checked: those of containers can be read by everybody in them.

    Args:
        path: The file.
        option: The option that named it, for messages.

    Raises:
        UsageError: The file cannot be read, is empty or too long, or has several lines.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_BYTES + 1)
        secret = content.decode()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8, or not a path"
        raise UsageError(f"{option}: {path}: {reason}") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{option}: {path}: expected a password, got more than {_MAX_BYTES} bytes")
    secret = secret.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise UsageError(f"{option}: {path}: the file is empty: expected a password")
    if "\n" in secret or "\r" in secret:
        raise UsageError(f"{option}: {path}: expected a password in one line, got several lines")
    return secret
