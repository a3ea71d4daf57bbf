"""Reassemble texts from their segments, which arrive in any order and possibly more than once.

Segments belong together by sender, reference and total (3GPP TS 23.040, 9.2.3.24.1). Some may never
arrive, and anybody can send the first of three segments and stop: so the segments that are kept are
limited in number and in age, and texts that are given up are reported.
"""

from __future__ import annotations

import time
from collections import namedtuple
from itertools import groupby
from operator import itemgetter

from ..exceptions import DecodingError
from ..standard.limits import septet_capacity
from ..standard.user_data_header import read_concatenation
from .decoding import read_units, take_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import TypeAlias

    from .decoding import Octets, Tables

    Label: TypeAlias = tuple[Hashable, int, int, int]
    Piece: TypeAlias = tuple[Tables | None, bytes]

__all__ = ["Reassembler", "UnfinishedText"]


class UnfinishedText(namedtuple("UnfinishedText", ("key", "reference", "total", "bodies"))):
    """A text that a `Reassembler` gave up before all its segments had arrived.

    Attributes:
        key: The key that `Reassembler.add` was called with.
        reference: Reference that its segments have in common.
        total: Number of segments of the whole text.
        bodies: Texts of the segments that arrived, by sequence, from 1.
    """

    __slots__ = ()

    key: Hashable
    reference: int
    total: int
    bodies: dict[int, str]


class _Pieces:
    """The segments of one text that have arrived.

    Attributes:
        by_sequence: The segments by their sequence.
        since: When the first one arrived; for a whole text, when the last one did.
        is_repeat: Whether all of them equal those of the whole text that came before.
    """

    __slots__ = ("by_sequence", "is_repeat", "since")

    def __init__(self, since: float) -> None:
        self.by_sequence: dict[int, Piece] = {}
        self.since = since
        self.is_repeat = True

    def __len__(self) -> int:
        return len(self.by_sequence)

    def in_order(self) -> list[tuple[int, Piece]]:
        """Return the segments with their sequences, in order."""
        return sorted(self.by_sequence.items(), key=itemgetter(0))


class Reassembler:
    """Joins segments to whole texts. Not thread-safe.

    A repeated segment counts once; a repeated segment of a whole text is ignored for `max_age`
    seconds. If a segment differs from one with the same sequence that has arrived before, the
    sender has reused the reference: the unfinished text is given up, and a new one begins. Adjacent
    segments of one encoding are decoded together, so a character that its sender has split between
    two segments is whole again.

    Args:
        on_unfinished: Called with each text that is given up; None logs a warning.
        max_age: Seconds to keep an unfinished text, from its first segment on.
        max_segments: Maximum number of segments to keep, each of at most 160 octets. Beyond it the
            oldest whole texts are forgotten first, then the oldest unfinished texts are given up.
        clock: Returns the time in seconds.

    Raises:
        ValueError: `max_age` or `max_segments` is not positive.

    Example:
        >>> first, second = septet.encode("a" * 200)
        >>> reassembler = septet.Reassembler()
        >>> reassembler.add("+12025550123", second.user_data, has_udh=True)
        >>> reassembler.add("+12025550123", first.user_data, has_udh=True) == "a" * 200
        True
    """

    def __init__(
        self,
        on_unfinished: Callable[[UnfinishedText], object] | None = None,
        *,
        max_age: float = 600.0,
        max_segments: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not max_age > 0:
            raise ValueError(f"max_age must be positive, not {max_age!r}")
        if not max_segments > 0:
            raise ValueError(f"max_segments must be positive, not {max_segments!r}")
        self._report = on_unfinished or _log
        self._max_age = max_age
        self._max_segments = max_segments
        self._clock = clock
        # The oldest come first in both.
        self._unfinished: dict[Label, _Pieces] = {}
        self._finished: dict[Label, _Pieces] = {}
        self._segment_count = 0

    @property
    def segment_count(self) -> int:
        """Number of segments that are kept, including those of whole texts."""
        return self._segment_count

    def __repr__(self) -> str:
        return (
            f"<Reassembler max_age={self._max_age} max_segments={self._max_segments} "
            f"segment_count={self._segment_count}>"
        )

    def add(
        self,
        key: Hashable,
        user_data: Octets,
        *,
        data_coding: int = 0x00,
        has_udh: bool = False,
        user_data_length: int | None = None,
        packed: bool = True,
    ) -> str | None:
        """Add a segment, and return the text if it is whole now.

        Args:
            key: Identifies sender and recipient: only segments with equal keys are joined.
            user_data: TP-User-Data, or the short message of SMPP.
            data_coding: TP-Data-Coding-Scheme; see `decode`.
            has_udh: Whether the data begins with a header.
            user_data_length: TP-User-Data-Length, in septets (GSM-7) or octets (UCS-2).
            packed: Whether GSM-7 septets are packed; False for one in each octet, as in SMPP.

        Returns:
            The whole text, or None if segments are missing or the segment is a repetition.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: `user_data_length` is given although the septets are not packed.
            DecodingError: The data is not a segment of text; nothing is added.
            UserDataHeaderError: The header is longer than the data; nothing is added.
        """
        tables, units, elements = take_apart(
            user_data, data_coding, has_udh, user_data_length, packed, strict=False
        )
        body = read_units(tables, units, strict=False)
        self.expire()
        concatenation = read_concatenation(elements)
        if concatenation is None:
            return body
        if len(units) > septet_capacity():
            raise DecodingError(
                f"the segment has {len(units)} units, but a segment can have at most "
                f"{septet_capacity()}"
            )
        reference, total, sequence, reference_bits = concatenation
        return self._add((key, reference_bits, reference, total), sequence, (tables, units))

    def expire(self, age: float | None = None) -> None:
        """Give up unfinished texts, and forget whole ones, of at least some age.

        `add` does this itself with `max_age`.

        Args:
            age: The age in seconds; 0 gives up every unfinished text. None means `max_age`.
        """
        limit = self._clock() - (self._max_age if age is None else age)
        for texts, remove in ((self._finished, self._forget), (self._unfinished, self._give_up)):
            while texts and next(iter(texts.values())).since <= limit:
                remove(next(iter(texts)))

    def _add(self, label: Label, sequence: int, piece: Piece) -> str | None:
        now = self._clock()
        finished, pieces = self._finished.get(label), self._unfinished.get(label)
        repeated = None if finished is None else finished.by_sequence.get(sequence)
        held = None if pieces is None else pieces.by_sequence.get(sequence)
        if held not in (None, piece, repeated):
            self._give_up(label)
            pieces = held = None
        if pieces is None:
            pieces = self._unfinished[label] = _Pieces(now)
        pieces.by_sequence[sequence] = piece
        pieces.is_repeat = pieces.is_repeat and piece == repeated
        self._segment_count += held is None
        text = self._finish(label, now) if len(pieces) == label[-1] else None
        while self._segment_count > self._max_segments:
            if self._finished:
                self._forget(next(iter(self._finished)))
            else:
                self._give_up(next(iter(self._unfinished)))
        return text

    def _finish(self, label: Label, now: float) -> str | None:
        pieces = self._unfinished.pop(label)
        pieces.since = now
        if label in self._finished:
            self._forget(label)
        self._finished[label] = pieces
        return None if pieces.is_repeat else _read(piece for _, piece in pieces.in_order())

    def _forget(self, label: Label) -> None:
        self._segment_count -= len(self._finished.pop(label))

    def _give_up(self, label: Label) -> None:
        pieces = self._unfinished.pop(label)
        self._segment_count -= len(pieces)
        if not pieces.is_repeat:
            key, _, reference, total = label
            bodies = {sequence: _read([piece]) for sequence, piece in pieces.in_order()}
            self._report(UnfinishedText(key, reference, total, bodies))


def _read(pieces: Iterable[Piece]) -> str:
    """Return the text of adjacent segments."""
    runs = groupby(pieces, key=itemgetter(0))
    return "".join(
        read_units(tables, b"".join(units for _, units in run), strict=False)
        for tables, run in runs
    )


def _log(text: UnfinishedText) -> None:
    import logging

    logging.getLogger(__name__).warning(
        "gave up a text: only %d of %d segments arrived (reference %d)",
        len(text.bodies),
        text.total,
        text.reference,
    )
