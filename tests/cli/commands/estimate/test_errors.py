"""`septet estimate`: input that cannot be used is one line, with status 1 or 2."""

import errno
import gzip
import json
import os
import re
import sys

import pytest

KINDS = (
    ".csv, .tsv, .jsonl, .ndjson, .txt, each also with .gz, .zst, .bz2 or in a .zip; "
    ".json.gz, .json.zst, .json.bz2, .parquet, .arrow, .arrows, .feather, .ipc, .xlsx"
)


class TestBadInput:
    def check(self, result, message):
        """One line on standard error, nothing on standard output, status 1."""
        status, out, err = result
        assert (status, out) == (1, "")
        assert err == f"septet: {message}\n"

    @pytest.mark.parametrize("name", ["none.csv", "none.csv.gz", "none.parquet"])
    def test_missing_file(self, run, tmp_path, name):
        """A file that is not there."""
        if name.endswith("parquet"):
            pytest.importorskip("pyarrow")
        path = tmp_path / name
        self.check(run("estimate", path, "--text", "body"), f"{path}: {os.strerror(errno.ENOENT)}")

    def test_folder(self, run, tmp_path):
        """A folder without any file of messages, whatever its name."""
        path = tmp_path / "folder.csv"
        path.mkdir()
        (path / "notes.txt").touch()
        self.check(
            run("estimate", path, "--text", "body"),
            f"no supported files in {path} (supported: {KINDS})",
        )

    def test_glob_without_files(self, run, tmp_path):
        """A glob that nothing matches."""
        path = tmp_path / "*.csv"
        self.check(run("estimate", path, "--text", "body"), f"no files match {path}")

    def test_one_of_many(self, run, tmp_path, campaign):
        """All files are checked before the first is counted."""
        (tmp_path / "other.csv").write_text("Body\none\n")
        self.check(
            run("estimate", campaign, tmp_path / "other.csv", "--text", "body"),
            f"{tmp_path / 'other.csv'} has no column 'body' (did you mean 'Body'?); "
            "its columns are 'Body'",
        )

    def test_unknown_kind(self, run, tmp_path):
        """A file of another kind."""
        path = tmp_path / "campaign.xls"
        path.touch()
        self.check(
            run("estimate", path, "--text", "body"),
            f"unsupported file type: {path} (supported: {KINDS})",
        )

    def test_missing_column(self, run, campaign):
        """A column that the file does not have."""
        self.check(
            run("estimate", campaign, "--text", "message"),
            f"{campaign} has no column 'message'; its columns are 'id', 'phone', 'body'",
        )

    def test_empty_file(self, run, tmp_path):
        """A file with nothing in it."""
        path = tmp_path / "campaign.csv"
        path.touch()
        self.check(run("estimate", path, "--text", "body"), f"{path} is empty")

    def test_damaged_file(self, run, tmp_path):
        """A compressed file that was cut off gives no estimate."""
        path = tmp_path / "campaign.csv.gz"
        path.write_bytes(gzip.compress(b"body\n" + b"text\n" * 1_000)[:-1])
        self.check(
            run("estimate", path, "--text", "body"),
            f"{path} is damaged after 1,000 rows: "
            "Compressed file ended before the end-of-stream marker was reached",
        )

    def test_broken_rate_card(self, run, campaign, rates):
        """A rate card whose third line is broken."""
        rates.write_text("prefix,price,currency\n1,0.01,USD\n44,x,GBP\n")
        self.check(
            run("estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates),
            f"{rates}, line 3: price 'x' is not a plain decimal number below 1,000,000,000 "
            "such as 0.0075",
        )

    def test_missing_rate_card(self, run, campaign, tmp_path):
        """A rate card that is not there."""
        path = tmp_path / "none.csv"
        self.check(
            run("estimate", campaign, "--text", "body", "--to", "phone", "--rates", path),
            f"{path}: {os.strerror(errno.ENOENT)}",
        )

    def test_parquet_without_pyarrow(self, run, tmp_path, monkeypatch):
        """Parquet without the package that reads it."""
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        path = tmp_path / "campaign.parquet"
        path.write_bytes(b"PAR1")
        self.check(
            run("estimate", path, "--text", "body"),
            "reading Parquet needs pyarrow: pip install 'septet[arrow]'",
        )

    def test_name_of_a_file_is_not_obeyed(self, run, tmp_path):
        """A line break or an escape in a name makes no second line."""
        path = tmp_path / "a\n\x1b7.csv"
        self.check(
            run("estimate", path, "--text", "body"),
            f"{tmp_path}/a␊␛7.csv: {os.strerror(errno.ENOENT)}",
        )

    def test_rates_without_recipients(self, run, campaign, rates, capsys):
        """A rate card without a column of recipients is wrong usage."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", "--rates", rates)
        assert caught.value.code == 2
        assert "--rates needs --to" in capsys.readouterr().err

    def test_files_without_text(self, run, campaign, capsys):
        """Files of messages need --text or --template."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign)
        assert caught.value.code == 2
        assert "give --text (the column of texts) or --template" in capsys.readouterr().err

    @pytest.mark.parametrize("option", ["--template", "--template-column"])
    def test_two_kinds_of_texts(self, run, campaign, capsys, option):
        """Texts come from one place."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", option, "body")
        assert caught.value.code == 2
        assert f"give only one of --text, {option};" in capsys.readouterr().err

    def test_json_of_another_kind(self, run, tmp_path):
        """A file of JSON that --json did not write."""
        path = tmp_path / "part.json"
        self.check(run("estimate", path), f"{path}: {os.strerror(errno.ENOENT)}")
        path.write_text("[]")
        self.check(run("estimate", path), f"{path}: not an estimate as septet writes it")

    def test_estimates_that_cannot_be_added(self, run, tmp_path, campaign):
        """Parts that were counted by different rules."""
        for name, rules in (("a", []), ("b", ["--reference-bits", "16"])):
            out = run("estimate", campaign, "--text", "body", "--json", *rules)[1]
            (tmp_path / f"{name}.json").write_text(out)
        self.check(
            run("estimate", tmp_path / "a.json", tmp_path / "b.json"),
            "estimates under different rules or rates cannot be added up",
        )

    def test_countries_without_prices(self, run, campaign, capsys):
        """--countries is useless without a rate card."""
        with pytest.raises(SystemExit):
            run("estimate", campaign, "--text", "body", "--countries")
        assert "--countries needs --rates" in capsys.readouterr().err

    @pytest.mark.parametrize("region", ["US", "UK"])
    def test_useless_region(self, run, campaign, rates, capsys, region):
        """A region without a rate card, and an unknown region, are wrong usage."""
        pytest.importorskip("phonenumbers")
        priced = ["--to", "phone", "--rates", rates] if region == "UK" else []
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", "--region", region, *priced)
        assert caught.value.code == 2
        expected = "unknown region 'UK'" if priced else "--region needs --rates"
        assert expected in capsys.readouterr().err

    def test_day_without_rates(self, run, campaign, capsys):
        """A day without a rate card is wrong usage."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", "--on", "2026-01-31")
        assert caught.value.code == 2
        assert "--on needs --rates" in capsys.readouterr().err

    @pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
    def test_unreadable_rows(self, run, tmp_path, form):
        """The rest is estimated, and one line says how many rows were left out, which and why."""
        path = tmp_path / "campaign.csv"
        path.write_bytes(b"id,body\n1,one\n2\n3,caf\xe9\n4,two\n")
        status, out, err = run("estimate", path, "--text", "body", *form)
        assert status == 1
        assert err == (
            f"septet: 2 rows could not be read ({path}, line 3: expected 2 fields, got 1, "
            f"{path}, line 4: not valid UTF-8; if it is Windows-1252, give "
            "--encoding windows-1252)\n"
        )
        if form:
            assert json.loads(out)["messages"] == 2
        else:
            assert re.search(r"Unreadable rows +2\n", out)

    def test_many_unreadable_rows(self, run, tmp_path):
        """Of many unreadable rows the first few are named."""
        path = tmp_path / "campaign.csv"
        path.write_text("id,body\n" + "1\n" * 1_234)
        err = run("estimate", path, "--text", "body")[2]
        assert err.startswith(f"septet: 1,234 rows could not be read ({path}, line 2: ")
        assert err.endswith(", ...)\n")
        assert err.count("\n") == 1
