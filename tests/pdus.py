"""The published octets of vectors/pdus.json, one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

PATH = Path(__file__).with_name("vectors") / "pdus.json"


class UserData(NamedTuple):
    """What `septet.decode` takes of one segment."""

    user_data: bytes
    user_data_length: int
    data_coding: int
    has_udh: bool


class Message(NamedTuple):
    """A text and its segments; `is_sent` where an encoder of ours must make these very octets."""

    name: str
    text: str
    segments: list[UserData]
    is_sent: bool
    options: dict[str, Any]


def read_pdu(pdu: bytes) -> UserData:
    """Take an SMS-DELIVER or SMS-SUBMIT apart, service centre in front (TS 23.040, 9.2.2)."""
    rest = pdu[1 + pdu[0] :]
    first, rest = rest[0], rest[1:]
    is_submit = first & 0b11 == 1
    if is_submit:
        rest = rest[1:]  # TP-MR
    digits, rest = rest[0], rest[2:]
    rest = rest[(digits + 1) // 2 :]
    data_coding, rest = rest[1], rest[2:]
    if is_submit:
        validity = {0b00: 0, 0b10: 1, 0b01: 7, 0b11: 7}[first >> 3 & 0b11]
        rest = rest[validity:]
    else:
        rest = rest[7:]  # TP-SCTS
    return UserData(rest[1:], rest[0], data_coding, bool(first & 0x40))


def messages() -> list[Message]:
    """Return all messages, those given as PDU and those given as user data."""
    document = json.loads(PATH.read_text(encoding="ascii"))
    found = []
    for number, row in enumerate(document["pdus"]):
        segments = [read_pdu(bytes.fromhex(pdu)) for pdu in row["pdus"]]
        found.append(_message(number, row, segments))
    for number, row in enumerate(document["user_data"], len(found)):
        segment = UserData(
            bytes.fromhex(row["user_data"]),
            row["user_data_length"],
            row.get("data_coding", 0),
            row.get("has_udh", False),
        )
        found.append(_message(number, row, [segment]))
    return found


def _message(number: int, row: dict[str, Any], segments: list[UserData]) -> Message:
    source = row["source"].partition(",")[0]
    return Message(f"{number}-{source}", row["text"], segments, row["sent"], row.get("options", {}))
