"""Writing files completely or not at all: an unfinished file is moved into place at the end.

Only what can be replaced is replaced. A device, a pipe, or an open file such as /dev/stdout is
written to directly.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from .unfinished_files import create_unfinished, keep_access, removed_by_signals

__all__ = ["is_same_file", "open_file_number", "text_of", "whole_file"]

_MAX_LINKS = 40
# Where a system has the open files of the process, after links are resolved.
_OPEN_FILES = re.compile(r"/dev/fd|/proc/\d+(?:/task/\d+)?/fd")


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Yield a binary file to write to, which replaces `path` when the block ends.

    It has a random name beside `path` and can be read only by its owner until then. If the block
    raises an exception, or a signal ends the process, it is removed and `path` stays as it was. A
    file that is replaced passes on its mode, and its owner and access list where that is allowed. A
    symbolic link is kept, and its target is replaced.

    >>> with whole_file("priced.csv") as file:
    ...     file.write(b"encoding,price")
    14

    Args:
        path: The file to write; it may exist. If it is a device, a pipe or an open file such as
            /dev/stdout, the block writes to that directly.

    Yields:
        The file. The block may flush it, but must not close it.

    Raises:
        OSError: The file cannot be written or moved, or `path` is a folder. The error names `path`.
    """
    name = os.fspath(path)
    target = os.path.realpath(name)
    unfinished = None
    try:
        file = _open_directly(name)
        if file is not None:
            with file:
                yield file
            return
        with removed_by_signals():
            unfinished = create_unfinished(target)
            try:
                with unfinished.file as file:
                    yield file
                    file.flush()
                    keep_access(file.fileno(), target, unfinished.new_mode)
                    unfinished.raw.sync()
                os.replace(unfinished.path, target)
            finally:
                unfinished.remove()
    except OSError as error:
        # The error of a full disk has no file name, and the unfinished one means nothing to users.
        ours = (None, target, unfinished and unfinished.path)
        if error.errno is not None and error.filename in ours and error.filename != name:
            raise OSError(error.errno, os.strerror(error.errno), name) from error
        raise


@contextmanager
def text_of(file: IO[bytes], errors: str = "strict") -> Iterator[IO[str]]:
    """Yield a text file that writes to a binary one, in UTF-8 and with line ends as they are.

    The binary file stays open.

    Args:
        file: The binary file.
        errors: What to do with characters that UTF-8 cannot encode, as for `open`.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", errors=errors, newline="")
    try:
        yield text
        text.flush()
    finally:
        with suppress(OSError):  # `flush` has raised it, or another exception is on its way
            text.detach()


def is_same_file(path: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Return whether two paths are names of one file, which need not exist yet.

    Devices such as terminals do not count: writing to one overwrites nothing.

    Args:
        path: A path, which may be a link.
        other: Another.
    """
    mode = _mode(path)
    if stat.S_ISCHR(mode):
        return False
    names = os.path.realpath(path), os.path.realpath(other)
    if os.path.normcase(names[0]) == os.path.normcase(names[1]):
        return True
    try:
        return stat.S_ISREG(mode) and os.path.samefile(path, other)
    except FileNotFoundError:
        return False


def open_file_number(path: str | os.PathLike[str]) -> int | None:
    """Return the number of the open file that a path such as /dev/stdout stands for, or None.

    Args:
        path: The path, which may be a link to such a path.
    """
    name = os.path.abspath(path)
    for _ in range(_MAX_LINKS):
        folder, last = os.path.split(name)
        if last.isdecimal() and _is_folder_of_open_files(os.path.realpath(folder)):
            return int(last)
        if not os.path.islink(name):
            return None
        name = os.path.normpath(os.path.join(folder, os.readlink(name)))
    return None


def _mode(path: str | os.PathLike[str]) -> int:
    """Return the type and mode of a file; those of a regular file if there is none."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return stat.S_IFREG


def _is_folder_of_open_files(folder: str) -> bool:
    if _OPEN_FILES.fullmatch(folder) is None:
        return False
    return folder == "/dev/fd" or folder.split("/")[2] == str(os.getpid())


def _open_directly(name: str) -> IO[bytes] | None:
    """Return what is written to directly, opened; None for a file that is to be replaced.

    Raises:
        OSError: `name` is a folder, or cannot be opened.
    """
    number = open_file_number(name)
    if number is not None:
        for stream in (sys.stdout, sys.stderr):  # what was printed before goes before
            if stream is not None:
                stream.flush()
        # Opening it again would begin at its start, and overwrite what is written there.
        return os.fdopen(os.dup(number), "wb")
    mode = _mode(name)
    if stat.S_ISDIR(mode) or not os.path.basename(name):
        raise OSError(errno.EINVAL, "not a file", name)
    return None if stat.S_ISREG(mode) else open(name, "wb")
