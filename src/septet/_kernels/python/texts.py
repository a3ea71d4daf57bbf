"""Changes to one text: `truncate`, and `transliterate` where there is nothing to replace.

The encoding of a beginning may differ from that of the text: "Hi 😀" without its end is GSM-7. So
one binary search over all lengths could miss the longest beginning that fits. Beginnings that are
GSM-7 come first, then those that are UCS-2; among each of the two, a longer one never takes fewer
segments, so each is searched by itself.

A text is cut between grapheme clusters only: no phone joins what is cut off.
"""

from __future__ import annotations

from bisect import bisect_right

from ...standard.graphemes import class_index, cluster_breaks, cluster_rules, read_char
from ...standard.limits import septet_capacity
from .bounds import check_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...standard.graphemes import ClusterRules
    from .kernel import Kernel

__all__ = ["Transliterator", "truncate"]


def truncate(kernel: Kernel, text: str, segments: int, ellipsis: str = "") -> str:
    """Return the longest beginning of a text that fits into a number of segments.

    Args:
        kernel: The kernel that counts.
        text: The text.
        segments: The highest number of segments, at least 1.
        ellipsis: A text to append where the text was cut; it is counted too.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `segments` is less than 1, or the ellipsis alone does not fit.
        EncodingError: GSM-7 is forced, and the text or the ellipsis has another character.
    """
    if not isinstance(segments, int):
        raise TypeError(f"segments must be int, not {type(segments).__name__}")
    if segments < 1:
        raise ValueError(f"segments must be at least 1, not {segments}")
    needed = kernel.count(ellipsis)
    if needed > segments:
        raise ValueError(f"the ellipsis alone takes {needed} segments, but segments={segments}")
    if kernel.count(text) <= segments:
        return text
    text, ellipsis = str.__str__(text), str.__str__(ellipsis)

    def is_ucs2(cut: int) -> bool:
        return kernel._choose(text[:cut] + ellipsis).pair < 0

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


class Transliterator:
    """Replaces characters in texts that need it; other texts stay as they are.

    Args:
        kernel: The kernel that counts.
        record: The type of the results, a subclass of `tuple` with the fields text and
            replacements.
        rewrite: Called with the kernel and the arguments of `transliterate` if there may be
            something to replace, or an argument may be wrong; its result is returned.

    Raises:
        TypeError: `record` is not a subclass of `tuple`.
    """

    __slots__ = ("_kernel", "_record", "_rewrite")

    def __init__(
        self, kernel: Kernel, record: type[tuple[Any, ...]], rewrite: Callable[..., Any]
    ) -> None:
        check_record("record", record)
        self._kernel, self._record, self._rewrite = kernel, record, rewrite

    def transliterate(self, text: str, level: Any = "punctuation", *, when: Any = "helps") -> Any:
        """Replace the characters that force a text into UCS-2.

        Characters of GSM-7, such as é, ß and €, are never replaced, nor are those of the national
        tables that lack the fewest characters of the text. A letter is composed with its marks
        before it is looked up. If UCS-2 is forced, nothing changes.

        Args:
            text: Any `str`.
            level: "punctuation" replaces punctuation, spaces and signs, and takes out what is
                invisible; "letters" also replaces Latin letters, by those without marks, and Greek
                ones, by capitals that look like them; "all" also replaces every other character
                that `anyascii` knows, such as Cyrillic letters by sound and emoji by names.
            when: "helps" replaces only if the whole text is GSM-7 then and takes no more segments
                than before; "cheaper" only if it takes fewer; "always" whatever can be replaced.

        Returns:
            The new text and its replacements; the text itself and none if it was not replaced.

        Raises:
            TypeError: `text` is not a `str`.
            ValueError: `level` or `when` has an unknown value.
            MissingExtraError: A level above "punctuation" without the extra `transliteration`.
            EncodingError: With `when="cheaper"`: GSM-7 is forced and the text has another
                character, before or after replacement.

        Example:
            >>> septet.transliterate("Tonight: jazz at the café ’til 2").text
            "Tonight: jazz at the café 'til 2"
        """
        if (level, when) == ("punctuation", "helps") and isinstance(text, str):
            choice = self._kernel._chooser.choose(str.__str__(text), None)
            if choice is not None and choice.pair >= 0:
                return tuple.__new__(self._record, (text, ()))
        return self._rewrite(self._kernel, text, level, when)
