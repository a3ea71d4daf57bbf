"""Measure one POST of a callback: `python benchmarks/posting.py [--posts N]`.

Posts a callback to a minimal server on this machine, with the sandbox's `Poster` and with an
`AsyncClient` of httpx2, over one kept connection and one request at a time. The two take turns.
Prints the median time of a POST, in processor time of this process; the server runs in another.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpx2

from septet.bandwidth.sandbox.delivery.posting import Poster, parse_target

_BODY = b"[" + b" " * 500 + b"]"
_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "BandwidthAPI/v2"}


class _Server(asyncio.Protocol):
    """Answers 204 to each request that ends with the body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"]"):
            self._received = b""
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(_ANSWER)


def _serve(ports: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Server, "127.0.0.1", 0)
        ports.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def _time(post: Callable[[], Awaitable[object]], posts: int) -> float:
    """Return the processor time of a POST, in microseconds."""
    start = time.process_time()
    for _ in range(posts):
        await post()
    return (time.process_time() - start) / posts * 1e6


async def _measure(url: str, posts: int, rounds: int) -> dict[str, float]:
    target = parse_target(url)
    poster = Poster(_HEADERS, 64)
    async with httpx2.AsyncClient(headers=_HEADERS) as client:
        ways: dict[str, Callable[[], Awaitable[object]]] = {
            "sandbox": lambda: poster.post(target, _BODY, 10.0),
            "httpx2": lambda: client.post(url, content=_BODY),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, post in ways.items():
                times[name].append(await _time(post, posts))
    poster.close()
    return {name: statistics.median(measured) for name, measured in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=1000, help="POSTs per round")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    receiving, sending = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(sending,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{receiving.recv()}/"
    medians = asyncio.run(_measure(url, arguments.posts, arguments.rounds))
    server.terminate()
    print(f"CPython {platform.python_version()}, {platform.machine()}; µs per POST")
    for name, median in medians.items():
        print(f"{name:10}{median:8.0f}")


if __name__ == "__main__":
    main()
