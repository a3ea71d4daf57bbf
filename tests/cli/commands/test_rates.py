"""`septet rates check`: what is printed, and the exit status."""

import errno
import os
import re

import pytest

from workbooks import row, write_workbook


class TestCheck:
    def test_nothing_found(self, run, rates):
        """A card without findings gives status 0."""
        assert run("rates", "check", rates) == (0, f"{rates}: 3 rates, 0 findings\n", "")

    def test_findings(self, run, rates):
        """Findings are a table, and give status 1."""
        rates.write_text("prefix,price,currency\n1,0,USD\n44,0.04,GBP\n447,0.04,GBP\n")
        status, out, err = run("rates", "check", rates)
        assert (status, err) == (1, "")
        assert out == (
            "  Row     Prefix  Kind     Finding\n"
            "  ------  ------  -------  -------------------------------------------\n"
            "  line 2  1       price    the price is zero\n"
            "  line 4  447     overlap  has the same rates as the shorter prefix 44\n"
            "\n"
            f"{rates}: 3 rates, 2 findings\n"
        )

    def test_rates_of_all_days(self, run, tmp_path):
        """Rates that begin in the future are checked too."""
        path = tmp_path / "rates.toml"
        path.write_text(
            '[[rates]]\nprefix = 1\nprice = 0.0\ncurrency = "USD"\nvalid_from = 2999-01-01\n'
        )
        status, out, _ = run("rates", "check", path)
        assert status == 1
        assert re.search(r"1 +price +the price from 2999-01-01 is zero\n", out)

    def test_broken_card(self, run, rates):
        """A card that cannot be used is one line, as for an estimate."""
        rates.write_text("prefix,price,currency\n1,free,USD\n")
        status, out, err = run("rates", "check", rates)
        assert (status, out) == (1, "")
        assert err.startswith(f"septet: {rates}, line 2: price 'free' is not a plain decimal")
        assert err.count("\n") == 1

    def test_missing_card(self, run, tmp_path):
        """A card that is not there."""
        path = tmp_path / "none.toml"
        expected = (1, "", f"septet: {path}: {os.strerror(errno.ENOENT)}\n")
        assert run("rates", "check", path) == expected

    def test_name_of_a_file_is_not_obeyed(self, run, tmp_path):
        """An escape in a file name is made visible."""
        path = tmp_path / "a\x1b[31m.csv"
        path.write_text("prefix,price,currency\n1,1,USD\n")
        assert run("rates", "check", path)[1] == f"{tmp_path}/a␛[31m.csv: 1 rate, 0 findings\n"


class TestImport:
    LIST = "Land;Vorwahl;Preis\nT\u00fcrkei;90;0,02\n"

    def test_workbook(self, run, tmp_path):
        """A sheet is named where several could be the list; errors name it, and the row."""
        pytest.importorskip("python_calamine")
        header = row("Country", "Price (EUR)")
        sheets = {"EU": header + row("Germany", 0.0075), "US": header + row("Canada", "1x")}
        path, card = write_workbook(tmp_path / "list.xlsx", sheets), tmp_path / "card.csv"
        status, out, err = run("rates", "import", path, "--output", card)
        assert (status, out) == (1, "")
        assert err.startswith(f"septet: {path}: each of the sheets 'EU', 'US' could be the list")
        status, out, _ = run("rates", "import", path, "--output", card, "--sheet", "eu")
        assert (status, out.splitlines()[-2:]) == (
            0,
            ["Sheets that are not used: 'US'", f"{card}: 1 rate for 1 prefix in EUR"],
        )
        assert card.read_text().splitlines()[1] == "49,0.0075,EUR,Germany,,sms,,segment,"
        status, _, err = run("rates", "import", path, "--output", card, "--sheet", "US")
        assert status == 1
        assert err.startswith(f"septet: {path}, sheet 'US', row 2: price '1x' is not a plain")

    def test_card_and_report(self, run, tmp_path):
        """The card is written, and the report printed."""
        path, card = tmp_path / "list.csv", tmp_path / "card.csv"
        path.write_text(self.LIST, "cp1252")
        options = ("--currency", "eur", "--encoding", "windows-1252")
        assert run("rates", "import", path, "--output", card, *options) == (
            0,
            "Columns: 'Land' is country; 'Vorwahl' is prefix; 'Preis' is price\n"
            "Numbers: with decimal commas\n"
            f"{card}: 1 rate for 1 prefix in EUR\n",
            "",
        )
        assert card.read_text() == (
            "prefix,price,currency,country,network,kind,surcharge,per,valid_from\n"
            "90,0.02,EUR,T\u00fcrkei,,sms,,segment,\n"
        )
        assert run("rates", "check", card) == (0, f"{card}: 1 rate, 0 findings\n", "")

    def test_errors(self, run, tmp_path):
        """Each error is a line, and no card is written."""
        path, card = tmp_path / "list.csv", tmp_path / "card.csv"
        path.write_text("prefix,price,currency\nUK,1,USD\n1,free,USD\n")
        status, out, err = run("rates", "import", path, "--output", card)
        assert (status, out) == (1, "")
        first, second = err.splitlines()
        assert first.startswith(f"septet: {path}, line 2: prefix 'UK' is not")
        assert second.startswith(f"septet: {path}, line 3: price 'free' is not")
        assert not card.exists()

    @pytest.mark.filterwarnings("default")
    def test_hints_of_a_list(self, run, tmp_path):
        """Rows without a price are a hint if the list itself is used."""
        path = tmp_path / "list.csv"
        path.write_text("prefix,price,currency\n1,1,USD\n44,n/a,USD\n")
        status, _, err = run("rates", "check", path)
        assert (status, err) == (0, f"septet: {path}: No price: +44 (line 3)\n")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--currency", "euros"], "'euros' is not three letters such as USD"),
            (["--encoding", "utf-9"], "unknown encoding 'utf-9'"),
            (["--output", "rates.csv"], "would overwrite a file that is read"),
        ],
    )
    def test_wrong_options(self, run, rates, capsys, monkeypatch, options, message):
        """Options that are not allowed."""
        monkeypatch.chdir(rates.parent)
        with pytest.raises(SystemExit) as caught:
            run("rates", "import", rates, "--output", "card.csv", *options)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["rates"], ["rates", "check"], ["rates", "print", "a.csv"]])
def test_wrong_usage(run, arguments):
    """A missing action, a missing file, and an unknown action."""
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
