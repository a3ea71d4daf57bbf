"""What benchmarks measured: groups of rows, the machine, and both as JSON."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import IMPLEMENTATION, __version__

__all__ = ["Group", "Results", "Row", "describe_machine", "install", "version_of"]

_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Row:
    """The time of the processor that one function or program took, on all of its threads.

    Attributes:
        section: What it is compared within; `ratio`s are those of its first row.
        name: The function, in back-ticks where it is code.
        messages: The messages of one round.
        best: The time of the best round, in milliseconds.
        median: The median time of a round, in milliseconds.
        is_septet: Whether it is septet's.
        differing: The messages that it counts differently from septet; None if it is not a counter.
        elapsed: The shortest elapsed time in milliseconds, if it is a process of its own.
        megabytes: The median of its peak memory, if it is a process of its own.
    """

    section: str
    name: str
    messages: int
    best: float
    median: float
    is_septet: bool = False
    differing: int | None = None
    elapsed: float | None = None
    megabytes: float | None = None

    @property
    def rate(self) -> float:
        """Messages a second, by the median."""
        return self.messages / self.median * 1e3


@dataclass(frozen=True)
class Group:
    """The rows of one benchmark.

    Attributes:
        title: What was measured, in a few words.
        description: A sentence about the messages and the others.
        heading: What the sections are.
        rows: The rows; those of a section are beside each other, and septet's is the first.
        notes: Sentences for below the table.
        missing: What was not compared, as commands that install it.
    """

    title: str
    description: str
    heading: str
    rows: list[Row]
    notes: list[str]
    missing: list[str]

    def ratio(self, row: Row) -> float:
        """Return the time of a message as a multiple of that of the section's first row."""
        first = next(each for each in self.rows if each.section == row.section)
        return first.rate / row.rate


@dataclass(frozen=True)
class Results:
    """What one run measured.

    Attributes:
        machine: A line about the machine and the versions in use.
        groups: The groups by name.
    """

    machine: str
    groups: dict[str, Group]

    def to_dict(self) -> dict[str, Any]:
        """Return it as an object for `json`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Results:
        """Read what `to_dict` returned."""
        groups = {
            name: Group(**group | {"rows": [Row(**row) for row in group["rows"]]})
            for name, group in values["groups"].items()
        }
        return cls(values["machine"], groups)


def version_of(package: str) -> str | None:
    """Return the version of a distribution, or None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def install(packages: Iterable[str]) -> list[str]:
    """Return the command that installs those packages that are not installed, if there are any."""
    names = " ".join(name for name in packages if version_of(name) is None)
    return [f"pip install {names}"] if names else []


def describe_machine(packages: Iterable[str], rounds: int) -> str:
    """Return a line about this machine, septet, and those packages that are installed."""
    versions = [f"{name} {version}" for name in packages if (version := version_of(name))]
    return "; ".join(
        [
            f"septet {__version__} ({IMPLEMENTATION})",
            f"{platform.python_implementation()} {platform.python_version()}",
            f"{platform.system()}, {_processor()}, {os.cpu_count()} cores",
            *([", ".join(versions)] if versions else []),
            f"{rounds} rounds in turns",
            f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        ]
    )


def _processor() -> str:
    """Return the name of the processor; Python knows it only on some systems."""
    try:
        with _CPU_INFO.open(encoding="utf-8") as lines:
            name = next((line for line in lines if line.startswith("model name")), "")
    except OSError:
        name = ""
    return name.partition(":")[2].strip() or platform.processor() or platform.machine()
