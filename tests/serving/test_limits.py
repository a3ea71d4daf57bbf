"""The number of connections that a process may have, by the files that it may open."""

import subprocess
import sys

import pytest

from septet.serving import Limits

resource = pytest.importorskip("resource")


@pytest.mark.parametrize(("files", "connections"), [(64, 16), (1024, 496), (20, 1)])
def test_few_files(files, connections):
    """Connections, and as many that wait to be accepted, leave files for the rest."""
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}));"
        "from septet.serving import Limits; print(Limits().connections, Limits().backlog)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert printed.split() == [str(connections)] * 2


@pytest.mark.parametrize("files", [100_000, resource.RLIM_INFINITY])
def test_many_files(monkeypatch, files):
    """There are never more than 1,000 connections."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert Limits().connections == 1000
