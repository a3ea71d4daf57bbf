"""Decode the octets of one segment to its text.

TP-User-Data-Length says how many septets the octets hold. Without it, 8n - 1 septets cannot be
distinguished from 8n septets whose last one is `@`, which is seven zero bits.
"""

from __future__ import annotations

import codecs
from functools import cache

from .. import _kernels
from ..exceptions import DecodingError, UserDataHeaderError
from ..standard.alphabets import ESCAPE, LOCKING_IDS, SINGLE_IDS
from ..standard.data_coding import encoding_of, smpp_encoding_of
from ..standard.encoding import Encoding
from ..standard.limits import OCTETS, header_septets
from ..standard.user_data_header import LOCKING_SHIFT, SINGLE_SHIFT, decode_udh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from ..standard.user_data_header import InformationElement

    Octets: TypeAlias = bytes | bytearray | memoryview
    Protocol: TypeAlias = Literal["gsm", "smpp"]
    Tables: TypeAlias = tuple[int, int]

__all__ = ["UTF16", "decode", "read_default_alphabet", "read_units", "take_apart"]

UTF16 = "utf-16-be"
"""The codec that reads UCS-2; a surrogate by itself is decoded to itself."""

_GSM7, _UCS2 = Encoding.GSM7, Encoding.UCS2  # members of an enumeration are slow to look up
_LOCKING_LANGUAGES = {bytes((identifier,)) for identifier in LOCKING_IDS if identifier}
_SINGLE_LANGUAGES = {bytes((identifier,)) for identifier in SINGLE_IDS if identifier}


@cache
def encodings_of(default_alphabet: Encoding | str | None) -> bytes:
    """Return what each data coding means, for `read_text` and `read_segment` of the kernels.

    Args:
        default_alphabet: What `read_default_alphabet` returned.
    """
    return bytes(_kernel_encoding(coding, default_alphabet) for coding in range(0x100))


def _kernel_encoding(data_coding: int, default_alphabet: Encoding | str | None) -> int:
    try:
        encoding = _encoding(data_coding, default_alphabet)
    except DecodingError:
        return 0
    if encoding == _GSM7:
        return _kernels.GSM7
    return _kernels.UCS2 if encoding == _UCS2 else 0


def _encoding(data_coding: int, default_alphabet: Encoding | str | None) -> Encoding | str:
    if default_alphabet is None:
        return encoding_of(data_coding)
    return smpp_encoding_of(data_coding, default_alphabet)


_ENCODINGS = encodings_of(None)


def decode(
    user_data: Octets,
    *,
    data_coding: int = 0x00,
    has_udh: bool = False,
    user_data_length: int | None = None,
    packed: bool | None = None,
    strict: bool = False,
    protocol: Protocol = "gsm",
    default_alphabet: str = "gsm7",
) -> str:
    """Return the text of one segment.

    Args:
        user_data: TP-User-Data, or the short message or message payload of SMPP.
        data_coding: TP-Data-Coding-Scheme, one octet; reserved values mean GSM-7. With
            `protocol="smpp"`, the `data_coding` of SMPP.
        has_udh: Whether the data begins with a header (TP-UDHI, or 0x40 in SMPP's `esm_class`).
            Its national language elements choose the tables; a `Reassembler` reads its
            concatenation element.
        user_data_length: TP-User-Data-Length, including the header: in septets for GSM-7, in octets
            for all else. Without it all octets are text, except seven zero bits at the very end of
            packed septets: they are read as spare bits and not as an `@`.
        packed: Whether GSM-7 septets are packed; False for one septet in each octet. None means
            packed, but with `protocol="smpp"` not packed.
        strict: Whether invalid data raises. Otherwise an escape before a septet that is not in its
            table is ignored, septets without a character become spaces (3GPP TS 23.038, 6.2.1.1),
            elements of reserved languages or with invalid lengths are ignored (TS 23.040,
            9.2.3.24), half a code unit at the end is dropped, and what another encoding lacks
            becomes U+FFFD.
        protocol: "gsm" reads `data_coding` as 3GPP TS 23.038 defines it; "smpp" as SMPP does, where
            0x01 is ASCII, 0x03 Latin-1, 0x05 Shift JIS, 0x06 ISO 8859-5, 0x07 ISO 8859-8, 0x0A
            ISO-2022-JP, 0x0D EUC-JP and 0x0E EUC-KR. From 0x10 on both read the same.
        default_alphabet: With `protocol="smpp"`, the encoding that 0x00 means: "gsm7", or the name
            of a text encoding of Python, such as "latin-1", "ascii" or "utf-8".

    Returns:
        The text of the segment.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `user_data_length` is given although the septets are not packed; `protocol` or
            `default_alphabet` has an unknown value, or they do not go together.
        DecodingError: The data is shorter than `user_data_length`, is not text, has a data coding
            without a codec, or is invalid and `strict` is set; the message says where.
        UserDataHeaderError: The header is longer than the data.

    Example:
        >>> septet.decode(bytes.fromhex("c834"))
        'Hi'
        >>> septet.decode(b"[x] 5$", data_coding=3, protocol="smpp")
        '[x] 5$'
    """
    if protocol == "gsm" and default_alphabet == "gsm7":  # the defaults
        default, encodings = None, _ENCODINGS
    else:
        default = read_default_alphabet(protocol, default_alphabet)
        encodings = encodings_of(default)
    is_packed = default is None if packed is None else packed
    text = _kernels.read_text(
        user_data, encodings, data_coding, has_udh, user_data_length, is_packed, strict
    )
    if text is not None:
        return text
    alphabet, units, _, _ = take_apart(
        user_data, data_coding, has_udh, user_data_length, is_packed, strict, default
    )
    return read_units(alphabet, units, strict)


def read_default_alphabet(protocol: Protocol, name: str) -> Encoding | str | None:
    """Return what a data coding of 0 means in SMPP, as encoding or codec; None for "gsm".

    Args:
        protocol: "gsm" or "smpp".
        name: "gsm7", or the name of a text encoding of Python.

    Raises:
        TypeError: `name` is not a `str`.
        ValueError: There is no such protocol or encoding, or they do not go together.
    """
    if protocol not in ("gsm", "smpp"):
        raise ValueError(f"protocol must be 'gsm' or 'smpp', not {protocol!r}")
    if not isinstance(name, str):
        raise TypeError(f"default_alphabet must be str, not {type(name).__name__}")
    if name == "gsm7" or (codec := _codec_name(name)) == "gsm7":
        return None if protocol == "gsm" else Encoding.GSM7
    if codec is None:
        raise ValueError(
            "default_alphabet must be 'gsm7' or a text encoding of Python, such as 'latin-1', "
            f"not {name!r}"
        )
    if codec == "gsm7-packed":
        raise ValueError("default_alphabet must be 'gsm7' with packed=True, not 'gsm7-packed'")
    if protocol == "gsm":
        raise ValueError(f"default_alphabet={name!r} needs protocol='smpp'")
    return Encoding.UCS2 if codec == UTF16 else codec


def _codec_name(name: str) -> str | None:
    """Return the name that Python has for a text encoding; None if there is no such encoding."""
    try:
        codec = codecs.lookup(name).name
        b" ".decode(name)  # bytes.decode refuses codecs that do not make text
    except UnicodeError:
        return codec
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return None
    return codec


def take_apart(
    user_data: Octets,
    data_coding: int,
    has_udh: bool,
    user_data_length: int | None,
    packed: bool,
    strict: bool,
    default_alphabet: Encoding | str | None,
    functions: Any = _kernels,
) -> tuple[Tables | str, bytes, tuple[InformationElement, ...], bool]:
    """Return the parts of one segment.

    Arguments as for `decode`, except that `packed` is not None and `default_alphabet` is what
    `read_default_alphabet` returned; `functions` has those of an implementation (`_kernels.load`).

    Returns:
        * The alphabet: identifiers of the locking and the single shift table of GSM-7, or the name
          of the codec of the octets; `UTF16` for UCS-2.
        * The units: septets, each in an octet of its own, or the octets of the text.
        * All information elements of the header, of known and unknown kinds.
        * Whether the segment is full, and the seven zero bits at its end were left out of the
          septets although they might be one more.
    """
    if not isinstance(user_data, (bytes, bytearray, memoryview)):
        raise TypeError(f"user_data must be bytes, not {type(user_data).__name__}")
    octets = bytes(user_data)
    encoding = _encoding(data_coding, default_alphabet)
    elements = _elements(octets, strict) if has_udh else ()
    header_octets = 1 + octets[0] if has_udh else 0
    if encoding != _GSM7:
        end = _checked_length(user_data_length, header_octets, len(octets), "octets")
        units = octets[header_octets:end]
        if encoding != _UCS2:
            return encoding, units, elements, False
        if strict and len(units) % 2:
            raise DecodingError(f"the last code unit has only octet {end - 1}")
        return UTF16, units, elements, False
    tables = _tables(elements, strict)
    if not packed:
        if user_data_length is not None:
            raise ValueError("user_data_length must be None if the septets are not packed")
        return tables, octets[header_octets:], elements, False
    before, fill_bits = header_septets(header_octets)
    total = 8 * len(octets) // 7
    end = _checked_length(user_data_length, before, total, "septets")
    units = functions.unpack(octets[header_octets:], max(end - before, 0), fill_bits)
    is_spare = user_data_length is None and 7 * total == 8 * len(octets) and units.endswith(b"\0")
    if is_spare:
        units = units[:-1]
    return tables, units, elements, is_spare and len(octets) == OCTETS


def read_units(
    alphabet: Tables | str, units: bytes, strict: bool, functions: Any = _kernels
) -> str:
    """Return the text of septets or octets; `functions` as for `take_apart`.

    Raises:
        DecodingError: An octet is not a septet; if `strict`, also a septet without a character, or
            octets that the codec cannot decode.
    """
    if isinstance(alphabet, str):
        return _read_octets(alphabet, units, strict)
    text: str
    text, stop = functions.from_septets(units, 0, *alphabet, strict)
    if stop < len(units):
        what = "is not a character" if units[stop] < 0x80 else "is not a septet"
        shown = units[stop : stop + 2] if units[stop] == ESCAPE else units[stop : stop + 1]
        raise DecodingError(f"0x{shown.hex().upper()} at index {stop} of the septets {what}")
    return text


def _read_octets(codec: str, octets: bytes, strict: bool) -> str:
    if codec == UTF16:
        return octets[: len(octets) // 2 * 2].decode(UTF16, "surrogatepass")
    try:
        return octets.decode(codec, "strict" if strict else "replace")
    except UnicodeDecodeError as error:
        shown = octets[error.start : error.end].hex().upper()
        raise DecodingError(
            f"0x{shown} at index {error.start} of the text is not {codec}"
        ) from None
    except UnicodeError:
        # Some codecs know no error handlers.
        raise DecodingError(f"the text is not {codec}") from None


def _elements(octets: bytes, strict: bool) -> tuple[InformationElement, ...]:
    try:
        return decode_udh(octets)
    except UserDataHeaderError:
        # An element that is cut off makes the whole header invalid, but not the text (9.2.3.24).
        if strict or not octets or octets[0] >= len(octets):
            raise
        return ()


def _tables(elements: tuple[InformationElement, ...], strict: bool) -> Tables:
    """Return the tables that the elements choose; the last of each kind counts (9.2.3.24)."""
    locking = single = 0
    for iei, data in elements:
        if iei == LOCKING_SHIFT:
            locking = _language(iei, data, _LOCKING_LANGUAGES, strict)
        elif iei == SINGLE_SHIFT:
            single = _language(iei, data, _SINGLE_LANGUAGES, strict)
    return locking, single


def _language(iei: int, data: bytes, known: set[bytes], strict: bool) -> int:
    if data in known:
        return data[0]
    if strict:
        raise DecodingError(
            f"element 0x{iei:02X} has an unknown language: {data.hex() or 'no data'}"
        )
    return 0


def _checked_length(length: int | None, header: int, available: int, unit: str) -> int:
    if length is None:
        return available
    if not isinstance(length, int):
        raise TypeError(f"user_data_length must be int or None, not {type(length).__name__}")
    if length > available:
        raise DecodingError(
            f"user_data_length is {length} {unit}, but the data holds only {available}"
        )
    if length < header:
        raise DecodingError(
            f"user_data_length is {length} {unit}, but the header alone takes {header}"
        )
    return length
