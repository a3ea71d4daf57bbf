"""Files that are there with all that belongs in them, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield another path in the same folder; what is there in the end takes the place of the first.

    Raises:
        OSError: It cannot be written or moved.
    """
    place = Path(path)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.replace(place)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
