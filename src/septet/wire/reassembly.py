"""Segments back to whole texts, in whatever order and however often they come.

Segments belong together by who sent them, reference and total (3GPP TS 23.040, 9.2.3.24.1). Nothing
promises that all of them arrive, and anybody can send the first of three and stop: what is kept is
bounded in number and in age, and what is given up is told.
"""

from __future__ import annotations

import time
from collections import namedtuple
from itertools import groupby
from operator import itemgetter

from .. import _kernels
from ..exceptions import DecodingError
from ..standard.limits import septet_capacity
from ..standard.user_data_header import read_concatenation
from .decoding import read_units, take_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import Any, TypeAlias

    from .decoding import Octets, Tables

    Label: TypeAlias = tuple[Hashable, int, int, int]
    Piece: TypeAlias = tuple[Tables | None, bytes]

__all__ = ["Reassembler", "UnfinishedText"]


class UnfinishedText(namedtuple("UnfinishedText", ("key", "reference", "total", "bodies"))):
    """A text that was given up before all its segments had come.

    Attributes:
        key: What `Reassembler.add` was told of the sender.
        reference: What its segments had in common.
        total: How many segments it has.
        bodies: The texts of those that came, by their sequence.
    """

    __slots__ = ()

    key: Hashable
    reference: int
    total: int
    bodies: dict[int, str]


class _Pieces(dict):  # type: ignore[type-arg]
    """The segments of one text that are there, by sequence.

    Attributes:
        since: When the first came, and when the text was whole.
        is_repeat: All of them are those of the text that was whole before.
    """

    def __init__(self, since: float) -> None:
        super().__init__()
        self.since = since
        self.is_repeat = True


class Reassembler:
    """Puts texts together from their segments. Not for several threads at once.

    A segment that comes twice counts once, and so do those of a text that is whole already, for
    `max_age` seconds more. When one comes that contradicts another, its sender uses the reference
    again: the text that waits is given up and a new one begun. Segments of one encoding are read as
    one, so that a character that a careless sender cut in two is whole again.

    Args:
        on_unfinished: Called with each text that is given up; None logs a warning.
        max_age: Seconds that an unfinished text may wait, from its first segment on.
        max_segments: How many segments are kept at most, each of 160 octets at most. Texts that are
            whole make room first, then the unfinished ones, the oldest first.
        clock: Returns the time in seconds.

    Attributes:
        functions: The functions of the implementation that decodes (`_kernels.load`); a subclass
            may choose another.

    Raises:
        ValueError: `max_age` or `max_segments` is not positive.
    """

    functions: Any = _kernels

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
        self._tell = on_unfinished or _log
        self._max_age = max_age
        self._max_segments = max_segments
        self._clock = clock
        # Both begin with the oldest.
        self._unfinished: dict[Label, _Pieces] = {}
        self._finished: dict[Label, _Pieces] = {}
        self._segment_count = 0

    @property
    def segment_count(self) -> int:
        """Segments that are kept, those of remembered texts included."""
        return self._segment_count

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
        """Take a segment; return the text that it is or makes whole, None if segments lack.

        Args:
            key: Who sent it, and to whom: segments of other keys never meet.
            user_data: As for `decode`, and the rest too.
            data_coding: See there.
            has_udh: See there.
            user_data_length: See there.
            packed: See there.

        Raises:
            TypeError: An argument has the wrong type.
            DecodingError: The octets are no segment; what is kept stays as it was.
            UserDataHeaderError: The header is longer than the data.
        """
        tables, units, elements = take_apart(
            user_data, data_coding, has_udh, user_data_length, packed, False, self.functions
        )
        body = read_units(tables, units, False, self.functions)
        self.expire()
        found = read_concatenation(elements)
        if found is None:
            return body
        if len(units) > septet_capacity():
            raise DecodingError(f"a segment of {len(units)} units is longer than any can be")
        label = (key, found.reference_bits, found.reference, found.total)
        return self._add(label, found.sequence, (tables, units))

    def expire(self, age: float | None = None) -> None:
        """Give up what has waited for that many seconds, or for `max_age`; `add` does so itself.

        An age of 0 gives up everything.
        """
        limit = self._clock() - (self._max_age if age is None else age)
        for texts, drop in ((self._finished, self._forget), (self._unfinished, self._give_up)):
            while texts and next(iter(texts.values())).since <= limit:
                drop(next(iter(texts)))

    def _add(self, label: Label, sequence: int, piece: Piece) -> str | None:
        now = self._clock()
        repeated = self._finished[label].get(sequence) if label in self._finished else None
        pieces = self._unfinished.get(label)
        held = None if pieces is None else pieces.get(sequence)
        if held not in (None, piece, repeated):
            self._give_up(label)
            pieces = held = None
        if pieces is None:
            pieces = self._unfinished[label] = _Pieces(now)
        pieces[sequence] = piece
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
        return None if pieces.is_repeat else self._read(pieces[n] for n in sorted(pieces))

    def _forget(self, label: Label) -> None:
        self._segment_count -= len(self._finished.pop(label))

    def _give_up(self, label: Label) -> None:
        pieces = self._unfinished.pop(label)
        self._segment_count -= len(pieces)
        if not pieces.is_repeat:
            key, _, reference, total = label
            bodies = {sequence: self._read([pieces[sequence]]) for sequence in sorted(pieces)}
            self._tell(UnfinishedText(key, reference, total, bodies))

    def _read(self, pieces: Iterable[Piece]) -> str:
        runs = groupby(pieces, key=itemgetter(0))
        return "".join(
            read_units(tables, b"".join(units for _, units in run), False, self.functions)
            for tables, run in runs
        )


def _log(text: UnfinishedText) -> None:
    import logging

    logging.getLogger(__name__).warning(
        "gave up a text of which %d of %d segments came (reference %d)",
        len(text.bodies),
        text.total,
        text.reference,
    )
