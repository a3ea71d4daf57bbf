"""Answers: what the core finds, in both kinds of indexes, and money that adds up."""

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
    Message,
    Place,
    RefusedError,
    Replacement,
)

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "surcharge": "0.2", "currency": "USD"},
        {"prefix": "33", "price": "0.07", "currency": "EUR", "country": "France"},
        {"prefix": "44", "price": "0.04", "currency": "EUR", "per": "message"},
    ]
)

# Whole characters only, many of them at the borders.
texts = st.text(st.sampled_from("aé]€’ж😀\u0301\u202e\r\n "), max_size=400)


class TestAnalyze:
    @given(text=texts)
    def test_the_core_speaks(self, text) -> None:
        """Counts, borders, non_gsm_characters and advice are those of the library."""
        found = septet.analyze(text)
        answer = analyze(AnalyzeRequest(text=text))
        for name in ("encoding", "unit_count", "segment_count", "units_left"):
            assert getattr(answer, name) == getattr(found, name)
        assert [(s.body, s.unit_count, s.start, s.stop) for s in answer.segments] == [
            segment[:4] for segment in septet.split(text)
        ]
        assert sorted((p.index, b.char) for b in answer.non_gsm_characters for p in b.places) == [
            (index, char) for char, index in found.non_gsm_characters
        ]
        advice = septet.advise(text)
        assert answer.advice.text == advice.text
        assert answer.advice.segments_after == septet.count(answer.advice.text)
        assert answer.advice.units_over == advice.units_over
        for level in answer.levels:
            assert level.text == septet.transliterate(text, level.level).text
            assert level.segment_count == septet.count(level.text)

    @given(text=texts)
    def test_indexes_of_utf_16(self, text) -> None:
        """They cut the same bodies out of the text in code units."""
        octets = text.encode("utf-16-le")
        answer = analyze(AnalyzeRequest(text=text))
        for segment in answer.segments:
            body = octets[2 * segment.utf16_start : 2 * segment.utf16_stop]
            assert body.decode("utf-16-le") == segment.body
        for entry in answer.non_gsm_characters:
            for place in entry.places:
                assert octets[2 * place.utf16_index :].decode("utf-16-le").startswith(entry.char)

    @given(text=texts)
    def test_characters_add_up(self, text) -> None:
        """What each character takes, as often as it is there, is what the text takes."""
        answer = analyze(AnalyzeRequest(text=text))
        assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count
        assert {c.char for c in answer.characters} == set(text)

    def test_units_of_national_tables(self) -> None:
        """A character is counted in the tables that the text is counted in."""
        text = "ş" * 100 + "ğ" * 30
        answer = analyze(AnalyzeRequest(text=text, languages=["turkish"]))
        assert (answer.locking_shift, answer.encoding) == ("turkish", "gsm7")
        assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count == 130

    def test_what_is_told_of_a_character(self) -> None:
        """Nothing invisible is shown as it is."""
        answer = analyze(AnalyzeRequest(text="\u202e😀"))
        rlo, emoji = answer.characters
        assert (rlo.shown, rlo.code_point, rlo.name) == (
            "\\u202e",
            "U+202E",
            "RIGHT-TO-LEFT OVERRIDE",
        )
        assert (emoji.shown, emoji.unit_count) == ("😀", 2)

    def test_levels(self) -> None:
        """Each tells what it replaces; one that changes no more than the last is left out."""
        pytest.importorskip("anyascii")
        answer = analyze(AnalyzeRequest(text="😀 it’s"))
        assert [level.level for level in answer.levels] == ["punctuation", "all"]
        assert answer.levels[0].replacements == [Replacement(4, 5, "’", "'")]
        assert answer.non_gsm_characters[1].places == [Place(4, 5)]

    def test_provider(self) -> None:
        """The one of the service holds unless the request says another, or none."""
        found = [
            analyze(AnalyzeRequest(text="20 €", **rules), "telnyx").encoding
            for rules in ({}, {"provider": "aws"}, {"provider": None})
        ]
        assert found == ["ucs2", "gsm7", "gsm7"]
        long = analyze(AnalyzeRequest(text="€" * 700), "telnyx")
        assert [limit.limit for limit in long.exceeded_limits] == ["max_segments"]

    def test_rules(self) -> None:
        """References of 16 bits leave less room."""
        answer = analyze(AnalyzeRequest(text="a" * 161, reference_bits=16))
        assert (answer.unit_limit, answer.segments[0].unit_count) == (152, 152)

    def test_text_that_cannot_be_forced(self) -> None:
        """The character is told."""
        with pytest.raises(RefusedError) as caught:
            analyze(AnalyzeRequest(text="aж", encoding="gsm7"))
        refusal = caught.value.refusal
        assert refusal.error == "character 'ж' at index 1 is not in the GSM 7-bit alphabet"
        assert (caught.value.status, refusal.field, refusal.value) == (422, "text", '"\\u0436"')

    def test_without_transliteration(self, monkeypatch) -> None:
        """The levels that need no extra are there."""
        monkeypatch.setitem(sys.modules, "anyascii", None)
        answer = analyze(AnalyzeRequest(text="„ř“ж"))
        assert [level.level for level in answer.levels] == ["punctuation"]

    def test_without_graphemes(self, monkeypatch) -> None:
        """The extra that is missing on the server is told."""

        def missing():
            raise septet.MissingExtraError("regex", "graphemes", "keep_graphemes")

        monkeypatch.setattr("septet.rules.rules.cluster_pattern", missing)
        with pytest.raises(RefusedError) as caught:
            analyze(AnalyzeRequest(text="a", keep_graphemes=True))
        assert caught.value.refusal.field == "keep_graphemes"
        assert "septet[graphemes]" in caught.value.refusal.error


MESSAGES = [
    Message("a" * 161, "+12025550123"),
    Message("ж", "+33612345678"),
    Message("a" * 400, "+447700900123"),
    Message("a" * 39_900, "+12025550123"),
    Message("", "+12025550123"),
    Message("a", "+9995550123"),
    Message("a", "5550123"),
    Message("a", ""),
    Message("a"),
]


class TestEstimate:
    def test_prices(self) -> None:
        """Each message has a price, exact, or a note that tells why not."""
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
        """They are the sums of the messages, and every message is in one."""
        answer = estimate(EstimateRequest(messages=MESSAGES), CARD)
        for currency, total in answer.totals.items():
            its = [m for m in answer.messages if m.currency == currency]
            assert Decimal(total.cost) == sum(Decimal(m.price) for m in its)
            assert (total.messages, total.segments) == (len(its), sum(m.segment_count for m in its))
        notes = [m.note for m in answer.messages if m.note not in (None, "no text")]
        assert {why: tally.messages for why, tally in answer.unpriced.items()} == {
            note: notes.count(note) for note in notes
        }
        assert answer.without_text == 1

    def test_without_a_card(self) -> None:
        """Segments are counted all the same."""
        answer = estimate(EstimateRequest(messages=MESSAGES[:2]))
        assert [m.note for m in answer.messages] == ["no rate card"] * 2
        answer_of_nothing = estimate(EstimateRequest(messages=[Message("")]))
        assert [m.note for m in answer_of_nothing.messages] == ["no text"]
        assert (answer.segments, answer.totals, answer.unpriced) == (3, {}, {})

    def test_no_messages(self) -> None:
        """Nothing costs nothing."""
        answer = estimate(EstimateRequest(messages=[]), CARD)
        assert (answer.messages, answer.segments) == ([], 0)

    def test_text_that_cannot_be_forced(self) -> None:
        """The message is named."""
        messages = [Message("a"), Message("ж")]
        with pytest.raises(RefusedError) as caught:
            estimate(EstimateRequest(messages=messages, encoding="gsm7"), CARD)
        assert caught.value.refusal.field == "messages[1].text"
