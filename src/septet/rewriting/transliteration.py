"""Replaces characters that GSM-7 lacks: signs by our rules, letters also by `anyascii`.

A general transliterator, given a whole text, would replace é, ß or € too, which cost nothing. So
only characters outside the tables are replaced, one with its combining marks at a time, and only by
characters of the tables. Each is looked up by itself, but for these: a letter is composed with its
marks; a fraction keeps its distance from a digit; a sign that is joined to an emoji goes with it;
the micro sign between Greek letters is one of them; and if the tables lack a Greek capital that the
text needs, no Greek letter of the text becomes one.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache

from ..exceptions import EncodingError
from ..rules.records import Replacement, Transliteration
from ..standard.alphabets import locking_table, single_table
from ..standard.composition import compose
from .pieces import attached_characters, invisible_characters, pieces
from .replacements import (
    GREEK_CAPITALS,
    greek_letters,
    levels_to,
    load_anyascii,
    replacement_table,
    rules_of,
    windows_1252,
)
from .rule_groups import code_points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal, TypeAlias

    from .._kernels import Kernel
    from .replacements import Level, ReplacementTable

    When: TypeAlias = Literal["helps", "cheaper", "always"]

__all__ = [
    "JOINED_TO_EMOJI",
    "WHEN",
    "alphabets",
    "apply_replacements",
    "depends_on_neighbours",
    "fractions",
    "meaning_in_context",
    "replace_piece",
    "transliterate",
    "without_greek",
]

WHEN = ("helps", "cheaper", "always")
_JOINER = "\u200d"
_MICRO, _MU = "\u00b5", "\u03bc"
_FIRST_EMOJI = "\u203c"

JOINED_TO_EMOJI = frozenset(code_points("2640 2642 27A1 2B1B 1F7E9 1F7EB"))
"""Signs that only change an emoji if a joiner is between them: gender, direction, colour."""
_CONTEXT = JOINED_TO_EMOJI.union(_MICRO)


def transliterate(
    kernel: Kernel, text: str, level: Level = "punctuation", when: When = "helps"
) -> Transliteration:
    """Replace the characters that GSM-7 lacks; see `Segmenter.transliterate`."""
    if level != "punctuation":
        levels_to(level)  # refuses a wrong level
        load_anyascii()
    if when not in WHEN:
        raise ValueError(f"when must be one of {', '.join(WHEN)}, not {when!r}")
    unchanged = Transliteration(text, ())
    indexes = kernel.non_gsm_indexes(text)
    if not indexes:
        return unchanged
    plain = str.__str__(text)
    replacements = tuple(_replacements(plain, *_table(kernel, plain, level, indexes)))
    if not replacements:
        return unchanged
    result = apply_replacements(plain, replacements)
    if when == "always" or _is_better(kernel, plain, result, when):
        return Transliteration(result, replacements)
    return unchanged


def apply_replacements(text: str, replacements: Iterable[Replacement]) -> str:
    """Return a text with replacements, which are in the order of their indexes in it."""
    parts: list[str] = []
    copied = 0
    for char, replacement, index in replacements:
        parts += text[copied:index], replacement
        copied = index + len(char)
    return "".join(parts) + text[copied:]


def _is_better(kernel: Kernel, text: str, result: str, when: When) -> bool:
    """Return whether a text should be replaced by the result."""
    if when == "cheaper":
        return kernel.count(result) < kernel.count(text)
    if kernel.non_gsm_indexes(result):
        return False
    try:
        return kernel.count(result) <= kernel.count(text)
    except EncodingError:  # GSM-7 is forced, so the text cannot be sent as it is
        return True


def _table(
    kernel: Kernel, text: str, level: Level, indexes: Sequence[int]
) -> tuple[ReplacementTable, Sequence[int]]:
    """Return the replacements for a text, and the indexes of the characters that need one.

    With several pairs of national tables, the one counts that lacks the fewest characters of the
    composed text.
    """
    available, has_capitals = alphabets(kernel.pairs, kernel.excluded)
    if len(available) == 1 and has_capitals:
        return replacement_table(available[0], level), indexes
    counts = Counter(text if attached_characters().isdisjoint(text) else compose(text))
    capitals = ""
    if level != "punctuation":
        looks = rules_of("letters")
        for letter in greek_letters().intersection(counts):
            capital = looks.get(letter, letter)
            capitals += capital
            if capital != letter:
                counts.update(dict.fromkeys(capital, counts[letter]))
    chars = min(
        available,
        key=lambda chars: sum(count for char, count in counts.items() if char not in chars),
    )
    by_looks = chars.issuperset(capitals)
    if not by_looks:
        chars = without_greek(chars)
    indexes = [index for index, char in enumerate(text) if char not in chars]
    return replacement_table(chars, level, by_looks), indexes


def _replacements(text: str, table: ReplacementTable, indexes: Sequence[int]) -> list[Replacement]:
    """Return the replacements of the characters at indexes, in the order of the text."""
    chars = [text[index] for index in indexes]
    # What is attached to a character is among these, unless a national table has it.
    if not table.has_marks and _special().isdisjoint(chars):
        found = zip(chars, map(table.__getitem__, chars), indexes, strict=True)
        return [Replacement(*each) for each in found if each[0] != each[1]]
    replacements = []
    spaced = fractions()
    previous = ""  # what is before the piece, after replacements
    copied = 0
    for start, stop in pieces(text, indexes):
        if start > copied:
            previous = text[start - 1]
        copied = stop
        char = text[start]
        meant = _in_context(text, start, table) if char in _CONTEXT else char
        changes = replace_piece(text[start:stop], meant, table)
        for index, end, replacement in changes:
            char = text[start + index : start + end]
            if char != replacement:
                if "0" <= previous <= "9" and char[0] in spaced:
                    replacement = " " + replacement
                replacements.append(Replacement(char, replacement, start + index))
            previous = replacement[-1:] or previous
    return replacements


def replace_piece(piece: str, meant: str, table: ReplacementTable) -> list[tuple[int, int, str]]:
    """Return (start, stop, replacement) of the parts of a piece, which may be replaced by itself.

    A letter is replaced together with its marks, and stays if one of them has no replacement; what
    is invisible goes in any case.

    Args:
        piece: A character and all that is attached to it.
        meant: What its first character stands for beside its neighbours.
        table: The replacements.
    """
    if len(piece) == 1:
        return [(0, 1, _replace_one(piece, meant, table))]
    gone = invisible_characters()
    visible = [index for index, char in enumerate(piece) if char not in gone]
    if len(visible) < 2:
        return [
            (index, index + 1, _replace_one(char, char if index else meant, table))
            for index, char in enumerate(piece)
        ]
    first = visible[0]
    letter = piece[first] if first else meant
    replacement = table.replace(letter + "".join([piece[index] for index in visible[1:]]))
    if replacement is not None:
        end = visible[-1] + 1
        before = [(index, index + 1, "") for index in range(first)]
        after = [(index, index + 1, "") for index in range(end, len(piece))]
        return [*before, (first, end, replacement), *after]
    controls = windows_1252()
    return [
        (index, index + 1, "" if char in gone else controls.get(char, char))
        for index, char in enumerate(piece)
    ]


def _replace_one(char: str, meant: str, table: ReplacementTable) -> str:
    replacement = table[meant]
    return char if replacement == meant else replacement


def _in_context(text: str, index: int, table: ReplacementTable) -> str:
    """Return the character that one of `_CONTEXT` stands for beside its neighbours."""
    char = text[index]
    attached = attached_characters()
    before = index - 1
    while before >= 0 and text[before] in attached:
        before -= 1
    previous = text[before] if before >= 0 else ""
    if char in JOINED_TO_EMOJI:
        is_joined = text[index - 1 : index] == _JOINER and previous > _FIRST_EMOJI
        return meaning_in_context(char, table) if is_joined else char
    after = index + 1
    while after < len(text) and text[after] in attached:
        after += 1
    greek = greek_letters()
    is_letter = previous in greek or text[after : after + 1] in greek
    return meaning_in_context(char, table) if is_letter else char


def meaning_in_context(char: str, table: ReplacementTable) -> str:
    """Return what a character of `_CONTEXT` stands for beside those that change its meaning."""
    if char == _MICRO:
        return _MU
    return _JOINER if table.level == "all" else char


@cache
def fractions() -> frozenset[str]:
    """Return the characters that become a digit with a solidus after it."""
    rules = rules_of("punctuation").items()
    return frozenset(char for char, rule in rules if rule[:1].isdigit() and "/" in rule)


@cache
def _capitals() -> frozenset[str]:
    """Return the characters that Greek letters may become."""
    looks = rules_of("letters")
    return frozenset("".join(looks.get(letter, letter) for letter in greek_letters()))


@cache
def _special() -> frozenset[str]:
    """Return the characters whose replacement may depend on those beside them."""
    return attached_characters() | fractions() | _CONTEXT


def depends_on_neighbours(text: str) -> bool:
    """Return whether a character of a text may be replaced otherwise than by itself."""
    return not (_special().isdisjoint(text) and greek_letters().isdisjoint(text))


# The caches make each set the same object every time: sets are in the keys of `replacement_table`,
# and a set computes its hash only once.
@lru_cache(maxsize=64)
def alphabets(
    pairs: tuple[tuple[int, int, int, int], ...], excluded: str
) -> tuple[list[frozenset[str]], bool]:
    """Return the characters of each pair of tables, and if the first has all for Greek letters."""
    alphabets = [_chars(pair[0], pair[1], excluded) for pair in pairs]
    return alphabets, alphabets[0].issuperset(_capitals())


@lru_cache(maxsize=512)
def _chars(locking: int, single: int, excluded: str) -> frozenset[str]:
    return frozenset((*locking_table(locking), *single_table(single))).difference(excluded)


@lru_cache(maxsize=512)
def without_greek(chars: frozenset[str]) -> frozenset[str]:
    """Return an alphabet without Greek capitals."""
    return chars.difference(GREEK_CAPITALS)
