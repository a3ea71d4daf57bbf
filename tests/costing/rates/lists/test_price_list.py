"""Price lists in the layouts of nine providers, with invented prices, and the cards they give."""

from pathlib import Path

import pytest

from septet.costing import RateCard
from septet.costing.rates.lists.files.card_files import write_card
from septet.costing.rates.lists.price_list import read_price_list
from septet.exceptions import RateCardError

HERE = Path(__file__).parent
PUBLISHED = sorted((HERE / "published").iterdir())
WITHOUT_CURRENCY = ("twilio.csv", "carrierx.csv")


def card_of(path):
    return HERE / "cards" / f"{path.name.replace('.', '_')}.csv"


def read(tmp_path, text, currency=None, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_price_list(path, currency)


def rows(price_list):
    """Return prefix, price, currency and network of each rate."""
    return [
        (rate.prefix, str(rate.price), rate.currency, rate.network) for rate in price_list.rates
    ]


def report(price_list):
    return list(price_list.report.lines())


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_published_layouts(tmp_path, path):
    """Each layout gives exactly its card, and the card gives the same rates again."""
    currency = "USD" if path.name in WITHOUT_CURRENCY else None
    price_list = read_price_list(path, currency)
    written = tmp_path / "card.csv"
    write_card(written, price_list.rates)
    assert written.read_text() == card_of(path).read_text()
    again = read_price_list(written)
    assert list(again.report.lines()) == []
    assert set(again.rates) == set(price_list.rates)


@pytest.mark.parametrize("name", WITHOUT_CURRENCY)
def test_no_currency(name):
    """A list without any currency is refused, and the option is named."""
    with pytest.raises(RateCardError, match="no currency: add a column currency"):
        read_price_list(HERE / "published" / name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "All prices in euro cents,,\nprefix,price,\n49,7.5,\n",
            "line 1: 'All prices in euro cents'",
        ),
        ("prefix,price EUR\n49,75\nPrices per 1000 SMS,\n", "line 3: 'Prices per 1000 SMS'"),
        ("prefix,price,currency,fee (per cent)\n49,0.07,EUR,1\n", r"'fee .*': write fees of"),
        ("prefix,price,currency,surcharge %\n49,0.07,EUR,5\n", "'surcharge %': write fees of"),
        ("prefix,price,currency,unit\n49,75,EUR,per 1000\n", "line 1: unit 'per 1000'"),
    ],
)
def test_other_units(tmp_path, text, message):
    """Prices in cents, or of many messages, are not taken for those of one message."""
    with pytest.raises(RateCardError, match=message):
        read(tmp_path, text)


def test_sections(tmp_path):
    """Prices below a line of their own are for what it says, until the next one."""
    price_list = read(
        tmp_path,
        "SMS prices,,\ncountry,prefix,price EUR\nGermany,49,0.07\nInbound SMS,,\nFrance,33,0.01\n"
        "country,prefix,price EUR\nEurope,,\nSpain,34,0.01\nOutbound SMS,,\nItaly,39,0.05\n",
    )
    assert [row[:2] for row in rows(price_list)] == [("49", "0.07"), ("39", "0.05")]
    assert "inbound (line 5, line 8)" in " ".join(report(price_list))


@pytest.mark.parametrize("country", ["Atlantis", "Antarctica"])
def test_ended_without_numbers(tmp_path, country):
    """A price that has ended is passed over, also for a country without known numbers."""
    text = f"country,price EUR,end date\n{country},0.07,2020-01-01\nGermany,0.05,\n"
    assert rows(read(tmp_path, text)) == [("49", "0.05", "EUR", None)]


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("prefix,price\n49,€0.07\n33,0.05\n", ["EUR", "EUR"]),
        ("prefix,price\n1,$0.07\n44,0\n", ["USD", "USD"]),
        (",Prices (EUR),\nprefix,outbound,inbound\n49,0.07,0.01\n", ["EUR"]),
    ],
)
def test_currency_of_other_rows(tmp_path, text, currencies):
    """A row without a currency has that of all the others."""
    assert [row[2] for row in rows(read(tmp_path, text))] == currencies


def test_currencies_of_other_rows(tmp_path):
    """It has none if the others have several."""
    with pytest.raises(RateCardError, match="line 4: the list names several currencies"):
        read(tmp_path, "prefix,price\n49,€0.07\n44,£0.05\n33,0.05\n")


def test_lines_in_countries(tmp_path):
    """Landlines are passed over, and "mobile" is no part of a country's name."""
    price_list = read(
        tmp_path,
        "country,price EUR\nGermany Landline,0.2\nGermany (Mobile),0.07\nUK Mobile - O2,0.03\n",
    )
    assert rows(price_list) == [("49", "0.07", "EUR", None), ("44", "0.03", "EUR", "O2")]


class TestCards:
    """Cards of one's own: what may be written in other ways than a plain card."""

    PLAIN = "prefix,price,currency\n1,0.0079,USD\n44,0.0395,GBP\n"

    @pytest.mark.parametrize(
        "text",
        [
            "PREFIX, Price ,Currency\n1,0.0079,usd\n44,0.0395,gbp\n",
            "Currency,Prefix,Price\nUSD,+1,0.0079\nGBP,0044,0.0395\n",
            "prefix;price;currency\n1;0,0079;USD\n44;0,0395;GBP\n",
            "prefix\tprice\tcurrency\n1\t0,0079\tUSD\n44\t0,0395\tGBP\n",
            "sep=;\nprefix;price;currency\n1;0,0079;USD\n44;0,0395;GBP\n",
            "\ufeffprefix;price;currency\r\n'1;0.0079;USD\r\n'44;0.0395;GBP\r\n",
            "\ufeffprefix\tprice\tcurrency\r\n1\t0.0079\tUSD\r\n44\t0.0395\tGBP\r\n".encode(
                "utf-16-le"
            ),
            "Vorwahl;Preis;Währung\n1;0,0079;USD\n44;0,0395;GBP\n",
            "country_iso,price,currency\nUS,0.0079,USD\nGB,0.0395,GBP\n",
            "Country,Price\nUSA,0.0079 USD\nUnited Kingdom,£0.0395\n",
            ',,\nprefix,price,currency\n"1","0.0079","USD"\n,,\n44,0.0395,GBP,\n\n',
            '[{"prefix": 1, "price": 0.0079, "currency": "USD"},'
            ' {"prefix": "44", "price": "0.0395", "currency": "GBP"}]',
            '{"prefix": 1, "price": 0.0079, "currency": "USD"}\n'
            '{"prefix": "44", "price": "0.0395", "currency": "GBP"}\n',
            '{"US": {"price": 0.0079, "currency": "USD"},'
            ' "GB": {"price": 0.0395, "currency": "GBP"}}',
        ],
    )
    def test_other_ways_to_write_it(self, tmp_path, text):
        """Headings, separators, decimal commas and codes may be those of a spreadsheet."""
        expected = rows(read(tmp_path, self.PLAIN))
        assert rows(read(tmp_path, text)) == expected

    def test_toml(self, tmp_path):
        """A TOML file holds the same rows as tables."""
        text = '[[rates]]\nprefix = 1\nprice = 0.0079\ncurrency = "USD"\n'
        assert rows(read(tmp_path, text, name="card.toml")) == [("1", "0.0079", "USD", None)]

    def test_compressed(self, tmp_path):
        """A file is decompressed by its content."""
        import gzip

        assert rows(read(tmp_path, gzip.compress(self.PLAIN.encode()))) == rows(
            read(tmp_path, self.PLAIN)
        )

    def test_several_prefixes(self, tmp_path):
        """A cell may hold several prefixes and ranges."""
        text = 'prefix,price,currency\n"1-242, 1264-1265",0.05,USD\n'
        found = read(tmp_path, text)
        assert [rate.prefix for rate in found.rates] == ["1242", "1264", "1265"]

    def test_two_prices_of_one_prefix(self, tmp_path):
        """Two prices of one prefix are an error, also when one is in a list of prefixes."""
        text = 'prefix,price,currency\n1242,0.05,USD\n"1-242, 1-246",0.06,USD\n'
        with pytest.raises(
            RateCardError, match="line 3: prefix 1242 already has another rate in line 2"
        ):
            read(tmp_path, text)

    def test_all_errors_at_once(self, tmp_path):
        """Each error is one argument, with file, line and cell."""
        text = (
            "prefix,price,currency,per,valid_from\n"
            'UK,"0,04",GBP,,\n1,0.01,USD,,\n33,0.05,euros,part,soon\n1,0.02,USD,,\n'
        )
        with pytest.raises(RateCardError) as caught:
            read(tmp_path, text)
        path = tmp_path / "list.csv"
        assert list(caught.value.args) == [
            f"{path}, line 2: prefix 'UK' is not 1 to 15 digits, the first not 0, with or without "
            "'+'",
            f"{path}, line 2: price '0,04': write 0.04 with a decimal point",
            f"{path}, line 4: per 'part' is not segment or message",
            f"{path}, line 4: valid_from 'soon' is not a date such as 2026-01-31",
            f"{path}, line 5: prefix 1 already has another rate in line 3",
        ]

    def test_errors_are_bounded(self, tmp_path):
        """Twenty errors are shown, and the others counted."""
        rows = "".join(f"{number},x{number},USD\n" for number in range(1, 1001))
        with pytest.raises(RateCardError) as caught:
            read(tmp_path, f"prefix,price,currency\n{rows}")
        assert len(caught.value.args) == 21
        assert caught.value.args[-1] == f"{tmp_path / 'list.csv'}: 980 more errors"


class TestHeadings:
    def test_report(self, tmp_path):
        """The report names the synonyms that were used, and the columns that are not."""
        text = "Dial code,Rate,Comment,Inbound price,Currency\n1,0.01,x,0.02,USD\n"
        assert report(read(tmp_path, text)) == [
            "Columns: 'Dial code' is prefix; 'Rate' is price",
            "Columns that are not used: 'Comment'; 'Inbound price' (inbound)",
        ]

    @pytest.mark.parametrize(
        ("header", "message"),
        [
            ("prefix,cost of living,currency", "is one of prices, such as 'price'"),
            ("number,price,currency", "is one of prefixes or countries"),
            ("prefix,price,currency,price", "line 1: more than one column 'price'"),
            ("prefix,price,currency,surchage", r"unknown column 'surchage' \(did you mean surch"),
            ("prefix,SMS price,rate,currency", "'SMS price' and 'rate' are both columns of prices"),
            (
                "prefix,price EUR,price USD,x",
                "both columns of prices: import the list with --currency",
            ),
            ("prefix,dial code,price,currency", "are both columns of prefixes"),
        ],
    )
    def test_refused(self, tmp_path, header, message):
        """Missing columns, and those that could be meant both, are errors of the header."""
        with pytest.raises(RateCardError, match=message):
            read(tmp_path, f"{header}\n1,2,3,4\n")

    def test_currency_chooses_a_column(self, tmp_path):
        """Of prices in several currencies, the option takes one."""
        text = "prefix,EUR,USD\n1,0.01,0.02\n"
        assert rows(read(tmp_path, text, "USD")) == [("1", "0.02", "USD", None)]

    def test_old_prices(self, tmp_path):
        """A list price beside the current one is not used."""
        text = "prefix,list price,price,currency\n1,0.02,0.01,USD\n"
        assert rows(read(tmp_path, text)) == [("1", "0.01", "USD", None)]

    def test_longer_prefixes_win(self, tmp_path):
        """A column of whole prefixes wins over one of country codes."""
        text = "country code,prefix,price,currency\n44,447700,0.04,GBP\n49,,0.05,EUR\n"
        with pytest.raises(RateCardError, match="no prefix and no country"):
            read(tmp_path, text)
        assert rows(read(tmp_path, text.replace("49,,", "49,49,")))[0][0] == "447700"


class TestRows:
    def test_passed_over(self, tmp_path):
        """Titles, footers, blank and repeated rows are reported, and the card is whole."""
        text = (
            "Acme prices;;;\nprefix;price;currency;\n1;0,01;USD;\n;;;\nprefix;price;currency;\n"
            "44;n/a;USD;\nPrices exclude VAT;;;\nand taxes\n"
        )
        found = read(tmp_path, text)
        assert rows(found) == [("1", "0.01", "USD", None)]
        assert report(found) == [
            "Passed over above the header: 'Acme prices' (line 1)",
            "Numbers: with decimal commas",
            "Rows passed over: blank (line 4); the header again (line 5); "
            "'Prices exclude VAT' (line 7); 'and taxes' (line 8)",
            "No price: +44 (line 6)",
        ]
        assert list(found.report.hints()) == ["No price: +44 (line 6)"]

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("1,0,01,USD", "line 2: expected 3 fields, got 4"),
            ("1,0.01", "line 2: expected 3 fields, got 2"),
            ("Total,0.01,USD", "line 2: prefix 'Total' is not 1 to 15 digits"),
            (",0.01,USD", "line 2: no prefix and no country"),
        ],
    )
    def test_shifted_rows(self, tmp_path, row, message):
        """A price whose row is broken is an error, and never passed over."""
        with pytest.raises(RateCardError, match=message):
            read(tmp_path, f"prefix,price,currency\n{row}\n44,0.02,USD\n")

    def test_short_rows(self, tmp_path):
        """Spreadsheets leave out empty cells at the end of a row."""
        text = "prefix,price,currency,country\n1,0.01,USD\n44,0.02,USD,UK\n"
        assert len(read(tmp_path, text).rates) == 2

    def test_numbers_without_a_price(self, tmp_path):
        """Numbers of a row without a price do not get the price of a shorter prefix."""
        text = "prefix,price,currency\n1,0.01,USD\n1876,n/a,USD\n18,0.02,USD\n"
        found = read(tmp_path, text)
        card = RateCard(found.rates)
        numbers = ["+12025550123", "+18005550123", "+18705550123", "+18765550123", "+18775550123"]
        prices = [card.price(number) for number in numbers]
        assert [price and str(price.lowest) for price in prices] == [
            "0.01",
            "0.02",
            "0.02",
            None,
            "0.02",
        ]
        assert report(found)[-1] == (
            "Numbers without a price: +1876 is left out of +18; +1876 is left out of +1"
        )

    def test_price_of_mms_only(self, tmp_path):
        """Numbers with a price of MMS only have no price of SMS."""
        text = "prefix,SMS price,MMS price,currency\n1,0.01,0.02,USD\n1876,n/a,0.03,USD\n"
        found = read(tmp_path, text)
        card = RateCard(found.rates)
        assert card.price("+18765550123") is None
        assert str(card.price("+18775550123").lowest) == "0.01"
        assert str(card.of_kind("mms").price("+18765550123").lowest) == "0.03"
        assert "No price: +1876 (line 3)" in report(found)

    def test_columns_that_do_not_matter(self, tmp_path):
        """Columns that are not used may have one heading."""
        text = "prefix,note,price,note,currency\n1,a,0.01,b,USD\n"
        assert rows(read(tmp_path, text)) == [("1", "0.01", "USD", None)]

    @pytest.mark.parametrize("end", ["2020-01-31", "2999-01-31"])
    def test_ends(self, tmp_path, end):
        """Numbers whose price has ended have none; another end is not kept, and reported."""
        text = f"prefix,price,currency,valid until\n49,0.01,USD,{end}\n44,0.02,USD,\n4,0.03,USD,\n"
        found = read(tmp_path, text)
        if end < "2026":
            assert "44" in {rate.prefix for rate in found.rates}
            assert RateCard(found.rates).price("+4912345") is None
            assert RateCard(found.rates).price("+4712345") is not None
            assert "Rows passed over: ended (line 2)" in report(found)
        else:
            assert len(found.rates) == 3
            assert "Not in the card: days on which prices end" in report(found)

    def test_short_years(self, tmp_path):
        """What is read is reported."""
        found = read(tmp_path, "prefix,price,currency,valid from\n49,0.01,USD,01-Feb-26\n")
        assert str(found.rates[0].valid_from) == "2026-02-01"
        assert "Dates: 01-Feb-26 is 2026-02-01" in report(found)


class TestCountries:
    def test_areas(self, tmp_path):
        """Areas may stand without the code behind one with it, if the country has them."""
        text = 'prefix,country,price,currency\n"1-809, 829/849",Dominican Republic,0.05,USD\n'
        assert [row[0] for row in rows(read(tmp_path, text))] == ["1809", "1829", "1849"]
        for cell, country in [
            ("1-809, 876", "Dominican Republic"),
            ("1-809, 829", ""),
            ("7-727, 7", "Kazakhstan"),
        ]:
            with pytest.raises(RateCardError, match="could be an area; write each prefix with"):
                read(tmp_path, f'prefix,country,price,currency\n"{cell}",{country},1,USD\n')

    def test_own_rows_win(self, tmp_path):
        """A country has its own digits of a code that it shares, by ISO code, name or prefix."""
        by_iso = "iso,price,currency\nUS,1,USD\nCA,2,USD\nJM,3,USD\nGB,4,USD\nJE,5,USD\nKZ,6,USD\n"
        by_name = (
            "prefix,country,price,currency\n1,United States,1,USD\n1,Canada,2,USD\n"
            "1,Jamaica,3,USD\n44,United Kingdom,4,USD\n44,Jersey,5,USD\n7,Kazakhstan,6,USD\n"
        )
        for text in (by_iso, by_name):
            card = RateCard(read(tmp_path, text).rates)
            numbers = {
                "+12025550123": 1,
                "+14165550123": 2,
                "+18765550123": 3,
                "+447400123456": 4,
                "+447797712345": 5,
                "+77010000000": 6,
                "+79123456789": None,
            }
            prices = {number: card.price(number) for number in numbers}
            assert {n: price and int(price.lowest) for n, price in prices.items()} == numbers

    def test_others_of_a_code_are_reported(self, tmp_path):
        """Countries that share a code and are not listed are named in the report."""
        found = read(tmp_path, "iso,price,currency\nGB,0.04,GBP\nGG,0.06,GBP\n")
        assert report(found)[-1] == (
            "Shared codes: +44 is also the code of Isle of Man, Jersey, which the list does not "
            "name: their numbers have the price of United Kingdom; Guernsey shares +44 with United "
            "Kingdom, and has 441481, 447781, 447839, …"
        )

    @pytest.mark.parametrize(
        ("iso", "reason"),
        [
            ("BL", "Saint Barthélemy shares +590, and its numbers cannot be told apart"),
            ("AQ", "Antarctica has no dialling code"),
        ],
    )
    def test_countries_without_numbers(self, tmp_path, iso, reason):
        """A country whose numbers are not known is left out, which is reported."""
        found = read(tmp_path, f"iso,price,currency\nFR,0.04,EUR\n{iso},0.06,EUR\n")
        assert [rate.prefix for rate in found.rates] == ["33"]
        assert report(found)[-1] == f"Not in the card: {reason} (line 3)"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("country,price,currency\nAtlantis,1,USD\n", "country 'Atlantis' is not known"),
            (
                'prefix,iso,price,currency\n"1-787, 4930",PR,1,USD\n',
                r"prefix '1-787, 4930': 4930 is not in Puerto Rico \(\+1\)",
            ),
            ("mcc,price,currency\n999,1,USD\n", "country 'MCC 999' is not known"),
        ],
    )
    def test_refused(self, tmp_path, text, message):
        """A country that is not known, or contradicts its prefixes, is an error."""
        with pytest.raises(RateCardError, match=message):
            read(tmp_path, text)

    def test_repeated_rows(self, tmp_path):
        """A repeated row stays for a check to find, but is written once."""
        found = read(tmp_path, "prefix,price,currency\n1,1,USD\n+1,1.0,USD\n")
        assert len(found.rates) == 2
        assert found.summary() == "1 rate for 1 prefix in USD"
        write_card(tmp_path / "card.csv", found.rates)
        assert len(read_price_list(tmp_path / "card.csv").rates) == 1

    def test_default_prices(self, tmp_path):
        """A default price is for all countries that are not listed, also under a shared code."""
        text = "iso,price,currency\nXX,9,USD\nUS,1,USD\nJM,2,USD\nBS,n/a,USD\n"
        card = RateCard(read(tmp_path, text).rates)
        numbers = {
            "+12025550123": 1,
            "+18765550123": 2,
            "+12425550123": None,
            "+14165550123": 9,
            "+4915112345678": 9,
        }
        prices = {number: card.price(number) for number in numbers}
        assert {n: price and int(price.lowest) for n, price in prices.items()} == numbers


class TestCurrencies:
    @pytest.mark.parametrize(
        ("text", "currency"),
        [
            ("prefix,price (EUR)\n1,0.01\n", "EUR"),
            ("prefix,price\n1,0.01 EUR\n", "EUR"),
            ("prefix,price,currency\n1,$0.01,CAD\n", "CAD"),
            ("Prices in EUR,\nprefix,price\n1,0.01\n", "EUR"),
            ("prefix,price\n1,0.01\nAll prices in euro.\n", "EUR"),
            ("prefix,price,inbound (EUR)\n1,0.01,0\n", "EUR"),
            ("prefix,price\n1,$0.01\n", "USD"),
            ("prefix,price ($)\n1,0.01\n", "USD"),
            ("Prices in AUD,\nprefix,price\n1,$0.01\n", "AUD"),
        ],
    )
    def test_where_it_is(self, tmp_path, text, currency):
        """The currency may be in a column, a cell, a heading, a title or a footer."""
        assert {rate.currency for rate in read(tmp_path, text).rates} == {currency}

    def test_a_dollar_is_reported(self, tmp_path):
        """A dollar sign that is taken for USD is reported, and is a warning of `read`."""
        found = read(tmp_path, "prefix,price\n1,$0.01\n")
        assert report(found) == ["Currency: USD for $, as nothing names another one"]
        with pytest.warns(UserWarning, match="USD for \\$"):
            RateCard.read(tmp_path / "list.csv")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("prefix,price\n1,0.01\n", "no currency: add a column currency"),
            ("EUR and USD,\nprefix,price\n1,0.01\n", r"several currencies \(EUR, USD\)"),
            ("Prices in EUR,\nprefix,price\n1,$0.01\n", r"several currencies \(\$, EUR\)"),
            ("prefix,price,currency\n1,0.01 EUR,USD\n", "more than one currency: EUR and USD"),
            ("prefix,price,currency\n1,$0.01,EUR\n", r"more than one currency: \$ and EUR"),
        ],
    )
    def test_refused(self, tmp_path, text, message):
        """No currency, or several that could be meant, is an error."""
        with pytest.raises(RateCardError, match=message):
            read(tmp_path, text)

    def test_given(self, tmp_path):
        """A currency is given for a list that names none, and only for one."""
        assert rows(read(tmp_path, "prefix,price\n1,0.01\n", "SEK"))[0][2] == "SEK"
        assert rows(read(tmp_path, "prefix,price\n1,$0.01\n", "CAD"))[0][2] == "CAD"
        with pytest.raises(RateCardError, match="currency: not SEK: the list names EUR"):
            read(tmp_path, "prefix,price (EUR)\n1,0.01\n", "SEK")


class TestNumbers:
    def test_commas_and_points(self, tmp_path):
        """Decimal points among commas, and commas in a list of commas, are errors."""
        with pytest.raises(RateCardError, match=r"line 2: price '1,234' could be 1234 or 1\.234"):
            read(tmp_path, 'prefix,price,currency\n1,"1,234",USD\n')
        with pytest.raises(
            RateCardError, match=r"line 3: price '0,02': write 0\.02 with a decimal"
        ):
            read(tmp_path, "prefix;price;currency\n1;0.01;USD\n44;0,02;USD\n7;0.1;USD\n")
        with pytest.raises(
            RateCardError, match=r"line 3: price '1\.234': others have decimal commas"
        ):
            read(tmp_path, "prefix;price;fee;currency\n1;0,01;0,1;USD\n44;1.234;0,1;USD\n")


class TestUnits:
    def test_cents_and_thousands(self, tmp_path):
        """Amounts whose heading says a unit are those of one message, exactly."""
        text = (
            "prefix;Price (EUR cent);MMS price per 1.000;Carrier fee (ct);currency\n"
            "49;7,13;€ 71,3;0,01;EUR\n33;5;;;EUR\n34;n/a;;;EUR\n"
        )
        found = read(tmp_path, text)
        terms = [(r.prefix, r.kind, str(r.price), str(r.surcharge)) for r in found.rates]
        assert terms == [
            ("49", "sms", "0.0713", "0.0001"),
            ("33", "sms", "0.05", "0"),
            ("49", "mms", "0.0713", "0.0001"),
        ]
        assert (
            "Units: 'Price (EUR cent)' is divided by 100; 'MMS price per 1.000' is divided by "
            "1,000; 'Carrier fee (ct)' is divided by 100"
        ) in report(found)

    @pytest.mark.parametrize(
        ("heading", "price", "message"),
        [
            (
                "Price (cents)",
                "0.00079",
                r"price '0\.00079' is 0\.0000079 for one message, which has more than 6 decimals",
            ),
            ("Price (cents)", "7.9 EUR", "price '7.9 EUR': write it without a currency; the head"),
            ("Price (cents)", "cheap 7", "price 'cheap 7' is not a plain decimal number"),
            ("Price per 10 000", "7", "none of the headings 'prefix', 'Price per 10 000'"),
        ],
    )
    def test_refused(self, tmp_path, heading, price, message):
        """What does not fit into six decimals, or could be two things, is an error."""
        with pytest.raises(RateCardError, match=message):
            read(tmp_path, f"prefix,{heading},currency\n49,{price},EUR\n")

    @pytest.mark.parametrize(
        ("title", "heading"),
        [
            ("All prices in EUR cents", "Price (ct)"),
            ("Prices in EUR per 1,000 SMS", "Price per 1.000"),
        ],
    )
    def test_titles(self, tmp_path, title, heading):
        """A title that says the same as the heading is no error; another one is."""
        text = f"{title};\nprefix;{heading}\n49;7\n"
        assert rows(read(tmp_path, text))[0][1:3] in (("0.07", "EUR"), ("0.007", "EUR"))
        other = "Price per 100" if "ct" in heading else "Price (EUR cent)"
        for changed in ("Price", other):
            with pytest.raises(RateCardError, match=r"line 1: .*: write prices in the currency"):
                read(tmp_path, text.replace(heading, changed))

    def test_beside_prices_in_the_currency(self, tmp_path):
        """Prices in the currency are used, and the others reported."""
        found = read(tmp_path, "prefix,Price (EUR),Price (EUR cent)\n49,0.07,7\n")
        assert rows(found) == [("49", "0.07", "EUR", None)]
        assert "Columns that are not used: 'Price (EUR cent)'" in report(found)

    def test_currencies(self, tmp_path):
        """The cents are those of the currency that the list names, or that is given."""
        text = "prefix,Price in cents\n49,7\n"
        with pytest.raises(RateCardError, match="no currency: add a column currency"):
            read(tmp_path, text)
        assert rows(read(tmp_path, text, "CHF")) == [("49", "0.07", "CHF", None)]
        assert rows(read(tmp_path, text.replace("cents", "US cents")))[0][1:3] == ("0.07", "USD")


class TestNetworks:
    def test_several_codes_in_a_cell(self, tmp_path):
        """Each network of a row has its price."""
        found = read(tmp_path, "MCCMNC,price,currency\n26203;262-7,0.07,EUR\n26201,0.08,EUR\n")
        assert rows(found) == [
            ("49", "0.07", "EUR", "262-03"),
            ("49", "0.07", "EUR", "262-07"),
            ("49", "0.08", "EUR", "262-01"),
        ]
        found = read(tmp_path, 'mcc,mnc,network,price,currency\n262,"3, 7",O2,0.07,EUR\n')
        assert rows(found) == [("49", "0.07", "EUR", "O2")]
        with pytest.raises(RateCardError, match="networks '26203;23203' are of several countries"):
            read(tmp_path, "MCCMNC,price,currency\n26203;23203,0.07,EUR\n")

    def test_fees(self, tmp_path):
        """Fees are added, those of a network to its price only."""
        text = "prefix,network,price,carrier fee,AT&T fee,currency\n1,,0.01,0.002,0.003,USD\n"
        found = read(tmp_path, text)
        assert [(rate.network, str(rate.surcharge)) for rate in found.rates] == [
            (None, "0.002"),
            ("AT&T", "0.005"),
        ]
        text += "1,at&t,0.02,,0.004,USD\n44,EE,0.03,,0.004,USD\n"
        with pytest.raises(RateCardError, match="prefix 1 of network at&t already has another"):
            read(tmp_path, text)
        with pytest.raises(RateCardError, match=r"carrier fee '0\.002 EUR' is not in USD"):
            read(tmp_path, text.replace("0.002", "0.002 EUR"))

    def test_fees_of_senders(self, tmp_path):
        """Every message has a fee of some kind of sender, but not of every network."""
        text = "iso,price,10DLC fee,Toll-free fee,currency\nUS,0.01,0.002,0.003,USD\n"
        assert [rate.network for rate in read(tmp_path, text).rates] == ["10DLC", "Toll-free"]

    def test_networks_in_names_of_destinations(self, tmp_path):
        """A destination may name a network behind its country."""
        text = (
            "destination,price,currency\nGermany - Acme,0.01,EUR\nMacao,0.02,EUR\nMO,0.02,EUR\n"
            "Germany - Landline,0.03,EUR\n"
        )
        found = read(tmp_path, text)
        assert [(rate.country, rate.network) for rate in found.rates] == [
            ("Germany", "Acme"),
            ("Macao", None),
            ("MO", None),
        ]
        assert report(found)[-1] == "Rows passed over: landline (line 5)"

    def test_carriers_of_an_api(self, tmp_path):
        """Carriers may hold prices of their own, beside old ones and inbound ones."""
        text = (
            '{"iso_country": "EE", "price_unit": "usd", "outbound_sms_prices": [{"carrier": "Acme",'
            ' "prices": [{"base_price": "0.05", "current_price": "0.045", "number_type": "mobile"}]'
            '}], "inbound_sms_prices": [{"current_price": "0.01"}]}'
        )
        assert rows(read(tmp_path, text)) == [("372", "0.045", "USD", "Acme")]

    def test_one_name_of_several_codes(self, tmp_path):
        """Codes of a network with one price are one rate; with several prices they are named."""
        text = (
            "mcc,mnc,network,price,currency\n262,1,Acme,0.01,EUR\n262,2,Acme,0.01,EUR\n"
            "262,3,Acme,0.02,EUR\n262,4,,0.03,EUR\n262,,,0.04,EUR\n"
        )
        found = read(tmp_path, text)
        assert rows(found) == [
            ("49", "0.01", "EUR", "Acme"),
            ("49", "0.02", "EUR", "Acme (262-03)"),
            ("49", "0.03", "EUR", "262-04"),
            ("49", "0.04", "EUR", None),
        ]
        assert report(found)[-1].startswith("Networks of one name and different prices: Acme (262")

    def test_times_of_day(self, tmp_path):
        """Of two prices that begin on one day, the later one counts."""
        text = (
            "prefix,price,currency,start date\n1,0.02,USD,2026-01-08 12:00\n"
            "1,0.01,USD,2026-01-08 08:00\n1,0.03,USD,2026-01-09\n"
        )
        assert [str(rate.price) for rate in read(tmp_path, text).rates] == ["0.02", "0.03"]

    def test_kinds(self, tmp_path):
        """Prices of SMS, MMS and RCS are kept apart, by column or by row."""
        text = "prefix,SMS price,MMS price,currency\n1,0.01,0.02,USD\n"
        assert [(rate.kind, str(rate.price)) for rate in read(tmp_path, text).rates] == [
            ("sms", "0.01"),
            ("mms", "0.02"),
        ]
        text = "prefix,type,price,currency\n1,SMS,0.01,USD\n1,RCS,0.03,USD\n1,Voice,0.5,USD\n"
        found = read(tmp_path, text)
        assert [(rate.kind, str(rate.price)) for rate in found.rates] == [
            ("sms", "0.01"),
            ("rcs", "0.03"),
        ]
        assert report(found)[-1] == "Rows passed over: not a price of messages (line 4)"
