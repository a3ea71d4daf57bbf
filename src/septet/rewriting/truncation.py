"""The longest beginning of a text that fits into so many segments.

A beginning may be counted in another encoding than the text: "Hi 😀" without its end is GSM-7. So
more characters can take fewer segments, and one search by halves could miss the longest beginning.
Within an encoding it cannot: there are two stretches, the beginnings that are GSM-7 and then those
that are UCS-2, and each is searched by itself.
"""

from __future__ import annotations

from bisect import bisect_right

from ..standard.encoding import Encoding
from ..standard.graphemes import cluster_breaks
from ..standard.limits import septet_capacity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["truncate"]


def truncate(segmenter: Any, text: str, segments: int, ellipsis: str = "") -> str:
    """Return the longest beginning of a text that fits into so many segments.

    Args:
        segmenter: The rules.
        text: Any `str`. It is cut between characters, halves of a surrogate pair stay together, and
            so do grapheme clusters if the rules keep them.
        segments: How many it may take, at least 1.
        ellipsis: What is put behind a text that was cut, and counted with it.

    Returns:
        The text itself if it fits, else a beginning (it may be empty) and the ellipsis.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `segments` is less than 1, or the ellipsis does not fit by itself.
        EncodingError: GSM-7 is forced, and the text or the ellipsis has another character.
    """
    if not isinstance(segments, int):
        raise TypeError(f"segments must be int, not {type(segments).__name__}")
    if segments < 1:
        raise ValueError(f"segments must be at least 1, not {segments}")
    needed = segmenter.count(ellipsis)
    if needed > segments:
        raise ValueError(f"the ellipsis takes {needed} segments by itself, more than {segments}")
    if segmenter.count(text) <= segments:
        return text
    text = str.__str__(text)

    def is_ucs2(cut: int) -> bool:
        found: Encoding = segmenter.analyze(text[:cut] + ellipsis).encoding
        return found == Encoding.UCS2

    def is_too_long(cut: int) -> bool:
        return bool(segmenter.count(text[:cut] + ellipsis) > segments)

    cuts = _cuts(text, segments * septet_capacity(0), segmenter.keep_graphemes)
    first_ucs2 = bisect_right(cuts, False, key=is_ucs2)
    best = bisect_right(cuts, False, lo=first_ucs2, key=is_too_long)
    if best == first_ucs2:
        best = bisect_right(cuts, False, hi=first_ucs2, key=is_too_long)
    return text[: cuts[best - 1]] + ellipsis


def _cuts(text: str, longest: int, keep_graphemes: bool) -> Sequence[int]:
    """Return where a text may be cut, up to `longest` characters and before its end."""
    stop = min(longest + 1, len(text))
    breaks = cluster_breaks(text) if keep_graphemes else None
    if breaks is not None:
        return [cut for cut in range(stop) if breaks[cut]]
    return [cut for cut in range(stop) if not _is_in_pair(text, cut)]


def _is_in_pair(text: str, cut: int) -> bool:
    return "\ud800" <= text[cut - 1 : cut] <= "\udbff" and "\udc00" <= text[cut] <= "\udfff"
