"""Messages that look like UTF-8 read as Windows-1252 or Latin-1: how many there are.

Python code runs for such messages only, and for the few that look so at first.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...columns.surveys import Survey
from ...rewriting.wrong_decoding import (
    CANDIDATE_CHARACTERS,
    candidate_in_utf8,
    undo_wrong_decoding,
)

__all__ = ["count_wrongly_decoded"]


def count_wrongly_decoded(survey: Survey, non_gsm_characters: Iterable[str] | None) -> int:
    """Return how many texts in UCS-2 look wrongly decoded.

    Args:
        survey: The survey of the texts.
        non_gsm_characters: The characters that force these texts into UCS-2; None if UCS-2 is
            forced by the rules.
    """
    if non_gsm_characters is not None and CANDIDATE_CHARACTERS.isdisjoint(non_gsm_characters):
        return 0
    texts = survey.find_wrong_decoding(candidate_in_utf8())
    return sum(undo_wrong_decoding(text) is not None for text in texts)
