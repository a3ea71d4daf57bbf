"""Functions of septet and of other Python libraries that count or cut single texts."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from .. import IMPLEMENTATION, Rules, Segmenter, analyze, count, encode, split
from .results import version_of
from .timing import processor_milliseconds

__all__ = ["FACTS", "OCTETS", "PACKAGES", "PARTS", "Contender", "contenders"]

FACTS = "encoding and units"
PARTS = "texts of segments"
OCTETS = "octets of segments"


@dataclass(frozen=True)
class Contender:
    """A function that is measured.

    Attributes:
        section: What it returns.
        name: What the table calls it.
        run: Calls it once for each text, and returns the time of the processor in milliseconds.
        segments: Returns the segments that it counts in each text.
        share: It gets one of so many texts, because it is slow.
        is_septet: Whether it is septet's.
    """

    section: str
    name: str
    run: Callable[[], float]
    segments: Callable[[], list[int]]
    share: int = 1
    is_septet: bool = False


class _Library(NamedTuple):
    """A library.

    Attributes:
        package: Its distribution.
        section: What its function returns.
        name: The name of the function.
        load: Imports it and returns the function.
        segments: Returns the number of segments in a result.
    """

    package: str
    section: str
    name: str
    load: Callable[[], Callable[[str], Any]]
    segments: Callable[[Any], int]


_LIBRARIES = (
    _Library(
        *("sms-counter", FACTS, "count"),
        lambda: import_module("sms.counter").SMSCounter().count,
        lambda result: result.segment,
    ),
    _Library(
        *("smsutil", PARTS, "split"),
        lambda: import_module("smsutil").split,
        lambda result: len(result.parts),
    ),
    _Library(
        *("smpplib", OCTETS, "make_parts"),
        lambda: import_module("smpplib.gsm").make_parts,
        lambda result: len(result[0]),
    ),
)
PACKAGES = tuple(library.package for library in _LIBRARIES)


def contenders(texts: Sequence[str]) -> list[Contender]:
    """Return septet's functions and those of the libraries that are installed.

    Args:
        texts: The texts that they get.
    """
    pure = Segmenter.from_rules(Rules(), "python")
    functions: list[tuple[str, str, Callable[[str], Any], Callable[[Any], int]]] = [
        (FACTS, "septet `analyze`", analyze, lambda analysis: analysis.segment_count),
        (FACTS, "septet `count` (no units)", count, int),
        (FACTS, "septet `count` (pure Python)", pure.count, int),
        (PARTS, "septet `split`", split, len),
        (OCTETS, "septet `encode`", encode, len),
    ]
    if IMPLEMENTATION == "python":
        del functions[2]
    with warnings.catch_warnings(action="ignore"):  # about what the libraries depend on
        functions += [
            (each.section, f"{each.package} {version} `{each.name}`", each.load(), each.segments)
            for each in _LIBRARIES
            if (version := version_of(each.package))
        ]
    return [
        _contender(section, name, function, segments, texts)
        for section, name, function, segments in functions
    ]


def _contender(
    section: str,
    name: str,
    function: Callable[[str], Any],
    segments: Callable[[Any], int],
    texts: Sequence[str],
) -> Contender:
    def call_each() -> None:
        for text in texts:
            function(text)

    return Contender(
        section,
        name,
        partial(processor_milliseconds, call_each),
        lambda: [segments(function(text)) for text in texts],
        is_septet=name.startswith("septet"),
    )
