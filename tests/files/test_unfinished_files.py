"""Who may read a file before and after it is whole, and what is left when a signal comes."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

from septet.files.whole_files import whole_file

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and signals of POSIX")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def umask():
    """Set the umask for a test."""
    before = os.umask(0o22)
    os.umask(before)
    yield os.umask
    os.umask(before)


class TestAccess:
    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666, 0o400])
    @pytest.mark.parametrize("mask", [0o22, 0o77])
    def test_mode_is_kept(self, tmp_path, umask, mode, mask):
        """Nobody can read the file who could not read the one before it."""
        umask(mask)
        path = tmp_path / "a.csv"
        path.touch()
        path.chmod(mode)
        with whole_file(path) as file:
            [unfinished] = set(tmp_path.iterdir()) - {path}
            assert mode_of(unfinished) == 0o600
            file.write(b"new")
        assert mode_of(path) == mode

    @pytest.mark.parametrize("is_new", [True, False])
    def test_file_systems_without_modes(self, tmp_path, monkeypatch, is_new):
        """The file is written all the same."""

        def refuse(*_):
            raise PermissionError(errno.EPERM, "not allowed")

        monkeypatch.setattr(os, "fchmod", refuse)
        path = tmp_path / "a.csv"
        if not is_new:
            path.touch()
        with whole_file(path) as file:
            file.write(b"new")
        assert path.read_text() == "new"

    @pytest.mark.parametrize("mask", [0o22, 0o77, 0o02, 0o27])
    def test_new_files_follow_the_umask(self, tmp_path, umask, mask):
        """A new file has the mode that any program would give it, and none before it is whole."""
        umask(mask)
        with whole_file(tmp_path / "a.csv"):
            [unfinished] = tmp_path.iterdir()
            assert mode_of(unfinished) == 0o600
        assert mode_of(tmp_path / "a.csv") == 0o666 & ~mask

    @pytest.mark.skipif(not IS_ROOT, reason="only root may give files away")
    def test_owner_is_kept(self, tmp_path):
        """A file of somebody else stays theirs."""
        path = tmp_path / "a.csv"
        path.touch()
        os.chown(path, 1234, 2345)
        path.chmod(0o640)
        with whole_file(path) as file:
            file.write(b"new")
        status = path.stat()
        assert (status.st_uid, status.st_gid, mode_of(path)) == (1234, 2345, 0o640)

    @pytest.mark.parametrize(("mode", "expected"), [(0o640, 0o600), (0o664, 0o644), (0o604, 0o644)])
    def test_group_that_cannot_be_kept(self, tmp_path, monkeypatch, mode, expected):
        """Another group gets what everybody gets."""
        path = tmp_path / "a.csv"
        path.touch()
        path.chmod(mode)
        old = os.stat_result([*path.stat()][:4] + [os.getuid(), os.getgid() + 1, 0, 0, 0, 0])
        stat_of = os.stat
        monkeypatch.setattr(os, "stat", lambda p, **o: old if p == str(path) else stat_of(p, **o))

        def refuse(*_):
            raise PermissionError(errno.EPERM, "not allowed")

        monkeypatch.setattr(os, "fchown", refuse)
        with whole_file(path) as file:
            file.write(b"new")
        monkeypatch.undo()
        assert mode_of(path) == expected

    @pytest.mark.skipif(not hasattr(os, "setxattr"), reason="access lists of Linux")
    def test_access_list_is_kept(self, tmp_path):
        """User 1234 may read the file before and after."""
        path = tmp_path / "a.csv"
        path.touch()
        no_id = b"\xff\xff\xff\xff"
        entries = [(1, 6, no_id), (2, 4, (1234).to_bytes(4, "little")), (4, 4, no_id)]
        entries += [(16, 4, no_id), (32, 0, no_id)]
        acl = (2).to_bytes(4, "little") + b"".join(
            tag.to_bytes(2, "little") + rights.to_bytes(2, "little") + who
            for tag, rights, who in entries
        )
        name = "system.posix_acl_access"
        try:
            os.setxattr(path, name, acl)
        except OSError:
            pytest.skip("the file system has no access lists")
        with whole_file(path) as file:
            file.write(b"new")
        assert os.getxattr(path, name) == acl


CHILD = """\
import os, signal, sys, threading
from septet.files.whole_files import whole_file
{before}
with whole_file(sys.argv[1]) as file:
    file.write(b"new")
    file.flush()
    {inside}
"""


class TestSignals:
    def run(self, path, inside, before=""):
        code = CHILD.format(before=before, inside=inside)
        return subprocess.run([sys.executable, "-c", code, path], check=False).returncode

    @pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGALRM"])
    def test_removed(self, tmp_path, name):
        """The process ends by the signal, and leaves the old file and no other."""
        path = tmp_path / "a.csv"
        path.write_text("older")
        before = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))"
        # A shell ignores some signals for what it runs in the background.
        before += f"; signal.signal(signal.{name}, signal.SIG_DFL)"
        status = self.run(path, f"signal.raise_signal(signal.{name})", before)
        assert status == -getattr(signal, name)
        assert path.read_text() == "older"
        assert list(tmp_path.iterdir()) == [path]

    def test_from_another_thread(self, tmp_path):
        """A file that another thread writes is removed if the main thread writes one too."""
        inside = """
    def other():
        with whole_file(sys.argv[1] + "2"):
            is_open.set()
            threading.Event().wait()
    is_open = threading.Event()
    threading.Thread(target=other, daemon=True).start()
    is_open.wait()
    signal.raise_signal(signal.SIGTERM)"""
        assert self.run(tmp_path / "a.csv", inside) == -signal.SIGTERM
        assert list(tmp_path.iterdir()) == []

    def test_children(self, tmp_path):
        """A child that a signal ends does not remove the file of its parent."""
        inside = """
    child = os.fork()
    if child == 0:
        signal.raise_signal(signal.SIGTERM)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGTERM"""
        assert self.run(tmp_path / "a.csv", inside) == 0
        assert (tmp_path / "a.csv").read_text() == "new"

    def test_handlers_of_the_program(self):
        """They stay, and so do ignored signals; the usual ones are back after the block."""

        def handle(*_):
            pass

        numbers = signal.SIGUSR1, signal.SIGHUP, signal.SIGTERM
        before = [signal.signal(signal.SIGUSR1, handle), signal.signal(signal.SIGHUP, 1)]
        before.append(signal.signal(signal.SIGTERM, signal.SIG_DFL))
        try:
            expected = [handle, signal.SIG_IGN, signal.SIG_DFL]
            with whole_file(os.devnull):
                assert list(map(signal.getsignal, numbers)) == expected
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)

    def test_blocks_that_overlap(self, tmp_path):
        """Handlers are there until the last block ends; one that a block sets stays."""
        before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        usr1 = signal.getsignal(signal.SIGUSR1)
        try:
            first, second = whole_file(tmp_path / "a"), whole_file(tmp_path / "b")
            first.__enter__()
            ours = signal.getsignal(signal.SIGTERM)
            second.__enter__()
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            first.__exit__(None, None, None)
            assert signal.getsignal(signal.SIGTERM) is ours
            assert callable(ours)
            second.__exit__(None, None, None)
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
            assert signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN
        finally:
            signal.signal(signal.SIGTERM, before)
            signal.signal(signal.SIGUSR1, usr1)

    def test_other_threads(self, tmp_path):
        """Only the main thread can handle signals; others write all the same."""
        errors = []

        def write():
            try:
                with whole_file(tmp_path / "a") as file:
                    file.write(b"new")
            except BaseException as error:
                errors.append(error)

        with whole_file(tmp_path / "b"):
            ours = signal.getsignal(signal.SIGTERM)
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
            assert signal.getsignal(signal.SIGTERM) == ours
        assert errors == []
        assert (tmp_path / "a").read_text() == "new"
