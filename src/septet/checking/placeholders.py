"""Placeholders of texts, such as {name} and %1$s, filled with values of stated lengths."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["FIELD_LENGTH", "fill", "find_placeholders"]

FIELD_LENGTH = 10
"""The characters of a value whose length is not stated."""

# Quantifiers with + never give back, so that no text takes long.
_FORMAT = r"[-+#0,']*+(?:\d++|\*)?(?:\.(?:\d++|\*))?(?:hh|h|ll|l|q|z|L|t|j)?[diouxXeEfFgGaAcCsSr@]"
_PLACEHOLDER = re.compile(
    r"(?P<percent>%%)"
    r"|%(?:\d++\$)?#@(?P<apple>\w+)@"
    r"|%(?:\d++\$)?(?P<argument>arg)\b"  # in the plural forms of .xcstrings
    r"|\{\{\{?[-&]?\s*+(?P<mustache>[\w.@-]++)[^{}]*\}?\}\}"  # i18next, Handlebars, Liquid
    r"|[$%#]\{\s*+(?P<dollar>[\w.-]++)[^{}]*\}"  # templates of Python and JavaScript, Ruby
    r"|%<(?P<ruby>\w+)>" + _FORMAT + r"|%\((?P<python>[\w. -]+)\)" + _FORMAT + r"|"
    r"(?P<printf>%(?:(?P<number>\d++)\$)?" + _FORMAT + r")"
    r"|\$t\((?P<nested>[^()]*)\)"  # i18next takes another text
    r"|(?P<brace>\{\s*+(?P<name>[\w.-]*)(?:\[[^\[\]{}]*\])*\s*+(?:[!:,][^{}]*)?\})"
)


def fill(text: str, lengths: Mapping[str, int], default: int = FIELD_LENGTH) -> str:
    """Return a text with a value of letters in the place of each placeholder.

    Args:
        text: The text: {name}, {{name}}, ${name}, %{name}, %(name)s, {0}, {}, %s, %1$s, %d, %@.
        lengths: The characters of values, by the name of the placeholder. What has no name is
            called by its position: "1" is the first %s and %1$s, "0" is the first {} and {0}.
        default: The characters of other values.
    """
    if "%" not in text and "{" not in text and "$t(" not in text:
        return text
    numbers = {"%": 0, "{": -1}

    def value(match: re.Match[str]) -> str:
        if match["percent"]:
            return "%"
        start = match.start()
        if match["printf"] and start and _PERCENTAGE.match(text, start - 1):
            return match[0]
        name = next((match[kind] for kind in _NAMES if match[kind]), "")
        if not name:
            kind = "{" if match["brace"] else "%"
            numbers[kind] += 1
            name = str(numbers[kind])
        return "x" * lengths.get(name, default)

    return _PLACEHOLDER.sub(value, text)


_PERCENTAGE = re.compile(r"\d%[a-z]{2}")  # as in "50%discount"
_NAMES = ("mustache", "dollar", "ruby", "python", "number", "nested", "name", "apple", "argument")


def find_placeholders(text: str) -> list[tuple[int, int]]:
    """Return the start and the end of each placeholder."""
    return [match.span() for match in _PLACEHOLDER.finditer(text)]
