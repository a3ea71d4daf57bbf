"""Bodies of callbacks: those of vectors/bandwidth_callbacks.json, and what chance makes of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

PATH = Path(__file__).with_name("vectors") / "bandwidth_callbacks.json"


class Case(NamedTuple):
    """Some bodies in their order of arrival, and what must come of them."""

    name: str
    bodies: list[bytes]
    events: list[str]
    outcomes: dict[str, str]


def _cases() -> list[Case]:
    rows = json.loads(PATH.read_text(encoding="ascii"))["cases"]
    return [
        Case(
            row["name"],
            [json.dumps(body, ensure_ascii=False).encode() for body in row["bodies"]],
            row["events"],
            row["outcomes"],
        )
        for row in rows
    ]


CASES = _cases()
BODIES = [body for case in CASES for body in case.bodies]

PLACE = "<here>"
ODD_TOKENS = [
    '"\\ud83d"',
    "1e999",
    "-1e-999",
    "9" * 5000,
    '{"a":1,"a":[2]}',
    '"\\u0000"',
    "[" * 90 + "]" * 90,
    "-0.0",
]
"""JSON that few senders write."""

BAD_TOKENS = ["NaN", "-Infinity", "01", "'a'", "[1,]", '{"a"}', '"\x01"', "tru", "", '"\\x"']
"""What is not JSON."""

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=9)
    | st.sampled_from(["4303", "9902", "-1", "1.5", "2026-13-01", "9999-12-31T23:59:59-23:59", ""]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a document but the whole."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in items:
        found.append((*path, key))
        if isinstance(inner, dict | list):
            found += _places(inner, (*path, key))
    return found


@st.composite
def changed_fields(draw: st.DrawFn, tokens: list[str] | None = None) -> tuple[bytes, bytes]:
    """Return a real body, and the same with some fields changed or gone; the type stays."""
    original = draw(st.sampled_from(BODIES))
    document = copy.deepcopy(json.loads(original))
    written = []
    for _ in range(draw(st.integers(1, 4))):
        places = [p for p in _places(document) if len(p) > 1 and p[1:] != ("type",)]
        *path, key = draw(st.sampled_from(places))
        parent = document
        for step in path:
            parent = parent[step]
        if draw(st.booleans()):
            parent[key] = f"{PLACE}{len(written)}"
            odd = st.sampled_from(tokens or ODD_TOKENS)
            written.append(draw(odd if tokens else odd | json_values.map(json.dumps)))
        else:
            del parent[key]
    text = json.dumps(document)
    for number, value in enumerate(written):
        text = text.replace(f'"{PLACE}{number}"', value)
    return original, text.encode()


@st.composite
def damaged_bodies(draw: st.DrawFn) -> bytes:
    """Return a real body with octets cut off, lost, replaced or put in."""
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.just(len(body)) | st.integers(start, min(start + 8, len(body))))
        body[start:end] = draw(
            st.binary(max_size=4) | st.sampled_from([b"\xff", b'"', b"[[", b"}"])
        )
    return bytes(body)


any_bodies = (
    st.binary(max_size=60)
    | json_values.map(lambda value: json.dumps(value).encode())
    | damaged_bodies()
    | changed_fields().map(lambda pair: pair[1])
    | changed_fields(BAD_TOKENS).map(lambda pair: pair[1])
)
