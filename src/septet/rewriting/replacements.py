"""What replaces each character at each level: our own rules first, then `anyascii`.

A replacement may depend on the characters around it only in the ways that `transliteration` names;
everything else is a look-up in one table for an alphabet and a level.
"""

from __future__ import annotations

from functools import cache, lru_cache

from ..exceptions import MissingExtraError
from ..standard.characters import is_mark
from ..standard.composition import compose
from .pieces import attached_characters, join_letters
from .rule_groups import code_points
from .transliteration_data import RULE_GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal, TypeAlias

    Level: TypeAlias = Literal["punctuation", "letters", "all"]

__all__ = [
    "GREEK_CAPITALS",
    "LATIN",
    "LEVELS",
    "ReplacementTable",
    "greek_letters",
    "levels_to",
    "load_anyascii",
    "replacement_table",
    "rules_of",
    "windows_1252",
]

LEVELS: tuple[Level, ...] = ("punctuation", "letters", "all")
"""The levels, the one that replaces least first."""

GREEK_CAPITALS = "ΓΔΘΛΞΠΣΦΨΩ"
"""The Greek letters that GSM-7 has. An alphabet without one of those that a text needs has all
Greek letters replaced by sound, so that they are not mixed."""

LATIN = (
    "0041-005A 0061-007A 00AA 00BA 00C0-00D6 00D8-00F6 00F8-02B8 02E0-02E4 0363-036F 1ABF 1AC0 "
    "1ACC-1ACE 1D00-1D25 1D2C-1D5C 1D62-1D65 1D6B-1D77 1D79-1DBE 1DCA 1DD3-1DF4 1E00-1EFF 2071 "
    "207F 2090-209F 2102 210A-2113 2115 2119-211D 2124 2128 212A-212D 212F-2134 2139 2145-2149 "
    "214E 2160-2188 249C-24E9 2C60-2C7F A722-A787 A78B-A7DD A7E2 A7F1-A7FF AB30-AB5A AB5C-AB64 "
    "AB66-AB69 AB6C AB6D FB00-FB06 FF21-FF3A FF41-FF5A 10780-10785 10787-107B0 107B2-107BF "
    "1D400-1D6A5 1DF00-1DFFF 1F110-1F12C 1F130-1F149 1F150-1F169 1F170-1F189"
)
"""The Latin letters (Script=Latin), those above other letters, and those in a style or a frame."""

_GROUPS = {group.name: group for group in RULE_GROUPS}
_MAX_CACHED = 8192


class ReplacementTable(dict[str, str]):
    """The replacement of each character, itself if it has none; filled as characters come.

    Attributes:
        available: The characters that need no replacement.
        level: The level of the replacements.
        by_looks: Whether Greek letters become capitals that look like them.
        has_marks: Whether characters that can be attached to others are available.
    """

    def __init__(self, available: frozenset[str], level: Level, by_looks: bool) -> None:
        super().__init__()
        self.available = available
        self.level = level
        self.by_looks = by_looks
        self.has_marks = not attached_characters().isdisjoint(available)
        self._rules = rules_of(level)
        self._spelled = frozenset() if level == "punctuation" else _latin()
        self._to_ascii = None if level == "punctuation" else load_anyascii()

    def __missing__(self, char: str) -> str:
        if len(self) >= _MAX_CACHED:
            self.clear()
        found = self._find(char)
        if found is None:
            # A control that is nearly always a character becomes that, even if it has to stay.
            found = windows_1252().get(char, char)
        self[char] = found
        return found

    def replace(self, chars: str) -> str | None:
        """Return the replacement of a letter and its marks; None if one of them has none."""
        composed = compose(chars)
        if not self.available.issuperset(composed):
            composed = "".join([self[char] for char in join_letters(composed)])
        return composed if self.available.issuperset(composed) else None

    def _find(self, char: str) -> str | None:
        if char in self.available:
            return char
        rule = self._rules.get(char)
        if rule is not None and (self.by_looks or char not in greek_letters()):
            replacement = self._replace_again(rule)
            if replacement is not None:
                return replacement
        composed = compose(char)
        if composed != char:
            if self.available.issuperset(composed):
                return composed
            composed = join_letters(composed)
            if composed != char:
                return self._replace_again(composed)
        if self._to_ascii is None or (self.level == "letters" and char not in self._spelled):
            return None
        spelled = self._to_ascii(char)
        if spelled == char or not (spelled or is_mark(char)):
            return None
        return self._replace_again(spelled)

    def _replace_again(self, chars: str) -> str | None:
        """Return replacement characters, with those that are not available replaced in turn."""
        parts = [char if char in self.available else self._find(char) for char in chars]
        return None if None in parts else "".join(filter(None, parts))


@lru_cache(maxsize=64)
def replacement_table(
    available: frozenset[str], level: Level, by_looks: bool = True
) -> ReplacementTable:
    """Return the table of an alphabet and a level; see `ReplacementTable`.

    Raises:
        MissingExtraError: A level above "punctuation" without anyascii.
    """
    return ReplacementTable(available, level, by_looks)


def levels_to(level: Level) -> tuple[Level, ...]:
    """Return a level and those that replace less, the one that replaces least first.

    Raises:
        ValueError: There is no such level.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    return LEVELS[: LEVELS.index(level) + 1]


def load_anyascii() -> Callable[[str], str]:
    """Return the function that spells characters in ASCII.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        from anyascii import anyascii
    except ImportError as error:
        raise MissingExtraError("anyascii", "transliteration", "this level") from error
    return anyascii


@cache
def rules_of(level: Level) -> dict[str, str]:
    """Return the replacement of each character that a rule names, up to a level."""
    rules: dict[str, str] = {}
    for group in RULE_GROUPS:
        if group.level in levels_to(level):
            rules.update(group.rules())
    return rules


@cache
def greek_letters() -> frozenset[str]:
    """Return the Greek letters, those that GSM-7 has included."""
    return frozenset(_GROUPS["Greek"].rules()).union(GREEK_CAPITALS)


@cache
def windows_1252() -> dict[str, str]:
    """Return the character of Windows-1252 for each C1 control that has one."""
    return _GROUPS["Windows-1252 read as Latin-1"].rules()


@cache
def _latin() -> frozenset[str]:
    return frozenset(code_points(LATIN))
