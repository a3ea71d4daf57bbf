"""A PostgreSQL server of our own, in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

END_LOCKING_SESSION = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON database = pg_database.oid
WHERE locktype = 'advisory' AND datname = current_database()
"""
"""Ends the sessions of a database that hold advisory locks, as a broken network does."""


class PostgresqlServer:
    """A server that can be stopped and started again."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # The path of a socket must be short; and the folder must be somebody's who is not root.
        self._folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = _unprivileged()
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._names = (f"test_{number}" for number in count())
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        self._run("initdb", *options, "data")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it can be used."""
        # Only a crash of the whole machine loses what is not synchronized with the disk.
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "start", "--pgdata=data", "--wait", "--log=log", "--options", options)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: `immediate` as in a crash, or `fast`."""
        self._run("pg_ctl", "stop", "--pgdata=data", "--wait", "--mode", mode)

    def create_database(self) -> str:
        """Return the URL of a new database."""
        name = next(self._names)
        self._run("createdb", "--host", str(self._folder), "--username=postgres", name)
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def remove(self) -> None:
        """Stop the server and leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        # A server that is started would keep a pipe open.
        with (self._folder / "output").open("a+") as output:
            command = [self._binaries / program, *arguments]
            done = subprocess.run(
                command, cwd=self._folder, stdout=output, stderr=output, **self._identity
            )
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read()}")


def find_binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, that of the newest version."""
    folders = [
        *sorted(
            Path("/usr/lib/postgresql").glob("*/bin"),
            key=lambda folder: int(folder.parent.name),
            reverse=True,
        ),
        *map(Path, os.environ.get("PATH", "").split(os.pathsep)),
    ]
    programs = ("initdb", "pg_ctl", "createdb")
    for folder in folders:
        if all((folder / program).exists() for program in programs):
            return folder
    return None


def _unprivileged() -> Any:
    import pwd  # which only Unix has

    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
