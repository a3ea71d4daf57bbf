"""Files as tables: separators, encodings, lines, and files that are no list."""

import pytest

from septet.costing.rates.lists.files.tables import read_table, table_of
from septet.costing.rates.lists.values.prices import uses_decimal_commas
from septet.exceptions import RateCardError
from workbooks import row, write_workbook


def table(tmp_path, content, name="list.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    """The delimiter is the one that gives a header; quotes and other ones do not matter."""
    text = 'A; list, of\tprices\n\nprefix,price,note\n1,"0.1","a,b;c"\n'
    found = table(tmp_path, text.replace(",", delimiter))
    assert found.delimiter == delimiter
    assert [heading.text for heading in found.headings] == ["prefix", "price", "note"]
    assert found.rows == [("1", "0.1", "a,b;c".replace(",", delimiter))]
    assert (found.header, found.places) == ("line 3", ["line 4"])
    assert [place for place, _ in found.above] == ["line 1"]


def test_lines(tmp_path):
    """Places count lines, also those inside quotes, and the line `sep=`."""
    text = 'sep=;\r\nprefix;price\r\n"1\r\n2";0.1\r\n3;0.2\r\n'
    found = table(tmp_path, text)
    assert found.header == "line 2"
    assert found.places == ["line 3", "line 5"]


def test_encodings(tmp_path):
    """UTF-16 is known by its mark, and other encodings are named."""
    text = "prefix,price,Währung\n1,0.1,EUR\n"
    rows = [("1", "0.1", "EUR")]
    assert table(tmp_path, text.encode("utf-16")).rows == rows
    assert table(tmp_path, text.encode("cp1252"), encoding="windows-1252").rows == rows
    with pytest.raises(RateCardError, match=r"list\.csv, line 1: not valid UTF-8"):
        table(tmp_path, text.encode("cp1252"))
    with pytest.raises(RateCardError, match=r"list\.csv, line 2: not valid UTF-16"):
        table(tmp_path, text.encode("utf-16")[:-3] + b"\xd8\xd8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", " is empty"),
        (b"\n,,\n", " is empty"),
        (
            b"number,price\n1,2\n",
            "none of the headings 'number', 'price' is one of prefixes or countries",
        ),
        (b"prefix,name\n1,2\n", "none of the headings .* is one of prices, such as 'price'"),
        (b'prefix,price\n1,"2\n', "line 2: not valid CSV: "),
        (b'prefix,price\n1,"2;\n', "line 2: not valid CSV: "),
        (b'"1","2"\n"3;4","5"\n', "none of the headings .* is one of prices"),
        (b'"prefix,price\n1,2\n', "line 1: not valid CSV: "),
    ],
)
def test_no_list(tmp_path, content, message):
    """A file that is no list is an error that says what is missing."""
    with pytest.raises(RateCardError, match=rf"list\.csv.*{message}"):
        table(tmp_path, content)


class TestWorkbooks:
    HEADER = row("Dial code", "Price (EUR)")

    @pytest.fixture(autouse=True)
    def library(self):
        pytest.importorskip("python_calamine")

    def test_rows(self, tmp_path):
        """Numbers are exact, without decimals that they do not have and without exponents."""
        rows = row("Prices") + row() + self.HEADER + row(49, 0.0075) + row() + row("0044", 1e-5)
        found = read_table(write_workbook(tmp_path / "a.XLSX", {"EU": rows + row(1242.0, 0.1 * 3)}))
        assert found.name.endswith("a.XLSX, sheet 'EU'")
        assert found.rows == [("49", "0.0075"), ("", ""), ("0044", "0.00001"), ("1242", "0.3")]
        assert (found.header, found.places) == ("row 3", ["row 4", "row 5", "row 6", "row 7"])
        assert found.above == [("row 1", ("Prices", ""))]
        assert [heading.role for heading in found.headings] == ["prefix", "price"]

    def test_texts_with_decimal_commas(self, tmp_path):
        """Numbers among them are as a spreadsheet with decimal commas shows them."""
        rows = self.HEADER + row(49, "0,0713") + row(33, 0.0581) + row(34, 1) + row(35, "0.1 EUR")
        found = read_table(write_workbook(tmp_path / "a.xlsx", {"EU": rows + row(36, "0,1")}))
        assert [price for _, price in found.rows] == ["0,0713", "0,0581", "1", "0.1 EUR", "0,1"]
        assert uses_decimal_commas(price for _, price in found.rows)

    def test_sheets(self, tmp_path):
        """The only sheet with headings of a list is read, or the one that is named."""
        sheets = {
            "Notes": row("Read me"),
            "EU": self.HEADER + row(49, 0.1),
            "[Old]": self.HEADER + row(1, 9),
        }
        path = write_workbook(tmp_path / "a.xlsx", sheets)
        assert read_table(path).rows == [("49", "0.1")]
        assert read_table(path).unused_sheets == ["Notes"]
        assert read_table(path, sheet="old").rows == [("1", "9")]
        with pytest.raises(RateCardError, match=r"a\.xlsx, sheet 'Notes': none of the headings"):
            read_table(path, sheet="notes")
        with pytest.raises(RateCardError, match=r"a\.xlsx has no sheet 'X'; its sheets are "):
            read_table(path, sheet="X")
        path = write_workbook(tmp_path / "b.xlsx", {"EU": sheets["EU"], "US": sheets["EU"]})
        with pytest.raises(RateCardError, match=r"sheets 'EU', 'US' could be .* --sheet NAME"):
            read_table(path)
        path = write_workbook(tmp_path / "c.xlsx", {"EU": row("price"), "US": ""})
        with pytest.raises(RateCardError, match=r"none of the sheets 'EU', 'US' has a row"):
            read_table(path)

    @pytest.mark.parametrize(
        ("name", "options", "message"),
        [
            ("a.ods", {}, r"a\.ods: save this workbook as \.xlsx, or its list as CSV UTF-8"),
            (
                "a.csv",
                {"sheet": "EU"},
                r"a\.csv is not a workbook \(.xlsx\), so it has no sheet 'EU'",
            ),
            ("a.xlsx", {}, r"a\.xlsx is not a workbook: "),
        ],
    )
    def test_other_files(self, tmp_path, name, options, message):
        """The error says what to do."""
        with pytest.raises(RateCardError, match=message):
            table(tmp_path, b"prefix,price", name, **options)


def test_named_cells():
    """Rows may have different keys."""
    found = table_of("rows", [("row 1", {"prefix": "1"}), ("row 2", {"price": "2"})])
    assert found.rows == [("1", ""), ("", "2")]


RATE = '[[rates]]\nprefix = "1"\nprice = 1\ncurrency = "USD"\n'


class TestToml:
    def test_rows(self, tmp_path):
        """Values are as the file writes them: no number goes through a float."""
        text = (
            "\ufeff# A card.\r\n"
            '[[rates]]\r\nprefix = "+1"\r\nprice = 0.1000000000000000055\r\ncurrency = " USD "\r\n'
            "[[rates]]\r\nprefix = 44\r\nvalid_from = 2026-01-31\r\n"
        )
        found = table(tmp_path, text, "Rates.TOML")
        assert found.places == ["rate 1", "rate 2"]
        assert found.rows == [
            ("+1", "0.1000000000000000055", "USD", ""),
            ("44", "", "", "2026-01-31"),
        ]

    @pytest.mark.parametrize("value", ["true", "[1]", "2026-01-01T00:00:00"])
    def test_other_values(self, tmp_path, value):
        """Other values are errors with their place."""
        with pytest.raises(RateCardError, match="rate 1: expected text, a number or a date for x"):
            table(tmp_path, f"{RATE}x = {value}\n", "rates.toml")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[[rates]]\nprefix 1\n", r"not valid TOML: "),
            ("price = " + "9" * 5_000, "not valid TOML: "),
            ("a = " + "[" * 100_000, "not valid TOML: "),
            (f"version = 1\n{RATE}", r"expected tables \[\[rates\]\] and nothing else"),
            ("rates = 1", r"expected tables \[\[rates\]\] and nothing else"),
            ("rates = [1]", r"expected tables \[\[rates\]\] and nothing else"),
            ("[rates]\nprefix = 1", r"expected tables \[\[rates\]\] and nothing else"),
        ],
    )
    def test_no_card(self, tmp_path, content, message):
        """A file that is no TOML, or another, is an error that names it."""
        with pytest.raises(RateCardError, match=rf"rates\.toml: {message}"):
            table(tmp_path, content, "rates.toml")
