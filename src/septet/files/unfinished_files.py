"""Unfinished files: created exclusively under a random name, and removed if a signal comes."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter
from types import FrameType
from typing import IO, NamedTuple

from .synced_files import SyncedFile

__all__ = ["UnfinishedFile", "create_unfinished", "keep_access", "removed_by_signals"]

_MAX_NAME = 40  # characters of the file's own name; file systems limit names to 255 octets
_FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)  # Windows would write CR LF
)
_ACCESS_LIST = "system.posix_acl_access"
# Signals that end a process unless it handles them, and that can be handled.
_SIGNALS: list[signal.Signals] = [
    getattr(signal, name)
    for name in (
        *("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGBREAK", "SIGUSR1", "SIGUSR2"),
        *("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGPIPE"),
    )
    if hasattr(signal, name)
]

_paths: dict[str, int] = {}  # of unfinished files, with the process that writes each
_handled: list[signal.Signals] = []
_user_count = 0  # of blocks in the main thread that need the handlers


class UnfinishedFile(NamedTuple):
    """A file that nobody else knows or can read.

    Attributes:
        file: The file, open for writing.
        raw: The same without a buffer.
        path: Its path.
        new_mode: The mode that a new file gets in its folder; None if it replaces another.
    """

    file: IO[bytes]
    raw: SyncedFile
    path: str
    new_mode: int | None

    def remove(self) -> None:
        """Remove the file, unless it has been moved."""
        _remove(self.path)


def create_unfinished(target: str) -> UnfinishedFile:
    """Create a file beside another, under a random name and for its owner only.

    Args:
        target: The path of the other file, which need not exist.

    Raises:
        OSError: The folder does not exist, or nothing can be written there. The error names
            `target`.
    """
    try:
        new_mode = None if os.path.exists(target) else _find_new_mode(target)
        path, number = _create(target, 0o600)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), target) from error
    raw = SyncedFile(number)
    return UnfinishedFile(BufferedWriter(raw), raw, path, new_mode)


def keep_access(file_number: int, target: str, new_mode: int | None) -> None:
    """Give an unfinished file the mode of the file that it will replace.

    It gets the owner, the group and the access list too, where the system and its rules have them.
    If the group cannot be kept, members of the file's own group get what everybody gets.

    Args:
        file_number: The number of the unfinished file, which is open.
        target: The path of the other file.
        new_mode: The mode that it gets if there is no other file.
    """
    if not hasattr(os, "fchmod"):  # Windows before Python 3.13: folders pass their rights on
        return
    try:
        old = os.stat(target)
    except FileNotFoundError:
        if new_mode is not None:
            _set_mode(file_number, new_mode)
        return
    mode = stat.S_IMODE(old.st_mode)
    new = os.fstat(file_number)
    if hasattr(os, "fchown") and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(OSError):
            os.fchown(file_number, -1, old.st_gid)
        with suppress(OSError):
            os.fchown(file_number, old.st_uid, -1)
    has_group = os.fstat(file_number).st_gid == old.st_gid
    if not has_group:
        mode = mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
    if hasattr(os, "setxattr"):
        with suppress(OSError):  # a list that the folder gave it would add rights
            os.removexattr(file_number, _ACCESS_LIST)
        if has_group:
            with suppress(OSError):
                os.setxattr(file_number, _ACCESS_LIST, os.getxattr(target, _ACCESS_LIST))
                return  # the mode is a part of the list
    _set_mode(file_number, mode)


def _set_mode(file_number: int, mode: int) -> None:
    with suppress(OSError):  # some file systems have no modes, such as FAT
        os.fchmod(file_number, mode)


@contextmanager
def removed_by_signals() -> Iterator[None]:
    """Remove unfinished files before a signal ends the process while the block runs.

    Only signals that would end the process at once are handled; handlers of the program, and
    signals that it ignores, stay as they are. The process still ends by the signal. Python allows
    this in the main thread only.
    """
    global _user_count
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _user_count += 1
    try:
        if _user_count == 1:
            with suppress(ValueError):  # the main thread of another interpreter
                for number in _SIGNALS:
                    if signal.getsignal(number) is signal.SIG_DFL:
                        signal.signal(number, _remove_and_end)
                        _handled.append(number)
        yield
    finally:
        _user_count -= 1
        while _handled and not _user_count:
            number = _handled.pop()
            if signal.getsignal(number) is _remove_and_end:
                signal.signal(number, signal.SIG_DFL)


def _remove_and_end(number: int, _: FrameType | None) -> None:
    for path, process in list(_paths.items()):
        if process == os.getpid():  # a child of this process inherits the handlers
            _remove(path)
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
    _paths.pop(path, None)


def _create(target: str, mode: int) -> tuple[str, int]:
    """Create a file beside another, under a random name; return its path and open number."""
    folder, name = os.path.split(target)
    path = os.path.join(folder, f"{name[:_MAX_NAME]}.{os.urandom(8).hex()}.unfinished")
    _paths[path] = os.getpid()
    try:
        return path, os.open(path, _FLAGS, mode)
    except FileExistsError:
        del _paths[path]  # it is not ours
        raise
    except BaseException:
        _remove(path)
        raise


def _find_new_mode(target: str) -> int:
    """Return the mode that a new file gets, by making an empty one for a moment.

    The umask could only be read by changing it, which other threads would notice.
    """
    path, number = _create(target, 0o666)
    try:
        return stat.S_IMODE(os.fstat(number).st_mode)
    finally:
        os.close(number)
        _remove(path)
