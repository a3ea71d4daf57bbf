"""The words of headings and names, without case, accents and marks."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["split_camel_case", "words_of"]

_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLURALS = ("s", "es")  # of "code(s)"
_WORD = re.compile(r"[a-z0-9]+")


def split_camel_case(text: str) -> str:
    """Return a text with "_" where a capital begins a word: "dial_Code" for "dialCode"."""
    return _CAMEL_CASE.sub("_", text)


def words_of(text: str) -> list[str]:
    """Return the words of a text without case, accents and marks: "Price/msg" is price, msg."""
    plain = unicodedata.normalize("NFKD", split_camel_case(text)).casefold()
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return [word for word in words if word not in _PLURALS]
