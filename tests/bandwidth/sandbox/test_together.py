"""Client, outbox, sandbox, receiver and store together, as in examples/send_and_receive.py."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from septet.bandwidth import Client, Message, Outbox, OutboxState, open_store
from septet.bandwidth.sandbox import Sandbox

EXAMPLE = Path(__file__).parents[3] / "examples/send_and_receive.py"
ROUNDS = 20
COUNT = 2000

RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("5550100", username="ann", password="hush", url=sys.argv[2]) as client,
):
    Outbox(store, client).run(200, workers=8)
"""


def test_example(tmp_path):
    """It prints the number of segments, and the result for each recipient."""
    done = subprocess.run(
        [sys.executable, EXAMPLE], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "3 segments will be billed",
        "+13125550140 delivered",
        "+13125550141 delivered",
        "+15555554775 failed: the recipient has opted out at the carrier; send no more",
    ]


@pytest.mark.slow
def test_killed_while_sending(tmp_path):
    """After 20 kills at random moments, each message was accepted exactly once."""
    url, rng = f"sqlite:///{tmp_path}/events.db", random.Random(8)
    texts = [f"message {number}" for number in range(COUNT)]
    with (
        Sandbox(log_size=10 * COUNT) as sandbox,
        open_store(url) as store,
        Client("5550100", username="ann", password="hush", url=sandbox.url) as client,
    ):
        outbox = Outbox(store, client)
        outbox.add(Message("app", "+12025550100", "+13125550140", text, tag=text) for text in texts)

        def accepted():
            return Counter(record.tag for record in sandbox.messages)

        for _ in range(ROUNDS):
            before = len(sandbox.messages)
            with subprocess.Popen([sys.executable, "-c", RUNNING, url, sandbox.url]) as runner:
                while len(sandbox.messages) == before:
                    time.sleep(0.001)
                time.sleep(rng.uniform(0, 0.2))
                runner.kill()
        assert outbox.counts()[OutboxState.QUEUED] > 0, "all were sent before the last kill"
        outbox.run(1e6)
        unknown = list(outbox.unknown())
        assert set(accepted().values()) == {1}
        for entry in unknown:
            is_accepted = entry.message.tag in accepted()
            state = OutboxState.ACCEPTED if is_accepted else OutboxState.QUEUED
            outbox.resolve(entry.id, state, "as the log says" if is_accepted else None)
        outbox.run(1e6)
        assert accepted() == dict.fromkeys(texts, 1)
        assert outbox.counts()[OutboxState.ACCEPTED] == COUNT
