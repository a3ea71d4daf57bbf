"""Modes of the files of a store."""

import os
import stat
import sys

import pytest

pytest.importorskip("sqlalchemy")

from septet.bandwidth import open_store
from septet.bandwidth.storing.private_files import create_private
from septet.bandwidth.storing.turns import take_turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
BODY = b'[{"type": "message-sent", "message": {"id": "1"}}]'


@pytest.fixture(autouse=True)
def usual_umask():
    """The umask that lets everybody read."""
    earlier = os.umask(0o022)
    yield
    os.umask(earlier)


def modes(folder):
    """Return the modes of the files of an open store whose outbox is in use."""
    with open_store(folder / "events.db") as store:
        store.append(BODY)
        with take_turn(store.database, "outbox", lambda _: True) as is_held:
            assert is_held
            return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


NAMES = {"events.db", "events.db-wal", "events.db-shm", "events.db-outbox"}


def test_new_store(tmp_path):
    """Only the owner can read texts and numbers, and the files beside them."""
    found = modes(tmp_path)
    assert (set(found) >= NAMES, set(found.values())) == (True, {0o600})


@pytest.mark.parametrize("mode", [0o640, 0o660, 0o644])
def test_existing_store(tmp_path, mode):
    """A file that exists keeps its mode, and those beside it get the same, whatever the umask."""
    open_store(tmp_path / "events.db").close()
    (tmp_path / "events.db").chmod(mode)
    found = modes(tmp_path)
    assert (set(found) >= NAMES, set(found.values())) == (True, {mode})


def test_links(tmp_path):
    """The target of the user's own link is private too."""
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere/events.db"
    (tmp_path / "events.db").symlink_to(target)
    with open_store(tmp_path / "events.db") as store:
        store.append(BODY)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert (tmp_path / "events.db").is_symlink()


def test_what_is_there_is_not_touched(tmp_path):
    """Neither the content nor the mode of a file changes, and a missing folder is no error here."""
    path = tmp_path / "a"
    path.write_text("a")
    path.chmod(0o644)
    create_private(str(path))
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("a", 0o644)
    create_private(str(tmp_path / "b/c"))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
