"""JSON of price APIs as rows: objects in objects become columns, objects in lists become rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from .....exceptions import RateCardError
from ..values.headings import read_heading

__all__ = ["read_json"]

Cells: TypeAlias = dict[str, str]

_COUNTRY_KEY = re.compile("[A-Z]{2}")
_SMALL_EXPONENT = re.compile("[eE][+-]?[0-9]{1,2}$")


def read_json(name: str, text: str) -> Iterator[tuple[str, Cells]]:
    """Yield the rows of a JSON file, or of one with a JSON object on each line.

    An object with a price is a row, and so is each object in a list inside it: a network of a
    country. The second has what the first says, but not its price.

    Args:
        name: The name of the file, for messages.
        text: The content of the file.

    Yields:
        The place of each row ("countries[2].networks[0]"), and its cells by the keys that lead to
        them ("networks.price"). Numbers are as they are written, but without exponents.

    Raises:
        RateCardError: The text is not JSON, or an object has a key twice.
    """
    content: Any
    try:
        content = _load(name, text)
    except json.JSONDecodeError as error:
        try:
            content = [_load(name, line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            message = f"{name}, line {error.lineno}: not valid JSON: {error.msg}"
            raise RateCardError(message) from error
    except RecursionError as error:
        raise RateCardError(f"{name}: too many objects in objects") from error
    yield from _rows(content, "", "", {})


def _load(name: str, text: str) -> Any:
    def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) < len(pairs):
            names = [key for key, _ in pairs]
            key = next(key for key in names if names.count(key) > 1)
            raise RateCardError(f"{name}: an object has the key {key!r} more than once")
        return keys

    return json.loads(
        text, parse_float=_without_exponent, parse_int=str, object_pairs_hook=read_object
    )


def _without_exponent(number: str) -> str:
    """Return the same number without an exponent; 5e-05 is how JSON is made of 0.00005."""
    return f"{Decimal(number):f}" if _SMALL_EXPONENT.search(number) else number


def _rows(value: Any, path: str, place: str, outer: Cells) -> Iterator[tuple[str, Cells]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _rows(item, path, f"{place}[{index}]", outer)
    elif isinstance(value, dict):
        if len(value) > 1 and all(map(_COUNTRY_KEY.fullmatch, value)):  # {"DE": …, "FR": …}
            for key, item in value.items():
                item = item if isinstance(item, dict) else {"price": item}
                yield from _rows({"iso": key, **item}, path, _join(place, key), outer)
            return
        cells: Cells = {}
        lists: list[tuple[str, Any]] = []
        _collect(value, path, cells, lists)
        has_price = any(text and _is_price(key) for key, text in cells.items())
        if has_price or not lists:
            yield place, outer | cells
        inner = outer | {key: text for key, text in cells.items() if not _is_price(key)}
        for key, item in lists:
            tail = key.removeprefix(path).removeprefix(".")
            yield from _rows(item, key, _join(place, tail), inner)


def _collect(value: dict[str, Any], path: str, cells: Cells, lists: list[tuple[str, Any]]) -> None:
    """Sort what an object holds, and what objects in it hold, into cells and lists of objects."""
    for key, item in value.items():
        key = _join(path, key)
        if isinstance(item, dict) and not (
            len(item) > 1 and all(map(_COUNTRY_KEY.fullmatch, item))
        ):
            _collect(item, key, cells, lists)
        elif isinstance(item, dict) or (
            isinstance(item, list) and any(isinstance(entry, (dict, list)) for entry in item)
        ):
            if _is_price(_join(key, "price")):
                lists.append((key, item))
            else:  # inbound prices, or those of calls
                cells[key] = ""
        elif isinstance(item, list):
            cells[key] = "; ".join(map(_text, item))
        else:
            cells[key] = _text(item)


def _text(value: Any) -> str:
    # A lone surrogate, which JSON can hold, could not be written.
    return "" if value is None else str(value).strip().encode("utf-8", "replace").decode()


def _is_price(key: str) -> bool:
    return read_heading(key).role == "price"


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
