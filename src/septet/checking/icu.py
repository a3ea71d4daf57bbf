"""ICU messages: the texts that a message with plural and select arguments can become."""

from __future__ import annotations

import re
from itertools import product

__all__ = ["expand", "is_icu"]

_MAX_VARIANTS = 64
_MAX_DEPTH = 20
_ARGUMENT = re.compile(r"\{\s*([\w.-]+)\s*,\s*(plural|selectordinal|select)\s*,")
_OFFSET = re.compile(r"\s*offset\s*:\s*\d+")
_SELECTOR = re.compile(r"\s*(=?[\w.-]+)\s*\{")
_END = re.compile(r"\s*\}")
# Where literal text ends. An apostrophe quotes only what begins with a brace, or # in a plural.
_QUOTED = re.compile(r"''|'([{}#|](?:[^']|'')*)(?:'|$)")


def is_icu(text: str) -> bool:
    """Return whether a text has a plural or select argument."""
    return _ARGUMENT.search(text) is not None


def expand(text: str) -> list[str]:
    """Return the texts that an ICU message can become; simple arguments remain in them.

    A text that is not a valid message is returned as it is. If there would be more than 64 texts,
    the longest branch of each argument is taken.

    Args:
        text: The message, as in "{n, plural, one {# file} other {# files}}". A # becomes {n}.
    """
    try:
        variants, end = _message(text, 0, "", 0)
    except ValueError:
        return [text]
    return variants if end == len(text) else [text]


def _message(text: str, index: int, plural: str, depth: int) -> tuple[list[str], int]:
    """Return the variants of a message, and the index of the brace that ends it."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    parts: list[list[str]] = []
    literal: list[str] = []
    while index < len(text):
        char = text[index]
        if char == "'" and (match := _QUOTED.match(text, index)):
            literal.append("'" if match[1] is None else match[1].replace("''", "'"))
            index = match.end()
        elif char == "{" and (match := _ARGUMENT.match(text, index)):
            parts.append(["".join(literal)])
            literal = []
            name = match[1] if match[2] != "select" else plural
            branches, index = _branches(text, match.end(), name, depth)
            parts.append(branches)
        elif char == "{":
            end = text.find("}", index) + 1
            if not end:
                raise ValueError("a brace is not closed")
            literal.append(text[index:end])
            index = end
        elif char == "}":
            break
        else:
            literal.append(f"{{{plural}}}" if char == "#" and plural else char)
            index += 1
    parts.append(["".join(literal)])
    return _combine(parts), index


def _branches(text: str, index: int, plural: str, depth: int) -> tuple[list[str], int]:
    """Return the variants of all branches of an argument, and the index after the argument."""
    if match := _OFFSET.match(text, index):
        index = match.end()
    branches: list[str] = []
    while match := _SELECTOR.match(text, index):
        variants, index = _message(text, match.end(), plural, depth + 1)
        branches += variants
        index += 1  # the brace
    match = _END.match(text, index)
    if match is None or not branches:
        raise ValueError("an argument is not closed")
    return list(dict.fromkeys(branches)), match.end()


def _combine(parts: list[list[str]]) -> list[str]:
    count = 1
    for variants in parts:
        count *= len(variants)
    if count > _MAX_VARIANTS:
        parts = [[max(variants, key=len)] for variants in parts]
    return ["".join(variant) for variant in product(*parts)]
