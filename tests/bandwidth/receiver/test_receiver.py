"""The receiver behind a real server: an event that is answered 2xx is in the store, once."""

import asyncio
import base64
import gzip
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


def compress(data):
    return gzip.compress(data, mtime=0)


def raws(store):
    return [event.raw for event in store.events()]


@pytest.mark.parametrize("path", ["/", "", "/callbacks/", "/a/b?c=d", "/healthz", "/metrics"])
def test_any_path_takes_callbacks(store, serve, path):
    """A wrong path in the provider's settings loses no event."""
    answer = serve(Receiver(store)).post(path, content=SENT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert raws(store) == [SENT[1:-1]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_documented_cases(store, serve, case):
    """Every documented body is stored, and stored once however often it arrives."""
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
def test_any_body_is_stored(anything, body):
    """A body that is not events is answered 2xx and stored as it is, so that it does not return."""
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
    """Both parts must be right; otherwise nothing is stored."""
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
        ({"username": "a"}, "must be given together"),
        ({"password": "a"}, "must be given together"),
        ({"username": "a:b", "password": "c"}, "'a:b'.*colon"),
        ({"username": "a", "password": ""}, "may be empty"),
        ({"username": "", "password": "c"}, "may be empty"),
        ({"username": "", "password": ""}, "may be empty"),
    ],
)
def test_unusable_credentials(store, options, message):
    """Credentials that cannot be sent, or that are incomplete, are refused."""
    with pytest.raises(ValueError, match=message):
        Receiver(store, **options)


@pytest.mark.parametrize("size", [1000, 1001])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_largest_body(store, serve, size, is_chunked):
    """The limit applies to the bytes that arrive, with and without a Content-Length."""
    client = serve(Receiver(store, max_body_bytes=1000))
    body = SENT.ljust(size)
    answer = client.post("/", content=iter([body[:500], body[500:]]) if is_chunked else body)
    assert answer.status_code == (204 if size == 1000 else 413)
    assert len(raws(store)) == (size == 1000)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(store, serve, method):
    """Only POST is allowed."""
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
def test_store_that_is_down(serve, error):
    """The answer asks the provider to try again, before the provider stops waiting."""
    client = serve(Receiver(Unusable(error), store_timeout=0.2))
    answer = client.post("/", content=SENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the store cannot be used\n")


def test_store_that_is_closed(tmp_path, serve):
    """A closed store is answered in the same way."""
    with open_store(f"sqlite:///{tmp_path}/events.db") as store:
        client = serve(Receiver(store))
    assert client.post("/", content=SENT).status_code == 503
    assert client.get("/healthz").status_code == 503


def test_nothing_but_http_is_answered(store):
    """A websocket that is routed here is neither read from nor written to."""

    async def touch(*_):
        pytest.fail("touched")

    asyncio.run(Receiver(store)({"type": "websocket"}, touch, touch))


def test_mounted(store, serve):
    """It works inside another application, below any path."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    client = serve(Starlette(routes=[Mount("/sms", Receiver(store))]))
    assert client.post("/sms/", content=SENT).status_code == 204
    assert client.get("/sms/healthz").text == "ok\n"
    assert client.get("/sms/").status_code == 405
    assert raws(store) == [SENT[1:-1]]


def test_callers_that_hang_up(store, serve):
    """An incomplete body is not stored, and the server continues."""
    import socket

    client = serve(Receiver(store))
    for _ in range(5):
        with socket.create_connection((client.base_url.host, client.base_url.port)) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + SENT)
    assert client.post("/", content=SENT).status_code == 204
    assert raws(store) == [SENT[1:-1]]


def test_refusals_are_logged(store, serve, caplog):
    """Address and reason are in the log for each 401, and nothing of the credentials."""
    client = serve(Receiver(store, username="ann", password="sesame"))
    for headers in ({}, basic("ann:open"), basic("bob:sesame"), {"Authorization": "Bearer open"}):
        assert client.post("/", content=SENT, headers=headers).status_code == 401
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert client.post("/", content=SENT, headers=forwarded).status_code == 401
    assert [record.getMessage() for record in caplog.records] == [
        "401 for 127.0.0.1: no credentials",
        "401 for 127.0.0.1: wrong username or password",
        "401 for 127.0.0.1: wrong username or password",
        "401 for 127.0.0.1: not HTTP Basic authentication",
        "401 for 203.0.113.7: no credentials",  # as nginx on the same machine says
    ]


@pytest.mark.parametrize("encoding", ["gzip", "GZip", "x-gzip"])
def test_compressed_callbacks(store, serve, encoding):
    """The event is stored as it is decompressed, so it is the same event without compression."""
    client = serve(Receiver(store))
    headers = {"Content-Encoding": encoding}
    assert client.post("/", content=compress(SENT), headers=headers).status_code == 204
    assert client.post("/", content=SENT).status_code == 204
    assert raws(store) == [SENT[1:-1]]


@pytest.mark.parametrize("size", [1000, 1001, 500_000])
def test_largest_compressed_callback(store, serve, size):
    """The limit applies to what the body expands to."""
    client = serve(Receiver(store, max_body_bytes=1000))
    content = compress(SENT.ljust(size))
    assert len(content) < 1000
    answer = client.post("/", content=content, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == (204 if size == 1000 else 413)
    assert len(raws(store)) == (size == 1000)


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", SENT),
        ("gzip", compress(SENT)[:-3]),
        ("br", compress(SENT)),
        ("gzip, gzip", compress(compress(SENT))),
    ],
)
def test_other_encodings(store, serve, encoding, content):
    """What cannot be decompressed is stored as it is; nothing is lost."""
    client = serve(Receiver(store))
    answer = client.post("/", content=content, headers={"Content-Encoding": encoding})
    assert answer.status_code == 204
    kept = [*raws(store), *(entry.raw for entry in store.undecodable())]
    assert kept == [SENT[1:-1] if content == SENT else content]


def test_undecodable_is_logged(store, serve, caplog):
    """The log has the size of the body, and none of its data."""
    serve(Receiver(store)).post("/", content=b"+13125550140 secret")
    (kept,) = store.undecodable()
    assert isinstance(kept, Undecodable)
    assert "19 bytes that are not an event" in caplog.text
    assert "secret" not in caplog.text
