"""A sandbox and a receiver for each test."""

import pytest

pytest.importorskip("httpx2")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

import httpx2

from callback_receiver import Receiver
from septet.bandwidth.sandbox import Sandbox

MESSAGE = {
    "applicationId": "5d1b7c0e",
    "from": "+12025550100",
    "to": ["+13125550140"],
    "text": "Tonight: jazz",
}


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def options():
    """What the sandbox is made with; a parameter of that name replaces it."""
    return {"speed": 3600}


@pytest.fixture
def sandbox(receiver, options):
    with Sandbox(receiver.url, **options) as sandbox:
        yield sandbox


@pytest.fixture
def send(sandbox):
    """Send a message, the sample with changes; return the answer."""
    with httpx2.Client(base_url=sandbox.url, timeout=10) as client:

        def send(**changes):
            message = {**MESSAGE, **changes}
            message = {name: value for name, value in message.items() if value is not None}
            return client.post("/users/5550100/messages", json=message)

        yield send
