"""Measure durable callbacks a second: `python benchmarks/receiver.py [--seconds N] [--store URL]`.

Runs `septet bandwidth receive`, and posts callbacks to it with wrk (a Debian package) over 64
connections on the same machine. Each callback has one event, for a different message. Prints the
number of 2xx answers a second, their latency, the receiver's memory at the start, in the middle and
at the end, and the number of events in the store.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from septet.bandwidth import open_store

_SCRIPT = """
local number = os.time() * 1e6
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json; charset=utf-8"
wrk.headers["User-Agent"] = "BandwidthAPI/v2"
local head = '[{"type":"message-delivered","time":"2026-11-04T09:10:05.000Z","to":"+13125550141",'
  .. '"description":"Message delivered to carrier","message":{"id":"'
local tail = '","owner":"+12025550100","applicationId":"5d1b7c0e-7a7d-4f2e-9b80-a3a7e9f4a001",'
  .. '"time":"2026-11-04T09:10:00.000Z","segmentCount":1,"direction":"out",'
  .. '"to":["+13125550141"],"from":"+12025550100","text":"","tag":"campaign-1"}}]'
function request()
  number = number + 1
  return wrk.format(nil, nil, nil, head .. string.format("%d", number) .. tail)
end
"""


def _memory(process: subprocess.Popen[str]) -> float:
    """Return the resident memory of a process, in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(process.pid)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--store", metavar="URL", help="default: an SQLite file that is removed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.store or f"sqlite:///{folder}/events.db"
        with open_store(url) as store:
            before = store.event_count()
        script = Path(folder, "post.lua")
        script.write_text(_SCRIPT)
        command = ["bandwidth", "receive", "--store", url, "--port", "0"]
        receive = [sys.executable, "-m", "septet", *command]
        with subprocess.Popen(receive, stdout=subprocess.PIPE, text=True) as receiver:
            assert receiver.stdout is not None
            address = receiver.stdout.readline().split()[-1]
            wrk = ["wrk", "-t1", f"-c{arguments.connections}", "--latency"]
            run = [*wrk, f"-d{arguments.seconds}", "-s", str(script), address]
            subprocess.run(
                [*wrk, "-d2", "-s", str(script), address], check=True, stdout=subprocess.DEVNULL
            )
            memory = [_memory(receiver)]
            with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as load:
                time.sleep(arguments.seconds / 2)
                memory.append(_memory(receiver))
                output, _ = load.communicate()
            memory.append(_memory(receiver))
            receiver.terminate()
        with open_store(url) as store:
            kept = store.event_count() - before
    print(f"CPython {platform.python_version()}, {arguments.seconds} s, {url.partition(':')[0]}")
    print(output)
    print("Receiver's memory: " + ", ".join(f"{size:.0f} MB" for size in memory))
    print(f"Events in the store: {kept:,} (including two seconds of warm-up)")


if __name__ == "__main__":
    main()
