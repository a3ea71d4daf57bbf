"""Faults that the sandbox injects into requests, answers and callbacks.

Each fault occurs at random or at every n-th opportunity. Each has its own seeded generator, so a
run with the same order of events has the same faults.

    break-before    the message is not accepted, and the connection is closed
    refuse          the message is not accepted, and the answer has this status (status)
    delay-answer    the answer is late, in real seconds (seconds)
    break-after     the message is accepted, and the connection is closed without an answer
    break-answer    the message is accepted, and the connection is closed within the answer
    odd-answer      the 202 answer has changed fields, or another body (fields or body)
    lose            the message is lost: no callbacks for a recipient
    fail            the message fails for a recipient (error_code)
    reorder         the callbacks for a recipient arrive in reverse order
    duplicate       a callback is posted twice
    delay-callback  a callback is late, in seconds of the sandbox's clock (seconds)
    odd-callback    a callback has changed fields, or another body (fields or body)
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields as fields_of
from os import PathLike
from pathlib import Path
from typing import Any, Self

from ..exceptions import FaultError

__all__ = ["Fault", "Faults"]

_PARAMETERS: dict[str, tuple[str, ...]] = {
    "break-before": (),
    "refuse": ("status",),
    "delay-answer": ("seconds",),
    "break-after": (),
    "break-answer": (),
    "odd-answer": ("fields", "body"),
    "lose": (),
    "fail": ("error_code",),
    "reorder": (),
    "duplicate": (),
    "delay-callback": ("seconds",),
    "odd-callback": ("fields", "body"),
}
"""The parameters of each kind; exactly one of them must be given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and how often it occurs.

    Attributes:
        kind: The kind of fault, as listed in the documentation of the sandbox.
        probability: The probability at each opportunity, from 0 to 1.
        every: Instead of a probability, the fault occurs at every n-th opportunity, from 1.
        status: The HTTP status of `refuse`, from 400 to 599.
        seconds: The delay, from 0.
        error_code: The error code of `fail`, from 1000 to 9999.
        fields: Fields to change in, or add to, the JSON object.
        body: The text that replaces the body.

    Raises:
        FaultError: A value is unknown or out of range.
    """

    kind: str
    probability: float | None = None
    every: int | None = None
    status: int | None = None
    seconds: float | None = None
    error_code: int | None = None
    fields: Mapping[str, Any] | None = None
    body: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in _PARAMETERS:
            raise FaultError("kind", self.kind, f"expected one of {', '.join(_PARAMETERS)}")
        for name, (types, expected, is_in_range) in _RANGES.items():
            value = getattr(self, name)
            is_typed = isinstance(value, types) and not isinstance(value, bool)
            if value is not None and not (is_typed and is_in_range(value)):
                raise FaultError(name, value, f"expected {expected}")
        if (self.probability is None) == (self.every is None):
            raise FaultError("kind", self.kind, "needs either probability= or every=")
        parameters = _PARAMETERS[self.kind]
        given = [name for name in _PARAMETER_NAMES if getattr(self, name) is not None]
        for name in given:
            if name not in parameters:
                raise FaultError(name, getattr(self, name), f"not a parameter of {self.kind}")
        if parameters and len(given) != 1:
            raise FaultError("kind", self.kind, f"needs {' or '.join(parameters)}")


_PARAMETER_NAMES = ("status", "seconds", "error_code", "fields", "body")

_RANGES: dict[str, tuple[Any, str, Any]] = {
    "probability": ((int, float), "a number from 0 to 1", lambda value: 0 <= value <= 1),
    "every": (int, "an integer from 1", lambda value: value >= 1),
    "status": (int, "an integer from 400 to 599", lambda value: 400 <= value <= 599),
    "seconds": ((int, float), "a number from 0", lambda value: 0 <= value < float("inf")),
    "error_code": (int, "an integer from 1000 to 9999", lambda value: 1000 <= value <= 9999),
    "fields": (Mapping, "a table", lambda _: True),
    "body": (str, "a string", lambda _: True),
}


class Faults:
    """The faults of a sandbox."""

    def __init__(self, faults: Sequence[Fault] = (), *, seed: int = 0) -> None:
        """Seed the generators.

        Args:
            faults: The faults; if several of a kind occur at once, the first one counts.
            seed: The seed of the random generators.
        """
        self._draws: dict[str, list[_FaultDraw]] = {}
        for index, fault in enumerate(faults):
            generator = random.Random(f"{seed}/{index}")  # noqa: S311
            self._draws.setdefault(fault.kind, []).append(_FaultDraw(fault, generator))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Read a TOML file, or a JSON file (`.json`) with the same structure.

        It has an array `fault` (or `faults`) of tables, and optionally `seed`.

        Args:
            path: The file.

        Raises:
            FaultError: A key or a value is invalid; the message has both.
            OSError: The file cannot be read.
        """
        source = Path(path)
        content = source.read_bytes()
        kind, loads = ("JSON", json.loads) if source.suffix == ".json" else ("TOML", tomllib.loads)
        try:
            values = loads(content.decode())
        except (ValueError, RecursionError) as error:
            raise FaultError("file", source.name, f"not valid {kind}: {error}") from None
        with _place(source.name):
            return cls.from_values(values)

    @classmethod
    def from_values(cls, values: object) -> Self:
        """Return the faults that the values of a file describe.

        Args:
            values: A table with the array `fault` (or `faults`) and optionally `seed`.

        Raises:
            FaultError: A key or a value is invalid; the message has both.
        """
        if not isinstance(values, dict):
            raise FaultError("file", values, "expected a table")
        for name in values.keys() - {"seed", "fault", "faults"}:
            raise FaultError(name, values[name], "unknown key; the keys are seed and fault")
        if {"fault", "faults"} <= values.keys():
            raise FaultError("faults", values["faults"], "give all faults under one key: fault")
        seed, tables = values.get("seed", 0), values.get("fault", values.get("faults", []))
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise FaultError("seed", seed, "expected an integer")
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise FaultError("fault", tables, "expected an array of tables")
        faults = []
        for number, table in enumerate(tables, 1):
            with _place(f"fault {number}"):
                faults.append(_fault(table))
        return cls(faults, seed=seed)

    def draw(self, kind: str) -> Fault | None:
        """Return the fault of a kind that occurs at this opportunity, if any."""
        draws = self._draws.get(kind, ())
        occurring = [draw.fault for draw in draws if draw.occurs()]
        return occurring[0] if occurring else None


class _FaultDraw:
    """A fault with its generator and the number of opportunities so far."""

    def __init__(self, fault: Fault, generator: random.Random) -> None:
        self.fault = fault
        self._generator = generator
        self._opportunities = 0

    def occurs(self) -> bool:
        self._opportunities += 1
        if self.fault.every is not None:
            return self._opportunities % self.fault.every == 0
        return self._generator.random() < (self.fault.probability or 0)


@contextmanager
def _place(name: str) -> Iterator[None]:
    """Add a place to the reason of an error."""
    try:
        yield
    except FaultError as error:
        raise FaultError(error.key, error.value, f"{error.reason} (in {name})") from None


def _fault(table: dict[str, Any]) -> Fault:
    names = [field.name for field in fields_of(Fault)]
    for name, value in table.items():
        if name not in names:
            raise FaultError(name, value, f"unknown key; the keys are {', '.join(names)}")
    if "kind" not in table:
        raise FaultError("fault", table, "the key kind is missing")
    if not isinstance(table["kind"], str):
        raise FaultError("kind", table["kind"], "expected a string")
    return Fault(**table)
