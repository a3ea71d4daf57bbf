"""Reading the provider's JSON and its fields without trusting them; needs the extra `bandwidth`.

msgspec is fast and strict about NaN and UTF-8. It refuses some valid JSON (half a surrogate pair as
an escape, very large numbers). Such JSON is read by the standard library, so that one odd field
does not lose the rest of its event. Of `bandwidth`, only this module imports msgspec.

The functions that read a field return None if its value has the wrong type. Numbers and times are
also accepted as text, because other providers send them so.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any, NoReturn

from ..exceptions import MissingExtraError
from .times import in_utc

try:
    import msgspec
except ImportError as error:
    raise MissingExtraError("msgspec", "bandwidth", "septet.bandwidth") from error

__all__ = [
    "integer_of",
    "number_of",
    "object_of",
    "read_json",
    "split_array",
    "text_of",
    "texts_of",
    "time_of",
]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOO_DEEP = "JSON is nested too deeply"
_NOT_JSON = "not JSON in UTF-8"

_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder().decode

_SPACE = (" ", "\t", "\r", "\n")
_INTEGER = re.compile(r"[0-9]{1,10}")
_LARGEST = 2**31 - 1
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,40})?(?:[Ee][+-]?[0-9]{1,3})?")


def split_array(body: bytes) -> list[bytes]:
    """Return the bytes of each entry of a JSON array; any other value is the only entry.

    The entries themselves are not checked: their texts may be invalid UTF-8.

    Args:
        body: JSON in UTF-8, with or without a byte order mark.

    Raises:
        ValueError: The bytes are not JSON, or nested too deeply; the message says which.
    """
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        return [bytes(entry) for entry in _split(body)]
    except msgspec.ValidationError:
        return [body]
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except msgspec.DecodeError as error:
        return _split_by_scanner(body, error)


def read_json(data: bytes) -> Any:
    """Return the value of a JSON text; a number that Python cannot hold becomes a text.

    Args:
        data: JSON in UTF-8.

    Raises:
        ValueError: The bytes are not JSON in UTF-8, or nested too deeply; the message says which.
    """
    try:
        return _decode(data)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:
        try:
            return _scanner.decode(data.decode())
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        except ValueError:
            raise ValueError(f"{_NOT_JSON}: {error}") from None


def _split_by_scanner(body: bytes, error: msgspec.DecodeError) -> list[bytes]:
    """Split an array that msgspec refused, or raise the error of `split_array`."""
    not_json = ValueError(f"{_NOT_JSON}: {error}")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise not_json from None
    entries = []
    index, before = _after_space(text, 0), "["
    while text.startswith(before, index):
        start = _after_space(text, index + 1)
        try:
            _, end = _scanner.raw_decode(text, start)
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        except ValueError:
            raise not_json from None
        entries.append(text[start:end].encode())
        index, before = _after_space(text, end), ","
    if entries and text.startswith("]", index) and _after_space(text, index + 1) == len(text):
        return entries
    raise not_json


def _after_space(text: str, index: int) -> int:
    while text.startswith(_SPACE, index):
        index += 1
    return index


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # longer than sys.get_int_max_str_digits()
        return digits


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_scanner = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=_refuse)


def text_of(value: object) -> str | None:
    """Return a text; None for any other value."""
    return value if isinstance(value, str) else None


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of an array, without its other values; a text is an array of one."""
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def object_of(value: object) -> dict[str, Any]:
    """Return an object; an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def integer_of(value: object) -> int | None:
    """Return an integer from 0 to 2**31 - 1, also if written as text or as 1.0; else None."""
    if isinstance(value, str):
        value = int(value) if _INTEGER.fullmatch(value) else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    return None


def number_of(value: object) -> float | None:
    """Return a finite number, also if written as text; else None."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def time_of(value: object) -> datetime | None:
    """Return a time of ISO 8601 in UTC; one without a zone is in UTC; None for other values."""
    if not isinstance(value, str):
        return None
    try:
        return in_utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return None
