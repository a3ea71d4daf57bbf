"""Octets that arrive: a text or a documented error, from both twins alike.

Input: segments, one after the other: an octet for the options, the data coding, the user data
length, how many octets follow, and these.
"""

from __future__ import annotations

from conftest import over
from septet.exceptions import DecodingError, UserDataHeaderError
from septet.standard.limits import OCTETS
from septet.standard.user_data_header import decode_udh, encode_udh

PACKED, HAS_UDH, STRICT, WITH_LENGTH, LATER = 1, 2, 4, 8, 16
TWINS = [over("python"), over("compiled")]


def segments(octets):
    """Yield the arguments of `decode` for each segment, and the octet of its options."""
    at = 0
    while at + 4 <= len(octets):
        options, coding, length, size = octets[at : at + 4]
        at += 4
        arguments = {"data_coding": coding, "has_udh": bool(options & HAS_UDH)}
        arguments["packed"] = bool(options & PACKED)
        if options & WITH_LENGTH and arguments["packed"]:
            arguments["user_data_length"] = length
        yield octets[at : at + size], arguments, options
        at += size


def answer(function, *arguments, **options):
    """Return what came of it: what it says, or the error."""
    try:
        return function(*arguments, **options)
    except (DecodingError, UserDataHeaderError) as error:
        return f"{type(error).__name__}: {error}"


def read(twin, octets):
    """Return all that one twin finds in the input."""
    found = []
    now = [0.0]
    reassembler = twin.reassembly.Reassembler(found.append, max_segments=20, clock=lambda: now[0])
    for user_data, arguments, options in segments(octets):
        strict = bool(options & STRICT)
        found.append(answer(twin.decoding.decode, user_data, strict=strict, **arguments))
        found.append(answer(reassembler.add, options >> 6, user_data, **arguments))
        now[0] += 400 if options & LATER else 1
        for codec in twin.codec.CODECS.values():
            text, _ = codec.decode(user_data, "replace")
            found += [text, codec.encode(text, "replace")]
    reassembler.expire(0)
    assert reassembler.segment_count == 0
    return found


def target(octets: bytes) -> None:
    """Read the segments, and headers as they are."""
    answers = [read(twin, octets) for twin in TWINS]
    assert answers[0] == answers[1], answers
    try:
        elements = decode_udh(octets)
    except UserDataHeaderError:
        return
    if octets[0] < OCTETS:  # what is longer is read, and never made
        assert encode_udh(elements) == octets[: 1 + octets[0]] or not elements
