"""`RuleGroup`: replacements with the same reason, written as ranges of code points."""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

__all__ = ["RuleGroup", "code_points"]


class RuleGroup(
    namedtuple("RuleGroup", ("name", "level", "reason", "replaced", "runs"), defaults=({},))
):
    """Rules with the same reason.

    Attributes:
        name: What the characters are.
        level: The first level that has these rules.
        reason: Why these replacements are right.
        replaced: By replacement, the code points that it replaces.
        runs: By text, code points: each begins a run of characters, and the first one of the run is
            replaced by the first one of the text, and so on.
    """

    __slots__ = ()

    name: str
    level: Literal["punctuation", "letters", "all"]
    reason: str
    replaced: Mapping[str, str]
    runs: Mapping[str, str]

    def rules(self) -> dict[str, str]:
        """Return the replacement of each character."""
        rules: dict[str, str] = {}
        for text, points in self.replaced.items():
            rules.update(dict.fromkeys(code_points(points), text))
        for text, starts in self.runs.items():
            for first in code_points(starts):
                rules.update((chr(ord(first) + step), char) for step, char in enumerate(text))
        return rules


def code_points(ranges: str) -> Iterator[str]:
    """Yield the characters of code points and ranges, which include both ends."""
    for word in ranges.split():
        first, _, last = word.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))
