"""Grapheme clusters (UAX #29): tables by which both implementations of the kernels find them.

A text is read from its beginning by a machine (see `cluster_machines`): its state and the class of
the next character decide whether a cluster begins there, and which state follows.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache

from .characters import read_ranges
from .cluster_machines import MACHINES, START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cluster_machines import Machine

__all__ = [
    "BREAK",
    "CLASSES_LENGTH",
    "WIDTH",
    "ClusterRules",
    "class_index",
    "cluster_breaks",
    "cluster_rules",
    "read_char",
]

WIDTH = 32
"""The highest number of classes, and of states."""

BREAK = 0x80
"""The bit of a transition which says that a cluster begins with the character."""

_PLANES = 0x20000  # planes 0 and 1
_TAGS = range(0xE0000, 0xE1000)  # the only others with more than one class
_ALL_OTHER = _PLANES + len(_TAGS)

CLASSES_LENGTH = _ALL_OTHER + 1
"""The length of `ClusterRules.classes`: planes 0 and 1, U+E0000 to U+E0FFF, all others."""


class ClusterRules(namedtuple("ClusterRules", ("classes", "transitions", "certain"))):
    """Tables that find clusters.

    Attributes:
        classes: The class of each code point, at its `class_index`.
        transitions: For each state, `WIDTH` values: the state after a character of each class, and
            `BREAK` if a cluster begins with it. State 0 is the one at the beginning of a text.
        certain: For each class, a bit for each class with which a cluster begins after it, whatever
            characters are before the two.
    """

    __slots__ = ()

    classes: bytes
    transitions: bytes
    certain: tuple[int, ...]


def class_index(code_point: int) -> int:
    """Return where `ClusterRules.classes` has the class of a code point."""
    if code_point < _PLANES:
        return code_point
    return _PLANES + code_point - _TAGS.start if code_point in _TAGS else _ALL_OTHER


@cache
def cluster_rules(name: str) -> ClusterRules:
    """Return the tables of some rules; the first call reads tables of Unicode.

    Args:
        name: "unicode" for UAX #29 of `UNICODE_VERSION`; "unicode-10" for the clusters that
            grapheme-splitter 1.0.4 finds, by Unicode 10, and CR LF cut.

    Raises:
        ValueError: There are no such rules; the message lists those there are.
    """
    if name not in MACHINES:
        raise ValueError(f"cluster rules must be one of {', '.join(MACHINES)}, not {name!r}")
    if name == "unicode":
        from .unicode_data import CLUSTER_CLASSES
    else:
        from .unicode_10_data import CLUSTER_CLASSES
    machine = MACHINES[name]
    transitions = _transitions(machine)
    return ClusterRules(
        _classes(machine, CLUSTER_CLASSES), transitions, _certain(machine, transitions)
    )


def cluster_breaks(text: str, rules: ClusterRules) -> bytes:
    """Return a byte for each character of a text, 1 if a cluster begins with it and else 0.

    A high and a low surrogate side by side are the one character that they are in UTF-16.
    """
    breaks = bytearray(len(text))
    state = index = 0
    while index < len(text):
        code_point, stop = read_char(text, index)
        transition = rules.transitions[state * WIDTH + rules.classes[class_index(code_point)]]
        breaks[index] = transition >= BREAK
        state = transition & ~BREAK
        index = stop
    return bytes(breaks)


def read_char(text: str, index: int) -> tuple[int, int]:
    """Return the code point at an index, a pair of surrogates as one, and the index after it."""
    pair = text[index : index + 2]
    if len(pair) == 2 and "\ud800" <= pair[0] <= "\udbff" and "\udc00" <= pair[1] <= "\udfff":
        return 0x10000 + ((ord(pair[0]) - 0xD800) << 10) + ord(pair[1]) - 0xDC00, index + 2
    return ord(pair[0]), index + 1


def _classes(machine: Machine, ranges_by_class: Mapping[str, str]) -> bytes:
    numbers = {name: bytes([number]) for number, name in enumerate(machine.classes)}
    classes = bytearray(CLASSES_LENGTH)
    for name, ranges in ranges_by_class.items():
        for first, stop in read_ranges(ranges):
            start, length = class_index(first), stop - first
            is_hangul = name == "hangul"
            classes[start : start + length] = numbers["lvt" if is_hangul else name] * length
            if is_hangul:  # the first of each 28 syllables has no final consonant
                classes[start : start + length : 28] = numbers["lv"] * (length // 28)
    return bytes(classes)


def _transitions(machine: Machine) -> bytes:
    """Number the states in the order in which they are reached, and return their transitions."""
    states = [START]
    transitions = bytearray()
    for state in states:  # grows meanwhile
        row = bytearray(WIDTH)
        for number, name in enumerate(machine.classes):
            joins, following = machine.step(state, name)
            if following not in states:
                states.append(following)
            row[number] = states.index(following) | (0 if joins else BREAK)
        transitions += row
    return bytes(transitions.ljust(WIDTH * WIDTH, b"\0"))


def _certain(machine: Machine, transitions: bytes) -> tuple[int, ...]:
    classes = range(len(machine.classes))
    certain = []
    for first in range(WIDTH):
        states = {transitions[state * WIDTH + first] & ~BREAK for state in range(WIDTH)}
        bits = 0
        for second in classes:
            if all(transitions[state * WIDTH + second] & BREAK for state in states):
                bits |= 1 << second
        certain.append(bits)
    return tuple(certain)
