"""Faults on demand: what may go wrong between a program, the provider and back.

Each fault strikes at random or every so many times, drawn from generators of its own, so that a
run that asks in the same order is struck in the same places.

    break-before    the connection is broken, and the message not taken
    refuse          the answer is this status, and the message not taken (status)
    delay-answer    the answer comes late, by real seconds (seconds)
    break-after     the message is taken, and the connection broken unanswered
    break-answer    the message is taken, and the connection broken amid the answer
    odd-answer      fields of the answer 202 are others, or its body is (fields or body)
    lose            nobody hears of the message: no callback for a recipient
    fail            the message fails for a recipient (error_code)
    reorder         the callbacks for a recipient come the wrong way round
    duplicate       a callback comes twice
    delay-callback  a callback comes late, by seconds of the sandbox's clock (seconds)
    odd-callback    fields of the event are others, or the whole body is (fields or body)
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Mapping, Sequence
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
"""Kinds, each with its parameters: one of them has to be given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and how often it strikes.

    Attributes:
        kind: What goes wrong.
        probability: How likely it is each time, from 0 to 1.
        every: Instead of it: it strikes every so many times, from 1.
        status: The HTTP status, from 400 to 599, of `refuse`.
        seconds: From 0, of the delays.
        error_code: From 1000 to 9999, of `fail`.
        fields: Values by name that replace those of the JSON object or are added to them.
        body: The body instead.

    Raises:
        FaultError: A value is not one of these.
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
            raise FaultError("kind", self.kind, f"none of {', '.join(_PARAMETERS)}")
        for name, (types, reason, is_in_range) in _RANGES.items():
            value = getattr(self, name)
            is_typed = isinstance(value, types) and not isinstance(value, bool)
            if value is not None and not (is_typed and is_in_range(value)):
                raise FaultError(name, value, reason)
        if (self.probability is None) == (self.every is None):
            raise FaultError("kind", self.kind, "needs either probability or every")
        parameters = _PARAMETERS[self.kind]
        given = [name for name in _OF_KINDS if getattr(self, name) is not None]
        for name in given:
            if name not in parameters:
                raise FaultError(name, getattr(self, name), f"not a parameter of {self.kind}")
        if parameters and len(given) != 1:
            raise FaultError("kind", self.kind, f"needs {' or '.join(parameters)}")


_OF_KINDS = ("status", "seconds", "error_code", "fields", "body")

_RANGES: dict[str, tuple[Any, str, Any]] = {
    "probability": ((int, float), "not between 0 and 1", lambda value: 0 <= value <= 1),
    "every": (int, "not a whole number from 1", lambda value: value >= 1),
    "status": (int, "not between 400 and 599", lambda value: 400 <= value <= 599),
    "seconds": ((int, float), "not a number from 0", lambda value: 0 <= value < float("inf")),
    "error_code": (int, "not between 1000 and 9999", lambda value: 1000 <= value <= 9999),
    "fields": (Mapping, "not a table", lambda _: True),
    "body": (str, "not a text", lambda _: True),
}


class Faults:
    """All that may go wrong."""

    def __init__(self, faults: Sequence[Fault] = (), *, seed: int = 0) -> None:
        """Set the generators.

        Args:
            faults: The faults; of one kind, the first that strikes is taken.
            seed: What the generators begin with.
        """
        self._dice: dict[str, list[_Die]] = {}
        for index, fault in enumerate(faults):
            generator = random.Random(f"{seed}/{index}")  # noqa: S311
            self._dice.setdefault(fault.kind, []).append(_Die(fault, generator))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Read a file in TOML, or JSON of the same shape if it is called so.

        It has `seed`, which may be left out, and an array `fault` of tables.

        Raises:
            FaultError: A key or a value is not known; the message has both.
            OSError: The file cannot be read.
        """
        source = Path(path)
        octets = source.read_bytes()
        kind, loads = ("JSON", json.loads) if source.suffix == ".json" else ("TOML", tomllib.loads)
        try:
            values = loads(octets.decode())
        except (ValueError, RecursionError) as error:
            raise FaultError("file", source.name, f"not valid {kind}: {error}") from None
        return cls.from_values(values)

    @classmethod
    def from_values(cls, values: object) -> Self:
        """Return the faults that a file's values describe.

        Raises:
            FaultError: A key or a value is not known; the error has both.
        """
        if not isinstance(values, dict):
            raise FaultError("file", values, "not a table")
        for name in values.keys() - {"seed", "fault"}:
            raise FaultError(name, values[name], "not known; there are seed and fault")
        seed, tables = values.get("seed", 0), values.get("fault", [])
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise FaultError("seed", seed, "not a whole number")
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise FaultError("fault", tables, "not an array of tables")
        return cls([_fault(table) for table in tables], seed=seed)

    def draw(self, kind: str) -> Fault | None:
        """Return the fault of a kind that strikes this time, if any."""
        dice = self._dice.get(kind)
        if dice is None:
            return None
        struck = [die.fault for die in dice if die.strikes()]
        return struck[0] if struck else None


class _Die:
    """A fault with its generator and how often it was asked for."""

    def __init__(self, fault: Fault, generator: random.Random) -> None:
        self.fault = fault
        self._generator = generator
        self._times = 0

    def strikes(self) -> bool:
        self._times += 1
        if self.fault.every is not None:
            return self._times % self.fault.every == 0
        return self._generator.random() < (self.fault.probability or 0)


def _fault(table: dict[str, Any]) -> Fault:
    names = [field.name for field in fields_of(Fault)]
    for name, value in table.items():
        if name not in names:
            raise FaultError(name, value, f"not known; a fault has {', '.join(names)}")
    if "kind" not in table:
        raise FaultError("fault", table, "has no kind")
    if not isinstance(table["kind"], str):
        raise FaultError("kind", table["kind"], "not a text")
    return Fault(**table)
