"""Reassemble texts from their segments, which arrive in any order and possibly more than once.

Segments belong together by sender, reference and total. Reference and total are in a concatenation
element of the header (3GPP TS 23.040, 9.2.3.24.1), or in optional parameters of SMPP whose names
begin with `sar_` (SMPP 3.4, 5.3.2.22 to 5.3.2.24). Some segments may never arrive, and anybody can
send the first of three and stop: so the segments that are kept are limited in number and in age,
and texts that are given up are reported.
"""

from __future__ import annotations

import math
import time
from collections import namedtuple

from .. import _kernels
from ..exceptions import DecodingError
from ..standard.limits import MAX_SEGMENTS, septet_capacity
from ..standard.user_data_header import read_concatenation
from .decoding import UTF16, encodings_of, read_default_alphabet, read_units, take_apart
from .joining import Part, join_parts, read_bodies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, TypeAlias

    from .decoding import Octets, Protocol

    Label: TypeAlias = tuple[Hashable, int, int, int]

__all__ = ["Reassembler", "UnfinishedText"]

_SAR = 0  # instead of the bits of a reference: references of both kinds are counted separately
_MAX_SAR_REFERENCE = 0xFFFF
_CAPACITY = septet_capacity()
_MAX_PAYLOAD_OCTETS = 0xFFFF  # the length of an optional parameter of SMPP has two octets


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


class _Parts:
    """The parts of one text that have arrived.

    Attributes:
        by_sequence: The parts by their sequence.
        since: When the first one arrived; for a whole text, when the last one did.
        is_repeat: Whether all of them equal those of the whole text that came before.
        segment_count: What they count as towards `max_segments`.
    """

    __slots__ = ("by_sequence", "is_repeat", "segment_count", "since")

    def __init__(self, since: float) -> None:
        self.by_sequence: dict[int, Part] = {}
        self.since = since
        self.is_repeat = True
        self.segment_count = 0

    def in_order(self) -> dict[int, Part]:
        """Return the parts by their sequence, in order."""
        return dict(sorted(self.by_sequence.items()))


def _segment_count(part: Part) -> int:
    return -(-len(part.units) // _CAPACITY) or 1


class Reassembler:
    """Joins segments to whole texts. Not thread-safe.

    A repeated segment counts once; a repeated segment of a whole text is ignored for `max_age`
    seconds. If a segment differs from one with the same sequence that has arrived before, the
    sender has reused the reference: the unfinished text is given up, and a new one begins. Adjacent
    segments of one encoding are decoded together, so a character that its sender has split between
    two segments is whole again, even in the middle of a code unit.

    Args:
        on_unfinished: Called with each text that is given up; None logs a warning.
        max_age: Seconds to keep an unfinished text, from its first segment on.
        max_segments: Maximum number of segments to keep, each of at most 160 octets; a longer
            message payload of SMPP counts as several. Beyond it the oldest whole texts are
            forgotten first, then the oldest unfinished texts are given up.
        clock: Returns the time in seconds.
        protocol: "gsm" or "smpp": what the data codings mean, and whether septets are packed unless
            `add` says so; see `decode`.
        default_alphabet: With `protocol="smpp"`, the encoding that a data coding of 0 means; see
            `decode`.

    Attributes:
        functions: The functions of the implementation that decodes (`_kernels.load`); a subclass
            may choose another.

    Raises:
        TypeError: `default_alphabet` is not a `str`.
        ValueError: `max_age` or `max_segments` is not positive; `protocol` or `default_alphabet`
            has an unknown value, or they do not go together.

    Example:
        >>> first, second = septet.encode("a" * 200)
        >>> reassembler = septet.Reassembler()
        >>> reassembler.add("+12025550123", second.user_data, has_udh=True)
        >>> reassembler.add("+12025550123", first.user_data, has_udh=True) == "a" * 200
        True
    """

    functions: Any = _kernels

    def __init__(
        self,
        on_unfinished: Callable[[UnfinishedText], object] | None = None,
        *,
        max_age: float = 600.0,
        max_segments: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
        protocol: Protocol = "gsm",
        default_alphabet: str = "gsm7",
    ) -> None:
        if not max_age > 0:
            raise ValueError(f"max_age must be positive, not {max_age!r}")
        if not max_segments > 0:
            raise ValueError(f"max_segments must be positive, not {max_segments!r}")
        self._report = on_unfinished or _log
        self._max_age = max_age
        self._max_segments = max_segments
        self._clock = clock
        self._default_alphabet = read_default_alphabet(protocol, default_alphabet)
        self._encodings = encodings_of(self._default_alphabet)
        self._max_units = _CAPACITY if protocol == "gsm" else _MAX_PAYLOAD_OCTETS
        # The oldest come first in both.
        self._unfinished: dict[Label, _Parts] = {}
        self._finished: dict[Label, _Parts] = {}
        self._oldest = math.inf  # none of them is older
        self._segment_count = 0

    @property
    def segment_count(self) -> int:
        """Number of segments that are kept, including those of whole texts; see `max_segments`."""
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
        packed: bool | None = None,
        concatenation: tuple[int | None, int | None, int | None] | None = None,
    ) -> str | None:
        """Add a segment, and return the text if it is whole now.

        Args:
            key: Identifies sender and recipient: only segments with equal keys are joined.
            user_data: TP-User-Data, or the short message or message payload of SMPP.
            data_coding: TP-Data-Coding-Scheme, or the data coding of SMPP; see `decode`.
            has_udh: Whether the data begins with a header.
            user_data_length: TP-User-Data-Length, in septets (GSM-7) or octets.
            packed: Whether GSM-7 septets are packed; see `decode`.
            concatenation: Reference, total and sequence if they are not in the header:
                `sar_msg_ref_num`, `sar_total_segments` and `sar_segment_seqnum` of SMPP. If one of
                them is None, all are ignored, as SMPP demands.

        Returns:
            The whole text, or None if segments are missing or the segment is a repetition.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: `user_data_length` is given although the septets are not packed.
            DecodingError: The data is not a segment of text, or `concatenation` has a value that is
                not allowed, or differs from that of the header; nothing is added.
            UserDataHeaderError: The header is longer than the data; nothing is added.
        """
        sar = None if concatenation is None else _read_sar(concatenation)
        is_packed = self._default_alphabet is None if packed is None else packed
        parts = self.functions.read_segment(
            user_data, self._encodings, data_coding, has_udh, user_data_length, is_packed
        )
        if parts is None:
            alphabet, units, elements, may_lack_at = take_apart(
                user_data,
                data_coding,
                has_udh,
                user_data_length,
                is_packed,
                False,
                self._default_alphabet,
                self.functions,
            )
            body = read_units(alphabet, units, False, self.functions)
            in_header = read_concatenation(elements)
        else:
            body, tables, units, in_header, may_lack_at = parts
            alphabet = tables or UTF16
        now = self._clock()
        if in_header is not None:
            reference, total, sequence, reference_bits = in_header
            if sar is not None and sar != (reference, total, sequence):
                raise DecodingError(
                    f"concatenation is {sar}, but the header has {tuple(in_header[:3])}"
                )
        elif sar is not None:
            reference, total, sequence = sar
            reference_bits = _SAR
        if self._oldest <= now - self._max_age:
            self._expire(now - self._max_age)
        if in_header is None and sar is None:
            return body
        if len(units) > self._max_units:
            raise DecodingError(
                f"the segment has {len(units)} units, but a segment can have at most "
                f"{self._max_units}"
            )
        part = tuple.__new__(Part, (alphabet, units, may_lack_at))  # faster than Part()
        return self._add((key, reference_bits, reference, total), sequence, part, now)

    def expire(self, age: float | None = None) -> None:
        """Give up unfinished texts, and forget whole ones, of at least some age.

        `add` does this itself with `max_age`.

        Args:
            age: The age in seconds; 0 gives up every unfinished text. None means `max_age`.
        """
        self._expire(self._clock() - (self._max_age if age is None else age))

    def _expire(self, limit: float) -> None:
        finished, unfinished = self._finished, self._unfinished
        while finished and next(iter(finished.values())).since <= limit:
            self._forget(next(iter(finished)))
        while unfinished and next(iter(unfinished.values())).since <= limit:
            self._give_up(next(iter(unfinished)))
        first = (next(iter(texts.values())).since for texts in (finished, unfinished) if texts)
        self._oldest = min(first, default=math.inf)

    def _add(self, label: Label, sequence: int, part: Part, now: float) -> str | None:
        finished, parts = self._finished.get(label), self._unfinished.get(label)
        repeated = None if finished is None else finished.by_sequence.get(sequence)
        held = None if parts is None else parts.by_sequence.get(sequence)
        if held is not None and held != part and held != repeated:
            self._give_up(label)
            parts = held = None
        if parts is None:
            parts = self._unfinished[label] = _Parts(now)
            if now < self._oldest:
                self._oldest = now
        added = _segment_count(part) - (0 if held is None else _segment_count(held))
        parts.by_sequence[sequence] = part
        parts.segment_count += added
        self._segment_count += added
        if part != repeated:
            parts.is_repeat = False
        text = self._finish(label, now) if len(parts.by_sequence) == label[-1] else None
        while self._segment_count > self._max_segments:
            if self._finished:
                self._forget(next(iter(self._finished)))
            else:
                self._give_up(next(iter(self._unfinished)))
        return text

    def _finish(self, label: Label, now: float) -> str | None:
        parts = self._unfinished.pop(label)
        parts.since = now
        if label in self._finished:
            self._forget(label)
        self._finished[label] = parts
        return None if parts.is_repeat else join_parts(parts.in_order(), self.functions)

    def _forget(self, label: Label) -> None:
        self._segment_count -= self._finished.pop(label).segment_count

    def _give_up(self, label: Label) -> None:
        parts = self._unfinished.pop(label)
        self._segment_count -= parts.segment_count
        if not parts.is_repeat:
            key, _, reference, total = label
            bodies = read_bodies(parts.in_order(), total, self.functions)
            self._report(UnfinishedText(key, reference, total, bodies))


def _read_sar(
    concatenation: tuple[int | None, int | None, int | None] | None,
) -> tuple[int, int, int] | None:
    """Return reference, total and sequence of the optional parameters, if there are all three.

    Raises:
        TypeError: They are not a tuple of three integers.
        DecodingError: One of them is out of range.
    """
    if concatenation is None:
        return None
    if not isinstance(concatenation, tuple) or len(concatenation) != 3:
        raise TypeError(
            f"concatenation must be (reference, total, sequence) or None, not {concatenation!r}"
        )
    reference, total, sequence = concatenation
    if reference is None or total is None or sequence is None:
        return None
    for number in concatenation:
        if not isinstance(number, int):
            raise TypeError(f"concatenation must be of int, not {concatenation!r}")
    if not 0 <= reference <= _MAX_SAR_REFERENCE:
        raise DecodingError(
            f"concatenation {concatenation}: the reference must be 0 to {_MAX_SAR_REFERENCE}"
        )
    if not 1 <= sequence <= total <= MAX_SEGMENTS:
        raise DecodingError(
            f"concatenation {concatenation}: the total must be 1 to {MAX_SEGMENTS}, and the "
            "sequence 1 to the total"
        )
    return reference, total, sequence


def _log(text: UnfinishedText) -> None:
    import logging

    logging.getLogger(__name__).warning(
        "gave up a text: only %d of %d segments arrived (reference %d)",
        len(text.bodies),
        text.total,
        text.reference,
    )
