"""Rate cards: which rate a number has, exact money, and every way a card can be broken."""

import pickle
from datetime import date, timedelta
from decimal import Decimal
from re import fullmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Price, Rate, RateCard, Unpriced, is_e164
from septet.exceptions import RateCardError

HEADER = "prefix,price,currency"


def card(*rows, header=HEADER):
    names = header.split(",")
    return RateCard.from_rows(dict(zip(names, row.split(","), strict=True)) for row in rows)


def read(tmp_path, content):
    path = tmp_path / "rates.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return RateCard.read(path)


class TestMatch:
    def test_longest_prefix_wins(self):
        """Of several rates that match, the one with the longest prefix applies."""
        rates = card("1,1,USD", "1876,3,USD", "187,2,USD", "44,4,GBP")
        prices = {n: rates.match(n).price for n in ("+1876555", "+1875555", "+1202", "+44")}
        assert prices == {"+1876555": 3, "+1875555": 2, "+1202": 1, "+44": 4}

    def test_number_shorter_than_the_prefix(self):
        """A number that ends inside a prefix does not match it."""
        assert card("1876,3,USD").match("+187") is None

    @pytest.mark.parametrize("number", ["+33612345678", "12025550100", "+", "", "+1 202 555 0100"])
    def test_no_rate(self, number):
        """A number of another country, or in another form, has no rate."""
        assert card("1,1,USD").match(number) is None

    @given(st.sets(st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True), min_size=1), st.data())
    def test_is_the_naive_search(self, prefixes, data):
        """The result is the one of trying every prefix."""
        digits = data.draw(st.from_regex(r"[1-9][0-9]{1,14}", fullmatch=True))
        rates = RateCard.from_rows(
            {"prefix": prefix, "price": "1", "currency": "USD"} for prefix in prefixes
        )
        rate = rates.match(f"+{digits}")
        fitting = [prefix for prefix in prefixes if digits.startswith(prefix)]
        assert (rate and rate.prefix) == max(fitting, key=len, default=None)

    def test_many(self):
        """A column gives the rate of each number, or the reason why it has none."""
        rates = card("1,1,USD", "1876,3,USD")
        numbers = ["+12025550100", "+18765550100", "+44", "12", "", None]
        assert [*rates.match_many(numbers)] == [
            0,
            1,
            Unpriced.NO_RATE,
            Unpriced.NOT_E164,
            Unpriced.NO_NUMBER,
            Unpriced.NO_NUMBER,
        ]

    @pytest.mark.parametrize("kind", ["int8", "uint16", "int64"])
    def test_dictionary_columns(self, kind):
        """Dictionary-encoded columns give what decoded ones give, in one chunk or several."""
        pa = pytest.importorskip("pyarrow")
        rates = card("1,1,USD", "1876,3,USD")
        numbers = ["+18765550100", None, "+44", "+12025550100", "", "12", None, "+18765550100"]
        type_ = pa.dictionary(getattr(pa, kind)(), pa.string())
        none, unpriced = Unpriced.NO_NUMBER, Unpriced.NO_RATE
        expected = [1, none, unpriced, 0, none, Unpriced.NOT_E164, none, 1]
        column = pa.array(numbers, type_)
        assert [*rates.match_many(column)] == expected
        assert [*rates.match_many(column[3:6])] == expected[3:6]
        chunked = pa.chunked_array([column[:2], column[2:2], column[2:]])
        assert [*rates.match_many(chunked)] == expected
        other = pa.array(["+44", "+1876"], type_)
        assert [*rates.match_many(pa.chunked_array([column, other]))] == [*expected, unpriced, 1]
        null_value = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array([None, "+12"]))
        assert [*rates.match_many(null_value)] == [none, 0, none]
        nothing = pa.DictionaryArray.from_arrays(pa.array([0, None]), pa.nulls(1))
        assert [*rates.match_many(nothing)] == [none, none]

    def test_dictionary_index_out_of_range(self):
        """An index that no value has is an error with its row."""
        pa = pytest.importorskip("pyarrow")
        indexes = pa.array([0, 0, 7], pa.int32())
        broken = pa.DictionaryArray.from_arrays(indexes, pa.array(["+12"]), safe=False)
        column = pa.chunked_array([pa.array(["+12"]).dictionary_encode(), broken])
        message = "row 3: dictionary index 7, but the dictionary has 1 values"
        with pytest.raises(ValueError, match=message):
            card("1,1,USD").match_many(column)

    def test_equal_cards(self):
        """Cards with the same rates are equal, also after pickling."""
        rates = card("1,1,USD", "44,4,GBP")
        copy = pickle.loads(pickle.dumps(rates))
        assert (copy, hash(copy)) == (rates, hash(rates))
        assert copy.match("+44123").currency == "GBP"
        assert copy != card("1,1,USD")
        assert copy != copy.rates

    def test_fingerprint(self):
        """32 hexadecimal digits that do not depend on the order, as in stored estimates."""
        rates = card("1,1,USD", "44,4,GBP")
        assert fullmatch("[0-9a-f]{32}", rates.fingerprint)
        assert card("44,4,GBP", "1,1,USD").fingerprint == rates.fingerprint
        assert card("44,4,GBP", "1,2,USD").fingerprint != rates.fingerprint

        assert rates.fingerprint == "2e204f2ffda1f93257db56b205cdfbb2"
        begin = date(2026, 1, 31)
        amounts = Decimal("0.0079"), Decimal("0.003")
        named = RateCard([Rate("1", amounts[0], "USD", "US", "Any", amounts[1], "message", begin)])
        assert named.on(date(2026, 2, 1)).fingerprint == "6aef6e71d14fc86d37d711599ac97938"

    def test_network_shares(self):
        """Sums over unknown networks have the shares of a country, else those of all countries."""
        header = f"{HEADER},network"
        rows = ["1,1,USD,a", "1,3,USD,b", "44,1,GBP,a", "44,5,GBP,c", "33,1,EUR,"]
        rates = card(*rows, header=header)
        shared = rates.with_network_shares({"A": Decimal("0.25")}, "44")
        both = shared.with_network_shares({"a": Decimal("0.5"), "b": Decimal("0.5")})
        whole = 10**12
        assert rates.match("+44123").bounds_in_picos(1, 1) == (whole, 5 * whole)
        assert both.match("+44123").bounds_in_picos(1, 1) == (whole, 4 * whole)
        assert both.match("+1202").bounds_in_picos(1, 1) == (2 * whole, 2 * whole)
        assert both.price("+1202") == (1, 3, "USD")
        assert both.price("+1202", network="B") == (3, 3, "USD")
        for other in (both.on(both.day), pickle.loads(pickle.dumps(both)), both.of_kind("sms")):
            assert (other, other.fingerprint) == (both, both.fingerprint)
        assert len({each.fingerprint for each in (rates, shared, both)}) == 3
        assert rates not in (shared, both)
        with pytest.raises(ValueError, match="given twice for prefix 44"):
            both.with_network_shares({"a": Decimal(1)}, "+44")
        with pytest.raises(ValueError, match="given twice for all countries"):
            both.with_network_shares({"a": Decimal(1)})
        with pytest.raises(ValueError, match="no rate is for network 'b'; the networks are: a, c"):
            rates.with_network_shares({"b": Decimal(1)}, "44")

    def test_several_networks(self):
        """A prefix counts once, and has a rate for each network and day."""
        header = f"{HEADER},network,valid_from"
        rows = ["1,1,USD,a,", "1,3,USD,b,", "1,2,USD,A,2026-02-01", "33,1,EUR,,"]
        rates = card(*rows, header=header)
        assert (len(rates), len(rates.rates)) == (2, 3)
        assert rates.on(date(2026, 1, 31)).price("+12025550100") == (1, 3, "USD")
        assert rates.on(date(2026, 2, 1)).price("+12025550100") == (2, 3, "USD")
        with pytest.raises(RateCardError, match="row 2: prefix 1 of network B already has another"):
            card("1,1,USD,b,", "1,2,USD,B,", header=header)

    def test_repr(self):
        """It shows the number of rates, the day and the region."""
        rates = card("1,1,USD", "44,4,GBP").on(date(2026, 2, 1))
        assert repr(rates) == "<RateCard: 2 rates on 2026-02-01>"
        one = RateCard(rates.rates[:1], rates.day)
        assert repr(one) == "<RateCard: 1 rate on 2026-02-01>"

    def test_price(self):
        """The price of a message includes the surcharge; a number without a rate has none."""
        rates = card("1,0.1,USD,0.2", header=f"{HEADER},surcharge")
        amount = Decimal("0.9")
        assert rates.price("+12025550123", segments=3) == Price(amount, amount, "USD")
        assert rates.price("+12025550123") == (Decimal("0.3"), Decimal("0.3"), "USD")
        assert rates.price("+447700900123") is None

    def test_places_of_rates(self, tmp_path):
        """The line of a rate is kept without the name of the file."""
        rates = read(tmp_path, "prefix,price,currency\n1,1,USD\n44,4,GBP\n").rates
        assert [rate.place for rate in rates] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+12025550100", True),
        ("+1", False),
        ("+12", True),
        ("+123456789012345", True),
        ("+1234567890123456", False),
        ("+012025550100", False),
        ("12025550100", False),
        ("+1202555o100", False),
        ("+1202555010٠", False),
        ("+12025550100\n", False),
        (" +12025550100", False),
        ("+", False),
        ("", False),
    ],
)
def test_is_e164(number, expected):
    """E.164 is a plus and 2 to 15 ASCII digits and the first is not 0."""
    assert is_e164(number) is expected


DATED = f"{HEADER},valid_from"
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 5))


class TestDays:
    def test_each_rate_ends_when_the_next_begins(self):
        """Rows may come in any order; a rate without a date was always there."""
        rates = card(
            "1,3,USD,2026-03-01", "1,1,USD,", "1,2,USD,2026-02-01", "44,4,GBP,2026-02-02",
            header=DATED,
        )  # fmt: skip
        for day, us, gb in (
            (date.min, 1, None),
            (date(2026, 1, 31), 1, None),
            (date(2026, 2, 1), 2, None),
            (date(2026, 2, 2), 2, 4),
            (date(2026, 2, 28), 2, 4),
            (date(2026, 3, 1), 3, 4),
            (date.max, 3, 4),
        ):
            matches = [rates.on(day).match(number) for number in ("+12025550123", "+447700900123")]
            assert [rate and rate.price for rate in matches] == [us, gb]

    def test_a_shorter_prefix_wins_until_the_longer_begins(self):
        """A rate that has not begun hides no other."""
        rates = card("1,1,USD,", "1876,3,USD,2026-02-01", header=DATED)
        days = date(2026, 1, 31), date(2026, 2, 1)
        assert [rates.on(day).match("+18765550123").prefix for day in days] == ["1", "1876"]

    def test_today_if_left_out(self):
        """A rate that begins tomorrow is not used today, and one that began today is."""
        today = date.today()
        rates = card(f"1,1,USD,{today}", f"1,2,USD,{today + timedelta(1)}", header=DATED)
        assert (rates.day, rates.match("+12").price) == (today, 1)
        assert len(rates) == 1

    @given(st.lists(st.tuples(st.sampled_from(["1", "12", "123"]), st.none() | DAYS)), DAYS)
    def test_is_the_naive_search(self, starts, day):
        """The rate of a day is the last one that has begun, of the longest prefix that has any."""
        rates = [
            Rate(prefix, Decimal(price), "USD", valid_from=start)
            for price, (prefix, start) in enumerate(starts)
        ]
        begun = [rate for rate in rates if rate.valid_from is None or rate.valid_from <= day]
        expected = max(
            begun,
            key=lambda rate: (len(rate.prefix), rate.valid_from or date.min, rate.price),
            default=None,
        )
        assert RateCard(rates, day).match("+1234") == expected

    def test_equal_on_the_day(self):
        """Cards are equal if their rates are; a copy elsewhere keeps the day and all rates."""
        rates = card("1,1,USD,", "1,2,USD,2026-02-01", header=DATED)
        before, after = rates.on(date(2026, 1, 1)), rates.on(date(2026, 2, 1))
        assert before == card("1,1,USD")
        assert before != after
        copy = pickle.loads(pickle.dumps(before))
        assert (copy, copy.day) == (before, before.day)
        assert copy.on(after.day) == after

    @pytest.mark.parametrize(
        "value", ["2026-02-30", "2026-13-1", "31/31/2026", "٢٠٢٦-٠١-٠١", "soon"]
    )
    def test_no_date(self, value):
        """A date that there is not is an error."""
        with pytest.raises(
            RateCardError, match=f"row 1: valid_from '{value}' is not a date such as 2026-01-31"
        ):
            card(f"1,1,USD,{value}", header=DATED)

    def test_one_day_twice(self):
        """Two prices of one prefix and day are an error that names both."""
        with pytest.raises(
            RateCardError,
            match=r"row 3: prefix 1 from 2026-02-01 already has another rate in row 2$",
        ):
            card("1,1,USD,", "1,1,USD,2026-02-01", "1,2,USD,2026-02-01", header=DATED)

    def test_the_same_twice(self):
        """The same rate once more does no harm."""
        rates = card("1,1,USD", "+1,1.0,USD")
        assert rates.rates == (Rate("1", Decimal(1), "USD"),)


class TestFile:
    def test_all_columns(self, tmp_path):
        """Every column is read, in any order, with spaces around its cells and a plus or none."""
        rates = read(
            tmp_path,
            "\ufeffcurrency, price ,prefix,per,surcharge,kind,network,country\r\n"
            " USD , 0.0075,+1 , message ,0.003,sms, Acme ,United States\r\n"
            "\r\n"
            "EUR,0.06,33,,,,,\r\n",
        )
        assert len(rates) == 2
        assert rates.match("+12025550100") == Rate(
            "1", Decimal("0.0075"), "USD", "United States", "Acme", Decimal("0.003"), "message"
        )
        assert rates.match("+33639980000") == Rate("33", Decimal("0.06"), "EUR")

    def test_rates_of_other_kinds(self, tmp_path):
        """An MMS rate prices no SMS and may have the prefix of one, but must be well formed."""
        header = f"{HEADER},kind\n"
        rates = read(tmp_path, f"{header}1,0.02,USD,mms\n1,0.01,USD,sms\n44,1,GBP,mms\n")
        assert rates.match("+12025550123").price == Decimal("0.01")
        assert rates.match("+44") is None
        mms = rates.of_kind("mms")
        assert (mms.kind, [rate.prefix for rate in mms.rates]) == ("mms", ["1", "44"])
        assert mms.price("+44770", segments=1) == (1, 1, "GBP")
        assert mms != rates
        assert mms.of_kind("sms") == rates
        assert pickle.loads(pickle.dumps(mms)) == mms.on(mms.day)
        assert len(rates.of_kind("rcs")) == 0
        with pytest.raises(RateCardError, match="line 2: currency"):
            read(tmp_path, f"{header}1,0.02,dollars,mms\n1,0.01,USD,sms\n")

    @pytest.mark.parametrize(
        ("prefix", "kind", "per"),
        [
            ("1", "", "segment"),
            ("1", "mms", "message"),
            ("44", "mms", "message"),
            ("1", "rcs", "segment"),
            ("44", "rcs", "message"),
            ("44", "rcs-single", "message"),
        ],
    )
    def test_what_a_price_is_for(self, prefix, kind, per):
        """A segment of SMS, and of RCS in the US; any other message."""
        sms = {"prefix": "7", "price": "1", "currency": "USD"}
        row = sms | {"prefix": prefix, "kind": kind}
        rates = RateCard.from_rows([sms, row]).of_kind(kind or "sms")
        assert rates.match(f"+{prefix}2345678").per == per
        for other in ("segment", "message"):
            rates = RateCard.from_rows([sms, row | {"per": other}]).of_kind(kind or "sms")
            assert rates.match(f"+{prefix}2345678").per == other

    @pytest.mark.parametrize("network", ["3", "МТС", "中国移动", "Tele2", "262-02"])
    def test_network_names(self, network):
        """Names of networks are kept, whatever they are written in."""
        row = {"prefix": "44", "price": "1", "currency": "GBP", "network": network}
        assert [rate.network for rate in RateCard.from_rows([row]).rates] == [network]

    def test_rcs_to_neighbours_of_the_us(self):
        """A prefix of the US, or of another country with its code, must say how it is billed."""
        row = {"prefix": "1876", "price": "1", "currency": "USD", "kind": "rcs"}
        with pytest.raises(
            RateCardError, match=r"^the rate card, row 1: per is empty for RCS to 1876: give "
        ):
            RateCard.from_rows([row])
        sms = {"prefix": "1", "price": "1", "currency": "USD"}
        rates = RateCard.from_rows([sms, row | {"per": "message"}])
        assert rates.of_kind("rcs").match("+18765550123").per == "message"

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("44,abc,GBP", "price 'abc' is not a plain decimal number"),
            ("44,.,GBP", "price '.' is not a plain decimal number"),
            ("44,nan,GBP", "price 'nan' is not a plain decimal number"),
            ("44,Infinity,GBP", "price 'Infinity' is not a plain decimal number"),
            ("44,1e-3,GBP", "price '1e-3' is not a plain decimal number"),
            ('44,"0,04",GBP', "price '0,04': write 0.04 with a decimal point"),
            ("44,£0.04,USD", "more than one currency: GBP and USD"),
            ("44,٠.٠٤,GBP", "price '٠.٠٤' is not a plain decimal number"),
            ("44,1000000000,GBP", "is not a plain decimal number below 1,000,000,000"),
            (f"44,{'9' * 5_000},GBP", "is not a plain decimal number below 1,000,000,000"),
            ("44,-0.04,GBP", "price '-0.04' is negative"),
            ("44,0.0000001,GBP", "price '0.0000001' has more than 6 decimals"),
            ("44,0.04,pounds", "currency 'pounds' is not three letters such as USD"),
            ("44,0.04,", "no currency: add a column currency, or import the list with --currency"),
            (",0.04,GBP", "no prefix and no country"),
            ("044,0.04,GBP", "prefix '044' is not 1 to 15 digits"),
            ("UK,0.04,GBP", "prefix 'UK' is not 1 to 15 digits"),
            ("4.4E+01,0.04,GBP", "prefix '4.4E+01' is not 1 to 15 digits"),
            ("1234567890123456,0.04,GBP", "prefix '1234567890123456' is not 1 to 15 digits"),
            ("44,0.04", "expected 3 fields, got 2"),
            ("44,0.04,GBP,x", "expected 3 fields, got 4"),
            ('44,"0.04,GBP', "not valid CSV: "),
        ],
    )
    def test_broken_row(self, tmp_path, row, message):
        """A broken row is an error that names the file, the line and the value."""
        with pytest.raises(RateCardError) as caught:
            read(tmp_path, f"{HEADER}\n1,0.01,USD\n\n{row}\n")
        assert str(caught.value).startswith(f"{tmp_path / 'rates.csv'}, line 4: ")
        assert message in str(caught.value)

    @pytest.mark.parametrize(
        ("cells", "message"),
        [
            ("fax,0,segment", "kind 'fax' is not sms or mms or rcs"),
            ("sms,x,segment", "surcharge 'x' is not a plain decimal number"),
            ("sms,-1,segment", "surcharge '-1' is negative"),
            ("sms,0,part", "per 'part' is not segment or message"),
        ],
    )
    def test_broken_optional_cell(self, tmp_path, cells, message):
        """An optional cell must be valid if it is not empty."""
        with pytest.raises(RateCardError, match=f"line 2: {message}"):
            read(tmp_path, f"{HEADER},kind,surcharge,per\n1,0.01,USD,{cells}\n")

    def test_prefix_twice(self, tmp_path):
        """Two prices for one prefix are an error that names both lines, a plus notwithstanding."""
        with pytest.raises(RateCardError) as caught:
            read(tmp_path, f"{HEADER}\n1,0.01,USD\n44,0.04,GBP\n+1,0.02,USD\n")
        path = tmp_path / "rates.csv"
        assert str(caught.value) == f"{path}, line 4: prefix 1 already has another rate in line 2"

    def test_row_without_price(self, tmp_path):
        """A row without a price prices nothing, and is a warning."""
        with pytest.warns(UserWarning, match=r"rates\.csv: No price: \+44 \(line 3\)"):
            rates = read(tmp_path, f"{HEADER}\n1,0.01,USD\n44,,GBP\n")
        assert [rate.prefix for rate in rates.rates] == ["1"]

    @pytest.mark.parametrize("content", [f"{HEADER}\n", f"{HEADER},kind\n1,1,USD,mms\n"])
    def test_card_without_rates(self, tmp_path, content):
        """A card that can price nothing is an error."""
        with pytest.raises(RateCardError, match=r"rates\.csv has no rates for SMS"):
            read(tmp_path, content)


class TestRows:
    def test_error_names_the_row(self):
        """Rows from elsewhere are held to the same rules and counted from 1."""
        with pytest.raises(
            RateCardError, match="row 2: price 'free' is not a plain decimal number"
        ):
            card("1,0.01,USD", "44,free,GBP")

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ({"prefix": "1", "price": "1"}, "row 1: no currency: "),
            (
                {"prefix": "1", "price": "1", "currency": "USD", "surchage": "1"},
                r"unknown column 'surchage' \(did you mean surcharge\?\)",
            ),
        ],
    )
    def test_columns_are_checked(self, row, message):
        """Each row needs the columns of the file."""
        with pytest.raises(RateCardError, match=message):
            RateCard.from_rows([row])

    def test_a_float_is_no_price(self):
        """Money never passes through a binary fraction, not even on its way in."""
        with pytest.raises(TypeError, match="row 1: price must be str, not float"):
            RateCard.from_rows([{"prefix": "1", "price": 0.0075, "currency": "USD"}])
