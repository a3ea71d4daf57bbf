"""Letters and what is attached to them: where a piece of a text begins and ends, and its form.

Composed and decomposed spellings of a text are the same text, so a piece is composed before it is
looked up.
"""

from __future__ import annotations

from functools import cache

from ..standard.composition import compose
from .rule_groups import code_points
from .transliteration_data import RULE_GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["attached_characters", "invisible_characters", "join_letters", "pieces"]

_NEVER_COMPOSED = {
    "05B4": "05D9>FB1D",
    "05B7": "05D0>FB2E 05F2>FB1F",
    "05B8": "05D0>FB2F",
    "05B9": "05D5>FB4B",
    "05BC": "05D0>FB30 05D1>FB31 05D2>FB32 05D3>FB33 05D4>FB34 05D5>FB35 05D6>FB36 05D8>FB38 "
    "05D9>FB39 05DA>FB3A 05DB>FB3B 05DC>FB3C 05DE>FB3E 05E0>FB40 05E1>FB41 05E3>FB43 05E4>FB44 "
    "05E6>FB46 05E7>FB47 05E8>FB48 05E9>FB49 05EA>FB4A",
    "05BF": "05D1>FB4C 05DB>FB4D 05E4>FB4E",
    "05C1": "05E9>FB2A FB49>FB2C",
    "05C2": "05E9>FB2B FB49>FB2D",
    "093C": "0915>0958 0916>0959 0917>095A 091C>095B 0921>095C 0922>095D 092B>095E 092F>095F",
    "09BC": "09A1>09DC 09A2>09DD 09AF>09DF",
    "0A3C": "0A32>0A33 0A38>0A36 0A16>0A59 0A17>0A5A 0A1C>0A5B 0A2B>0A5E",
    "0B3C": "0B21>0B5C 0B22>0B5D",
    "0F80": "0FB2>0F76 0FB3>0F78",
}
"""By mark, letters with the code point of the two together, which Unicode never composes
(CompositionExclusions.txt). Both spellings are in use, and anyascii knows the second one better."""

# Half-width katakana, and the full-width letters and voicing marks that they stand for.
_HALF_WIDTH = "ﾞﾟｦｧｨｩｪｫｬｭｮｯｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL_WIDTH = "\u3099\u309aヲァィゥェォャュョッアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"  # noqa: E501
_WIDEN = str.maketrans(_HALF_WIDTH, _FULL_WIDTH)


@cache
def invisible_characters() -> frozenset[str]:
    """Return the characters that become nothing at every level."""
    groups = (group.rules() for group in RULE_GROUPS if group.level == "punctuation")
    return frozenset(char for rules in groups for char, rule in rules.items() if not rule)


@cache
def attached_characters() -> frozenset[str]:
    """Return the characters that are part of a piece, but never begin one.

    These are marks, the vowels and finals of Hangul, the half-width voicing marks of katakana, and
    all that is invisible: it may stand between a letter and its marks.
    """
    from ..standard.unicode_data import CATEGORIES

    marks = (code_points(CATEGORIES[name]) for name in ("Mn", "Mc", "Me"))
    return invisible_characters().union(code_points("1160-1175 11A8-11C2 FF9E FF9F"), *marks)


def pieces(text: str, indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of the pieces that contain the characters at the indexes, in order."""
    attached = attached_characters()
    length = len(text)
    stop = 0
    for index in indexes:
        if index < stop:
            continue
        start = index
        while start > stop and text[start] in attached:
            start -= 1
        stop = index + 1
        while stop < length and text[stop] in attached:
            stop += 1
        yield start, stop


def join_letters(chars: str) -> str:
    """Return composed characters with letters and marks joined that Unicode never composes."""
    if "\uff9e" in chars or "\uff9f" in chars:
        chars = compose(chars.translate(_WIDEN))
    excluded = _never_composed()
    joined: list[str] = []
    for char in chars:
        pair = joined and excluded.get(joined[-1] + char)
        if pair:
            joined[-1] = pair
        else:
            joined.append(char)
    return "".join(joined)


@cache
def _never_composed() -> dict[str, str]:
    return {
        letter + chr(int(mark, 16)): joined
        for mark, pairs in _NEVER_COMPOSED.items()
        for letter, joined in (code_points(pair.replace(">", " ")) for pair in pairs.split())
    }
