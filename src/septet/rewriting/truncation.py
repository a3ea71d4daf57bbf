"""Truncation: the longest beginning of a text that fits into a number of segments.

The encoding of a beginning may differ from that of the text: "Hi 😀" without its end is GSM-7. So
one binary search over all lengths could miss the longest beginning that fits. Beginnings that are
GSM-7 come first, then those that are UCS-2; among each of the two, a longer one never takes fewer
segments, so each is searched by itself.
"""

from __future__ import annotations

from bisect import bisect_right

from ..standard.encoding import Encoding
from ..standard.graphemes import cluster_breaks
from ..standard.limits import septet_capacity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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

    cuts = _cuts(text, segments * septet_capacity(0), kernel.clusters)
    first_ucs2 = bisect_right(cuts, False, key=is_ucs2)
    best = bisect_right(cuts, False, lo=first_ucs2, key=is_too_long)
    if best == first_ucs2:
        best = bisect_right(cuts, False, hi=first_ucs2, key=is_too_long)
    return text[: cuts[best - 1]] + ellipsis


def _cuts(text: str, max_length: int, clusters: ClusterRules | None) -> Sequence[int]:
    """Return the indexes at which a text may be cut, up to `max_length` and before its end."""
    stop = min(max_length + 1, len(text))
    if clusters is not None:
        breaks = cluster_breaks(text[: stop + 1], clusters)
        return [cut for cut in range(stop) if breaks[cut]]
    return [cut for cut in range(stop) if not _is_in_pair(text, cut)]


def _is_in_pair(text: str, cut: int) -> bool:
    return "\ud800" <= text[cut - 1 : cut] <= "\udbff" and "\udc00" <= text[cut] <= "\udfff"
