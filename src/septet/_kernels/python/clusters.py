"""Finds grapheme clusters near the ends of segments; clusters.h says how, and why it is linear."""

from __future__ import annotations

from ...standard.graphemes import BREAK, WIDTH, class_index, read_char

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...standard.graphemes import ClusterRules

__all__ = ["ClusterSearch"]


class ClusterSearch:
    """How far the clusters of a text are known.

    Indexes are those of characters, never of the second half of a surrogate pair.
    """

    __slots__ = ("_index", "_rules", "_start", "_state", "_text")

    def __init__(self, text: str, rules: ClusterRules) -> None:
        self._text = text
        self._rules = rules
        self._index = 0  # the characters before it have been read
        self._start = 0  # where the cluster of the last of them begins
        self._state = 0

    def start_of(self, index: int) -> int:
        """Return where the cluster begins that has the character at an index.

        Args:
            index: Not less than in an earlier call.
        """
        begin = index
        second = self._class(begin)
        while begin > self._index:
            before = self._before(begin)
            first = self._class(before)
            if self._rules.certain[first] >> second & 1:
                if begin == index:
                    return index
                self._index = self._start = begin
                self._state = 0
                break
            begin, second = before, first
        while self._index < index:
            self._index, self._start, self._state = self._read(
                self._index, self._start, self._state
            )
        return self._read(index, self._start, self._state)[1]

    def stop_of(self, limit: int) -> int:
        """Return the end of the cluster that was searched for, or an index after `limit` in it."""
        index, start, state = self._index, self._start, self._state
        while index < len(self._text) and index <= limit:
            index, begun, state = self._read(index, start, state)
            if begun != start:
                return begun
        return index

    def _read(self, index: int, start: int, state: int) -> tuple[int, int, int]:
        """Return the index after a character, where its cluster begins, and the next state."""
        code_point, stop = read_char(self._text, index)
        char_class = self._rules.classes[class_index(code_point)]
        transition = self._rules.transitions[state * WIDTH + char_class]
        return stop, index if transition & BREAK else start, transition & ~BREAK

    def _class(self, index: int) -> int:
        return self._rules.classes[class_index(read_char(self._text, index)[0])]

    def _before(self, index: int) -> int:
        """Return the index of the character before another; a pair of surrogates is one."""
        pair = max(index - 2, 0)
        return pair if read_char(self._text, pair)[1] == index else index - 1
