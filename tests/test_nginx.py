"""Callbacks through a real nginx, with the configuration that docs/how-to/nginx.md shows."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("httpx2")
pytest.importorskip("sqlalchemy")
pytest.importorskip("uvicorn")

import httpx2

from septet.bandwidth import Receiver, open_store
from septet.serving import Server

PAGE = Path(__file__).parents[1] / "docs/how-to/nginx.md"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
OPENSSL = shutil.which("openssl")
PASSWORD = ("bandwidth", "secret")
BODY = b'[{"type": "message-recalled"}]'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def folder(request, tmp_path_factory) -> Path:
    """The folder for the certificate and the files of nginx."""
    if not (NGINX and OPENSSL) and not request.config.getoption("--require-nginx"):
        pytest.skip("there is no nginx, or no openssl")
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-keyout", "key", "-out", "pem", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def store(folder) -> Iterator[object]:
    with open_store(folder / "events.db") as store:
        yield store


@pytest.fixture
def receiver(store) -> Iterator[Server]:
    username, password = PASSWORD
    with Server(Receiver(store, username=username, password=password)) as server:
        yield server


@pytest.fixture
def client(folder, receiver) -> Iterator[object]:
    """A client for nginx with the configuration of the page, with paths of this machine."""
    (block,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    port = free_port()
    for there, here in (
        ("127.0.0.1:8080", receiver.url.removeprefix("http://")),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("/etc/ssl/sms.example.com.", f"{folder}/"),
    ):
        assert there in block
        block = block.replace(there, here)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} pid {folder}/pid; daemon off;"
        f"events {{}} http {{ access_log off; {temporary} {block} }}"
    )
    process = subprocess.Popen(
        [NGINX, "-c", folder / "nginx.conf", "-e", folder / "errors", "-p", folder]
    )
    try:
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        trusted = ssl.create_default_context(cafile=folder / "pem")
        with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=trusted) as client:
            yield client
    finally:
        process.terminate()
        process.wait(10)


def test_callbacks_are_kept(client, store) -> None:
    """With the password, an event is stored once, however often it arrives."""
    for _ in range(2):
        assert client.post("/bandwidth", content=BODY, auth=PASSWORD).status_code == 204
    assert store.event_count() == 1


def test_other_requests_are_refused(client) -> None:
    """Requests without the password, too large, or to another address."""
    assert client.post("/bandwidth", content=BODY).status_code == 401
    assert client.post("/bandwidth", content=b" " * (1 << 20), auth=PASSWORD).status_code == 204
    large = client.post("/bandwidth", content=b" " * ((1 << 20) + 1), auth=PASSWORD)
    assert large.status_code == 413
    assert client.get("/healthz").status_code == 200
    for path in ("/metrics", "/", "/bandwidth/metrics"):
        assert client.get(path).status_code == 404


def test_requests_of_the_page(client, store) -> None:
    """Each request on the page gets the answer that is shown there."""
    requests = re.findall(
        r"^\$ curl -si https://sms.example.com(/\w+) (-u \w+ )?-d '(.*)' .*\nHTTP/1.1 (\d+) ",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(requests) == 2
    before = store.undecodable_count()
    for path, user, body, status in requests:
        answer = client.post(path, content=body.encode(), auth=PASSWORD if user else None)
        assert answer.status_code == int(status)
    assert store.undecodable_count() == before + 1


def test_service_of_the_page(tmp_path) -> None:
    """The command of the unit runs, with the password as systemd hands it over."""
    (unit,) = re.findall(r"```ini\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (command,) = re.findall(r"^ExecStart=(.*)$", unit.replace("\\\n", ""), re.MULTILINE)
    (tmp_path / "callback-password").write_text(PASSWORD[1] + "\n")
    for there, here in (
        ("${CREDENTIALS_DIRECTORY}", str(tmp_path)),
        ("/opt/septet/bin/septet", f"{sys.executable} -m septet"),
        ("/var/lib/septet", str(tmp_path)),
        ("8080", "0"),
    ):
        assert there in command
        command = command.replace(there, here)
    with subprocess.Popen(command.split(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        answers = [httpx2.post(url, content=BODY, auth=auth) for auth in (None, PASSWORD)]
        process.terminate()
    assert [answer.status_code for answer in answers] == [401, 204]
    assert (tmp_path / "events.db").stat().st_mode & 0o777 == 0o600


def test_log_behind_nginx(client, caplog) -> None:
    """The log has the address of nginx's client, not that of nginx, and believes no one else."""
    client.post("/bandwidth", content=BODY, headers={"X-Forwarded-For": "203.0.113.7"})
    assert "401 for 127.0.0.1: no credentials" in caplog.text


def test_stopped_receiver(client, receiver) -> None:
    """The answer is not 2xx, so Bandwidth tries again."""
    receiver.__exit__()
    assert client.post("/bandwidth", content=BODY, auth=PASSWORD).status_code == 502
