"""Files that only their owner can read."""

from __future__ import annotations

import os

__all__ = ["create_private"]

_EXCLUSIVE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def create_private(path: str, beside: str | None = None) -> None:
    """Create an empty file, if there is none, before SQLite creates it for everybody.

    SQLite gives the files that it makes beside a database the mode of the database. A file that
    exists keeps its mode. If none can be created, SQLite says why when it opens the file.

    Args:
        path: The file. A link leads to the file that is created.
        beside: Use the mode of this file; None makes the file readable for its owner only.
    """
    try:
        descriptor = os.open(os.path.realpath(path), _EXCLUSIVE, 0o600)
    except OSError:
        return
    try:
        if beside is not None and hasattr(os, "fchmod"):  # Windows has no such modes
            os.fchmod(descriptor, os.stat(beside).st_mode & 0o777)
    finally:
        os.close(descriptor)
