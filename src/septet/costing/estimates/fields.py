"""Fields of an estimate read from JSON: each knows its path, and unknown ones are ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...exceptions import SourceError

__all__ = ["Fields", "as_label", "find_difference"]


_COUNTS = frozenset({"count", "messages", "occurrences", "segments", "without_text"})
_COLUMNS = "by"  # its keys are names of columns


class Fields(Mapping[str, Any]):
    """A JSON object whose missing fields are errors that name their path.

    Objects and arrays in it are wrapped when they are read, so unknown fields can hold anything.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        """Wrap an object.

        Args:
            values: The object.
            path: Its path, such as "cost.destinations[0]"; empty for the whole document.
        """
        self._values = values
        self._path = path

    def __getitem__(self, name: str) -> Any:
        """Return the value of a field.

        Raises:
            SourceError: It is missing, or a count is no whole number from 0, or a character no
                text of one.
        """
        path = _field(self._path, name)
        if name not in self._values:
            raise SourceError(f"not a whole estimate: {path} is missing")
        value = self._values[name]
        if name in _COUNTS and self._path != _COLUMNS and (type(value) is not int or value < 0):
            raise SourceError(f"not a whole estimate: {path} is not a whole number from 0")
        if name == "char" and not (isinstance(value, str) and len(value) == 1):
            raise SourceError(f"not a whole estimate: {path} is not one character")
        return _wrapped(value, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def as_label(value: Any) -> str | None:
    """Return the value of a column that messages are grouped by.

    Raises:
        TypeError: It is neither text nor null.
    """
    if value is None or isinstance(value, str):
        return value
    raise TypeError("expected text or null")


def find_difference(expected: Any, given: Any, tables: frozenset[str]) -> str | None:
    """Return the path of the first value that differs from the expected one; None if none does.

    Fields that only `given` has are ignored, except in tables.

    Args:
        expected: The plain values that follow from the sums.
        given: The plain values that were read.
        tables: The paths of objects whose keys are data and not names of fields.

    Raises:
        SourceError: A field is missing.
    """
    return next(_differences(expected, given, "", tables), None)


def _differences(expected: Any, given: Any, path: str, tables: frozenset[str]) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        if path in tables and expected.keys() != given.keys():
            yield path
        fields = Fields(given, path)
        for name, value in expected.items():
            yield from _differences(value, fields[name], _field(path, name), tables)
    elif isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        for index, (one, other) in enumerate(zip(expected, given, strict=True)):
            yield from _differences(one, other, f"{path}[{index}]", tables)
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
