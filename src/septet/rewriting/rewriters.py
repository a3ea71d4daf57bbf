"""Makes the kernels' `Rewriter`, which replaces characters in columns, from rules and a level.

A rewriter asks once for what replaces each piece of a text (`Pieces`) and remembers it. With
several pairs of national tables, what replaces a character depends on the whole text: then it asks
for each text that is in UCS-2.
"""

from __future__ import annotations

from collections import deque, namedtuple
from contextlib import contextmanager
from functools import lru_cache, partial

from .._kernels import load
from ..rules.analysis import make_kernel
from ..rules.rules import Rules
from ..standard.alphabets import locking_table
from .pieces import attached_characters
from .replacements import greek_letters, replacement_table, rules_of
from .transliteration import (
    JOINED_TO_EMOJI,
    alphabets,
    fractions,
    meaning_in_context,
    replace_piece,
    transliterate,
    without_greek,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._kernels import Kernel, Rewriter
    from .replacements import Level, ReplacementTable
    from .transliteration import When

__all__ = ["Pieces", "borrow_rewriter", "make_rewriter"]


class Pieces(
    namedtuple(
        "Pieces",
        ("table", "costs", "attached", "joinable", "greek", "missing"),
        defaults=(frozenset(),),
    )
):
    """What replaces the pieces of texts, as the compiled `Rewriter` asks for it.

    Attributes:
        table: The replacements of single characters.
        costs: The septets of each character that the tables of the rules have.
        attached: The characters that never begin a piece.
        joinable: Those that are in context after a joiner and an emoji.
        greek: Those that put the micro sign in context.
        missing: Greek letters that would become a capital that is not available. A text with one of
            them, after composition if it has an attached character, needs another table.
    """

    __slots__ = ()

    table: ReplacementTable
    costs: dict[str, int]
    attached: frozenset[str]
    joinable: frozenset[str]
    greek: frozenset[str]
    missing: frozenset[str]

    @property
    def available(self) -> frozenset[str]:
        """The characters that need no replacement."""
        return self.table.available

    def replace(self, piece: str, in_context: bool) -> tuple[str, bool, bool]:
        """Return what replaces a piece.

        Args:
            piece: A character and all that is attached to it.
            in_context: Whether the character is beside those that change its meaning.

        Returns:
            The replacement; whether anything is replaced; whether a digit before it gets a space
            after it.
        """
        first = piece[0]
        meant = meaning_in_context(first, self.table) if in_context else first
        parts = replace_piece(piece, meant, self.table)
        changes = [piece[start:stop] != replacement for start, stop, replacement in parts]
        replacement = "".join([replacement for _, _, replacement in parts])
        return replacement, any(changes), changes[0] and first in fractions()


def make_rewriter(kernel: Kernel, level: Level, when: When) -> Rewriter:
    """Return a rewriter that gives each row of a column what `transliterate` gives its text.

    It is for one thread at a time; several threads wait for each other.

    Args:
        kernel: Counts by the rules.
        level: What is replaced, as in `Segmenter.transliterate`.
        when: When a text is replaced, as in `Segmenter.transliterate`. `Rewriter.measure_rows`
            replaces always.

    Raises:
        ValueError: `level` or `when` is unknown.
        MissingExtraError: A level above "punctuation" without anyascii.
    """
    transliterate(kernel, "", level, when)  # refuses wrong arguments
    rules = kernel.rules
    # The rows to change are found by the tables alone.
    tables_only = Rules(languages=rules.languages, keep_graphemes=False, provider=rules.provider)
    rewriter: Rewriter = load(kernel.implementation).Rewriter(
        kernel,
        make_kernel(tables_only, kernel.implementation),
        partial(transliterate, kernel, level=level),
        _pieces(kernel, level),
        when,
    )
    return rewriter


def _pieces(kernel: Kernel, level: Level) -> tuple[Pieces, ...]:
    """Return the pieces for texts, and for those that need a Greek capital that is missing."""
    if len(kernel.pairs) != 1:
        return ()
    available, has_capitals = alphabets(kernel.pairs, kernel.excluded)
    chars = available[0]
    plain = locking_table(0)
    costs = {char: 1 if char in plain else 2 for char in chars}
    known = (costs, attached_characters(), JOINED_TO_EMOJI, greek_letters())
    pieces = Pieces(replacement_table(chars, level), *known)
    if has_capitals or level == "punctuation":
        return (pieces,)
    looks = rules_of("letters")
    missing = frozenset(
        letter for letter in greek_letters() if not chars.issuperset(looks.get(letter, letter))
    )
    by_sound = replacement_table(without_greek(chars), level, by_looks=False)
    return (pieces._replace(missing=missing), Pieces(by_sound, *known))


@lru_cache(maxsize=16)
def _idle_rewriters(rules: Rules, implementation: str, level: Level, when: When) -> deque[Rewriter]:
    """Return the rewriters that nobody uses; they remember what replaces the pieces of texts."""
    return deque(maxlen=4)


@contextmanager
def borrow_rewriter(kernel: Kernel, level: Level, when: When) -> Iterator[Rewriter]:
    """Make a rewriter, or take one that was made before; raises what `make_rewriter` does."""
    transliterate(kernel, "", level, when)
    idle = _idle_rewriters(kernel.rules, kernel.implementation, level, when)
    try:
        rewriter = idle.pop()
    except IndexError:
        rewriter = make_rewriter(kernel, level, when)
    yield rewriter
    idle.append(rewriter)
