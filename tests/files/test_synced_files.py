"""Files that a thread writes to the disk meanwhile."""

from __future__ import annotations

import errno
import io
import os
import threading
from unittest.mock import patch

import pytest

from septet.files import synced_files
from septet.files.synced_files import SyncedFile


@pytest.fixture
def file(tmp_path):
    """A file that is synced after every 8 bytes."""
    number = os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    with patch.object(synced_files, "_BYTES_AT_ONCE", 8), SyncedFile(number) as file:
        yield file


def test_bytes(file, tmp_path) -> None:
    """All of them are in the file, whatever is written at once."""
    parts = [b"a", b"b" * 7, b"c" * 100_000, b"d" * 20]
    with io.BufferedWriter(file) as writer:
        for part in parts:
            writer.write(part)
        writer.flush()
        file.sync()
    assert (tmp_path / "file").read_bytes() == b"".join(parts)


def test_the_disk_is_given_bytes_before_the_end(file) -> None:
    """By another thread, and one at a time."""
    threads = []
    may_end = threading.Event()

    def fsync(_: int) -> None:
        threads.append(threading.current_thread())
        may_end.wait()

    with patch.object(os, "fsync", fsync):
        for _ in range(5):
            assert file.write(b"1234") == 4
        may_end.set()
        file.sync()
    assert threads[0] is not threading.main_thread()
    assert threads[1:] == [threading.main_thread()]


def test_an_error_of_the_disk(file) -> None:
    """One that the thread got is raised at the end: the system does not report it again."""
    error = OSError(errno.EIO, os.strerror(errno.EIO))
    with patch.object(os, "fsync", side_effect=[error, None]):
        file.write(b"12345678")
        with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught:
            file.sync()
    assert caught.value is error
