"""Where grapheme clusters begin (UAX #29), by the `regex` package: extra `graphemes`."""

from __future__ import annotations

from functools import cache

from ..exceptions import MissingExtraError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import regex

__all__ = ["cluster_breaks", "cluster_pattern"]


@cache
def cluster_pattern() -> regex.Pattern[str]:
    """Return the pattern of a character that begins an extended grapheme cluster, and the rest.

    Raises:
        MissingExtraError: The `regex` package is not installed.
    """
    try:
        import regex
    except ImportError as error:
        raise MissingExtraError("regex", "graphemes", "keep_graphemes") from error
    return regex.compile(r"\X")


def cluster_breaks(text: str) -> bytes | None:
    """Return an octet for each character, 1 where a cluster begins; None if all of them begin one.

    Halves of a surrogate pair that stand next to each other are one character on the air, so the
    second never begins a cluster, although UAX #29 knows only code points.
    """
    if text.isascii() and "\r\n" not in text:
        return None
    breaks = bytearray(len(text))
    for cluster in cluster_pattern().finditer(text):
        start = cluster.start()
        is_second_half = (
            "\udc00" <= text[start] <= "\udfff"
            and start > 0
            and ("\ud800" <= text[start - 1] <= "\udbff")
        )
        breaks[start] = not is_second_half
    return bytes(breaks)
