"""YAML of internationalisation: plain, or with a language as the first key, as Rails has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...exceptions import MissingExtraError
from ..entries import Entry, Places
from .nested_keys import Text, entries_of

__all__ = ["read_yaml"]

_MAX_DEPTH = 100
_TEXT = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> Iterator[Entry]:
    """Yield the texts of a YAML file. A text that an alias repeats is yielded once.

    PyYAML's parser gives the events of the file. No objects are made, and aliases are not followed,
    so that a small file stays small.

    Args:
        text: The file.

    Raises:
        ValueError: The file is not YAML, or nested too deeply; the message gives the place.
        MissingExtraError: PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("PyYAML", "check", "reading YAML") from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    places = Places(text)
    try:
        return entries_of(list(_texts(yaml, yaml.parse(text, Loader=loader), places)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _error(places, mark, error.problem or "not YAML") from None
    except yaml.YAMLError as error:
        raise ValueError(f"not YAML: {error}") from None


def _texts(yaml: Any, events: Any, places: Places) -> Iterator[Text]:
    """Yield the texts of the events of a file."""
    resolver = yaml.resolver.Resolver()
    # Keys and indexes; None in a mapping stands for a key that is to come.
    path: list[str | int | None] = []
    kinds: list[bool] = []
    for event in events:
        is_key = bool(kinds) and kinds[-1] and path[-1] is None
        if isinstance(event, yaml.CollectionStartEvent):
            if is_key:
                raise _error(places, event.start_mark, "a key must be a text")
            if len(path) == _MAX_DEPTH:
                raise _error(places, event.start_mark, f"more than {_MAX_DEPTH} levels")
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            kinds.append(is_mapping)
            path.append(None if is_mapping else 0)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            kinds.pop()
            path.pop()
        elif isinstance(event, yaml.ScalarEvent):
            if is_key:
                path[-1] = event.value
                continue
            tag = event.tag or resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
            if tag == _TEXT:
                keys = tuple(key for key in path if key is not None)
                # For YAML, U+0085, U+2028 and U+2029 end a line too; for editors they do not.
                yield Text(keys, event.value, *places.find(event.start_mark.index))
        elif not isinstance(event, yaml.AliasEvent):
            continue
        elif is_key:
            raise _error(places, event.start_mark, "a key must be a text")
        if kinds:  # a value has ended
            last = path[-1]
            path[-1] = None if kinds[-1] else last + 1 if isinstance(last, int) else 0


def _error(places: Places, mark: Any, reason: str) -> ValueError:
    place = "" if mark is None else f"{places.describe(mark.index)}: "
    return ValueError(f"{place}{reason}")
