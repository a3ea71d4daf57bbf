"""The command `septet estimate`: `command` has its options and runs it."""

from .command import add_to

__all__ = ["add_to"]
