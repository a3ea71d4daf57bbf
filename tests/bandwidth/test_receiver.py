"""The receiver behind a real server: what is answered 2xx is in the store, once."""

import asyncio
import base64
import json
import threading
from concurrent.futures import Future

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings

from callback_bodies import CASES, any_bodies
from septet.bandwidth import Receiver, Undecodable, open_store, parse_callbacks
from septet.bandwidth.exceptions import StoreError
from septet.serving import Server

SENT = (
    b'[{"type": "message-sent", "to": "+13125550140", "message": {"id": "1", "direction": "out"}}]'
)


@pytest.fixture
def store(tmp_path):
    """An empty store in a file."""
    with open_store(f"sqlite:///{tmp_path}/events.db") as store:
        yield store


@pytest.fixture
def serve():
    """Serve receivers until the test ends; return clients for them."""
    open_ones = []

    def serve(app):
        server = Server(app)
        open_ones.append(server)
        client = httpx2.Client(base_url=server.__enter__().url, timeout=20)
        open_ones.append(client)
        return client

    yield serve
    for one in reversed(open_ones):
        one.__exit__(None, None, None)


def raws(store):
    return [event.raw for event in store.events()]


@pytest.mark.parametrize("path", ["/", "", "/callbacks/", "/a/b?c=d", "/healthz", "/metrics"])
def test_any_path_takes_callbacks(store, serve, path):
    """No event is lost to the address that somebody has configured."""
    answer = serve(Receiver(store)).post(path, content=SENT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert raws(store) == [SENT[1:-1]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_documented_cases(store, serve, case):
    """Every documented body is taken, and taken once however often it comes."""
    client = serve(Receiver(store))
    for body in case.bodies * 2:
        assert client.post("/", content=body).status_code == 204
    kept = [*store.events(), *store.undecodable()]
    entries = {entry for body in case.bodies for entry in parse_callbacks(body)}
    assert (len(kept), set(kept)) == (len(entries), entries)


@pytest.fixture(scope="module")
def anything(tmp_path_factory):
    """A store, and a client of its receiver, for many bodies."""
    folder = tmp_path_factory.mktemp("any")
    with (
        open_store(f"sqlite:///{folder}/events.db") as store,
        Server(Receiver(store)) as server,
        httpx2.Client(base_url=server.url, timeout=20) as client,
    ):
        yield store, client


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=any_bodies)
def test_any_octets_are_kept(anything, body):
    """What cannot be read is answered 2xx and kept as it came, so that it does not come again."""
    store, client = anything
    assert client.post("/", content=body).status_code == 204
    assert set(parse_callbacks(body)) <= {*store.undecodable(), *store.events()}


def basic(pair):
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic("bändwidth:se:cret"), 204),
        ({"Authorization": basic("bändwidth:se:cret")["Authorization"].replace("B", "b", 1)}, 204),
        ({}, 401),
        (basic("bändwidth:se:cre"), 401),
        (basic("bändwidth:"), 401),
        (basic("bändwidth"), 401),
        (basic(":se:cret"), 401),
        ({"Authorization": "Basic ***"}, 401),
        ({"Authorization": "Basic é".encode("latin-1")}, 401),
        ({"Authorization": "Basic"}, 401),
        (
            {"Authorization": basic("bändwidth:se:cret")["Authorization"].replace("ic", "ik", 1)},
            401,
        ),
    ],
)
def test_credentials(store, serve, headers, status):
    """Both parts have to be right; what comes without is not kept."""
    client = serve(Receiver(store, username="bändwidth", password="se:cret"))
    answer = client.post("/", content=SENT, headers=headers)
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert len(raws(store)) == (status == 204)
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 401


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"username": "a"}, "one without the other"),
        ({"password": "a"}, "one without the other"),
        ({"username": "a:b", "password": "c"}, "'a:b'.*colon"),
    ],
)
def test_credentials_that_cannot_be(store, options, message):
    """A receiver that could not be entered, or that would be open by mistake, is not made."""
    with pytest.raises(ValueError, match=message):
        Receiver(store, **options)


@pytest.mark.parametrize("size", [1000, 1001])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_largest_body(store, serve, size, is_chunked):
    """The limit is that of the octets that come, whether they are announced or not."""
    client = serve(Receiver(store, most_octets=1000))
    body = SENT.ljust(size)
    answer = client.post("/", content=iter([body[:500], body[500:]]) if is_chunked else body)
    assert answer.status_code == (204 if size == 1000 else 413)
    assert len(raws(store)) == (size == 1000)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(store, serve, method):
    """Callbacks are posted, and nothing else."""
    answer = serve(Receiver(store)).request(method, "/", content=SENT)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert not raws(store)


class Unusable:
    """A store that is down, or that never commits."""

    def __init__(self, error):
        self.error = error

    def submit(self, body):
        future = Future()
        if self.error is not None:
            future.set_exception(self.error)
        return future

    def ping(self):
        raise StoreError("the disk is full")


@pytest.mark.parametrize("error", [StoreError("the disk is full"), None])
def test_store_that_is_down(serve, monkeypatch, error):
    """The provider is told to come again, before it gives the answer up."""
    monkeypatch.setattr("septet.bandwidth.receiver._SECONDS_FOR_STORE", 0.2)
    client = serve(Receiver(Unusable(error)))
    answer = client.post("/", content=SENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the disk is full\n")


def test_store_that_is_closed(tmp_path, serve):
    """So is a store that somebody has closed."""
    with open_store(f"sqlite:///{tmp_path}/events.db") as store:
        client = serve(Receiver(store))
    assert client.post("/", content=SENT).status_code == 503
    assert client.get("/healthz").status_code == 503


def numbered(number):
    return json.dumps({"type": "message-sent", "message": {"id": str(number)}}).encode()


@pytest.mark.parametrize("kind", ["function", "coroutine function", "object"])
def test_on_event(store, serve, kind, caplog):
    """New events are handed on in order, once; one that fails keeps nothing back."""
    seen, done = [], threading.Event()

    def note(entry):
        seen.append(entry.raw)
        if len(seen) == 4:
            done.set()
        if len(seen) == 2:
            raise RuntimeError("no more paper")

    async def note_later(entry):
        await asyncio.sleep(0)
        note(entry)

    class Notes:
        async def __call__(self, entry):
            note(entry)

    on_event = {"function": note, "coroutine function": note_later, "object": Notes()}[kind]
    client = serve(Receiver(store, on_event=on_event))
    body = b"[" + b",".join(map(numbered, range(3))) + b"]"
    for content in (body, body, b"no event"):
        assert client.post("/", content=content).status_code == 204
    assert done.wait(20)
    assert seen == [numbered(0), numbered(1), numbered(2), b"no event"]
    assert raws(store) == seen[:3]
    assert "no more paper" in caplog.text
    assert "septet_on_event_failures_total 1.0" in client.get("/metrics").text


def test_on_event_that_is_too_slow(store, serve, monkeypatch):
    """Answers do not wait for it; what it misses is counted, and in the store."""
    monkeypatch.setattr("septet.bandwidth.receiver._WAITING_EVENTS", 1)
    monkeypatch.setattr("septet.bandwidth.receiver._SECONDS_TO_END", 0.1)
    go_on = threading.Event()
    client = serve(Receiver(store, on_event=lambda _: go_on.wait(20)))
    for number in range(5):
        assert client.post("/", content=numbered(number)).status_code == 204
    told = client.get("/metrics").text
    go_on.set()
    assert len(raws(store)) == 5
    assert "septet_on_event_missed_total 3.0" in told or "septet_on_event_missed_total 4.0" in told


def test_end_waits_for_on_event(store):
    """What was taken before the end is still handed on."""
    seen = []
    with Server(Receiver(store, on_event=lambda entry: seen.append(entry.raw))) as server:
        for number in range(20):
            httpx2.post(server.url, content=numbered(number))
    assert seen == raws(store)


def test_end_does_not_wait_for_ever(store, monkeypatch, caplog):
    """What is not handed on within a few seconds is in the store, and the log tells of it."""
    monkeypatch.setattr("septet.bandwidth.receiver._SECONDS_TO_END", 0.1)
    begun = threading.Event()

    async def never_end(entry):
        begun.set()
        await asyncio.Event().wait()

    with Server(Receiver(store, on_event=never_end)) as server:
        for number in range(3):
            httpx2.post(server.url, content=numbered(number))
        assert begun.wait(20)
    assert "on_event misses 2 events" in caplog.text
    assert len(raws(store)) == 3


def test_end_without_any_event(store, caplog):
    """There is nothing to wait for."""
    with Server(Receiver(store, on_event=raws)) as server:
        assert httpx2.get(f"{server.url}/healthz").status_code == 200
    assert caplog.text == ""


def test_nothing_but_http_is_answered(store):
    """A websocket that is routed here is neither read from nor written to."""

    async def touch(*_):
        pytest.fail("touched")

    asyncio.run(Receiver(store)({"type": "websocket"}, touch, touch))


def test_counts(store, serve):
    """Prometheus gets requests by status, events by class, and repetitions."""
    client = serve(Receiver(store))
    for content in (SENT, SENT, b"{}", b"null"):
        client.post("/", content=content)
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    lines = told.text.splitlines()
    for line in (
        'septet_callback_requests_total{status="204"} 4.0',
        "septet_callback_seconds_count 4.0",
        'septet_events_total{event="MessageSent"} 1.0',
        'septet_events_total{event="Undecodable"} 2.0',
        "septet_events_repeated_total 1.0",
    ):
        assert line in lines


def test_mounted(store, serve):
    """In an application of one's own, below any path."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    client = serve(Starlette(routes=[Mount("/sms", Receiver(store))]))
    assert client.post("/sms/", content=SENT).status_code == 204
    assert client.get("/sms/healthz").text == "ok\n"
    assert client.get("/sms/").status_code == 405
    assert raws(store) == [SENT[1:-1]]


def test_callers_that_hang_up(store, serve):
    """Half a body is no body: nothing is kept, and the server goes on."""
    import socket

    client = serve(Receiver(store))
    for _ in range(5):
        with socket.create_connection((client.base_url.host, client.base_url.port)) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + SENT)
    assert client.post("/", content=SENT).status_code == 204
    assert raws(store) == [SENT[1:-1]]


def test_undecodable_is_told(store, serve, caplog):
    """The log says that something came, and not what was in it."""
    serve(Receiver(store)).post("/", content=b"+13125550140 secret")
    (kept,) = store.undecodable()
    assert isinstance(kept, Undecodable)
    assert "19 octets that are no event" in caplog.text
    assert "secret" not in caplog.text
