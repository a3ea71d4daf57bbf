"""Files that are there with all that belongs in them, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield another path in the same folder; what is there in the end takes the place of the first.

    Raises:
        OSError: It cannot be written or moved, or something other than a file is there: a device
            such as /dev/null would be a file afterwards. It is of the first path.
    """
    place = Path(path)
    if place.exists() and not place.is_file():
        raise OSError(errno.EINVAL, "not a file", os.fspath(path))
    place = place.resolve()  # a link stays one
    unfinished = place.with_name(f"{place.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.replace(place)
    except BaseException as error:
        with suppress(OSError):
            unfinished.unlink()
        ours = (None, os.fspath(unfinished))  # a full disk names nothing
        if isinstance(error, OSError) and error.errno is not None and error.filename in ours:
            raise OSError(error.errno, os.strerror(error.errno), os.fspath(path)) from error
        raise
