"""URLs of databases, and databases that can only be read."""

import errno
import os

import pytest

pytest.importorskip("sqlalchemy")

from disks import run_on_disk
from septet.bandwidth import StoreError, open_store
from septet.bandwidth.storing.engines import name_of, parse_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_names_of_postgresql(scheme):
    """Both names are accepted, as libpq does; the name in messages has no password."""
    url = parse_url(f"{scheme}://ann:secret@db.example:5433/events?sslmode=require")
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.query["sslmode"]) == ("ann", "secret", "require")
    assert name_of(url) == "postgresql://db.example:5433/events"


def test_postgres_url(postgresql):
    """A store can be opened by it."""
    pytest.importorskip("psycopg")
    with open_store(postgresql.create_database().replace("postgresql:", "postgres:")) as store:
        store.ping()


START = """
import json, sys
from septet.bandwidth import StoreError, open_store
from septet.cli import main

BODY = b'[{"type": "message-sent", "to": "+13125550140", "message": {"id": "%d"}}]'

def set_read_only(is_read_only):
    flag = "ro" if is_read_only else "rw"
    subprocess.run(["mount", "-o", "remount," + flag, "."], check=True)

def seen():
    with open_store("events #1?.db", create=False) as store:
        try:
            store.append(BODY % 99)
        except StoreError as error:
            print(error)
        return [event.message_id for event in store.events()]
"""


def test_on_a_read_only_disk(tmp_path):
    """Outcomes can be read; opening it to write says why that cannot be."""
    script = """
with open_store("events #1?.db") as store:
    store.append(BODY % 1)
set_read_only(True)
print(sorted(os.listdir()), seen(), main(["bandwidth", "outcomes", "--store", "events #1?.db"]))
try:
    open_store("events #1?.db")
except StoreError as error:
    print(error)
set_read_only(False)
with open_store("events #1?.db") as store:
    store.append(BODY % 2)
    print(len([*store.events()]))
"""
    printed = run_on_disk(tmp_path, START + script).splitlines()
    assert printed[0] == "events #1?.db: attempt to write a readonly database"
    assert "events #1?.db: 1 event, 0 undecodable" in printed
    assert "['events #1?.db'] ['1'] 0" in printed
    assert printed[-2].startswith(f"events #1?.db: {os.strerror(errno.EROFS)}; it can only be read")
    assert printed[-1] == "2"


@pytest.mark.parametrize("has_index", [True, False])
def test_events_in_the_log_of_a_read_only_disk(tmp_path, has_index):
    """Events that are only in the write-ahead log are read, or the error says why not."""
    script = f"""
if os.fork() == 0:
    open_store("events #1?.db").append(BODY % 1)
    os._exit(0)  # as if it was killed
os.wait()
if not {has_index}:
    os.remove("events #1?.db-shm")
set_read_only(True)
try:
    print(seen())
except StoreError as error:
    print(error)
"""
    printed = run_on_disk(tmp_path, START + script).splitlines()
    if has_index:
        assert printed[-1] == "['1']"
    else:
        assert printed[-1].startswith("events #1?.db: ")
        assert "read-only; copy it, with its -wal file, to a folder" in printed[-1]


def test_an_old_store_on_a_read_only_disk(tmp_path):
    """The revision before the table of health checks can be read, older ones cannot."""
    script = """
import sqlite3
with open_store("events #1?.db") as store:
    store.append(BODY % 1)
for revision, tables in (("0002", ["handling", "unhandled", "health"]), ("0001", ["outbox"])):
    set_read_only(False)
    with sqlite3.connect("events #1?.db") as connection:
        for table in tables:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE septet_version SET version_num = ?", [revision])
    connection.close()
    set_read_only(True)
    try:
        print(seen())
    except StoreError as error:
        print(error)
"""
    printed = run_on_disk(tmp_path, START + script).splitlines()
    assert printed[-2] == "['1']"
    assert "was created by an older version of septet and cannot be written to" in printed[-1]


def test_no_store_on_a_read_only_disk(tmp_path):
    """Another database is no store."""
    script = """
import sqlite3
with sqlite3.connect("events #1?.db") as connection:
    connection.execute("CREATE TABLE t (n)")
connection.close()
set_read_only(True)
try:
    seen()
except StoreError as error:
    print(error)
"""
    printed = run_on_disk(tmp_path, START + script)
    assert printed == "events #1?.db is not a septet event store\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_file_of_somebody_else(tmp_path):
    """A store in a folder without permission to write can be read while it is in use."""
    with open_store(tmp_path / "events.db") as store:
        store.append(b'[{"type": "message-sent", "message": {"id": "1"}}]')
        tmp_path.chmod(0o500)
        try:
            with open_store(tmp_path / "events.db", create=False) as other:
                assert [event.message_id for event in other.events()] == ["1"]
                with pytest.raises(StoreError, match="readonly"):
                    other.append(b"[{}]")
        finally:
            tmp_path.chmod(0o700)
