"""Which national languages may be used, and which pairs of shift tables that allows."""

from __future__ import annotations

from .alphabets import LOCKING_IDS, SINGLE_IDS
from .encoding import Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read_languages", "table_pairs"]


def read_languages(languages: Iterable[Language | str | int]) -> tuple[Language, ...]:
    """Return the languages that are named, each once, in the order of their identifiers.

    Raises:
        TypeError: A single name, or nothing that can be iterated over.
        ValueError: No such language; the message lists them.
    """
    if isinstance(languages, str) or not hasattr(languages, "__iter__"):
        name = type(languages).__name__
        raise TypeError(f"languages must be several, as in ['turkish', 'urdu'], not {name}")
    return tuple(sorted({_read_language(language) for language in languages}))


def _read_language(language: Language | str | int) -> Language:
    try:
        return Language[language.upper()] if isinstance(language, str) else Language(language)
    except (KeyError, ValueError):
        names = ", ".join(member.name.lower() for member in Language)
        raise ValueError(
            f"a language must be one of {names} or its identifier, not {language!r}"
        ) from None


def table_pairs(languages: tuple[Language, ...]) -> tuple[tuple[int, int], ...]:
    """Return the pairs of locking and single shift tables that may be used, plainest first.

    Plainest: fewest national tables; then a single shift, which a receiver that does not know it
    shows as plain letters, before a locking shift (3GPP TS 23.038, annex C); then by identifier.
    """
    lockings = [0, *(language for language in languages if language in LOCKING_IDS)]
    singles = [0, *(language for language in languages if language in SINGLE_IDS)]
    return tuple(
        sorted(
            ((int(locking), int(single)) for locking in lockings for single in singles),
            key=lambda pair: (sum(map(bool, pair)), bool(pair[0]), pair),
        )
    )
