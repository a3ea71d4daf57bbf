"""`septet completion`: scripts with which shells complete commands, options, choices and files.

This is the only module that imports shtab.
"""

from __future__ import annotations

import argparse

from ...exceptions import MissingExtraError
from ..arguments import Parser

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet completion bash > ~/.local/share/bash-completion/completions/septet
  septet completion zsh > ~/.zfunc/_septet
  septet completion fish > ~/.config/fish/completions/septet.fish
  eval "$(septet completion bash)"

The last line loads the script when it is in .bashrc, or with zsh in .zshrc after compinit. The
folder ~/.zfunc must be in $fpath before compinit runs. Write the script again after an upgrade.

This command needs the extra "cli".
"""
_SHELLS = ("bash", "zsh", "fish")
_FILES = ("CARD", "FILE", "LIST", "PATH")
# Without a list, zsh shows what the argument means instead of completing an option before it.
_NOTHING = {"zsh": "()"}


def add_to(root: Parser) -> None:
    """Add the command `completion`."""
    command = root.add_command(
        "completion",
        "Print a script with which a shell completes commands, options and files.",
        _DETAILS,
        _run,
    )
    command.add_argument("shell", choices=_SHELLS, metavar="SHELL", help="bash, zsh or fish.")


def _run(arguments: argparse.Namespace) -> int:
    """Print the script for all commands."""
    try:
        import shtab
    except ImportError as error:
        raise MissingExtraError("shtab", "cli", "completion") from error
    root: Parser = arguments.make_parser()
    paths = {**dict.fromkeys(_FILES, shtab.FILE), "DIR": shtab.DIRECTORY}
    for command in root.walk():
        for action in command.arguments:
            if action.metavar in paths:
                action.complete = paths[action.metavar]  # type: ignore[attr-defined]
            elif not (action.option_strings or action.choices):
                action.complete = _NOTHING  # type: ignore[attr-defined]
    print(shtab.complete(root, arguments.shell), end="")
    return 0
