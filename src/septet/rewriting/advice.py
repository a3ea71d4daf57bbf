"""What to change in a text so that it costs fewer segments.

Two changes can save one: what GSM-7 lacks is replaced, all of it or the text stays UCS-2; and line
ends of two characters (CR LF) become one (LF), which readers do not see. Both are made or neither
is: some quotes or line ends changed and others not would look like a mistake. So there are four
ways to write a text, each is counted, and the best is told.
"""

from __future__ import annotations

import re
from collections import namedtuple

from ..display.wording import listed, plural
from ..exceptions import MissingExtraError
from ..standard.alphabets import locking_table
from ..standard.encoding import Encoding
from .transliteration import Replacement, levels_to, transliterate
from .truncation import truncate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Advice", "advise", "units_in", "units_over"]

_CR_OF_PAIR = re.compile(r"\r(?=\n)")
_CHANGES_SHOWN = 10


class Advice(
    namedtuple(
        "Advice",
        (
            "text",
            "changes",
            "level",
            "segments_before",
            "segments_after",
            "units_over",
            "replacements",
            "irreplaceable",
            "line_ends",
        ),
    )
):
    """What `advise` found; `str()` tells it in a few lines.

    Attributes:
        text: The text with the changes made; the same object as before if there are none.
        changes: What to change, in the order of the text, so that it takes the fewest segments. Of
            what reaches them this is the least: nothing, else line ends, else replacements, else
            both. A line end that becomes LF is a CR replaced by nothing.
        level: The level of `transliterate` that makes the replacements among them; None without.
        segments_before: Segments of the text as it was given.
        segments_after: Segments of `text`.
        units_over: Septets or code units, as the text was counted, behind the longest beginning
            that takes a segment less; 0 for a text of one segment.
        replacements: What can stand for the characters that force UCS-2, whether it saves or not.
        irreplaceable: The characters that force UCS-2 and that nothing can stand for, each once.
        line_ends: The changes of all CR LF to LF, if they save a segment by themselves.
    """

    __slots__ = ()

    text: str
    changes: tuple[Replacement, ...]
    level: str | None
    segments_before: int
    segments_after: int
    units_over: int
    replacements: tuple[Replacement, ...]
    irreplaceable: tuple[str, ...]
    line_ends: tuple[Replacement, ...]

    def __str__(self) -> str:
        lines = [plural(self.segments_before, "segment")]
        if self.units_over:
            units = "unit" if self.units_over == 1 else f"{self.units_over} units"
            fewer = self.segments_before - 1
            lines[0] += f", {'at most ' * (fewer > 1)}{fewer} without the last {units}"
        if self.changes:
            lines.append(f"{plural(self.segments_after, 'segment')} with these changes:")
            places: dict[str, list[int]] = {}
            for char, replacement, index in self.changes:
                change = f"{char!r} to {replacement!r}" if char != "\r" else "CR LF to LF"
                places.setdefault(change, []).append(index)
            told = [f"  {change} at {listed(indexes)}" for change, indexes in places.items()]
            lines += told[:_CHANGES_SHOWN]
            if len(told) > _CHANGES_SHOWN:
                lines.append(f"  and {len(told) - _CHANGES_SHOWN} more")
        elif self.units_over:
            lines.append("no change saves a segment")
            if self.irreplaceable:
                lines.append(f"no replacement for {listed(list(map(repr, self.irreplaceable)))}")
        return "\n".join(lines)


def advise(segmenter: Any, text: str, level: str = "all") -> Advice:
    """Return what to change in a text so that it costs fewer segments, and what that saves.

    Line ends (CR LF to LF) and replacements (see `transliterate`) are weighed, each kind for the
    whole text or not at all. A text that stays UCS-2 keeps its characters: what could stand for
    some of them is seldom shorter.

    Args:
        segmenter: The rules.
        text: Any `str`.
        level: The deepest level of `transliterate` that may be advised. The gentlest that leaves no
            character to force UCS-2 is. Above "punctuation" the extra `transliteration` is needed:
            without it there is no advice from there.

    Raises:
        TypeError: `text` is not a `str`.
        ValueError: There is no such level.
        EncodingError: GSM-7 is forced and the text has another character.
    """
    found = segmenter.analyze(text)
    before = found.segment_count
    crs = tuple(Replacement("\r", "", match.start()) for match in _CR_OF_PAIR.finditer(found.text))
    replaced, irreplaceable, gentlest = _replace(segmenter, text, levels_to(level))
    can_replace = bool(replaced) and not irreplaceable
    plans: list[tuple[Replacement, ...]] = [()]
    if before > 1:
        # The least change first.
        plans = [
            tuple(sorted(replaced * replaces + crs * ends, key=lambda change: change.index))
            for replaces in range(1 + can_replace)
            for ends in range(1 + bool(crs))
        ]
    texts = [text, *(_apply(found.text, plan) for plan in plans[1:])]
    counts = [before, *map(segmenter.count, texts[1:])]
    best = counts.index(min(counts))
    return Advice(
        text=texts[best],
        changes=plans[best],
        level=gentlest if best > bool(crs) else None,
        segments_before=before,
        segments_after=counts[best],
        units_over=units_over(found),
        replacements=replaced,
        irreplaceable=irreplaceable,
        line_ends=crs if crs and before > 1 and counts[1] < before else (),
    )


def _replace(
    segmenter: Any, text: str, levels: Sequence[str]
) -> tuple[tuple[Replacement, ...], tuple[str, ...], str]:
    """Replace by the gentlest level that leaves nothing; return the level and what is left, too."""
    for level in levels:
        try:
            found = transliterate(segmenter, text, level)
        except MissingExtraError:
            break
        plain = str.__str__(found.text)
        left = tuple(dict.fromkeys(plain[index] for index in segmenter._foreign(plain)))
        best = found.replacements, left, level
        if not left:
            break
    return best


def _apply(text: str, changes: Sequence[Replacement]) -> str:
    parts: list[str] = []
    start = 0
    for char, replacement, index in changes:
        parts += text[start:index], replacement
        start = index + len(char)
    return "".join(parts) + text[start:]


def units_over(found: Any) -> int:
    """Return the units of an `Analysis` behind the longest beginning that takes a segment less."""
    if found.segment_count == 1:
        return 0
    kept = truncate(found.segmenter, found.text, found.segment_count - 1)
    return units_in(found, found.text[len(kept) :])


def units_in(found: Any, part: str) -> int:
    """Return the septets or code units that a part of an analysed text takes there."""
    if found.encoding == Encoding.UCS2:
        return len(part.encode("utf-16-le", "surrogatepass")) // 2
    plain = locking_table(found.locking_shift or 0)
    return sum(1 if char in plain else 2 for char in part)
