"""Fields of an estimate read from JSON: each knows its path, and unknown ones are ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...exceptions import SourceError

__all__ = ["Fields", "differing"]


class Fields(Mapping[str, Any]):
    """A JSON object whose missing fields are errors that name their path.

    Objects and arrays in it are wrapped when they are read, so fields that nobody asks for can hold
    anything.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        """Wrap an object.

        Args:
            values: The object.
            path: Where it stands, such as "cost.destinations[0]"; empty for the whole.
        """
        self._values = values
        self._path = path

    def __getitem__(self, name: str) -> Any:
        """Return the value of a field.

        Raises:
            SourceError: It is missing.
        """
        path = _field(self._path, name)
        if name not in self._values:
            raise SourceError(f"not a whole estimate: {path} is missing")
        return _wrapped(self._values[name], path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def differing(expected: Any, given: Any, tables: frozenset[str]) -> str | None:
    """Return the path of the first value that is not as expected; None if all are.

    Fields that are only in `given` are ignored, but not in tables, whose keys are data.

    Args:
        expected: The value that follows from the other figures.
        given: The value that was read.
        tables: The paths of objects whose keys are data.

    Raises:
        SourceError: A field is missing.
    """
    return next(_differing(expected, given, "", tables), None)


def _differing(expected: Any, given: Any, path: str, tables: frozenset[str]) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        if path in tables and expected.keys() != given.keys():
            yield path
        fields = Fields(given, path)
        for name, value in expected.items():
            yield from _differing(value, fields[name], _field(path, name), tables)
    elif isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        for index, (one, other) in enumerate(zip(expected, given, strict=True)):
            yield from _differing(one, other, f"{path}[{index}]", tables)
    elif expected != given:
        yield path


def _wrapped(value: Any, path: str) -> Any:
    if isinstance(value, Mapping):
        return Fields(value, path)
    if isinstance(value, list):
        return [_wrapped(item, f"{path}[{index}]") for index, item in enumerate(value)]
    return value


def _field(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
