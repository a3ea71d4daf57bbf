"""Sizes and prices of messages: the results of the core, and exact totals."""

from __future__ import annotations

from decimal import Decimal

import pytest

pytest.importorskip("msgspec")

from septet.costing import RateCard
from septet.web.api.estimates import EstimateRequest, MessageRequest, estimate
from septet.web.api.schema import RequestError

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "surcharge": "0.2", "currency": "USD"},
        {"prefix": "33", "price": "0.07", "currency": "EUR", "country": "France"},
        {"prefix": "44", "price": "0.04", "currency": "EUR", "per": "message"},
    ]
)

MESSAGES = [
    MessageRequest("a" * 161, "+12025550123"),
    MessageRequest("ж", "+33612345678"),
    MessageRequest("a" * 400, "+447700900123"),
    MessageRequest("a" * 39_900, "+12025550123"),
    MessageRequest("", "+12025550123"),
    MessageRequest("a", "+9995550123"),
    MessageRequest("a", "5550123"),
    MessageRequest("a", ""),
    MessageRequest("a"),
]


def test_prices() -> None:
    """Each message has an exact price, or a note with the reason."""
    answer = estimate(EstimateRequest(messages=MESSAGES), CARD)
    assert [
        (m.encoding, m.segment_count, m.price, m.currency, m.destination)
        for m in answer.messages[:3]
    ] == [
        ("gsm7", 2, "0.60", "USD", "+1"),
        ("ucs2", 1, "0.07", "EUR", "France"),
        ("gsm7", 3, "0.04", "EUR", "+44"),
    ]
    assert [message.note for message in answer.messages] == [
        *(None, None, None, "too long to be sent", "no text", "no rate for this number"),
        *("not an E.164 number", "no number", "no number"),
    ]


def test_totals() -> None:
    """They are the sums over the messages, and every message is counted once."""
    answer = estimate(EstimateRequest(messages=MESSAGES), CARD)
    for currency, total in answer.totals.items():
        priced = [m for m in answer.messages if m.currency == currency]
        assert Decimal(total.cost) == sum(Decimal(m.price) for m in priced)
        assert (total.messages, total.segments) == (
            len(priced),
            sum(m.segment_count for m in priced),
        )
    notes = [m.note for m in answer.messages if m.note not in (None, "no text")]
    assert {why: tally.messages for why, tally in answer.unpriced.items()} == {
        note: notes.count(note) for note in notes
    }
    assert answer.without_text == 1
    assert sum(message.segment_count for message in answer.messages) == answer.segments


@pytest.mark.parametrize("card", [CARD, None])
def test_empty_texts(card) -> None:
    """They are no messages: no segment, no encoding, no price."""
    texts = ["Hi", "", " ", ""]
    messages = [MessageRequest(text, "+12025550123") for text in texts]
    answer = estimate(EstimateRequest(messages=messages), card)
    assert [m.segment_count for m in answer.messages] == [1, 0, 1, 0]
    assert [m.encoding for m in answer.messages] == ["gsm7", None, "gsm7", None]
    assert [m.note == "no text" for m in answer.messages] == [False, True, False, True]
    assert (answer.segments, answer.without_text) == (2, 2)


def test_prices_by_network():
    """A price that depends on the network is null, and has its bounds."""
    rows = [
        {"prefix": "1", "price": p, "currency": "USD", "network": f"Net {p}"} for p in ("1", "3")
    ]
    answer = estimate(EstimateRequest(messages=MESSAGES[:1]), RateCard.from_rows(rows))
    (message,) = answer.messages
    assert (message.price, message.note) == (None, "depends on the network")
    total = answer.totals["USD"]
    assert total.cost is None
    lowest, highest = f"{message.segment_count}.00", f"{3 * message.segment_count}.00"
    assert (message.price_lowest, message.price_highest) == (lowest, highest)
    assert (total.lowest, total.highest) == (lowest, highest)


def test_each_message_is_matched_once() -> None:
    """The rates that made the totals are those of the messages."""

    class CountingCard(RateCard):
        calls = 0

        def match_many(self, numbers, networks=None):
            self.calls += 1
            return super().match_many(numbers, networks)

    card = CountingCard(CARD.rates)
    estimate(EstimateRequest(messages=MESSAGES), card)
    assert card.calls == 1


def test_without_a_card() -> None:
    """Segments are counted without prices."""
    answer = estimate(EstimateRequest(messages=MESSAGES[:2]))
    assert [m.note for m in answer.messages] == ["no rate card"] * 2
    empty_answer = estimate(EstimateRequest(messages=[MessageRequest("")]))
    assert [m.note for m in empty_answer.messages] == ["no text"]
    assert (answer.segments, answer.totals, answer.unpriced) == (3, {}, {})


def test_no_messages() -> None:
    """An empty request gives empty totals."""
    answer = estimate(EstimateRequest(messages=[]), CARD)
    assert (answer.messages, answer.segments) == ([], 0)


def test_text_that_is_not_gsm7() -> None:
    """The error names the message."""
    messages = [MessageRequest("a"), MessageRequest("ж")]
    with pytest.raises(RequestError) as caught:
        estimate(EstimateRequest(messages=messages, encoding="gsm7"), CARD)
    assert caught.value.refusal.field == "messages[1].text"
