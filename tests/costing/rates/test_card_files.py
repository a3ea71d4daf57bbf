"""Files of rates: rows with their places out of CSV and TOML, and files that have none."""

from decimal import Decimal

import pytest

from septet.costing import RateCard
from septet.costing.rates.card_files import read_rows
from septet.exceptions import RateCardError

HEADER = "prefix,price,currency"
RATE = '[[rates]]\nprefix = "1"\ncurrency = "USD"\n'


def read(tmp_path, content, name="rates.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(path))


class TestCsv:
    def test_rows(self, tmp_path):
        """Rows are named by the header and placed by their line; blank lines are none."""
        found = read(tmp_path, f"\ufeff\n{HEADER}\n 1 ,0.01,USD\n\n44,,GBP\n")
        assert found == [
            (f"{tmp_path}/rates.csv, line 3", {"prefix": "1", "price": "0.01", "currency": "USD"}),
            (f"{tmp_path}/rates.csv, line 5", {"prefix": "44", "price": "", "currency": "GBP"}),
        ]

    @pytest.mark.parametrize(
        ("header", "message"),
        [
            ("prefix,price", "column 'currency' is missing"),
            (
                "prefix;price;currency",
                "unknown column 'prefix;price;currency' .allowed: prefix,",
            ),
            (
                f"{HEADER},note",
                "unknown column 'note' .allowed: prefix, price, currency, country",
            ),
            (f"{HEADER},price", "more than one column 'price'"),
        ],
    )
    def test_broken_header(self, tmp_path, header, message):
        """A column that is missing, unknown or doubled is an error of line 1."""
        with pytest.raises(RateCardError, match=f"line 1: {message}"):
            read(tmp_path, f"{header}\n1,0.01,USD\n")

    def test_not_utf8(self, tmp_path):
        """A line that is not UTF-8 is named."""
        with pytest.raises(RateCardError, match="line 2: not valid UTF-8"):
            read(tmp_path, f"{HEADER},country\n90,0.02,EUR,T".encode() + b"\xfcrkiye\n")

    def test_missing_file(self, tmp_path):
        """A card that is not there is Python's own error."""
        with pytest.raises(FileNotFoundError):
            RateCard.read(tmp_path / "none.csv")


class TestToml:
    def read(self, tmp_path, content):
        return read(tmp_path, content, "Rates.TOML")

    def test_rows(self, tmp_path):
        """Values reach the row as the file writes them: no number goes through a float."""
        found = self.read(
            tmp_path,
            "\ufeff# A card.\r\n"
            '[[rates]]\r\nprefix = "+1"\r\nprice = 0.1000000000000000055\r\ncurrency = " USD "\r\n'
            '[[rates]]\r\nprefix = 44\r\nprice = "0.04"\r\ncurrency = "GBP"\r\n',
        )
        assert found == [
            (
                f"{tmp_path}/Rates.TOML, rate 1",
                {"prefix": "+1", "price": "0.1000000000000000055", "currency": "USD"},
            ),
            (
                f"{tmp_path}/Rates.TOML, rate 2",
                {"prefix": "44", "price": "0.04", "currency": "GBP"},
            ),
        ]

    def test_is_the_card_in_csv(self, tmp_path):
        """The same rates in both kinds of file are the same card."""
        (tmp_path / "rates.csv").write_text(
            f"{HEADER},per,valid_from\n1,0.0079,USD,message,2026-01-31\n"
        )
        (tmp_path / "rates.toml").write_text(
            f'{RATE}price = 0.0079\nper = "message"\nvalid_from = 2026-01-31\n'
        )
        cards = [RateCard.read(tmp_path / f"rates.{kind}") for kind in ("csv", "toml")]
        assert cards[0] == cards[1]
        assert cards[0].all_rates == cards[1].all_rates
        assert cards[0].all_rates[0].price == Decimal("0.0079")

    @pytest.mark.parametrize(
        ("rate", "message"),
        [
            ("price = 7.9e-3", "rate 1: price '7.9e-3' is not a plain decimal number"),
            ("price = 0.0000001", "rate 1: price '0.0000001' has more than 6 decimals"),
            ("price = nan", "rate 1: price 'nan' is not a plain decimal number"),
            ("price = -1", "rate 1: price '-1' is negative"),
            ("price = true", "rate 1: expected text, a number or a date for price, got bool"),
            ("price = [1]", "rate 1: expected text, a number or a date for price, got list"),
            ("price = 2026-01-01", "rate 1: price '2026-01-01' is not a plain decimal number"),
            (
                "price = 1\nvalid_from = 2026-01-01T00:00:00",
                "rate 1: expected text, a number or a date for valid_from",
            ),
            ("cost = 1", "rate 1: unknown column 'cost' (allowed: prefix, price, currency"),
            ("", "rate 1: column 'price' is missing"),
        ],
    )
    def test_broken_rate(self, tmp_path, rate, message):
        """A rate that cannot be is an error that names the file and the rate."""
        path = tmp_path / "rates.toml"
        path.write_text(f"{RATE}{rate}\n")
        with pytest.raises(RateCardError) as caught:
            RateCard.read(path)
        assert str(caught.value).startswith(f"{path}, {message}")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[[rates]]\nprefix 1\n", r"not valid TOML: "),
            ("price = " + "9" * 5_000, "not valid TOML: "),
            ("a = " + "[" * 100_000, "not valid TOML: "),
            (b"a = '\xfc'", "not valid UTF-8"),
            (f"version = 1\n{RATE}", r"expected tables \[\[rates\]\] and nothing else"),
            ("rates = 1", r"expected tables \[\[rates\]\] and nothing else"),
            ("rates = [1]", r"expected tables \[\[rates\]\] and nothing else"),
            ("[rates]\nprefix = 1", r"expected tables \[\[rates\]\] and nothing else"),
        ],
    )
    def test_no_card(self, tmp_path, content, message):
        """A file that is no TOML, or another, is an error that names it."""
        with pytest.raises(RateCardError, match=rf"Rates\.TOML: {message}"):
            self.read(tmp_path, content)
