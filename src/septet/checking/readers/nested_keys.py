"""Texts below nested keys, as JSON and YAML have them; the first key may be a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..entries import Entry
from ..languages import parse_language

__all__ = ["Text", "entries_of"]


class Text(NamedTuple):
    """A text and its place.

    Attributes:
        path: The keys and indexes of arrays that lead to it.
        value: The text.
        line: Its line, from 1.
        column: Its column, from 1.
    """

    path: tuple[str | int, ...]
    value: str
    line: int
    column: int


def entries_of(texts: Iterable[Text]) -> Iterator[Entry]:
    """Yield texts as entries, their keys joined by dots.

    If all first keys are languages with keys below them, as in files of Rails, a first key is the
    language of the texts below it, and no part of their keys.

    Args:
        texts: The texts of a file.
    """
    kept = list(texts)
    firsts = {str(text.path[0]) for text in kept if text.path}
    is_by_language = all(len(text.path) > 1 for text in kept) and all(map(parse_language, firsts))
    for path, value, line, column in kept:
        language = parse_language(str(path[0])) if is_by_language else None
        key = ".".join(map(str, path[is_by_language:]))
        yield Entry(key, value, line, column, language)
