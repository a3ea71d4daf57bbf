"""Files that are written to the disk while the program goes on."""

from __future__ import annotations

import io
import os
from threading import Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["SyncedFile"]

_BYTES_AT_ONCE = 16 << 20


class SyncedFile(io.FileIO):
    """A file whose bytes a thread has written to the disk, so that `sync` need not wait for all.

    Without it, the disk would have nothing to do until the last byte is known.

    Args:
        number: The number of the file, which is open for writing.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb")
        self._waiting_bytes = 0
        self._thread: Thread | None = None
        self._error: OSError | None = None

    def write(self, data: Any) -> int:
        """Write bytes; see `io.RawIOBase`."""
        count = super().write(data)
        self._waiting_bytes += count
        is_busy = self._thread is not None and self._thread.is_alive()
        if self._waiting_bytes >= _BYTES_AT_ONCE and not is_busy:
            self._waiting_bytes = 0
            self._thread = Thread(target=self._write_to_disk, daemon=True)
            self._thread.start()
        return count

    def sync(self) -> None:
        """Wait until all bytes are on the disk.

        Raises:
            OSError: The disk failed. The system reports that only once, perhaps to the thread.
        """
        self._wait()
        if self._error is None:
            self._write_to_disk()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Close the file, once the thread does not need it any more."""
        self._wait()
        super().close()

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _write_to_disk(self) -> None:
        try:
            os.fsync(self.fileno())
        except OSError as error:
            self._error = self._error or error
