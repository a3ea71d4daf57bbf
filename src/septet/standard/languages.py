"""National languages (3GPP TS 23.038, 6.2.1.2): their names, and the pairs of shift tables."""

from __future__ import annotations

from .alphabets import LOCKING_IDS, SINGLE_IDS
from .encoding import Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read_languages", "table_pairs"]


def read_languages(languages: Iterable[Language | str | int]) -> tuple[Language, ...]:
    """Return languages as members of `Language`, without duplicates, ordered by identifier.

    Args:
        languages: Names in any case, identifiers (1 to 13), or members of `Language`.

    Raises:
        TypeError: `languages` is a single name, or not an iterable.
        ValueError: A language is unknown; the message lists all of them.
    """
    if isinstance(languages, str) or not hasattr(languages, "__iter__"):
        name = type(languages).__name__
        raise TypeError(f"languages must be an iterable such as ['turkish', 'urdu'], not {name}")
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
    """Return the identifiers of locking and single shift tables that may be combined.

    The order decides between pairs that cost the same: fewer national tables come first; then a
    single shift before a locking shift, because a receiver that does not support it still shows
    plain letters (3GPP TS 23.038, annex C); then the lower identifier. 0 is the default table.
    """
    lockings = [0, *(language for language in languages if language in LOCKING_IDS)]
    singles = [0, *(language for language in languages if language in SINGLE_IDS)]
    return tuple(
        sorted(
            ((int(locking), int(single)) for locking in lockings for single in singles),
            key=lambda pair: (sum(map(bool, pair)), bool(pair[0]), pair),
        )
    )
