"""Join the parts of a text, also if its sender has cut a character in two.

Septets or octets of adjacent parts in the same alphabet are decoded together. So what was cut in
two is whole again: an escape and its septet, a surrogate pair, the two octets of a code unit, the
octets of a character in another encoding.

A part without its length may have lost an `@`: seven zero bits after 8n - 1 septets are either
spare or an `@`. If the part fills all 140 octets and another follows, the sender had room for one
more septet and would have used it, so it is an `@`, unless the next character needs two septets.
"""

from __future__ import annotations

import codecs
from collections import namedtuple

from .. import _kernels
from ..standard.alphabets import ESCAPE, locking_chars
from .decoding import UTF16, read_units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .decoding import Tables

__all__ = ["Part", "join_parts", "read_bodies"]

_AT = b"\0"
_CR_LF = b"\r\n"
_ESCAPE = bytes((ESCAPE,))


class Part(namedtuple("Part", ("alphabet", "units", "may_lack_at"))):
    """One part of a text.

    Attributes:
        alphabet: See `take_apart`.
        units: Septets, each in an octet of its own, or octets.
        may_lack_at: Whether it may lack an `@` at its end; see `take_apart`.
    """

    __slots__ = ()

    alphabet: Tables | str
    units: bytes
    may_lack_at: bool


def join_parts(parts: Mapping[int, Part], functions: Any = _kernels) -> str:
    """Return the text of parts that follow each other.

    Args:
        parts: All parts by their sequence, in order.
        functions: The functions of an implementation, as for `take_apart`.

    Raises:
        DecodingError: An octet is not a septet.
    """
    text = ""
    run: list[bytes] = []
    alphabet = parts[1].alphabet
    for _, next_alphabet, units in _with_ats(parts):
        if next_alphabet != alphabet:
            text += read_units(alphabet, b"".join(run), False, functions)
            run, alphabet = [], next_alphabet
        run.append(units)
    return text + read_units(alphabet, b"".join(run), False, functions)


def read_bodies(parts: Mapping[int, Part], total: int, functions: Any = _kernels) -> dict[int, str]:
    """Return the text of each part of an unfinished text.

    A character that was cut in two belongs to the part in which it ends. If the other half is in a
    missing part, the half of a code unit is left out where the other parts show it: if all of them
    have the same odd number of octets, so have the missing ones.

    Args:
        parts: The parts that arrived by their sequence, in order.
        total: Number of parts of the whole text.
        functions: The functions of an implementation, as for `take_apart`.

    Returns:
        The texts by sequence.
    """
    sizes = {len(part.units) for sequence, part in parts.items() if sequence < total}
    size = sizes.pop() if len(sizes) == 1 else 0
    bodies: dict[int, str] = {}
    run: list[bytes] = []
    for sequence, alphabet, units in _with_ats(parts):
        before, following = parts.get(sequence - 1), parts.get(sequence + 1)
        if before is None and alphabet == UTF16 and (sequence - 1) * size % 2:
            units = units[1:]
        run.append(units)
        if following is None or following.alphabet != alphabet:
            first = sequence - len(run) + 1
            bodies.update(enumerate(_read_run(alphabet, run, functions), first))
            run = []
    return bodies


def _read_run(alphabet: Tables | str, run: Sequence[bytes], functions: Any) -> Iterator[str]:
    """Yield the text of each of some parts that follow each other in one alphabet."""
    if isinstance(alphabet, str):
        is_utf16 = alphabet == UTF16
        decoder = codecs.getincrementaldecoder(alphabet)("surrogatepass" if is_utf16 else "replace")
        for units in run[:-1]:
            yield decoder.decode(units)
        last = decoder.decode(run[-1], not is_utf16)
        # Half a code unit at the end is no error.
        yield last + read_units(UTF16, decoder.getstate()[0], False) if is_utf16 else last
        return
    escape = b""
    for position, units in enumerate(run, 1):
        units = escape + units
        escapes = len(units) - len(units.rstrip(_ESCAPE))
        escape = _ESCAPE if escapes % 2 and position < len(run) else b""
        yield read_units(alphabet, units[: len(units) - len(escape)], False, functions)


def _with_ats(parts: Mapping[int, Part]) -> Iterator[tuple[int, Tables | str, bytes]]:
    """Yield sequence, alphabet and units of each part, with each `@` that the next part proves."""
    for sequence, part in parts.items():
        alphabet, units, may_lack_at = part
        if may_lack_at and _is_proved(part, parts.get(sequence + 1)):
            units += _AT
        yield sequence, alphabet, units


def _is_proved(part: Part, following: Part | None) -> bool:
    """Return whether a part ends with an `@`: its sender would have filled it up otherwise.

    It would not have done so with a character of two septets next, nor perhaps with a CR LF, which
    some senders keep whole.
    """
    if following is None or isinstance(part.alphabet, str) or isinstance(following.alphabet, str):
        return False
    units = following.units
    return (
        locking_chars(part.alphabet[0])[0] == "@"
        and bool(units)
        and units[0] != ESCAPE
        and not units.startswith(_CR_LF)
    )
