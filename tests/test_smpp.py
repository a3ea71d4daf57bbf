"""Segments sent over SMPP: smpplib submits them to an SMSC, which delivers them back.

The SMSC is that of smpp34 (Rust), listening on 127.0.0.1. It returns every short message to
its sender, in a different order.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import oracle
import septet

smpp34 = pytest.importorskip("smpp34")
client = pytest.importorskip("smpplib.client")
consts = pytest.importorskip("smpplib.consts")

ROOT = Path(__file__).parents[1]
UDHI = 0x40  # in SMPP's esm_class
PHONE, SERVICE = "4915550001", "4915550002"

TEXTS = {
    "short": "Your code is 123456",
    "one segment": "x" * 159 + "@",
    "every GSM-7 character": "".join(sorted(oracle.TABLES["default"] | oracle.TABLES["extension"])),
    "escapes at the borders": "]" * 400,
    "accented": "Straße, Ärger, ¿qué? È così, £5 = €6 " * 12,
    "one UCS-2 segment": "Привет, мир!",
    "emoji at the borders": "ç" + "😀" * 200,
    "Turkish": "Yarın görüşürüz, ğüle ğüle " * 12,
    "Hindi and Urdu": "नमस्ते " * 20 + "؏",
}


class Smsc:
    """Keeps messages until it has as many as it expects, and delivers them shuffled."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.expected = 0
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        assert self._started.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        server = smpp34.Server("127.0.0.1", self.port, system_id="septet")
        await server.start()
        self._task = asyncio.current_task()
        self._started.set()
        try:
            await self._answer(server)
        except asyncio.CancelledError:
            await server.stop()

    async def _answer(self, server) -> None:
        phones, kept = {}, []
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                phones[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                event.accept(message_id=str(len(kept)))
                kept.append(event)
                if len(kept) == self.expected:
                    random.Random(7).shuffle(kept)
                    for message in kept:
                        await phones[message.session_id].deliver_sm(
                            source_addr=message.source_addr,
                            destination_addr=message.destination_addr,
                            esm_class=message.esm_class,
                            data_coding=message.data_coding,
                            short_message=message.short_message,
                            tlvs=message.tlvs,
                        )
                    kept = []


@pytest.fixture(scope="module")
def smsc() -> Iterator[Smsc]:
    running = Smsc()
    yield running
    running.stop()


@pytest.fixture
def phone(smsc) -> Iterator[client.Client]:
    connected = client.Client("127.0.0.1", smsc.port, timeout=10, allow_unknown_opt_params=True)
    connected.connect()
    connected.bind_transceiver(system_id="phone", password="secret")
    yield connected
    connected.disconnect()


def submit(phone, segment) -> None:
    """Send a segment as SMPP carries it: septets unpacked, or the user data as it is."""
    is_ucs2 = segment.data_coding == 0x08
    phone.send_message(
        source_addr_ton=consts.SMPP_TON_INTL,
        source_addr=PHONE,
        dest_addr_ton=consts.SMPP_TON_INTL,
        destination_addr=SERVICE,
        short_message=segment.user_data if is_ucs2 else segment.udh + segment.septets,
        data_coding=segment.data_coding,
        esm_class=UDHI if segment.udh else 0,
    )


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_round_trip(smsc, phone, text, bits) -> None:
    """The texts that were sent are reassembled from segments in any order."""
    segmenter = septet.Segmenter(reference_bits=bits, languages=["turkish", "hindi", "urdu"])
    segments = segmenter.encode(text)
    smsc.expected = len(segments)
    delivered = []
    phone.set_message_received_handler(lambda pdu: delivered.append(pdu))
    for segment in segments:
        submit(phone, segment)
    while len(delivered) < len(segments):
        phone.read_once()

    reassembler = septet.Reassembler()
    texts = [
        reassembler.add(
            pdu.source_addr,
            pdu.short_message,
            data_coding=pdu.data_coding,
            has_udh=bool(pdu.esm_class & UDHI),
            packed=False,
        )
        for pdu in delivered
    ]
    assert texts == [None] * (len(segments) - 1) + [text]
    assert sorted(
        septet.decode(
            pdu.short_message,
            data_coding=pdu.data_coding,
            has_udh=bool(pdu.esm_class & UDHI),
            packed=False,
            strict=True,
        )
        for pdu in delivered
    ) == sorted(segment.body for segment in segments)


def code_of(page: str) -> str:
    """The Python of a page, from top to bottom."""
    return "".join(re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL))


@pytest.mark.parametrize("name", ["short", "accented", "emoji at the borders"])
def test_the_gateway(smsc, phone, name) -> None:
    """The functions of docs/how-to/gateway.md send a text and reassemble it."""
    names = {}
    exec(code_of("docs/how-to/gateway.md"), names)
    text = TEXTS[name]
    segmenter = septet.Segmenter(reference_bits=16)
    smsc.expected = segmenter.count(text)
    texts = []
    phone.set_message_received_handler(lambda pdu: texts.append(names["deliver"](pdu)))
    names["submit"](phone, PHONE, SERVICE, text, segmenter)
    while len(texts) < smsc.expected:
        phone.read_once()
    assert texts == [None] * (smsc.expected - 1) + [text]


def deliver(smsc, phone, messages: list[dict[str, Any]]) -> list[str | None]:
    """Submit messages and return what the function of docs/how-to/gateway.md makes of them."""
    names = {}
    exec(code_of("docs/how-to/gateway.md"), names)
    texts = []
    phone.set_message_received_handler(lambda pdu: texts.append(names["deliver"](pdu)))
    smsc.expected = len(messages)
    for message in messages:
        phone.send_message(source_addr=PHONE, destination_addr=SERVICE, **message)
    while len(texts) < len(messages):
        phone.read_once()
    return texts


@pytest.mark.parametrize(
    ("data_coding", "codec", "text"),
    [
        (0x00, "gsm7", "info@shop.es: 5$ [x]_1"),
        (0x01, "ascii", "info@shop.es: 5$ [x]_1"),
        (0x03, "latin-1", "¿Qué? info@shop.es: 5$ [x]_1"),
        (0x05, "shift_jis", "日本語"),
        (0x06, "iso8859-5", "Привет"),
        (0x07, "iso8859-8", "שלום"),
        (0x08, "utf-16-be", "Привет 😀"),
        (0x0E, "euc_kr", "한국어"),
        (0xF0, "gsm7", "info@shop.es: 5$ [x]_1"),
    ],
)
def test_data_codings(smsc, phone, data_coding, codec, text) -> None:
    """Texts in the encodings of SMPP arrive as they were sent."""
    message = {"data_coding": data_coding, "short_message": text.encode(codec)}
    assert deliver(smsc, phone, [message]) == [text]


@pytest.mark.parametrize("name", ["accented", "emoji at the borders"])
def test_optional_parameters(smsc, phone, name) -> None:
    """Segments without headers are joined by the three parameters, in any order."""
    text = TEXTS[name]
    segments = septet.encode(text)
    messages = [
        {
            "data_coding": segment.data_coding,
            "short_message": segment.septets or segment.user_data[len(segment.udh) :],
            "sar_msg_ref_num": segment.reference,
            "sar_total_segments": segment.total,
            "sar_segment_seqnum": segment.sequence,
        }
        for segment in segments
    ]
    assert deliver(smsc, phone, messages) == [None] * (len(segments) - 1) + [text]


def test_a_message_payload(smsc, phone) -> None:
    """It takes the place of the short message."""
    text = "¿Qué? info@shop.es: 5$ [x]_1 " * 8
    message = {"data_coding": 0x03, "message_payload": text.encode("latin-1")}
    assert deliver(smsc, phone, [message]) == [text]
