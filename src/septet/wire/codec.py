"""The codecs "gsm7" and "gsm7-packed": the default alphabet and its extension table.

"gsm7" has one septet in each octet, as in SMPP. "gsm7-packed" is packed as in USSD and cell
broadcast, which have no length field (3GPP TS 23.038, 6.1.2.3.1): if seven bits are left over, they
hold a CR, and a text that ends with a CR at the end of an octet gets another one. Decoding removes
this padding, so only a text that itself ends with two CR there loses one. A short message has a
length and no such padding: use `encode` and `decode` for it.
"""

from __future__ import annotations

import codecs
from io import UnsupportedOperation

from .._kernels import from_septets, pack, to_septets, unpack
from ..standard.alphabets import ESCAPE, locking_table, single_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

__all__ = ["find_codec"]

_CHARS = locking_table().keys() | single_table().keys()
_CR = b"\r"
_SEPTETS = 0x80


def _encode(name: str, text: str, errors: str) -> bytes:
    """Return septets; characters outside the alphabet go to the error handler."""
    parts = []
    start = 0
    while True:
        septets, stop = to_septets(text, start, 0, 0)
        parts.append(septets)
        if stop == len(text):
            return b"".join(parts)
        end = stop + 1
        while end < len(text) and text[end] not in _CHARS:
            end += 1
        error = UnicodeEncodeError(name, text, stop, end, "not in the GSM 7-bit alphabet")
        replacement, start = codecs.lookup_error(errors)(error)
        parts.append(_encode_replacement(replacement, error))
        start = _check_position(start, len(text))


def _encode_replacement(replacement: str | bytes, error: UnicodeEncodeError) -> bytes:
    if isinstance(replacement, str):
        septets, stop = to_septets(replacement, 0, 0, 0)
        if stop < len(replacement):
            raise error
        return septets
    if max(replacement, default=0) >= _SEPTETS:
        raise error
    return replacement


def _check_position(position: int, length: int) -> int:
    if position < 0:
        position += length
    if not 0 <= position <= length:
        raise IndexError(f"position {position} from error handler out of bounds")
    return position


def _decode(name: str, septets: bytes, errors: str, final: bool) -> tuple[str, int]:
    """Return the text and the septets used: unless `final`, an escape at the end is left."""
    parts = []
    start = 0
    while True:
        text, stop = from_septets(septets, start, 0, 0, True)
        parts.append(text)
        if stop == len(septets):
            return "".join(parts), stop
        end = stop + 1
        reason = "not a septet"
        if septets[stop] == ESCAPE:
            if end == len(septets) and not final:
                return "".join(parts), stop
            reason = "an escape without a character"
            if end < len(septets) and septets[end] < _SEPTETS:
                end += 1
        error = UnicodeDecodeError(name, septets, stop, end, reason)
        replacement, start = codecs.lookup_error(errors)(error)
        parts.append(str(replacement))
        start = _check_position(start, len(septets))


def _pad(septets: bytes) -> bytes:
    spare_bits = -7 * len(septets) % 8
    if spare_bits == 7 or (spare_bits == 0 and septets.endswith(_CR)):
        return septets + _CR
    return septets


def _unpack(octets: bytes) -> bytes:
    """Return the septets of complete data, without the padding that `_pad` adds."""
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


def _refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise an error: the septets that do not fill an octet would be lost.

    Files and streams do not say which write is the last one.
    """
    raise UnsupportedOperation(
        "gsm7-packed cannot be written in pieces: write text.encode('gsm7-packed') to a file in "
        "binary mode; to read such a file, use open(path, encoding='gsm7-packed')"
    )


class _PackedCodec(codecs.Codec):
    def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
        return pack(_pad(_encode("gsm7-packed", text, errors))), len(text)

    def decode(self, octets: Any, errors: str = "strict") -> tuple[str, int]:
        data = _bytes(octets)
        text, _ = _decode("gsm7-packed", _unpack(data), errors, True)
        return text, len(data)


class _PackedIncrementalDecoder(codecs.IncrementalDecoder):
    """Keeps up to eight octets, which may end with padding, and an escape before them."""

    _octets = b""
    _escape = b""

    def decode(self, octets: Any, final: bool = False) -> str:
        data = self._octets + _bytes(octets)
        stop = len(data) if final else max(len(data) - 2, 0) // 7 * 7
        septets = self._escape + (_unpack(data) if final else unpack(data, stop // 7 * 8))
        text, used = _decode("gsm7-packed", septets, self.errors, final)
        self._octets, self._escape = data[stop:], septets[used:]
        return text

    def reset(self) -> None:
        self._octets = self._escape = b""

    def getstate(self) -> tuple[bytes, int]:
        return self._octets, len(self._escape)

    def setstate(self, state: tuple[bytes, int]) -> None:
        self._octets, self._escape = state[0], bytes((ESCAPE,))[: state[1]]


_GSM7, _PACKED = _Codec(), _PackedCodec()

_CODECS = {
    "gsm7": codecs.CodecInfo(
        name="gsm7",
        encode=_GSM7.encode,
        decode=_GSM7.decode,
        incrementalencoder=_IncrementalEncoder,
        incrementaldecoder=_IncrementalDecoder,
        streamwriter=_StreamWriter,
        streamreader=_StreamReader,
    ),
    "gsm7-packed": codecs.CodecInfo(
        name="gsm7-packed",
        encode=_PACKED.encode,
        decode=_PACKED.decode,
        incrementalencoder=_refuse,
        incrementaldecoder=_PackedIncrementalDecoder,
        streamwriter=_refuse,
        streamreader=_refuse,
    ),
}
"""The codecs by their names."""

_ALIASES = ("gsm7", "gsm7bit", "gsm0338")


def find_codec(name: str) -> codecs.CodecInfo | None:
    """Return the codec that a name means, in any spelling that people use; None if it means none.

    Args:
        name: The name that Python looks for. Case, hyphens, spaces, dots and underscores do not
            matter: "gsm7", "GSM-7", "gsm_7bit", "gsm03.38", and each of them with "packed" at its
            end.
    """
    letters = "".join(filter(str.isalnum, name.lower()))
    alias = letters.removesuffix("packed")
    if alias not in _ALIASES:
        return None
    return _CODECS["gsm7" if alias == letters else "gsm7-packed"]
