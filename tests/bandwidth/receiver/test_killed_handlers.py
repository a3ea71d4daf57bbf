"""`on_event` in processes that are killed: every event is handled, in the order of its message."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

import httpx2

from callback_load import Load
from septet.bandwidth import open_store
from septet.bandwidth.storing.handling import count_left, find_last_event

ROUNDS = 5
MESSAGES = 50

# Notes each event in a file; the event with the description "deadly" ends the process.
SERVING = """
import os, signal, sys
from septet.bandwidth import Receiver, open_store
from septet.serving import serve

def note(entry):
    if entry.description == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    with open(sys.argv[2], "ab") as file:
        file.write(entry.raw + b"\\n")

async def note_later(entry):
    note(entry)

with open_store(sys.argv[1]) as store:
    on_event = note_later if sys.argv[3] == "coroutine" else note
    receiver = Receiver(store, on_event=on_event)
    serve(receiver, host="127.0.0.1", port=0, announce="listening on {url}")
"""


def serving(url, path, kind="function"):
    command = [sys.executable, "-c", SERVING, url, str(path), kind]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_until_handled(url):
    """Wait until `on_event` was called for all events."""
    deadline = time.monotonic() + 120
    with open_store(url) as store:
        while (
            store.database.query(find_last_event) is not None
            or store.database.query(count_left) > 0
        ):
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_killed_under_load(url, tmp_path, kind):
    """What was acknowledged is handled at least once, for each message in the order of arrival."""
    load, rng, path = Load(MESSAGES), random.Random(7), tmp_path / "handled"
    for _ in range(ROUNDS):
        with serving(url, path, kind) as process:
            address = urlsplit(process.stdout.readline().split()[-1])
            asyncio.run(load.run(address, rng.uniform(0, 0.5), process))
            assert process.wait(10) == -signal.SIGKILL
    with serving(url, path, kind) as process:
        try:
            wait_until_handled(url)
        finally:
            process.kill()
    handled = dict.fromkeys(path.read_bytes().splitlines())
    with open_store(url) as store:
        stored = [event.raw for event in store.events()]
        events = {number: list(store.events(str(number))) for number in range(MESSAGES)}
    assert set(handled) == set(stored)
    numbers = {json.loads(raw)["description"] for raw in handled}
    assert set(load.acknowledged) <= numbers
    order = {raw: place for place, raw in enumerate(handled)}
    for of_message in events.values():
        places = [order[event.raw] for event in of_message]
        assert places == sorted(places)


@pytest.mark.slow
def test_an_event_that_ends_the_process(url, tmp_path):
    """After some restarts, the events behind it are handled all the same."""
    path, others = tmp_path / "handled", [str(number) for number in range(20)]
    with serving(url, path) as process:
        address = process.stdout.readline().split()[-1]
        bodies = [
            {"type": "message-sent", "description": text, "message": {"id": text}}
            for text in ["deadly", *others]
        ]
        with suppress(httpx2.TransportError):  # it may end before its answer
            httpx2.post(address, content=json.dumps(bodies).encode())
        assert process.wait(30) == -signal.SIGKILL
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        seen = path.read_text().splitlines() if path.exists() else []
        if {json.loads(raw)["description"] for raw in seen} == set(others):
            break
        with serving(url, path) as process:
            process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
            process.kill()
    else:
        pytest.fail("events behind the deadly one were not handled")
