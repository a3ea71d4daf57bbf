"""`septet bandwidth receive`, killed under load: what it answered 2xx is stored, once."""

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import pytest

from callback_load import Load
from septet.bandwidth import open_store

ROUNDS = 20


@pytest.mark.slow
def test_killed_under_load(url):
    """The process is killed twenty times, and the next one opens the same store."""
    load, rng = Load(), random.Random(5)
    command = ["bandwidth", "receive", "--store", url, "--port", "0"]
    receive = [sys.executable, "-m", "septet", *command]
    for _ in range(ROUNDS):
        with subprocess.Popen(receive, stdout=subprocess.PIPE, text=True) as process:
            address = urlsplit(process.stdout.readline().split()[-1])
            asyncio.run(load.run(address, rng.uniform(0, 0.5), process))
            assert process.wait(10) == -signal.SIGKILL
    with open_store(url) as store:
        kept = Counter(event.message_id for event in store.events())
    assert set(load.acknowledged) <= set(kept)
    assert set(kept.values()) == {1}
