"""The libraries that compare.py compares, and the worker that times one of them.

Runs inside the environment that compare.py creates, one process for each library:
`python contenders.py NAME MESSAGES RUNS` prints one JSON object. Only the loop of calls is timed.
The corpus is created before it and the results are discarded; another pass, which is not timed,
collects the segments of every message.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import corpora

_WARM_UP = 2_000


@dataclass(frozen=True)
class Contender:
    """One library's call.

    Attributes:
        package: The distribution to install, with its version; empty for this project.
        makes: A description of the result of one call.
        load: Imports the library and returns the function to call.
        segments: Returns the number of segments in a result of the call.
        implementation: For this project, the implementation to run.
    """

    package: str
    makes: str
    load: Callable[[], Callable[[str], Any]]
    segments: Callable[[Any], int]
    implementation: str = ""


def _attribute(module: str, name: str) -> Callable[[], Callable[[str], Any]]:
    """Return a function that imports the module only when it is called."""

    def load() -> Callable[[str], Any]:
        call: Callable[[str], Any] = getattr(importlib.import_module(module), name)
        return call

    return load


def _sms_counter() -> Callable[[str], Any]:
    call: Callable[[str], Any] = importlib.import_module("sms.counter").SMSCounter().count
    return call


CONTENDERS = {
    "septet count": Contender("", "a number", _attribute("septet", "count"), int, "compiled"),
    "septet analyze": Contender(
        "",
        "encoding, units, segments, units left",
        _attribute("septet", "analyze"),
        lambda analysis: int(analysis.segment_count),
        "compiled",
    ),
    "septet split": Contender("", "the segments", _attribute("septet", "split"), len, "compiled"),
    "septet encode": Contender(
        "", "the octets of each segment, packed", _attribute("septet", "encode"), len, "compiled"
    ),
    "septet count, pure": Contender("", "a number", _attribute("septet", "count"), int, "python"),
    "smsutil split": Contender(
        "smsutil==1.1.3",
        "the text, length and octets of each part",
        _attribute("smsutil", "split"),
        lambda result: len(result.parts),
    ),
    "smpplib make_parts": Contender(
        "smpplib==2.2.4",
        "the octets of each part, not packed",
        _attribute("smpplib.gsm", "make_parts"),
        lambda result: len(result[0]),
    ),
    "sms-counter count": Contender(
        "sms-counter==0.0.1",
        "encoding, characters, segments",
        _sms_counter,
        lambda result: int(result.segment),
    ),
}


def time_calls(call: Callable[[str], Any], texts: Sequence[str]) -> tuple[float, float]:
    """Call the function once per text; return the elapsed time and the CPU time in seconds."""
    processor, elapsed = time.process_time(), time.perf_counter()
    for text in texts:
        call(text)
    return time.perf_counter() - elapsed, time.process_time() - processor


def _work(name: str, messages: int, runs: int) -> dict[str, Any]:
    contender = CONTENDERS[name]
    call = contender.load()
    texts = corpora.mixed(messages)
    for text in texts[:_WARM_UP]:
        call(text)
    times = [time_calls(call, texts) for _ in range(runs)]
    return {
        "wall_seconds": [wall for wall, _ in times],
        "cpu_seconds": [cpu for _, cpu in times],
        "segments": [contender.segments(call(text)) for text in texts],
    }


if __name__ == "__main__":
    json.dump(_work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
