"""Inbound segments: both implementations give the same text or the same documented error.

Input: segments in order. Each has one octet for the options, one for the data coding, one for the
user data length and one for the number of octets that follow. Each is read as a segment of GSM and
of SMPP. The options may say that the first three octets are reference, total and sequence.
"""

from __future__ import annotations

from conftest import Implementation
from septet.exceptions import DecodingError, UserDataHeaderError
from septet.standard.limits import OCTETS
from septet.standard.user_data_header import decode_udh, encode_udh

PACKED, HAS_UDH, STRICT, WITH_LENGTH, LATER, SAR = 1, 2, 4, 8, 16, 32
DEFAULT_ALPHABETS = "gsm7", "latin-1", "utf-8", "utf-16-be"
PACKAGES = [Implementation("python"), Implementation("compiled")]


def segments(octets):
    """Yield the user data, the arguments of `decode` and the option octet of each segment."""
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
    """Return the result of a call, or its error as text."""
    try:
        return function(*arguments, **options)
    except (DecodingError, UserDataHeaderError) as error:
        return f"{type(error).__name__}: {error}"


def read(package, octets):
    """Return all results of one implementation for the input."""
    results = []
    now = [0.0]
    smpp = {"protocol": "smpp", "default_alphabet": DEFAULT_ALPHABETS[len(octets) % 4]}
    reassemblers = [
        package.Reassembler(results.append, max_segments=20, clock=lambda: now[0], **protocol)
        for protocol in ({}, smpp)
    ]
    for user_data, arguments, options in segments(octets):
        strict = bool(options & STRICT)
        concatenation = tuple(user_data[:3]) if options & SAR and len(user_data) > 2 else None
        body = user_data if concatenation is None else user_data[3:]
        for protocol, reassembler in zip(({}, smpp), reassemblers, strict=True):
            results.append(answer(package.decode, body, strict=strict, **protocol, **arguments))
            results.append(
                answer(
                    reassembler.add, options >> 6, body, concatenation=concatenation, **arguments
                )
            )
        now[0] += 400 if options & LATER else 1
        count = 8 * len(user_data) // 7
        septets = package.functions.unpack(user_data, count)
        results += [septets, package.functions.pack(septets)]
        results.append(package.functions.from_septets(septets, 0, 0, 0, strict))
    for reassembler in reassemblers:
        reassembler.expire(0)
        assert reassembler.segment_count == 0
    return results


def target(octets: bytes) -> None:
    """Decode the segments, and decode the input as a header."""
    answers = [read(package, octets) for package in PACKAGES]
    assert answers[0] == answers[1], answers
    try:
        elements = decode_udh(octets)
    except UserDataHeaderError:
        return
    if octets[0] < OCTETS:  # longer headers can be decoded, but not encoded
        assert encode_udh(elements) == octets[: 1 + octets[0]] or not elements
