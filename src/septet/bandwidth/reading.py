"""What the provider's JSON says, without trust in any of it: extra `bandwidth`.

msgspec reads it: fast, and strict about NaN and UTF-8. What JSON allows and msgspec does not take
(half a surrogate pair as an escape, numbers of any size) is left to the standard library, so that
no field, however odd, spoils the event it came with. This is the only place that imports msgspec.

The fields are read by functions that answer None where a value is not what it should be. Numbers
and times have arrived as text elsewhere, so both are taken as text too.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any, NoReturn

from ..exceptions import MissingExtraError

try:
    import msgspec
except ImportError as error:
    raise MissingExtraError("msgspec", "bandwidth", "septet.bandwidth") from error

__all__ = ["integer_of", "object_of", "read_json", "split_array", "text_of", "texts_of", "time_of"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOO_DEEP = "JSON is nested too deeply"
_NO_JSON = "not JSON in UTF-8"

_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder().decode

_SPACE = (" ", "\t", "\r", "\n")
_INTEGER = re.compile(r"[0-9]{1,10}")
_LARGEST = 2**31 - 1


def split_array(body: bytes) -> list[bytes]:
    """Return the entries of a JSON array, each in its own octets; any other value is one entry.

    What stands in an entry is not looked at further: its texts may be no UTF-8.

    Raises:
        ValueError: The octets are not JSON, or nested too deeply; the message says which.
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


def read_json(octets: bytes) -> Any:
    """Return the value of a JSON text; a number that Python cannot hold is its digits.

    Raises:
        ValueError: The octets are not JSON in UTF-8, or nested too deeply; the message says which.
    """
    try:
        return _decode(octets)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:
        try:
            return _scanner.decode(octets.decode())
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        except ValueError:
            raise ValueError(f"{_NO_JSON}: {error}") from None


def _split_by_scanner(body: bytes, error: msgspec.DecodeError) -> list[bytes]:
    """Do what `split_array` does with an array that msgspec refused, or refuse it as well."""
    no_json = ValueError(f"{_NO_JSON}: {error}")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise no_json from None
    entries = []
    index, before = _after_space(text, 0), "["
    while text.startswith(before, index):
        start = _after_space(text, index + 1)
        try:
            _, end = _scanner.raw_decode(text, start)
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        except ValueError:
            raise no_json from None
        entries.append(text[start:end].encode())
        index, before = _after_space(text, end), ","
    if entries and text.startswith("]", index) and _after_space(text, index + 1) == len(text):
        return entries
    raise no_json


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
    """Return a value that is text."""
    return value if isinstance(value, str) else None


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of an array, without what is none; a text by itself is an array of one."""
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def object_of(value: object) -> dict[str, Any]:
    """Return a value that is an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def integer_of(value: object) -> int | None:
    """Return a count or code from 0 to 2**31 - 1, also one that is written as text or as 1.0."""
    if isinstance(value, str):
        value = int(value) if _INTEGER.fullmatch(value) else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    return None


def time_of(value: object) -> datetime | None:
    """Return a time of ISO 8601 in UTC; one that names no zone is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
