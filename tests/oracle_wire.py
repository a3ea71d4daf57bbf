"""The judge of octets: texts to TP-User-Data and back, as strings of bits.

Like `oracle`, which says where a text is cut: written from the standard, naive on purpose, never
importing septet. Everything is a string of the characters 0 and 1 in the order of TS 23.038,
6.1.2.1.1: the least significant bit of the first octet comes first.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, NamedTuple

import oracle

ESCAPE = 0x1B
SPACE = " "


class Sent(NamedTuple):
    """One segment on the air."""

    data_coding: int
    udh: bytes
    user_data: bytes
    user_data_length: int
    septets: bytes
    body: str


def _read_codes() -> dict[str, dict[int, str]]:
    codes: dict[str, dict[int, str]] = {}
    path = Path(__file__).with_name("vectors") / "alphabets.csv"
    with path.open(encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            table = codes.setdefault(row["table"], {})
            table[int(row["septet"], 16)] = chr(int(row["code_point"].removeprefix("U+"), 16))
    return codes


CODES = _read_codes()


def _table(kind: str, language: int) -> dict[int, str]:
    if language:
        return CODES[f"{oracle.LANGUAGES[language - 1]}_{kind}"]
    return CODES["default" if kind == "locking" else "extension"]


class TooManySegmentsError(Exception):
    """A text has more segments than a header can number."""


def encode(
    text: str,
    reference: int,
    message_class: int | None = None,
    elements: bytes = b"",
    **options: Any,
) -> list[Sent]:
    """Return the segments of a text; options as in `oracle`, `elements` as octets.

    Raises:
        TooManySegmentsError: Their number does not fit into an octet.
    """
    rules = oracle._rules(options)
    plan = oracle._best_plan(text, rules)
    if len(plan.pieces) > 255:
        raise TooManySegmentsError
    return [
        _send(plan, piece.body, reference, sequence, rules, message_class, elements)
        for sequence, piece in enumerate(plan.pieces, start=1)
    ]


def _send(
    plan: oracle.Plan,
    body: str,
    reference: int,
    sequence: int,
    rules: oracle.Rules,
    message_class: int | None,
    elements: bytes,
) -> Sent:
    udh = _udh(plan, reference, sequence, rules, elements)
    # TS 23.038, 4: bit 3 for UCS-2; bit 4 says that bits 1 and 0 are a class.
    data_coding = 0b1000 if plan.encoding == "ucs2" else 0b0000
    if message_class is not None:
        data_coding += 0b10000 + message_class
    bits = "".join(_bits(octet, 8) for octet in udh)
    if plan.encoding == "ucs2":
        for octet in body.encode("utf-16-be", "surrogatepass"):
            bits += _bits(octet, 8)
        # TS 23.040, 9.2.3.16: the length counts octets.
        return Sent(data_coding, udh, _octets(bits), len(bits) // 8, b"", body)
    # TS 23.040, 9.2.3.24: fill bits up to the next septet.
    while len(bits) % 7:
        bits += "0"
    septets = _septets(body, plan.pair)
    for septet in septets:
        bits += _bits(septet, 7)
    # 9.2.3.16: the length counts septets, those of header and fill bits too.
    return Sent(data_coding, udh, _octets(bits), len(bits) // 7, septets, body)


def _udh(
    plan: oracle.Plan, reference: int, sequence: int, rules: oracle.Rules, elements: bytes
) -> bytes:
    """TS 23.040, 9.2.3.24 with its subclauses 1, 8, 15 and 16."""
    octets = []
    total = len(plan.pieces)
    if total > 1 and rules.reference_bits == 8:
        octets += [0x00, 3, reference, total, sequence]
    elif total > 1:
        octets += [0x08, 4, reference // 256, reference % 256, total, sequence]
    if plan.pair.single:
        octets += [0x24, 1, plan.pair.single]
    if plan.pair.locking:
        octets += [0x25, 1, plan.pair.locking]
    octets += elements
    return bytes([len(octets), *octets]) if octets else b""


def _septets(body: str, pair: oracle.Pair) -> bytes:
    """TS 23.038, 6.2.1 and 6.2.1.1; of a character printed twice the lower code is sent."""
    septets = []
    for char in body:
        for escape, table in (
            ([], _table("locking", pair.locking)),
            ([ESCAPE], _table("single", pair.single)),
        ):
            codes = sorted(code for code, other in table.items() if other == char)
            if codes:
                septets += [*escape, codes[0]]
                break
    return bytes(septets)


def _bits(value: int, size: int) -> str:
    return f"{value:0{size}b}"[::-1]


def _octets(bits: str) -> bytes:
    """Fill the last octet with zeros (TS 23.038, 6.1.2.1.1)."""
    while len(bits) % 8:
        bits += "0"
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def decode(sent: Sent) -> str:
    """Return the text of a segment, whatever tables its header chooses."""
    bits = "".join(_bits(octet, 8) for octet in sent.user_data)
    if sent.data_coding & 0b1100 == 0b1000:
        octets = _octets(bits[8 * len(sent.udh) : 8 * sent.user_data_length])
        return octets.decode("utf-16-be", "surrogatepass")
    start = 8 * len(sent.udh)
    while start % 7:
        start += 1
    codes = [int(bits[at : at + 7][::-1], 2) for at in range(start, 7 * sent.user_data_length, 7)]
    languages = {0x24: 0, 0x25: 0}
    elements = list(sent.udh[1:])
    while elements:
        iei, size = elements[:2]
        languages[iei] = elements[2]
        elements = elements[2 + size :]
    return read(codes, languages[0x25], languages[0x24])


def read(codes: list[int], locking: int = 0, single: int = 0) -> str:
    """Read septets as a receiver does (TS 23.038, 6.2.1.1): nothing is left out."""
    main, second = _table("locking", locking), _table("single", single)
    text = ""
    codes = list(codes)
    while codes:
        code = codes.pop(0)
        if code == ESCAPE and codes:
            code = codes.pop(0)
            text += second.get(code) or main.get(code) or SPACE
        else:
            text += main.get(code) or SPACE
    return text


class Cut(NamedTuple):
    """One part of a text from a sender who cuts anywhere, with reference 7."""

    sequence: int
    total: int
    user_data: bytes


def cut_octets(octets: bytes, places: list[int], bits: int) -> list[Cut]:
    """Cut octets, or septets in octets of their own, at some places."""
    edges = [0, *sorted(places), len(octets)]
    total = len(edges) - 1
    return [
        Cut(n, total, _concatenation(bits, total, n) + octets[edges[n - 1] : edges[n]])
        for n in range(1, total + 1)
    ]


def cut_septets(septets: bytes, places: list[int], bits: int, more: bytes = b"") -> list[Cut]:
    """Cut septets at some places and pack each part, behind a header with further elements."""
    edges = [0, *sorted(places), len(septets)]
    total = len(edges) - 1
    cuts = []
    for n in range(1, total + 1):
        header = _concatenation(bits, total, n)
        header = bytes([header[0] + len(more)]) + header[1:] + more
        air = "".join(_bits(octet, 8) for octet in header)
        while len(air) % 7:
            air += "0"
        air += "".join(_bits(septet, 7) for septet in septets[edges[n - 1] : edges[n]])
        cuts.append(Cut(n, total, _octets(air)))
    return cuts


def _concatenation(bits: int, total: int, sequence: int) -> bytes:
    if bits == 8:
        return bytes([5, 0, 3, 7, total, sequence])
    return bytes([6, 8, 4, 0, 7, total, sequence])


def join_septets(cuts: list[Cut], locking: int = 0, single: int = 0) -> str:
    """Return the text of packed parts without lengths: an `@` at an end counts if it is proved.

    That is: if the part has 140 octets and the next one begins with neither an escape nor CR LF.
    """
    codes: list[int] = []
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        part = _septets_of(cut)
        if following is not None:
            after = _septets_of(following)
            room = len(cut.user_data) < 140 or after[:1] == [ESCAPE] or after[:2] == [13, 10]
        if part[-1:] == [0] and len(cut.user_data) % 7 == 0 and (following is None or room):
            part.pop()
        codes += part
    return read(codes, locking, single)


def _septets_of(cut: Cut) -> list[int]:
    bits = "".join(_bits(octet, 8) for octet in cut.user_data)
    start = 8 * (1 + cut.user_data[0])
    while start % 7:
        start += 1
    return [int(bits[at : at + 7][::-1], 2) for at in range(start, len(bits) - 6, 7)]
