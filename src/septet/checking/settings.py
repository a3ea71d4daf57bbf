"""The settings of a project: the table [tool.septet.check] of its pyproject.toml."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from ..exceptions import SourceError
from ..segmentation import Segmenter
from .limits import LimitException, Limits

__all__ = ["find_settings", "read_settings"]

_FILE = "pyproject.toml"
_TYPES: dict[str, type] = {
    "max-segments": int,
    "max-units": int,
    "encoding": str,
    "provider": str,
    "languages": list,
    "keys": list,
    "fields": dict,
    "field-length": int,
    "text": list,
    "whole-text-files": bool,
    "baseline": str,
    "exceptions": list,
}
_EXCEPTION_TYPES = {"keys": list, "files": list, "ignore": bool}
_RULES = ("provider", "languages")
_LIMITS = ("max-segments", "max-units", "encoding")
_NAMES = {int: "a whole number", str: "a text", list: "a list", dict: "a table", bool: "a boolean"}


def find_settings(folder: str) -> dict[str, Any]:
    """Return the settings of the project that a folder belongs to.

    Args:
        folder: The folder. The first pyproject.toml in it, or in a folder above it, counts.

    Returns:
        The settings as `read_settings` returns them; empty if there are none. The path of the
        baseline begins in the current folder.

    Raises:
        SourceError: The settings are wrong.
    """
    path = Path(folder).absolute()
    for parent in (path, *path.parents):
        if (parent / _FILE).is_file():
            settings = read_settings(str(parent / _FILE))
            if "baseline" in settings:
                settings["baseline"] = os.path.relpath(parent / settings["baseline"])
            return settings
    return {}


def read_settings(path: str) -> dict[str, Any]:
    """Return the settings of a pyproject.toml, with underscores in their names.

    Args:
        path: The file.

    Returns:
        The settings that it has, of the right types; "exceptions" is a list of `LimitException`.

    Raises:
        OSError: The file cannot be read.
        SourceError: It is not TOML, or a setting is unknown or wrong.
    """
    try:
        with open(path, "rb") as file:
            content: Any = tomllib.load(file)
    except ValueError as error:
        raise SourceError(f"{path}: {error}") from None
    for name in ("tool", "septet", "check"):
        content = content.get(name, {})
        if not isinstance(content, dict):
            raise SourceError(f"{path}: {name} must be a table")
    try:
        settings = _checked(content, _TYPES)
        Limits(*(settings.get(name) for name in _LIMITS))
        Segmenter(**{name: settings[name] for name in _RULES if name in settings})
        if "exceptions" in settings:
            folder = os.path.dirname(path)
            settings["exceptions"] = [_exception(each, folder) for each in settings["exceptions"]]
    except ValueError as error:
        raise SourceError(f"{path}, [tool.septet.check]: {error}") from None
    return {name.replace("-", "_"): value for name, value in settings.items()}


def _exception(table: object, folder: str) -> LimitException:
    """Return an exception from its table in a file of this folder."""
    if not isinstance(table, dict):
        raise ValueError("each of exceptions must be a table")
    limits = {name: _TYPES[name] for name in _LIMITS}
    settings = _checked(table, {**_EXCEPTION_TYPES, **limits})
    if "keys" not in settings and "files" not in settings:
        raise ValueError("an exception needs keys or files")
    given = {name.replace("-", "_"): settings[name] for name in _LIMITS if name in settings}
    Limits(**given)
    return LimitException(
        settings.get("keys", ["*"]),
        settings.get("files", []),
        given,
        settings.get("ignore", False),
        folder,
    )


def _checked(table: dict[str, Any], types: dict[str, type]) -> dict[str, Any]:
    for name, value in table.items():
        if name not in types:
            raise ValueError(f"unknown setting {name!r}; known are {', '.join(types)}")
        kind = types[name]
        given: object = type(value)
        if given is not kind:
            raise ValueError(f"{name} must be {_NAMES[kind]}, not {value!r}")
        if kind is list and name != "exceptions" and not _is_texts(value, name):
            raise ValueError(f"{name} must be a list of texts, not {value!r}")
        if kind is dict and not all(type(each) is int and each >= 0 for each in value.values()):
            raise ValueError(f"{name} must be a table of whole numbers, not {value!r}")
        if name == "field-length" and value < 0:
            raise ValueError(f"{name} must be a whole number from 0, not {value!r}")
    return dict(table)


def _is_texts(values: list[Any], name: str) -> bool:
    """Return whether all values are texts; languages may be numbers too."""
    return all(
        isinstance(value, str) or (name == "languages" and type(value) is int) for value in values
    )
