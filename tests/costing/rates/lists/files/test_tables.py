"""Files as tables: separators, encodings, lines, and files that are no list."""

import pytest

from septet.costing.rates.lists.files.tables import read_table, table_of
from septet.exceptions import RateCardError


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


def test_workbooks(tmp_path):
    """A workbook is no list."""
    with pytest.raises(RateCardError, match=r"a\.xlsx is a workbook: save its list as CSV UTF-8"):
        table(tmp_path, b"", "a.xlsx")


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
