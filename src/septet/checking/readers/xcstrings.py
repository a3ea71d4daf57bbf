"""String catalogues of Xcode: .xcstrings."""

from __future__ import annotations

from collections.abc import Iterator

from ..entries import Entry, Places
from ..languages import language_tag
from .json_files import walk_json

__all__ = ["read_xcstrings"]

_VALUE = ("stringUnit", "value")
_VARIATIONS = frozenset(("variations", "plural", "device", "substitutions"))


def read_xcstrings(text: str) -> Iterator[Entry]:
    """Yield the texts of a string catalogue, and the keys that have no text in their own language.

    Args:
        text: The file.

    Raises:
        ValueError: The file is not JSON; the message gives the place.
    """
    places = Places(text)
    indexes: dict[tuple[str | int, ...], int] = {}
    source = "en"
    written = set()
    for path, value, index in walk_json(text, indexes):
        if path == ("sourceLanguage",):
            source = value
        elif path[:1] == ("strings",) and path[2:3] == ("localizations",) and path[-2:] == _VALUE:
            key, code = str(path[1]), str(path[3])
            written.add((key, code))
            forms = "".join(f"[{part}]" for part in path[4:-2] if part not in _VARIATIONS)
            yield Entry(key + forms, value, *places.find(index), language_tag(code))
    for path, index in indexes.items():
        if len(path) == 2 and path[0] == "strings" and path[1] and (path[1], source) not in written:
            key = str(path[1])
            yield Entry(key, key, *places.find(index), language_tag(source))
