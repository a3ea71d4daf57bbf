"""Public calls with the types that a user sees: checked by mypy, never executed."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, assert_type

import septet
from septet import (
    Advice,
    Analysis,
    EncodedSegment,
    Encoding,
    ExceededLimit,
    InformationElement,
    Language,
    NonGsmCharacter,
    Provider,
    ProviderRule,
    Reassembler,
    Replacement,
    Rules,
    Segment,
    Segmenter,
    Transliteration,
)
from septet.bandwidth import (
    Accepted,
    Appended,
    AsyncClient,
    BandwidthError,
    Client,
    ErrorCode,
    Event,
    Media,
    Message,
    MessageFailed,
    MessageRecord,
    Outbox,
    OutboxEntry,
    OutboxState,
    Outcome,
    Outcomes,
    Pruned,
    RequestedLocationResponse,
    SuggestionResponse,
    Undecodable,
    find_error,
    open_store,
    parse_callbacks,
)
from septet.integrations import MaxSegments, Violation, check_annotations

assert_type(septet.count("text"), int)
assert_type(septet.analyze("text"), Analysis)
assert_type(septet.split("text"), list[Segment])
assert_type(septet.rcs.analyze("text", "standard", has_media=True), septet.rcs.RcsAnalysis)
assert_type(septet.rcs.count("text"), int)
assert_type(septet.rcs.count_many(["text"], threads=2), septet.Column)

segmenter = Segmenter(
    encoding=Encoding.GSM7,
    reference_bits=16,
    languages=["turkish", 2, Language.URDU],
    keep_graphemes=True,
    header_octets=4,
)
assert_type(segmenter.count("text"), int)
assert_type(segmenter.analyze("text"), Analysis)
assert_type(segmenter.split("text"), list[Segment])
assert_type(segmenter.truncate("text", segments=1, ellipsis="..."), str)
assert_type(septet.truncate("text", 2), str)
assert_type(segmenter.transliterate("text", "letters", when="cheaper"), Transliteration)
assert_type(septet.transliterate("text", when="helps"), Transliteration)
assert_type(septet.transliterate("text", "all", when="always"), Transliteration)
assert_type(septet.transliterate("text").replacements, tuple[Replacement, ...])
assert_type(segmenter.advise("text", "letters"), Advice)
assert_type(septet.advise("text").changes, tuple[Replacement, ...])
assert_type(septet.advise("text").segments_after, int)
assert_type(septet.transliterate_many(["text"], "letters").to_list(), list[str | None])
assert_type(segmenter.encoding, Encoding | None)
assert_type(segmenter.languages, tuple[Language, ...])
assert_type(Segmenter(provider="twilio", keep_graphemes=False), Segmenter)
assert_type(segmenter.provider, Provider | None)
assert_type(septet.provider_names(), tuple[str, ...])
assert_type(Segmenter.from_rules(Rules(provider="twilio")), Segmenter)
assert_type(segmenter.rules.to_dict()["encoding"], Any)
Segmenter(provider=Provider("mine", (ProviderRule("max_segments", 3, "a budget"),)))

found = septet.analyze("text")
assert_type(found.text, str)
assert_type(found.rules, Rules)
assert_type(found.encoding, Encoding)
assert_type(found.unit_count, int)
assert_type(found.segment_count, int)
assert_type(found.units_left, int)
assert_type(found.locking_shift, Language | None)
assert_type(found.non_gsm_characters, tuple[NonGsmCharacter, ...])
assert_type(found.non_gsm_characters[0].char, str)
assert_type(found.non_gsm_characters[0].index, int)
assert_type(found.exceeded_limits, tuple[ExceededLimit, ...])
assert_type(found.exceeded_limits[0].allowed, int)

for segment in septet.split("text"):
    assert_type(segment.body, str)
    assert_type(segment.unit_count, int)
    assert_type(segment.start, int)
    assert_type(segment.total, int)

for encoded in septet.encode("text", reference=7):
    assert_type(encoded, EncodedSegment)
    assert_type(encoded.data_coding, int)
    assert_type(encoded.udh, bytes)
    assert_type(encoded.user_data, bytes)
    assert_type(encoded.user_data_length, int)
    assert_type(encoded.septets, bytes)
    assert_type(encoded.body, str)
    assert_type(encoded.reference, int | None)
    assert_type(encoded.total, int)
    assert_type(encoded.sequence, int)
ports = InformationElement(0x05, b"\x0b\x84\x23\xf0")
assert_type(segmenter.encode("text", message_class=0, elements=[ports]), list[EncodedSegment])
assert_type(septet.decode(b"octets", has_udh=True, user_data_length=6), str)
reassembler = Reassembler(print, max_age=60, max_segments=1000)
assert_type(reassembler.add("sender", bytearray(), data_coding=0x08), str | None)
assert_type(reassembler.segment_count, int)
assert_type(septet.decode(b"octets", protocol="smpp", default_alphabet="latin-1"), str)
assert_type(Reassembler(protocol="smpp").add("a", b"", concatenation=(1, 2, 1)), str | None)
assert_type(reassembler.add("a", b"", concatenation=(None, None, None)), str | None)

message = Message("app", "+12025550100", ["+13125550140"], "text", priority="high")
assert_type(message.to, tuple[str, ...])
assert_type(message.segment_count, int)
assert_type(Accepted.from_body(message, b"{}").segment_count, int | None)
events = parse_callbacks(b"[]")
assert_type(events, list[Event | Undecodable])
if isinstance(events[0], MessageFailed):
    assert_type(events[0].error_code, int | None)
if isinstance(events[0], SuggestionResponse):
    assert_type(events[0].reply, str | None)
    assert_type(events[0].postback, bytes | None)
if isinstance(events[0], RequestedLocationResponse):
    assert_type(events[0].location, tuple[float, float] | None)
outcomes = Outcomes(events) + Outcomes()
assert_type(outcomes, Outcomes)
assert_type(outcomes["id", "+13125550140"], Outcome)
assert_type(outcomes["id", "+13125550140"].error, ErrorCode | None)
assert_type(find_error(4303), ErrorCode | None)
with Client("9900000", username="ann", password="hush", timeout=5) as client:
    assert_type(client, Client)
    assert_type(client.send(message, max_segments=2), Accepted)
    assert_type(client.upload_media("a.png", b"octets", content_type="image/png"), str)
    assert_type(list(client.list_media()), list[Media])
    assert_type(b"".join(client.download_media("a.png")), bytes)
    assert_type(client.save_media("a.png", "a.png"), int)
    assert_type(list(client.search(source_tn="+12025550100", limit=10)), list[MessageRecord])
    assert_type(client.count_messages(source_tn="+12025550100", limit_total_count=True), int)
    assert_type(client.segment_differences, int)
    with open_store("sqlite:///events.db") as store:
        outbox = Outbox(store, client)
        assert_type(outbox.add([message], batch="name"), list[int])
        outbox.run(10, workers=2, on_entry=lambda entry: assert_type(entry, OutboxEntry))
        assert_type(outbox.counts()[OutboxState.QUEUED], int)
        assert_type(list(outbox.unknown()), list[OutboxEntry])
        assert_type(next(outbox.entries()).message, Message | None)
        assert_type(outbox.resolve(1, OutboxState.ACCEPTED, "id"), OutboxEntry)


async def send_by_asyncio() -> None:
    async with AsyncClient("9900000", client_id="id", client_secret="hush") as client:
        assert_type(client, AsyncClient)
        assert_type(await client.send(message), Accepted)
        assert_type(await client.count_messages(message_type="rcs"), int)
        with open_store("sqlite:///events.db") as store:
            outbox = Outbox(store, client)
            await outbox.run(10, sender_segments_per_second={"+12025550100": 1})
            assert_type(await outbox.send(message), Accepted)
            assert_type(outbox.cancel(batch="name"), int)
            assert_type(store.prune(datetime.now(UTC), dry_run=True), Pruned)
        assert_type([record async for record in client.search(limit=1)], list[MessageRecord])
        assert_type([chunk async for chunk in client.download_media("a.png")], list[bytes])


try:
    client.send(message)
except BandwidthError as error:
    assert_type(error.retry_after, float | None)
    assert_type(error.status, int | None)
    assert_type(error.field_errors, tuple[tuple[str, str], ...])

limit = MaxSegments(
    2, encoding="gsm7", line_ends="lf", max_units=300, languages=["turkish"], provider="twilio"
)
assert_type(limit.check("text"), Violation | None)
assert_type(limit.as_sent("text"), str)
assert_type(limit.max_length, int)
assert_type(str(limit.check("text")), str)


@dataclass
class Reminder:
    text: Annotated[str, limit]

    def __post_init__(self) -> None:
        check_annotations(self)


assert_type(Reminder("text").text, str)

assert_type(septet.IMPLEMENTATION, str)

MaxSegments("2")  # type: ignore[arg-type]
MaxSegments(2, line_ends="crlf")  # type: ignore[arg-type]
MaxSegments(2, segments=2)  # type: ignore[call-arg]
septet.count(b"octets")  # type: ignore[arg-type]
septet.encode(b"octets")  # type: ignore[arg-type]
septet.decode("text")  # type: ignore[arg-type]
client.search(sourceTn="+12025550100")  # type: ignore[call-arg]
Message("app", "+12025550100", "+13125550140", priority="urgent")  # type: ignore[arg-type]
septet.rcs.count("text", "uk")  # type: ignore[arg-type]
Segmenter(encoding="gsm7")  # type: ignore[arg-type]
Segmenter(reference_bits=7)  # type: ignore[arg-type]
septet.transliterate("text", "latin")  # type: ignore[arg-type]
septet.transliterate_many(["text"], when="never")  # type: ignore[arg-type]
septet.transliterate("text", when=True)  # type: ignore[arg-type]

with open_store("sqlite:///events.db", create=False) as store:
    assert_type(store.append(b"[]"), Appended)
    assert_type(store.submit(b"[]"), Future[Appended])
    assert_type(store.events(message_id="1"), Iterator[Event])
    assert_type(store.outcome("1", "+12025550100"), Outcome)
    assert_type(store.outcomes("1"), Outcomes)
    assert_type(store.all_outcomes(), Iterator[tuple[tuple[str, str], Outcome]])
    assert_type(store.export("outcomes.csv"), int)
