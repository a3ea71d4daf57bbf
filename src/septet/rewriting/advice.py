"""Advice: the changes to a text that save segments.

Two kinds of change can save a segment: replacing all characters that GSM-7 lacks, and shortening
line ends from CR LF to LF, which readers do not notice. Each kind is applied to the whole text or
not at all, because a text with only some of its quotes or line ends changed looks like a mistake.
So there are four versions of a text; each is counted, and the best is advised.
"""

from __future__ import annotations

import re
from collections import namedtuple

from .._kernels import load
from ..display.wording import listed, plural, shorten
from ..exceptions import MissingExtraError
from ..rules.records import Replacement
from ..standard.alphabets import locking_table
from ..standard.encoding import Encoding
from .replacements import levels_to, windows_1252
from .transliteration import apply_replacements, transliterate
from .wrong_decoding import undo_wrong_decoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._kernels import Kernel
    from ..rules.analysis import Analysis
    from .replacements import Level

__all__ = ["Advice", "advise", "units_in", "units_over"]

_UCS2 = Encoding.UCS2  # members of an enumeration are slow to look up
_CR_OF_PAIR = re.compile(r"\r(?=\n)")
_CHANGES_SHOWN = 10
_CHARACTERS_SHOWN = 60


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
            "probable_text",
        ),
    )
):
    """The changes that save segments; `str()` describes them in a few lines.

    Attributes:
        text: The text with the changes made; the same object as the original if there are none.
        changes: The changes that give the fewest segments, in the order of the text. If several
            versions give as few, the first of these: none, line ends, replacements, both. A line
            end is changed by replacing its CR with an empty text.
        level: The level of `transliterate` that the replacements among the changes need; None if
            there are none.
        segments_before: Segments of the original text.
        segments_after: Segments of `text`.
        units_over: Septets or code units of the original text after the longest beginning that
            takes one segment less; 0 for a text of one segment.
        replacements: The possible replacements of characters that force UCS-2, whether or not they
            save a segment.
        irreplaceable: The characters that force UCS-2 after the replacements, each once.
        line_ends: The changes of all CR LF to LF, if these alone save a segment.
        probable_text: What the text probably was before UTF-8 was read as Windows-1252 or Latin-1;
            None if it does not look so.
    """

    __slots__ = ()

    text: str
    changes: tuple[Replacement, ...]
    level: Level | None
    segments_before: int
    segments_after: int
    units_over: int
    replacements: tuple[Replacement, ...]
    irreplaceable: tuple[str, ...]
    line_ends: tuple[Replacement, ...]
    probable_text: str | None

    def __str__(self) -> str:
        lines = [plural(self.segments_before, "segment")]
        if self.units_over:
            units = "unit" if self.units_over == 1 else f"{self.units_over} units"
            fewer = self.segments_before - 1
            lines[0] += f", {'at most ' * (fewer > 1)}{fewer} without the last {units}"
        if self.changes:
            lines.append(f"{plural(self.segments_after, 'segment')} with these changes:")
            indexes: dict[str, list[int]] = {}
            for char, replacement, index in self.changes:
                change = f"{char!r} to {replacement!r}" if char != "\r" else "CR LF to LF"
                indexes.setdefault(change, []).append(index)
            changes = [f"  {change} at {listed(where)}" for change, where in indexes.items()]
            lines += changes[:_CHANGES_SHOWN]
            if len(changes) > _CHANGES_SHOWN:
                lines.append(f"  and {len(changes) - _CHANGES_SHOWN} more")
        elif self.units_over:
            lines.append("no change saves a segment")
            if self.irreplaceable:
                lines.append(f"no replacement for {listed(list(map(repr, self.irreplaceable)))}")
        if self.probable_text is not None:
            shown = repr(shorten(self.probable_text, _CHARACTERS_SHOWN))
            lines.append(f"looks like UTF-8 read as Windows-1252 or Latin-1; probably {shown}")
        return "\n".join(lines)


def advise(kernel: Kernel, text: str, level: Level = "all") -> Advice:
    """Return the changes to a text that save segments; see `Segmenter.advise`."""
    analysis: Analysis = kernel.analyze(text)
    before = analysis.segment_count
    line_ends = tuple(
        Replacement("\r", "", match.start()) for match in _CR_OF_PAIR.finditer(analysis.text)
    )
    levels = levels_to(level)
    replaced: tuple[Replacement, ...] = ()
    irreplaceable: tuple[str, ...] = ()
    needed_level = levels[0]
    if analysis.encoding == _UCS2:
        replaced, irreplaceable, needed_level = _replace(kernel, text, levels)
    can_replace = bool(replaced) and not irreplaceable
    plans: list[tuple[Replacement, ...]] = [()]
    if before > 1:
        # In the order of preference.
        plans = [
            tuple(sorted(replaced * replaces + line_ends * ends, key=lambda change: change.index))
            for replaces in range(1 + can_replace)
            for ends in range(1 + bool(line_ends))
        ]
    texts = [text, *(apply_replacements(analysis.text, plan) for plan in plans[1:])]
    counts = [before, *map(kernel.count, texts[1:])]
    best = counts.index(min(counts))
    return Advice(
        text=texts[best],
        changes=plans[best],
        level=needed_level if best > bool(line_ends) else None,
        segments_before=before,
        segments_after=counts[best],
        units_over=units_over(kernel, analysis),
        replacements=replaced,
        irreplaceable=irreplaceable,
        line_ends=line_ends if line_ends and before > 1 and counts[1] < before else (),
        probable_text=undo_wrong_decoding(text),
    )


def _replace(
    kernel: Kernel, text: str, levels: Sequence[Level]
) -> tuple[tuple[Replacement, ...], tuple[str, ...], Level]:
    """Return (replacements, characters without one, level) of the first level that replaces all.

    If none replaces all characters that force UCS-2, it is the last level that is installed.
    """
    for level in levels:
        try:
            transliteration = transliterate(kernel, text, level, "always")
        except MissingExtraError:
            break
        left = _irreplaceable(kernel, str.__str__(text), str.__str__(transliteration.text))
        best = transliteration.replacements, left, level
        if not left:
            break
    return best


def _irreplaceable(kernel: Kernel, text: str, replaced: str) -> tuple[str, ...]:
    """Return the characters that still force UCS-2 in a replaced text, each once."""
    controls = {char: control for control, char in windows_1252().items()}
    left = (replaced[index] for index in kernel.non_gsm_indexes(replaced))
    return tuple(dict.fromkeys(char if char in text else controls[char] for char in left))


def units_over(kernel: Kernel, analysis: Analysis) -> int:
    """Return the units of a text after the longest beginning that takes one segment less."""
    if analysis.segment_count == 1:
        return 0
    truncate = load(kernel.implementation).truncate
    beginning = truncate(kernel, analysis.text, analysis.segment_count - 1)
    return units_in(analysis, analysis.text[len(beginning) :])


def units_in(analysis: Analysis, part: str) -> int:
    """Return the septets or code units of a part of an analyzed text."""
    if analysis.encoding == _UCS2:
        return len(part.encode("utf-16-le", "surrogatepass")) // 2
    plain = locking_table(analysis.locking_shift or 0)
    return sum(1 if char in plain else 2 for char in part)
