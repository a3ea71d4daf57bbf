"""The estimate: every row accounted for, counts as the core counts, money exact."""

import json
import pickle
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text_columns
from septet import Encoding, EncodingError, Segmenter, analyze_many
from septet.costing import Batch, Estimate, Group, RateCard, Unpriced, estimate

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD", "country": "United States"},
        {"prefix": "1876", "price": "0.07", "currency": "USD", "country": "Jamaica"},
        {"prefix": "1658", "price": "0.07", "currency": "USD", "country": "Jamaica"},
        {"prefix": "44", "price": "0.2", "currency": "GBP", "surcharge": "0.01"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)


def of(*texts, segmenter=None):
    result = Estimate(segmenter)
    result.add(Batch(list(texts)))
    return result


def priced(*rows, rates=RATES):
    result = Estimate(rates=rates)
    result.add(Batch([text for text, _ in rows], [recipient for _, recipient in rows]))
    return result


def destinations(result):
    return {key: (c.messages, c.segments, c.amount) for key, c in result.destinations.items()}


class TestCounts:
    def test_facts_of_a_batch(self):
        """Adding a batch returns what was counted of each row, and the index of its rate."""
        facts = Estimate(rates=RATES).add(Batch(["one", "’" * 71, ""], ["+12", "+44", "?"]))
        assert facts.columns.to_list() == analyze_many(["one", "’" * 71, ""]).to_list()
        assert [RATES.rates[index].prefix for index in facts.rates[:2]] == ["1", "44"]
        assert facts.rates[2] == Unpriced.NOT_E164

    def test_facts_without_a_card(self):
        """No message has a rate."""
        assert list(Estimate().add(Batch(["one", "two"])).rates) == [Unpriced.NO_RATE] * 2

    def test_repr(self):
        """The size and the costs, and not an address."""
        assert repr(Estimate()) == "<Estimate of 0 messages: 0 segments>"
        result = priced(("one", "+12"), ("a" * 161, "+44"), ("one", "+12"))
        assert repr(result) == "<Estimate of 3 messages: 4 segments, 0.42 GBP, 0.20 USD>"

    def test_segments_are_those_of_the_core(self):
        """Messages and segments are counted by encoding and in all."""
        result = of("one", "a" * 161, "é" * 306, "żółw", "ż" * 71)
        assert (result.messages, result.segments) == (5, 8)
        tallies = {e: (t.messages, t.segments) for e, t in result.by_encoding.items()}
        assert tallies == {Encoding.GSM7: (3, 5), Encoding.UCS2: (2, 3)}
        assert result.segments_per_message == 1.6

    def test_distribution(self):
        """The distribution says how many messages take how many segments."""
        result = of("a", "b", "a" * 161, "a" * 307)
        assert result.distribution == {1: 2, 2: 1, 3: 1}

    def test_rows_without_text(self):
        """Empty texts and nulls are counted as such and take no segments; a space is a text."""
        result = priced(("", "+12025550100"), (None, "+12025550100"), (" ", "+12025550100"))
        assert (result.rows, result.messages, result.without_text) == (3, 1, 2)
        assert result.segments == 1
        assert destinations(result) == {("United States", "USD"): (1, 1, Decimal("0.1"))}

    def test_nothing(self):
        """An estimate of no rows is all zeros."""
        result = of()
        assert (result.rows, result.segments, result.segments_per_message) == (0, 0, 0.0)

    @pytest.mark.parametrize(("length", "expected"), [(255 * 153, 0), (255 * 153 + 1, 1)])
    def test_messages_over_the_limit(self, length, expected):
        """A text of more than 255 segments is counted among those that cannot be sent."""
        result = of("a" * length, "one")
        assert result.over_limit == expected
        assert result.messages == 2

    def test_rules_of_the_segmenter(self):
        """The segmenter that is handed over decides."""
        turkish = of("ışık", segmenter=Segmenter(languages=["turkish"]))
        assert turkish.by_encoding[Encoding.GSM7].messages == 1
        with pytest.raises(EncodingError):
            of("ışık", segmenter=Segmenter(encoding=Encoding.GSM7))


class TestArguments:
    def test_rates_need_recipients(self, tmp_path):
        """Pricing without recipients is a mistake of the caller, found before anything is read."""
        with pytest.raises(ValueError, match="needs the recipients"):
            Estimate(rates=RATES).add(Batch(["one"]))
        with pytest.raises(ValueError, match="needs the column of recipients"):
            estimate(tmp_path / "none.csv", text="body", rates=RATES)


class TestNonGsmCharacters:
    def test_each_message_counts_once_for_a_character(self):
        """A character that stands twice in a text forces one message, not two."""
        assert of("’a’", "’ż", "plain").non_gsm_characters == {"’": 2, "ż": 1}

    def test_ties_are_ordered_by_code_point(self):
        """The worst come first, and equals by code point; the number asked for is a limit."""
        result = of("żółć’", "’", "ł")
        assert result.ranked_non_gsm_characters(3) == [("ł", 2), ("’", 2), ("ó", 1)]

    def test_forced_ucs2_blames_no_character(self):
        """Where UCS-2 was asked for, no character forces it."""
        assert of("żółw", segmenter=Segmenter(encoding=Encoding.UCS2)).non_gsm_characters == {}


TEXTS = st.none() | st.text(max_size=400) | st.sampled_from(["", "a" * 161, "’" * 71, "€[]", "😀"])
RECIPIENTS = st.sampled_from(
    [None, "", "+12025550100", "+18765550100", "+4477", "+999", "555", "+"]
)


@given(st.lists(st.lists(st.tuples(TEXTS, RECIPIENTS))))
def test_every_row_is_accounted_for(batches):
    """Whatever the rows and batches, all counts add up to the rows, and all sums to the whole."""
    result = Estimate(rates=RATES)
    for batch in batches:
        result.add(Batch([text for text, _ in batch], [recipient for _, recipient in batch]))
    rows = [row for batch in batches for row in batch]
    assert result.rows == len(rows)
    assert result.messages == sum(bool(text) for text, _ in rows)
    assert result.messages + result.without_text == len(rows)
    assert sum(result.distribution.values()) == result.messages
    assert sum(n * messages for n, messages in result.distribution.items()) == result.segments
    parts = [*result.destinations.values(), *result.unpriced.values()]
    assert sum(part.messages for part in parts) == result.messages
    assert sum(part.segments for part in parts) == result.segments
    whole = priced(*rows).to_dict()
    assert result.to_dict() == whole


class TestSum:
    @given(st.lists(st.tuples(TEXTS, RECIPIENTS)), st.lists(st.tuples(TEXTS, RECIPIENTS)))
    def test_two_parts_are_the_whole(self, some, others):
        """The sum of two estimates is the estimate of all their rows, also after a journey."""
        parts = [priced(*some), pickle.loads(pickle.dumps(priced(*others)))]
        assert (parts[0] + parts[1]).to_dict() == priced(*some, *others).to_dict()
        assert parts[0].to_dict() == priced(*some).to_dict()

    def test_too_long_to_be_sent(self):
        """What no segment number reaches is added up too."""
        long = priced(("a" * 153 * 256, "+12025550100"))
        assert (long + long).unpriced["too long to be sent"].segments == 512
        assert (long + long).distribution == {256: 2}

    def test_unreadable_rows(self):
        """Unreadable rows are counted together, and only the first few kept."""
        parts = [of("one"), of("two")]
        for name, part in zip("ab", parts, strict=True):
            for line in range(3):
                part.unreadable.add(f"{name}{line}", "broken")
        both = parts[0] + parts[1]
        assert both.unreadable.count == 6
        places = [row.place for row in both.unreadable.examples]
        assert places == ["a0", "a1", "a2", "b0", "b1"]

    def test_other_rules_or_rates(self):
        """What was counted or priced otherwise is no part of the same sum."""
        others = [of("a", segmenter=Segmenter(reference_bits=16)), priced(("a", "+12"))]
        for other in (*others, Estimate(by=["kind"])):
            with pytest.raises(ValueError, match="different rules or rates"):
                of("a") + other
        with pytest.raises(TypeError):
            of("a") + {"messages": 1}

    def test_the_day_does_not_matter(self):
        """The same rates on two days are the same rates; the sum has the later day."""
        days = [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 1)]
        parts = [priced(("a", "+12"), rates=RATES.on(day)) for day in days]
        assert sum(parts[1:], parts[0]).priced_on == days[1]
        assert (parts[0] + parts[2]).priced_on == days[0]

    def test_a_sum_takes_no_batches(self):
        """Only an estimate that began at nothing counts."""
        with pytest.raises(ValueError, match="takes no more batches"):
            (of("a") + of("b")).add(Batch(["c"]))


VALUES = st.sampled_from([None, "", "a", "b", "ż"])


class TestGroups:
    def by(self, *rows):
        result = Estimate(rates=RATES, by=["kind", "sender"])
        columns = list(zip(*rows, strict=True)) or [()] * 4
        result.add(Batch(list(columns[0]), list(columns[1]), groups=columns[2:]))
        return result

    @given(st.lists(st.tuples(TEXTS, RECIPIENTS, VALUES, VALUES)))
    def test_a_group_is_an_estimate_of_its_rows(self, rows):
        """The figures of a value equal an estimate of only its rows."""
        result = self.by(*rows)
        for place, column in ((2, "kind"), (3, "sender")):
            values = {row[place] for row in rows if row[0]}
            assert result.groups[column].keys() == values
            for value in values:
                alone = priced(*(row[:2] for row in rows if row[place] == value))
                group = result.groups[column][value]
                assert (group.messages, group.segments) == (alone.messages, alone.segments)
                assert group.costs == alone.totals

    @given(st.lists(st.tuples(TEXTS, RECIPIENTS, VALUES, VALUES)), st.integers(0, 9))
    def test_parts_are_the_whole(self, rows, cut):
        """Groups of estimates that are added up are those of all their rows."""
        both = self.by(*rows[:cut]) + self.by(*rows[cut:])
        assert both.to_dict() == self.by(*rows).to_dict()

    def test_too_long_to_be_sent(self):
        """A message that cannot be sent costs its group nothing."""
        group = self.by(("a" * 153 * 256, "+12", "x", None)).groups["kind"]["x"]
        assert (group.messages, group.segments, group.costs) == (1, 256, {})

    def test_without_a_card(self):
        """Without rates values have messages and segments."""
        result = Estimate(by=["kind"])
        result.add(Batch(["a" * 161, "b"], groups=[["x", "x"]]))
        assert result.groups == {"kind": {"x": Group(2, 3)}}

    def test_rank(self):
        """The dearest first, in the currency of most segments; then by segments and name."""
        rows = [("one", "+447", "pounds", ""), *[("one", "+12", "dollars", "")] * 2]
        rows += [("one", "+12", "ten cents", ""), ("a" * 161, "", "none", ""), ("a", "", "b", "")]
        found = self.by(*rows)
        names = [value for value, _ in found.ranked(found.groups["kind"])]
        assert names == ["dollars", "ten cents", "none", "b", "pounds"]

    def test_columns_that_are_missing(self):
        """A batch brings the columns that the estimate was made for."""
        with pytest.raises(ValueError, match="expected 1 group column, got 0"):
            Estimate(by=["kind"]).add(Batch(["one"]))
        with pytest.raises(ValueError, match="expected 1 values in a group column, got 2"):
            Estimate(by=["kind"]).add(Batch(["one"], groups=[["x", "y"]]))


class TestColumns:
    @given(st.lists(st.tuples(TEXTS, RECIPIENTS)))
    def test_arrow_columns_are_lists(self, rows):
        """A batch of Arrow arrays gives what a batch of lists gives."""
        pa = pytest.importorskip("pyarrow")
        texts, recipients = [text for text, _ in rows], [recipient for _, recipient in rows]
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            result = Estimate(rates=RATES)
            result.add(Batch(pa.array(texts, kind), pa.array(recipients, kind)))
            assert result.to_dict() == priced(*rows).to_dict()

    def test_recipients_of_other_messages(self):
        """A batch of two lengths is refused, and adds nothing."""
        result = Estimate(rates=RATES)
        with pytest.raises(ValueError, match="expected 2 recipients, one for each text, got 1"):
            result.add(Batch(["one", "two"], ["+12"]))
        assert result.rows == 0

    @pytest.mark.parametrize("role", ["texts", "recipients", "groups"])
    @pytest.mark.parametrize("make", text_columns.COLUMNS, ids=lambda make: make.__name__)
    def test_columns(self, role, make):
        """Whatever column `count_many` takes gives what the list of its rows gives."""
        pytest.importorskip("phonenumbers")
        columns = {
            "texts": ["Hello", "’" * 80, None, "’", "Hello", "x" * 2000],
            "recipients": ["+12", "+44", None, "(01) 2", "+44", "+12"],
            "groups": ["a", "b", None, "b", "", "a"],
        }

        def add(columns):
            result = Estimate(
                Segmenter(provider="twilio"), RATES.in_region("US"), ["group"], savings=True
            )
            texts, recipients, group = columns.values()
            result.add(Batch(texts, recipients, groups=[group]))
            return result.to_dict()

        assert add({**columns, role: make(columns[role])}) == add(columns)

    def test_dictionary_index(self):
        """An index outside the dictionary is one error."""
        pa = pytest.importorskip("pyarrow")
        index = pa.array([0, 7], pa.int8())
        column = pa.DictionaryArray.from_arrays(index, pa.array(["one"]), safe=False)
        with pytest.raises(ValueError, match="row 1: dictionary index 7, but the dictionary has 1"):
            Estimate().add(Batch(column))


class TestJson:
    def test_form(self, tmp_path):
        """The form is versioned, JSON-ready, and has amounts as decimal text."""
        path = tmp_path / "campaign.csv"
        path.write_text(
            "phone,body,kind\n+12025550100,caf\u00e9 \u2019til 2,a\n+447700900123,two,a\n"
            ",three,b\n+1,,c\n4\n",
            encoding="utf-8",
        )
        result = estimate(path, text="body", to="phone", rates=RATES, by=["kind"]).to_dict()
        assert json.loads(json.dumps(result)) == {
            "version": 1,
            "rules": {
                "encoding": None,
                "reference_bits": 8,
                "languages": [],
                "keep_graphemes": False,
                "header_octets": 0,
                "provider": None,
            },
            "rows": 5,
            "messages": 3,
            "without_text": 1,
            "unreadable": {
                "count": 1,
                "examples": [{"place": f"{path}, line 6", "reason": "expected 3 fields, got 1"}],
            },
            "segments": 3,
            "over_limit": 0,
            "by_encoding": {
                "gsm7": {"messages": 2, "segments": 2, "distribution": {"1": 2}},
                "ucs2": {"messages": 1, "segments": 1, "distribution": {"1": 1}},
            },
            "distribution": {"1": 3},
            "non_gsm_characters": [{"char": "’", "code_point": "U+2019", "messages": 1}],
            "wrongly_decoded": {"count": 0},
            "texts_to_fix": [],
            "cost": {
                "card": RATES.fingerprint,
                "priced_on": str(RATES.day),
                "totals": {
                    "GBP": {"messages": 1, "segments": 1, "cost": "0.21"},
                    "USD": {"messages": 1, "segments": 1, "cost": "0.10"},
                },
                "destinations": [
                    {
                        "destination": "+44",
                        "currency": "GBP",
                        "messages": 1,
                        "segments": 1,
                        "cost": "0.21",
                    },
                    {
                        "destination": "United States",
                        "currency": "USD",
                        "messages": 1,
                        "segments": 1,
                        "cost": "0.10",
                    },
                ],
                "unpriced": {"no number": {"messages": 1, "segments": 1}},
            },
            "by": {
                "kind": [
                    {
                        "value": "a",
                        "messages": 2,
                        "segments": 2,
                        "cost": {
                            "GBP": {"messages": 1, "segments": 1, "cost": "0.21"},
                            "USD": {"messages": 1, "segments": 1, "cost": "0.10"},
                        },
                    },
                    {"value": "b", "messages": 1, "segments": 1, "cost": {}},
                ]
            },
            "exceeded_limits": [],
            "savings": None,
            "template": None,
        }

    def test_without_a_card(self):
        """Without a rate card there is no cost at all, rather than a cost of nothing."""
        assert of("one").to_dict()["cost"] is None

    def test_amounts_are_the_sum_of_exact_prices(self):
        """A total beyond what a double holds is exact to the last micro-unit."""
        rates = RateCard.from_rows(
            [{"prefix": "1", "price": "999999999.000001", "currency": "USD"}]
        )
        result = priced(*[("a" * 161, "+12025550100")] * 9, rates=rates)
        cost = result.to_dict()["cost"]["totals"]["USD"]["cost"]
        assert Decimal(cost) == 18 * Decimal("999999999.000001")
