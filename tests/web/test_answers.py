"""Answers: the results of the core, with both kinds of indexes, and exact totals."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

import septet
from septet.costing import RateCard
from septet.web.answers import analyze, estimate
from septet.web.schema import (
    AnalyzeRequest,
    EstimateRequest,
    MessageRequest,
    Replacement,
    RequestError,
    TextIndex,
)

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "surcharge": "0.2", "currency": "USD"},
        {"prefix": "33", "price": "0.07", "currency": "EUR", "country": "France"},
        {"prefix": "44", "price": "0.04", "currency": "EUR", "per": "message"},
    ]
)

# No surrogates; many characters with special cases.
texts = st.text(st.sampled_from("aé]€’ж😀\u0301\u202e\r\n "), max_size=400)


class TestAnalyze:
    @given(text=texts)
    def test_same_results_as_the_core(self, text) -> None:
        """Counts, segments, non-GSM characters, levels and advice are those of the library."""
        analysis = septet.analyze(text)
        answer = analyze(AnalyzeRequest(text=text))
        for name in ("encoding", "unit_count", "segment_count", "units_left"):
            assert getattr(answer, name) == getattr(analysis, name)
        assert [(s.body, s.unit_count, s.start, s.stop) for s in answer.segments] == [
            segment[:4] for segment in septet.split(text)
        ]
        assert sorted((p.index, b.char) for b in answer.non_gsm_characters for p in b.places) == [
            (index, char) for char, index in analysis.non_gsm_characters
        ]
        advice = septet.advise(text)
        assert answer.advice.text == advice.text
        assert answer.advice.segments_after == septet.count(answer.advice.text)
        assert answer.advice.units_over == advice.units_over
        rcs = septet.rcs.analyze(text)
        assert (answer.rcs.byte_count, answer.rcs.us_segment_count) == rcs[1:]
        assert answer.rcs.kind == ("basic" if rcs.byte_count <= 160 else "single")
        for level in answer.levels:
            assert level.text == septet.transliterate(text, level.level, when="always").text
            assert level.segment_count == septet.count(level.text)

    @given(text=texts)
    def test_utf16_indexes(self, text) -> None:
        """They select the same bodies in the code units of the text."""
        utf16 = text.encode("utf-16-le")
        answer = analyze(AnalyzeRequest(text=text))
        for segment in answer.segments:
            body = utf16[2 * segment.utf16_start : 2 * segment.utf16_stop]
            assert body.decode("utf-16-le") == segment.body
        for entry in answer.non_gsm_characters:
            for position in entry.places:
                assert utf16[2 * position.utf16_index :].decode("utf-16-le").startswith(entry.char)

    @given(text=texts)
    def test_characters_add_up(self, text) -> None:
        """The units of all occurrences of all characters are the units of the text."""
        answer = analyze(AnalyzeRequest(text=text))
        assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count
        assert {c.char for c in answer.characters} == set(text)

    def test_units_of_national_tables(self) -> None:
        """A character is counted with the same tables as the text."""
        text = "ş" * 100 + "ğ" * 30
        answer = analyze(AnalyzeRequest(text=text, languages=["turkish"]))
        assert (answer.locking_shift, answer.encoding) == ("turkish", "gsm7")
        assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count == 130

    def test_description_of_characters(self) -> None:
        """An invisible character is shown as an escape."""
        answer = analyze(AnalyzeRequest(text="\u202e😀"))
        rlo, emoji = answer.characters
        assert (rlo.shown, rlo.code_point, rlo.name) == (
            "\\u202e",
            "U+202E",
            "RIGHT-TO-LEFT OVERRIDE",
        )
        assert (emoji.shown, emoji.unit_count) == ("😀", 2)

    def test_levels(self) -> None:
        """Each lists its replacements; a level that changes no more than the last is left out."""
        pytest.importorskip("anyascii")
        answer = analyze(AnalyzeRequest(text="😀 it’s"))
        assert [level.level for level in answer.levels] == ["punctuation", "all"]
        assert answer.levels[0].replacements == [Replacement(4, 5, "’", "'")]
        assert answer.non_gsm_characters[1].places == [TextIndex(4, 5)]

    def test_provider(self) -> None:
        """The provider of the service applies unless the request names another, or none."""
        encodings = [
            analyze(AnalyzeRequest(text="20 €", **rules), "telnyx").encoding
            for rules in ({}, {"provider": "aws"}, {"provider": None})
        ]
        assert encodings == ["ucs2", "gsm7", "gsm7"]
        long = analyze(AnalyzeRequest(text="€" * 700), "telnyx")
        assert [limit.limit for limit in long.exceeded_limits] == ["max_segments"]

    def test_rules(self) -> None:
        """16-bit references leave less space for text."""
        answer = analyze(AnalyzeRequest(text="a" * 161, reference_bits=16))
        assert (answer.unit_limit, answer.segments[0].unit_count) == (152, 152)

    def test_text_that_is_not_gsm7(self) -> None:
        """The error names the character."""
        with pytest.raises(RequestError) as caught:
            analyze(AnalyzeRequest(text="aж", encoding="gsm7"))
        refusal = caught.value.refusal
        assert refusal.error == "character 'ж' at index 1 is not in the GSM 7-bit alphabet"
        assert (caught.value.status, refusal.field, refusal.value) == (422, "text", '"\\u0436"')

    @pytest.mark.parametrize(
        ("text", "calls"),
        [
            ("Your code is 123456", ["analyze", "split"]),
            ("Caf\u00e9 \u2019til 2", ["analyze", "split", "transliterate", "analyze", "advise"]),
        ],
        ids=["one segment of GSM-7", "one replacement"],
    )
    def test_few_passes(self, text, calls, monkeypatch) -> None:
        """A text that cannot become cheaper is not rewritten; levels end once all is GSM-7."""
        recorded = []

        class Recorder(septet.Segmenter):
            def __getattribute__(self, name):
                if name in ("analyze", "split", "transliterate", "advise"):
                    recorded.append(name)
                return super().__getattribute__(name)

        monkeypatch.setattr("septet.web.answers.Segmenter", Recorder)
        analyze(AnalyzeRequest(text=text))
        inside_advise = recorded.index("advise") + 1 if "advise" in recorded else None
        assert recorded[:inside_advise] == calls

    def test_without_transliteration(self, monkeypatch) -> None:
        """The levels that need no extra remain."""
        monkeypatch.setitem(sys.modules, "anyascii", None)
        answer = analyze(AnalyzeRequest(text="„ř“ж"))
        assert [level.level for level in answer.levels] == ["punctuation"]


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


class TestEstimate:
    def test_prices(self) -> None:
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

    def test_totals(self) -> None:
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
    def test_empty_texts(self, card) -> None:
        """They are no messages: no segment, no encoding, no price."""
        texts = ["Hi", "", " ", ""]
        messages = [MessageRequest(text, "+12025550123") for text in texts]
        answer = estimate(EstimateRequest(messages=messages), card)
        assert [m.segment_count for m in answer.messages] == [1, 0, 1, 0]
        assert [m.encoding for m in answer.messages] == ["gsm7", None, "gsm7", None]
        assert [m.note == "no text" for m in answer.messages] == [False, True, False, True]
        assert (answer.segments, answer.without_text) == (2, 2)

    def test_prices_by_network(self):
        """A price that depends on the network is null, and has its bounds."""
        rows = [
            {"prefix": "1", "price": p, "currency": "USD", "network": f"Net {p}"}
            for p in ("1", "3")
        ]
        answer = estimate(EstimateRequest(messages=MESSAGES[:1]), RateCard.from_rows(rows))
        (message,) = answer.messages
        assert (message.price, message.note) == (None, "depends on the network")
        total = answer.totals["USD"]
        assert total.cost is None
        lowest, highest = f"{message.segment_count}.00", f"{3 * message.segment_count}.00"
        assert (message.price_lowest, message.price_highest) == (lowest, highest)
        assert (total.lowest, total.highest) == (lowest, highest)

    def test_each_message_is_matched_once(self) -> None:
        """The rates that made the totals are those of the messages."""

        class CountingCard(RateCard):
            calls = 0

            def match_many(self, numbers, networks=None):
                self.calls += 1
                return super().match_many(numbers, networks)

        card = CountingCard(CARD.rates)
        estimate(EstimateRequest(messages=MESSAGES), card)
        assert card.calls == 1

    def test_without_a_card(self) -> None:
        """Segments are counted without prices."""
        answer = estimate(EstimateRequest(messages=MESSAGES[:2]))
        assert [m.note for m in answer.messages] == ["no rate card"] * 2
        empty_answer = estimate(EstimateRequest(messages=[MessageRequest("")]))
        assert [m.note for m in empty_answer.messages] == ["no text"]
        assert (answer.segments, answer.totals, answer.unpriced) == (3, {}, {})

    def test_no_messages(self) -> None:
        """An empty request gives empty totals."""
        answer = estimate(EstimateRequest(messages=[]), CARD)
        assert (answer.messages, answer.segments) == ([], 0)

    def test_text_that_is_not_gsm7(self) -> None:
        """The error names the message."""
        messages = [MessageRequest("a"), MessageRequest("ж")]
        with pytest.raises(RequestError) as caught:
            estimate(EstimateRequest(messages=messages, encoding="gsm7"), CARD)
        assert caught.value.refusal.field == "messages[1].text"
