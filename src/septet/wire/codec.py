"""The codecs "gsm7" and "gsm7-packed": the default alphabet and its extension table.

"gsm7" has a septet in each octet, as SMPP carries them. "gsm7-packed" is packed as in USSD and cell
broadcast, where no length goes with the octets (3GPP TS 23.038, 6.1.2.3.1): seven spare bits hold a
CR, and a text that ends in CR at the end of an octet gets one more. Reading takes away what writing
added, so that only a text that has two CR there itself loses one. A short message has a length and
no such CR: that is what `encode` and `decode` are for.
"""

from __future__ import annotations

import codecs

from .._kernels import from_septets, pack, to_septets, unpack
from ..standard.alphabets import ESCAPE, locking_table, single_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["CODECS"]

_CHARS = locking_table().keys() | single_table().keys()
_CR = b"\r"
_SEPTETS = 0x80


def _encode(name: str, text: str, errors: str) -> bytes:
    """Return septets; what the alphabet lacks is left to the error handler."""
    found = []
    start = 0
    while True:
        septets, stop = to_septets(text, start, 0, 0)
        found.append(septets)
        if stop == len(text):
            return b"".join(found)
        end = stop + 1
        while end < len(text) and text[end] not in _CHARS:
            end += 1
        error = UnicodeEncodeError(name, text, stop, end, "not in the GSM 7-bit alphabet")
        replacement, start = codecs.lookup_error(errors)(error)
        found.append(_replaced(replacement, error))
        start = _checked(start, len(text))


def _replaced(replacement: str | bytes, error: UnicodeEncodeError) -> bytes:
    if isinstance(replacement, str):
        septets, stop = to_septets(replacement, 0, 0, 0)
        if stop < len(replacement):
            raise error
        return septets
    if max(replacement, default=0) >= _SEPTETS:
        raise error
    return replacement


def _checked(position: int, length: int) -> int:
    if position < 0:
        position += length
    if not 0 <= position <= length:
        raise IndexError(f"position {position} from error handler out of bounds")
    return position


def _decode(name: str, septets: bytes, errors: str, final: bool) -> tuple[str, int]:
    """Return the text and how many septets it took: an escape at the end may wait for more."""
    found = []
    start = 0
    while True:
        text, stop = from_septets(septets, start, 0, 0, True)
        found.append(text)
        if stop == len(septets):
            return "".join(found), stop
        end = stop + 1
        reason = "not a septet"
        if septets[stop] == ESCAPE:
            if end == len(septets) and not final:
                return "".join(found), stop
            reason = "an escape without a character"
            if end < len(septets) and septets[end] < _SEPTETS:
                end += 1
        error = UnicodeDecodeError(name, septets, stop, end, reason)
        replacement, start = codecs.lookup_error(errors)(error)
        found.append(str(replacement))
        start = _checked(start, len(septets))


def _pad(septets: bytes) -> bytes:
    spare_bits = -7 * len(septets) % 8
    if spare_bits == 7 or (spare_bits == 0 and septets.endswith(_CR)):
        return septets + _CR
    return septets


def _unpack(octets: bytes) -> bytes:
    """Return the septets of octets, which are all there are, without what `_pad` adds."""
    count = 8 * len(octets) // 7
    septets = unpack(octets, count)
    padding = {0: _CR, 1: _CR + _CR}.get(count % 8)
    return septets[:-1] if padding and septets.endswith(padding) else septets


def _bytes(octets: Any) -> bytes:
    return memoryview(octets).tobytes()


class _Codec(codecs.Codec):
    def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
        return _encode("gsm7", text, errors), len(text)

    def decode(self, octets: Any, errors: str = "strict") -> tuple[str, int]:
        return _decode("gsm7", _bytes(octets), errors, True)


class _IncrementalEncoder(codecs.IncrementalEncoder):
    def encode(self, text: str, final: bool = False) -> bytes:
        return _encode("gsm7", text, self.errors)


class _IncrementalDecoder(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, octets: Any, errors: str, final: bool) -> tuple[str, int]:
        return _decode("gsm7", _bytes(octets), errors, final)


class _StreamWriter(_Codec, codecs.StreamWriter):
    pass


class _StreamReader(_Codec, codecs.StreamReader):
    def decode(self, octets: Any, errors: str = "strict") -> tuple[str, int]:
        return _decode("gsm7", _bytes(octets), errors, False)


class _PackedCodec(codecs.Codec):
    def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
        return pack(_pad(_encode("gsm7-packed", text, errors))), len(text)

    def decode(self, octets: Any, errors: str = "strict") -> tuple[str, int]:
        these = _bytes(octets)
        text, _ = _decode("gsm7-packed", _unpack(these), errors, True)
        return text, len(these)


class _PackedIncrementalDecoder(codecs.IncrementalDecoder):
    """Keeps the last octets, up to eight: they may end in padding; and an escape before them."""

    _octets = b""
    _escape = b""

    def decode(self, octets: Any, final: bool = False) -> str:
        these = self._octets + _bytes(octets)
        whole = len(these) if final else max(len(these) - 2, 0) // 7 * 7
        septets = self._escape + (_unpack(these) if final else unpack(these, whole // 7 * 8))
        text, used = _decode("gsm7-packed", septets, self.errors, final)
        self._octets, self._escape = these[whole:], septets[used:]
        return text

    def reset(self) -> None:
        self._octets = self._escape = b""

    def getstate(self) -> tuple[bytes, int]:
        return self._octets, len(self._escape)

    def setstate(self, state: tuple[bytes, int]) -> None:
        self._octets, self._escape = state[0], bytes((ESCAPE,))[: state[1]]


_GSM7, _PACKED = _Codec(), _PackedCodec()

CODECS = {
    "gsm7": codecs.CodecInfo(
        name="gsm7",
        encode=_GSM7.encode,
        decode=_GSM7.decode,
        incrementalencoder=_IncrementalEncoder,
        incrementaldecoder=_IncrementalDecoder,
        streamwriter=_StreamWriter,
        streamreader=_StreamReader,
    ),
    # Nothing that writes in pieces: neither a stream nor a text file says where the last of them
    # ends, and what waits to fill an octet would be lost.
    "gsm7_packed": codecs.CodecInfo(
        name="gsm7-packed",
        encode=_PACKED.encode,
        decode=_PACKED.decode,
        incrementaldecoder=_PackedIncrementalDecoder,
    ),
}
"""By the name that a search is asked for."""
