"""Boundaries of grapheme clusters (UAX #29), found by the `regex` package (extra `graphemes`)."""

from __future__ import annotations

from functools import cache

from ..exceptions import MissingExtraError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import regex

__all__ = ["cluster_breaks", "cluster_pattern"]


@cache
def cluster_pattern() -> regex.Pattern[str]:
    """Return the pattern that matches one extended grapheme cluster.

    Raises:
        MissingExtraError: The `regex` package is not installed.
    """
    try:
        import regex
    except ImportError as error:
        raise MissingExtraError("regex", "graphemes", "keep_graphemes") from error
    return regex.compile(r"\X")


def cluster_breaks(text: str) -> bytes | None:
    """Return a byte for each character, 1 if a cluster begins there and else 0.

    A high and a low surrogate side by side are one character in UTF-16, so the low one never begins
    a cluster, although UAX #29 is defined for code points only.

    Args:
        text: Any text.

    Returns:
        The bytes, or None if every character begins a cluster.
    """
    if text.isascii() and "\r\n" not in text:
        return None
    breaks = bytearray(len(text))
    for cluster in cluster_pattern().finditer(text):
        start = cluster.start()
        is_second_of_pair = (
            "\udc00" <= text[start] <= "\udfff"
            and start > 0
            and ("\ud800" <= text[start - 1] <= "\udbff")
        )
        breaks[start] = not is_second_of_pair
    return bytes(breaks)
