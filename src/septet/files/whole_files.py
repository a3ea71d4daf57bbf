"""Writing files completely or not at all: a temporary file is moved into place at the end."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield the path of an unfinished file, which replaces `path` when the block ends.

    If the block raises an exception, the unfinished file is removed and `path` stays as it was.

    >>> with whole_file("priced.csv") as unfinished:
    ...     unfinished.write_text("encoding,price")

    Args:
        path: The file to write; it may exist.

    Yields:
        A path in the same folder, for the block to write to.

    Raises:
        OSError: The file cannot be written or moved, or `path` exists and is not a regular file: a
            device such as /dev/null must not be replaced. The error names `path`.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "not a file", os.fspath(path))
    target = target.resolve()  # a symbolic link is kept, and its target is replaced
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException as error:
        with suppress(OSError):
            unfinished.unlink()
        ours = (None, os.fspath(unfinished))  # the error of a full disk has no file name
        if isinstance(error, OSError) and error.errno is not None and error.filename in ours:
            raise OSError(error.errno, os.strerror(error.errno), os.fspath(path)) from error
        raise
