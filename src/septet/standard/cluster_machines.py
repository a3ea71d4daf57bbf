"""The rules between characters that make grapheme clusters (UAX #29), as small machines.

A machine is in a state after each character. Its step takes the state and the class of the next
character, and returns whether that character joins the cluster, and the next state. Numbers such as
GB9c are those of the rules in UAX #29.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Step: TypeAlias = Callable[[str, str], tuple[bool, str]]

__all__ = ["MACHINES", "START", "Machine"]

START = "start"
"""The state before the first character; after it, a cluster always begins."""

_LINES = ("cr", "lf", "control")
_HANGUL = {  # GB6 to GB8: what joins a consonant, a vowel and a final consonant
    "l": ("l", "v", "lv", "lvt"),
    "v": ("v", "t"),
    "t": ("t",),
}


class Machine(namedtuple("Machine", ("classes", "step"))):
    """The classes of characters, the first for all that have no other, and the step."""

    __slots__ = ()

    classes: tuple[str, ...]
    step: Step


# The state after a character that begins a cluster; also after one that joins a cluster, where no
# rule looks further back. "any" is the state that nothing but marks can join.
_AFTER = {
    "cr": "cr",
    "lf": START,
    "control": START,
    "prepend": "prepend",
    "l": "l",
    "v": "v",
    "lv": "v",
    "t": "t",
    "lvt": "t",
    "regional_indicator": "flag",
    "pictograph": "pictograph",
    "consonant": "consonant",
}

_CLASSES = (
    *("other", "control", "cr", "lf", "prepend", "extend", "conjunct_extend", "linker", "zwj"),
    *("spacingmark", "regional_indicator", "l", "v", "t", "lv", "lvt", "consonant", "pictograph"),
)
_EXTEND = ("extend", "conjunct_extend", "linker")


def _step(state: str, char: str) -> tuple[bool, str]:
    """The rules of `UNICODE_VERSION`."""
    after = _AFTER.get(char, "any")
    if state == "cr" and char == "lf":  # GB3
        return True, START
    if state in (START, "cr") or char in _LINES:  # GB4, GB5
        return False, after
    if char in _EXTEND or char == "zwj":  # GB9
        if state == "pictograph":
            return True, "joined" if char == "zwj" else state
        if state in ("consonant", "linked") and char != "extend":
            return True, "linked" if char == "linker" else state
        return True, "any"
    if char == "spacingmark" or state == "prepend":  # GB9a, GB9b
        return True, after
    if char in _HANGUL.get(state, ()):
        return True, after
    if (state, char) in (("linked", "consonant"), ("joined", "pictograph")):  # GB9c, GB11
        return True, after
    if state == "flag" and char == "regional_indicator":  # GB12, GB13
        return True, "any"
    return False, after


_AFTER_10 = {
    **{char: state for char, state in _AFTER.items() if char not in ("pictograph", "consonant")},
    "cr": START,  # the calculator takes CR LF apart
    "zwj": "joiner",
    "base": "base",
    "base_glue": "base",
}

_CLASSES_10 = (
    *("other", "control", "cr", "lf", "prepend", "extend", "zwj", "spacingmark"),
    *("regional_indicator", "l", "v", "t", "lv", "lvt", "base", "modifier", "glue", "base_glue"),
)


def _step_10(state: str, char: str) -> tuple[bool, str]:
    """The rules of Unicode 10 as grapheme-splitter 1.0.4 applies them, but CR LF is cut.

    It departs from them in two places. A modifier joins its base past one extending character at
    most, and directly only if the cluster has none before: "+" at the end of a state says that it
    has. And a cluster ends after a flag and one extending character, a joiner or a spacing mark.
    """
    after = _AFTER_10.get(char, "any")
    kind = state.removesuffix("+")
    extended = "+" if state.endswith("+") else ""
    if state in (START, "closed") or char in _LINES:  # GB4, GB5
        return False, "any+" if char == "extend" else after
    if char in ("extend", "zwj", "spacingmark"):  # GB9, GB9a
        if state == "pair":
            return True, "closed"
        if char == "extend":
            return True, "base and extend+" if kind == "base" else "any+"
        return True, ("joiner" if char == "zwj" else "any") + extended
    if kind in ("prepend", "prepends"):  # GB9b
        if char == "prepend":
            return True, "prepends"
        if char == "regional_indicator":
            return True, "pair" if kind == "prepend" else "any"
        return True, after
    if char in _HANGUL.get(state, ()):
        return True, after
    if char == "modifier" and state in ("base", "base and extend+"):  # GB10
        return True, "any" + extended
    if kind == "joiner" and char in ("glue", "base_glue"):  # GB11
        return True, after + extended
    if state == "flag" and char == "regional_indicator":  # GB12, GB13
        return True, "pair"
    return False, after


MACHINES = {
    "unicode": Machine(_CLASSES, _step),
    "unicode-10": Machine(_CLASSES_10, _step_10),
}
"""The machines by the names of their rules."""
