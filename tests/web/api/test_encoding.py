"""Encoding: the octets of the core, as hexadecimal digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

import septet
from septet.web.api.encoding import EncodedSegment, EncodeRequest, encode
from septet.web.api.schema import RequestError

texts = st.text(st.sampled_from("aé]€’ж😀\r\n "), max_size=400)


@given(
    text=texts,
    reference=st.integers(0, 255),
    message_class=st.sampled_from([None, 0, 1, 2, 3]),
)
def test_same_octets_as_the_core(text, reference, message_class) -> None:
    options = {"reference": reference, "message_class": message_class}
    answer = encode(EncodeRequest(text=text, **options))
    assert [
        (
            *(each.data_coding, bytes.fromhex(each.udh), bytes.fromhex(each.user_data)),
            *(each.user_data_length, each.body, each.reference, each.total, each.sequence),
        )
        for each in answer.segments
    ] == [tuple(segment) for segment in septet.encode(text, **options)]


@given(text=texts, packed=st.booleans())
def test_decoding(text, packed) -> None:
    """The fields are the arguments of `decode`."""
    answer = encode(EncodeRequest(text=text, packed=packed))
    bodies = [
        septet.decode(
            bytes.fromhex(each.user_data),
            data_coding=each.data_coding,
            has_udh=each.has_udh,
            user_data_length=each.user_data_length,
            packed=each.packed,
        )
        for each in answer.segments
    ]
    assert bodies == [each.body for each in answer.segments]
    assert "".join(bodies) == text


def test_segment() -> None:
    (segment,) = encode(EncodeRequest(text="Hi", reference=7)).segments
    assert segment == EncodedSegment(0, False, "", "c834", 2, True, "Hi", None, 1, 1)
    (segment,) = encode(EncodeRequest(text="Hi", packed=False)).segments
    assert segment == EncodedSegment(0, False, "", "4869", None, False, "Hi", None, 1, 1)
    first, _ = encode(EncodeRequest(text="a" * 161, reference=0x102, reference_bits=16)).segments
    assert (first.udh, first.has_udh, first.reference) == ("06080401020201", True, 0x102)


def test_provider() -> None:
    """The provider of the service applies."""
    (segment,) = encode(EncodeRequest(text="€"), "telnyx").segments
    assert (segment.data_coding, segment.user_data) == (8, "20ac")


@pytest.mark.parametrize(
    ("request_", "field", "value", "error"),
    [
        (EncodeRequest(text="a", reference=256), "reference", "256", "reference must be 0 to 255"),
        (EncodeRequest(text="ж", encoding="gsm7"), "text", '"\\u0436"', "character 'ж' at index 0"),
        (EncodeRequest(text="b" * 39_016), "text", f'"{"b" * 59}…', "the text needs 256 segments"),
        (EncodeRequest(text="b" * 10_001, languages=["urdu"]), "text", None, "with languages"),
    ],
    ids=["reference", "character", "too long", "languages"],
)
def test_refusals(request_, field, value, error) -> None:
    with pytest.raises(RequestError) as caught:
        encode(request_)
    refusal = caught.value.refusal
    assert (caught.value.status, refusal.field) == (422, field)
    assert refusal.error.startswith(error)
    assert value in (None, refusal.value)
