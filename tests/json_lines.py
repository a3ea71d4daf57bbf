"""Lines of JSON for tests: objects written in many ways, and damaged ones."""

from __future__ import annotations

import json
from random import Random

KEYS = ("body", "to", "n", "", "bod", "bodyy", "été", "a\\b", 'q"', "b\\u006fdy")
"""The names of members; the last is `body` in JSON, if it is written as it is."""

_TEXTS = (
    "",
    "x",
    "twelve bytes",
    "thirteen byte",
    "café",
    "“quoted”",
    "😀",
    "a😀b",
    "\x7f",
    "é" * 40,
)
_PIECES = (
    *("\\n", "\\t", '\\"', "\\\\", "\\/", "\\b", "\\f", "\\r", "\\u00e9", "\\u20AC", "\\u0000"),
    *("\\ud83d\\ude00", "\\uD83D\\uDE00", "\\ud83d", "\\ude00", "\\ud83d\\n", "\\ude00\\ud83d"),
    *("\\ud83dx", "\\ud83d\\u0041", "\\ud83d\\ud83d\\ude00", "\\x", "\\u12", "\\u12g4", "\\U0041"),
)
_NUMBERS = (
    *("0", "-0", "7", "-12", "0.0", "-0.0", "1.50", "12.00", "0.1", "0.0001", "0.00010", "0.00001"),
    *("123456789012345", "1234567890.12345", "1234567890.123456", "0.1234567890123456789", "1e5"),
    *("1E+5", "1.5e-7", "2.5e3", "99999999999999999999", "1.", ".5", "01", "-", "+1", "1e", "1e+"),
    *("0x1", "1_0", "NaN", "Infinity", "-Infinity", "9" * 301, "9" * 5_000, "1." + "0" * 350),
)
_WORDS = ("null", "true", "false", "nul", "truee", "None", "True", "fals")
_SPACES = ("", "", "", "", " ", "\t", "\r", "  \t", "\x0b", "\xa0", "\ufeff")
_NOISE = b'"\\{}[]:,0-.eEntfu \t\r\x00\x1f\x7f\x80\xbf\xc0\xc2\xe2\xed\xa0\xf0\xf4\xff'


def random_line(random: Random) -> bytes:
    """Return an object of JSON, which is damaged in one of three cases."""
    line = _object(random, 0).encode()
    if random.random() < 1 / 3:
        line = _damage(random, line)
    return line.replace(b"\n", b" ")


def _string(random: Random) -> str:
    text = random.choice(_TEXTS) * random.choice((1, 1, 1, 3))
    kind = random.random()
    if kind < 0.2:
        return json.dumps(text)
    if kind < 0.4:
        pieces = random.choices((*_PIECES[:13], *_TEXTS[:8]), k=random.randrange(6))
        return '"' + "".join(pieces) + '"'
    if kind < 0.45:
        return '"' + text + random.choice(_PIECES) + random.choice(_TEXTS) + '"'
    return json.dumps(text, ensure_ascii=False)


def _value(random: Random, depth: int) -> str:
    kind = random.random()
    if kind < 0.6:
        return _string(random)
    if kind < 0.75:
        return random.choice(_NUMBERS[: random.choice((18, len(_NUMBERS)))])
    if kind < 0.85:
        return random.choice(_WORDS[: random.choice((3, 3, 3, len(_WORDS)))])
    if depth > 5:
        return "[]"
    if kind < 0.9:
        return _object(random, depth + 1)
    if kind < 0.905:
        return "[" * (levels := random.choice((62, 63, 64, 65))) + "]" * levels
    space = _spaces(random)
    values = (_value(random, depth + 1) for _ in range(random.randrange(4)))
    return "[" + f"{space()},{space()}".join(values) + space() + "]"


def _object(random: Random, depth: int) -> str:
    space = _spaces(random)
    members = []
    for key in random.choices(KEYS[: random.choice((3, len(KEYS)))], k=random.randrange(5)):
        name = f'"{key}"' if key == KEYS[-1] else json.dumps(key, ensure_ascii=False)
        members.append(f"{name}{space()}:{space()}{_value(random, depth)}")
    return space() + "{" + space() + f"{space()},{space()}".join(members) + space() + "}" + space()


def _spaces(random: Random):
    choices = ("", " ") if random.random() < 0.9 else _SPACES
    return lambda: random.choice(choices)


def _damage(random: Random, line: bytes) -> bytes:
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(line) + 1)
        noise = bytes(random.choices(_NOISE, k=random.choice((0, 1, 1, 2))))
        line = line[:at] + noise + line[at + random.choice((0, 1, 1, 3)) :]
    return line
