"""Names of languages, and the order of pairs of national tables."""

from __future__ import annotations

from septet import Language
from septet.standard.languages import read_languages, table_pairs


def test_names_identifiers_and_members_are_one() -> None:
    """A language is returned once, in the order of the identifiers."""
    assert read_languages(["URDU", 2, Language.TURKISH, "turkish"]) == (
        Language.TURKISH,
        Language.SPANISH,
        Language.URDU,
    )


def test_the_plainest_pairs_come_first() -> None:
    """No table, one single shift, one locking shift, both; Spanish has no locking shift table."""
    assert table_pairs((Language.TURKISH, Language.SPANISH)) == (
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (1, 2),
    )


def test_every_pair_of_the_standard() -> None:
    """13 single shift and 12 locking shift tables beside the default ones."""
    assert len(set(table_pairs(tuple(Language)))) == (1 + 12) * (1 + 13)
