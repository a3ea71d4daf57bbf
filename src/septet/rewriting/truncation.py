"""Truncation: the longest beginning of a text that fits into a number of segments.

The encoding of a beginning may differ from that of the text: "Hi 😀" without its end is GSM-7. So
one binary search over all lengths could miss the longest beginning that fits. Beginnings that are
GSM-7 come first, then those that are UCS-2; among each of the two, a longer one never takes fewer
segments, so each is searched by itself.

A text is cut between grapheme clusters only: no phone joins what is cut off.
"""

from __future__ import annotations

from bisect import bisect_right

from ..standard.encoding import Encoding
from ..standard.graphemes import class_index, cluster_breaks, cluster_rules, read_char
from ..standard.limits import septet_capacity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._kernels import Kernel
    from ..rules.analysis import Analysis
    from ..standard.graphemes import ClusterRules

__all__ = ["truncate"]


def truncate(kernel: Kernel, text: str, segments: int, ellipsis: str = "") -> str:
    """Return the longest beginning of a text that fits; see `Segmenter.truncate`."""
    if not isinstance(segments, int):
        raise TypeError(f"segments must be int, not {type(segments).__name__}")
    if segments < 1:
        raise ValueError(f"segments must be at least 1, not {segments}")
    needed = kernel.count(ellipsis)
    if needed > segments:
        raise ValueError(f"the ellipsis alone takes {needed} segments, but segments={segments}")
    if kernel.count(text) <= segments:
        return text
    text = str.__str__(text)

    def is_ucs2(cut: int) -> bool:
        analysis: Analysis = kernel.analyze(text[:cut] + ellipsis)
        return analysis.encoding == Encoding.UCS2

    def is_too_long(cut: int) -> bool:
        return kernel.count(text[:cut] + ellipsis) > segments

    cuts = range(min(segments * septet_capacity(0) + 1, len(text)))
    first_ucs2 = bisect_right(cuts, False, key=is_ucs2)
    fitting = bisect_right(cuts, False, lo=first_ucs2, key=is_too_long)
    cut = _cluster_start(text, fitting - 1) if fitting > first_ucs2 else 0
    if cut < first_ucs2:
        fitting = bisect_right(cuts, False, hi=first_ucs2, key=is_too_long)
        cut = _cluster_start(text, fitting - 1)
    return text[:cut] + ellipsis


def _cluster_start(text: str, index: int) -> int:
    """Return the last index, not after another, at which a grapheme cluster begins."""
    rules = cluster_rules("unicode")
    start = index
    while start and not _surely_begins(text, start, rules):
        start -= 1
    # Clusters after a sure beginning do not depend on what is before it.
    breaks = cluster_breaks(text[start : index + 2], rules)
    return start + breaks.rindex(1, 0, index + 1 - start)


def _surely_begins(text: str, index: int, rules: ClusterRules) -> bool:
    """Return whether a cluster begins at an index, whatever is before the character before it."""
    before = index - 1
    char, stop = read_char(text, before)
    if stop > index:  # between the halves of a surrogate pair
        return False
    pair, stop = read_char(text, max(before - 1, 0))
    if stop == index:
        char = pair
    first, second = (rules.classes[class_index(c)] for c in (char, read_char(text, index)[0]))
    return bool(rules.certain[first] >> second & 1)
