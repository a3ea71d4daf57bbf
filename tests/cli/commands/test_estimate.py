"""`septet estimate`: what is printed, and the exit status for input that is not fine."""

import errno
import gzip
import json
import os
import re
import sys
from datetime import date

import pytest

OUTPUT = f"""\
  Messages                    6
  Rows without text           1
  Unreadable rows             0
  Segments                    6  1.00 per message
  Rates of           {date.today()}

By encoding
  Encoding  Messages  Share  Segments
  --------  --------  -----  --------
  GSM-7            5  83.3%         5
  UCS-2            1  16.7%         1

Segments per message
  Segments  Messages   Share
  --------  --------  ------
         1         6  100.0%

Characters that force UCS-2
  Character  Code point  Name                         Messages
  ---------  ----------  ---------------------------  --------
  ’          U+2019      RIGHT SINGLE QUOTATION MARK         1

Cost by destination in USD
  Destination    Messages  Segments        Cost
  -------------  --------  --------  ----------
  United States         2         2  2,001.0000
  Jamaica               1         1      0.0785
  Total                 3         3  2,001.0785

Without a price
  Reason                   Messages  Segments
  -----------------------  --------  --------
  no number                       1         1
  no rate for this number         1         1
  not an E.164 number             1         1

E.164 numbers begin with "+", as in +12025550123; --region takes others.

"""

KINDS = (
    ".csv, .csv.gz, .tsv, .tsv.gz, .jsonl, .jsonl.gz, .ndjson, .ndjson.gz, .parquet, .arrow, "
    ".arrows, .feather, .ipc"
)


class TestPlain:
    def test_whole_output(self, run, campaign, rates):
        """All that people act on, aligned, with exact amounts and nothing left out."""
        status, out, err = run(
            "estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates
        )
        assert (status, err) == (0, "")
        assert out == OUTPUT

    def test_without_rates(self, run, campaign):
        """Without a rate card nothing is said of cost."""
        status, out, _ = run("estimate", campaign, "--text", "body")
        assert status == 0
        assert "By encoding" in out
        assert "Cost" not in out
        assert "price" not in out

    def test_no_rows(self, run, tmp_path):
        """A file with a header only is an estimate of nothing."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n")
        status, out, _ = run("estimate", path, "--text", "body")
        assert status == 0
        assert re.search(r"Messages +0\n", out)

    def test_message_over_the_limit(self, run, tmp_path):
        """A message that cannot be sent is told."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n" + "a" * (255 * 153 + 1) + "\n")
        out = run("estimate", path, "--text", "body")[1]
        assert re.search(r"Messages too long +1  over 255 segments, cannot be sent\n", out)

    def test_day(self, run, campaign, rates):
        """The rates of the day that is asked for price the campaign, today's otherwise."""
        rates.write_text(
            "prefix,price,currency,valid_from\n1,1,USD,\n1,2,USD,2020-02-01\n1,3,USD,2999-01-01\n"
        )
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        costs = [
            json.loads(run(*command, "--json", *day)[1])["cost"]["totals"]["USD"]["cost"]
            for day in (["--on", "2020-01-31"], ["--on", "2020-02-01"], [], ["--on", "2999-01-01"])
        ]
        assert costs == ["3.00", "6.00", "6.00", "9.00"]

    def test_countries(self, run, campaign, rates):
        """Prefixes that the card does not name have the names of their countries."""
        pytest.importorskip("phonenumbers.geocoder")
        rates.write_text("prefix,price,currency\n1,0.01,USD\n1876,0.07,USD\n")
        command = ("estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates)
        assert "  +1876 " in run(*command)[1]
        _, out, _ = run(*command, "--countries")
        assert "  United States and others " in out
        assert "  Jamaica " in out

    def test_region(self, run, campaign, rates):
        """Numbers as they are dialled in a region are priced there."""
        pytest.importorskip("phonenumbers")
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        facts = json.loads(run(*command, "--json", "--region", "GB")[1])
        assert facts["cost"]["totals"]["GBP"] == {"messages": 1, "segments": 1, "cost": "0.04"}
        assert "not an E.164 number" not in facts["cost"]["unpriced"]

    def test_rules(self, run, tmp_path):
        """The rules of the command line decide."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\nışık\n€\n", encoding="utf-8")
        plain = run("estimate", path, "--text", "body", "--json")[1]
        turkish = run("estimate", path, "--text", "body", "--json", "--languages", "turkish")[1]
        telnyx = run("estimate", path, "--text", "body", "--json", "--provider", "telnyx")[1]
        assert json.loads(plain)["by_encoding"]["ucs2"]["messages"] == 1
        assert json.loads(turkish)["by_encoding"]["gsm7"]["messages"] == 2
        assert json.loads(telnyx)["by_encoding"]["ucs2"]["messages"] == 2

    def test_parquet(self, run, tmp_path):
        """A Parquet file gives the same as the CSV file with its rows."""
        pytest.importorskip("pyarrow")
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"body": ["one", None, "’"]}), tmp_path / "campaign.parquet")
        (tmp_path / "campaign.csv").write_text("id,body\n1,one\n2,\n3,’\n", encoding="utf-8")
        outputs = [
            run("estimate", tmp_path / f"campaign.{kind}", "--text", "body")
            for kind in ("parquet", "csv")
        ]
        assert outputs[0] == outputs[1]

    def test_several_files(self, run, tmp_path, campaign):
        """Files, folders and globs are one campaign."""
        (tmp_path / "more").mkdir()
        (tmp_path / "more" / "a.jsonl").write_text('{"body": "one"}\n{"body": "two"}\n')
        (tmp_path / "b1.csv").write_text("body\nthree\n")
        status, out, _ = run(
            "estimate", campaign, tmp_path / "more", tmp_path / "b?.csv", "--text", "body", "--json"
        )
        assert status == 0
        assert json.loads(out)["messages"] == 6 + 2 + 1

    def test_by(self, run, campaign):
        """Each column that is asked for has its table."""
        status, out, _ = run("estimate", campaign, "--text", "body", "--by", "id", "--by", "phone")
        assert status == 0
        assert out.endswith(
            """\
By phone
  Value         Messages  Segments
  ------------  --------  --------
                       1         1
  +12025550100         1         1
  +12025550101         1         1
  +18765550100         1         1
  +99955550100         1         1
  07700 900123         1         1

"""
        )
        assert "\nBy id\n" in out

    def test_savings(self, run, tmp_path, rates):
        """What costs money, by character and by change, the dearest first."""
        texts = ["Caf\u00e9 \u2019til 2 " * 10, "\u0142" * 71, "a" * 163, "a" * 163, "\U0001f600"]
        lines = [f"+1876555010{max(n, 1) % 3},{text}\n" for n, text in enumerate(texts)]
        path = tmp_path / "campaign.csv"
        path.write_text("phone,body\n" + "".join(lines), "utf-8")
        command = ["--text", "body", "--to", "phone", "--rates", rates]
        status, out, err = run("estimate", path, *command, "--savings")
        assert (status, err) == (0, "")
        assert re.search(r"\n  ’  U\+2019  RIGHT SINGLE QUOTATION MARK +1 +2 +0\.1570\n", out)
        assert re.search(r"\nSaved by replacing one .*\n.*\n.*\n  ł  .* +1 +1 +0\.0785\n", out)
        assert re.search(r"\n  punctuation replaced +1 +1 +0\.0785\n", out)
        assert re.search(r"\n  without up to 5 units +3 +3 +0\.2355\n", out)
        assert "What would be saved" not in run("estimate", path, *command)[1]
        facts = json.loads(run("estimate", path, *command, "--savings", "--json")[1])
        assert facts["savings"]["near"].keys() == {"1", "3"}

    def test_limits_of_the_provider(self, run, tmp_path):
        """What the provider does not take is told."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\none\n" + "a" * 1_531 + "\n")
        out = run("estimate", path, "--text", "body", "--provider", "telnyx")[1]
        assert out.endswith(
            """\
Beyond the limits of telnyx
  Limit                  Messages  Segments
  ---------------------  --------  --------
  more than 10 segments         1        11

"""
        )

    def test_parts(self, run, tmp_path, campaign, rates):
        """Estimates of parts, written as JSON, add up to the whole, also with a file."""
        command = ["--text", "body", "--to", "phone", "--rates", rates, "--by", "id"]
        lines = campaign.read_text("utf-8").splitlines(keepends=True)
        paths = [tmp_path / "1.csv", tmp_path / "2.csv"]
        for path, rows in zip(paths, (lines[1:3], lines[3:]), strict=True):
            path.write_text(lines[0] + "".join(rows), "utf-8")
            part = run("estimate", path, *command, "--json")[1]
            path.with_suffix(".json").write_text(part)
        whole = run("estimate", campaign, *command)
        assert run("estimate", tmp_path / "1.json", tmp_path / "2.json") == whole
        assert run("estimate", tmp_path / "1.csv", tmp_path / "2.json", *command) == whole

    def test_unknown_cores(self, run, campaign, monkeypatch):
        """Where a process has no cores of its own, nor the machine says how many, one counts."""
        monkeypatch.delattr("os.sched_getaffinity", raising=False)
        monkeypatch.setattr("os.cpu_count", lambda: None)
        assert run("estimate", campaign, "--text", "body")[0] == 0


class TestOutput:
    def test_priced(self, run, campaign, rates, tmp_path):
        """The estimate is printed as ever, and the messages are written with their prices."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        path = tmp_path / "priced.csv"
        assert run(*command, "--output", path) == run(*command)
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].endswith(",encoding,unit_count,segment_count,price,currency,note")
        assert lines[1].endswith(",ucs2,32,1,1000.50,USD,")
        assert lines[-1].endswith(",gsm7,5,1,,,no number")

    def test_what_cannot_be_written(self, run, campaign, tmp_path):
        """Nothing is printed if the file cannot be there."""
        path = tmp_path / "none" / "priced.csv"
        status, out, err = run("estimate", campaign, "--text", "body", "--output", path)
        assert (status, out) == (1, "")
        assert err.endswith(f"{os.strerror(errno.ENOENT)}\n")

    @pytest.mark.parametrize("option", ["--output", "--report", "--long"])
    @pytest.mark.parametrize("target", ["campaign.csv", "rates.csv", "part.json", "link.csv"])
    def test_what_is_read(self, run, campaign, rates, tmp_path, capsys, option, target):
        """Whatever it is called, it stays as it is."""
        part, target = tmp_path / "part.json", tmp_path / target
        part.write_text(run("estimate", campaign, "--text", "body", "--json")[1])
        (tmp_path / "link.csv").symlink_to(campaign)
        before = target.read_text("utf-8")
        command = ["estimate", tmp_path / "c*.csv", part, "--text", "body", "--to", "phone"]
        with pytest.raises(SystemExit) as caught:
            run(*command, "--rates", rates, "--max-per-message", 1, option, target)
        assert caught.value.code == 2
        assert f"error: {option} {target} is a file that is read" in capsys.readouterr().err
        assert target.read_text("utf-8") == before

    def test_parts_have_no_messages(self, run, campaign, tmp_path, capsys):
        """What was read as JSON cannot be written as messages."""
        part = tmp_path / "part.json"
        part.write_text(run("estimate", campaign, "--text", "body", "--json")[1])
        with pytest.raises(SystemExit) as caught:
            run("estimate", part, "--output", tmp_path / "priced.csv")
        assert caught.value.code == 2
        assert "--output needs files of messages" in capsys.readouterr().err


class TestTemplate:
    def test_field_effects(self, run, campaign, rates):
        """The table says which field does what, how often and for how much."""
        campaign.write_text(
            "name,no,phone\nAnn,1,+12025550100\nŁukasz,2,+447700900123\n"
            f"{'x' * 150},3,+12025550100\n,4,+18765550100\nŁ,’,+1\n"
        )
        command = ["--template", "Your order {no} is ready, {name}", "--to", "phone"]
        status, out, err = run("estimate", campaign, *command, "--rates", rates)
        assert (status, err) == (0, "")
        assert out.startswith(
            """\
  Messages                    5
  Rows without text           0
  Unreadable rows             0
  Segments                    6  1.20 per message
  Template alone              1  segment of GSM-7, all fields empty
  Empty name                  1
  Longest message             2  segments
"""
        )
        assert out.endswith(
            """\
What the fields of the template tip
  Field                         Messages  Share  More segments  More in GBP  More in USD
  ----------------------------  --------  -----  -------------  -----------  -----------
  name, into UCS-2                     1  20.0%              0         0.00         0.00
  several together, into UCS-2         1  20.0%              0         0.00         0.00
  name, more segments                  1  20.0%              1         0.00     1,000.50
  any of them                          3  60.0%              1         0.00     1,000.50

"""
        )

    def test_everything_else(self, run, campaign, rates, tmp_path):
        """The budget, the long messages, the priced file and savings go by the texts made."""
        path, long = tmp_path / "priced.csv", tmp_path / "long.csv"
        command = ["--template", "{id}: {body}{body}{body}", "--to", "phone", "--rates", rates]
        command += ["--output", path, "--max-per-message", 1, "--long", long, "--savings"]
        status, _, err = run("estimate", campaign, *command, "--by", "id", "--json")
        assert status == 3
        assert "1 message longer than 1 segment" in err
        assert "1: Tonight: jazz at the café ’til 2Tonight" in long.read_text("utf-8")
        lines = path.read_text("utf-8").splitlines()
        assert lines[0] == "id,phone,body,encoding,unit_count,segment_count,price,currency,note"
        assert lines[1] == (
            "1,+12025550100,Tonight: jazz at the café ’til 2,ucs2,99,2,2001.00,USD,"
        )

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--template", "Hi {name"], "the template has an unpaired '{' at index 3"),
            (["--template", "Hi {:}"], "the field '{:}' at index 3 of the template has a format"),
            (["--template", "Sale"], "a template without fields needs the column of recipients"),
            (["--template", "{id}", "--text", "id"], "--text"),
        ],
    )
    def test_wrong_usage(self, run, campaign, capsys, arguments, message):
        """One line says what is wrong with the template."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, *arguments)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err

    def test_unknown_column(self, run, campaign):
        """A field that is no column is told with the name that is near."""
        status, out, err = run("estimate", campaign, "--template", "Hi {Body}")
        assert (status, out) == (1, "")
        assert "has no column 'Body' (did you mean 'body'?)" in err

    def test_row_without_a_value(self, run, tmp_path):
        """The field is named with its row."""
        path = tmp_path / "a.jsonl"
        path.write_text('{"name": "Ann"}\n{"name": null}\n{}\n')
        status, _, err = run("estimate", path, "--template", "Hi {name}")
        assert status == 1
        assert (
            f"{path}, line 2: no value for {{name}}, {path}, line 3: no value for {{name}}" in err
        )


class TestBudget:
    def test_passed(self, run, campaign, rates):
        """Exit status 3, one line that says what is passed, and the first messages too long."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        status, out, err = run(
            *command, "--max-cost", "2000", "USD", "--max-segments", "5", "--max-per-message", "0"
        )
        assert status == 3
        assert err == (
            "septet: over the budget: 2001.0785 USD (limit 2000.00), 6 segments (limit 5), "
            "6 messages longer than 0 segments\n"
        )
        assert out.startswith(OUTPUT)
        table = out.removeprefix(OUTPUT)
        assert re.search(rf"\n  {campaign} +3 +1  \+18765550100  Dear \[bold\]Ann\[/bo", table)
        assert "07700 900123" in table

    def test_not_passed(self, run, campaign, rates):
        """What is just reached is fine."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        budget = ["--max-cost", "2001.0785", "USD", "--max-segments", "6", "--max-per-message", "1"]
        assert run(*command, *budget) == run(*command)

    def test_only_the_first_are_shown(self, run, tmp_path):
        """Twenty rows on the terminal, all of them in a file."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n" + f"{'a' * 161}\n" * 30)
        command = ["estimate", path, "--text", "body", "--max-per-message", "1"]
        assert run(*command)[1].count("aaaa…\n") == 20
        status, out, _ = run(*command, "--json", "--long", tmp_path / "long.csv")
        assert status == 3
        assert json.loads(out)["messages"] == 30
        assert len((tmp_path / "long.csv").read_text().splitlines()) == 31

    def test_before_unreadable_rows(self, run, tmp_path):
        """A budget that is passed goes before rows that cannot be read; both are told."""
        path = tmp_path / "campaign.csv"
        path.write_text("id,body\n1,one\n2\n")
        status, _, err = run("estimate", path, "--text", "body", "--max-segments", "0")
        assert status == 3
        assert err.splitlines()[0].startswith("septet: 1 row could not be read")
        assert err.splitlines()[1] == "septet: over the budget: 1 segment (limit 0)"

    def test_parts(self, run, tmp_path, campaign):
        """Estimates that were read have a budget too."""
        part = tmp_path / "part.json"
        part.write_text(run("estimate", campaign, "--text", "body", "--json")[1])
        assert run("estimate", part, "--max-segments", "6")[0] == 0
        assert run("estimate", part, "--max-segments", "5", "--max-per-message", "0")[0] == 3

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--max-cost", "5", "EUR"], "--max-cost needs --rates"),
            (["--max-cost", "5e3", "EUR"], "--max-cost '5e3' is not a plain decimal number"),
            (["--max-cost", "5"], "--max-cost: expected 2 arguments"),
            (["--long", "x.csv"], "septet estimate: error: --long needs --max-per-message"),
        ],
    )
    def test_wrong_usage(self, run, campaign, capsys, arguments, message):
        """A budget that says nothing is wrong usage."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", *arguments)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err

    @pytest.mark.parametrize("currency", ["usd", "EUR"])
    def test_currency_of_no_rate(self, run, campaign, rates, capsys, currency):
        """A budget that nothing can pass is not taken for kept."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        with pytest.raises(SystemExit) as caught:
            run(*command, "--max-cost", "5", currency)
        assert caught.value.code == 2
        message = f"--max-cost 5 {currency}: the rates of {rates} are in GBP, USD;"
        assert message in capsys.readouterr().err


class TestTerminal:
    def test_colour(self, run, campaign, rates, on_terminal):
        """On a terminal the same figures come in tables by rich, and progress is cleared."""
        pytest.importorskip("rich")
        status, out, err = run(
            "estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates
        )
        assert status == 0
        assert "\x1b[1m" in out
        text = re.sub(r"\x1b\[[\d;]*m", "", out)
        assert re.search(r"United States +2 +2 +2,001\.0000 *\n", text)
        assert max(map(len, text.splitlines())) <= 80
        assert "Reading" in err

    def test_without_rich(self, run, campaign, rates, on_terminal, no_rich):
        """Without rich a terminal gets the plain text, and a plain line of progress."""
        _, out, err = run("estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates)
        assert out == OUTPUT
        assert err.startswith("\rReading ")
        assert err.endswith("\r\x1b[K")

    def test_json_has_no_progress(self, run, campaign, on_terminal):
        """A program that asks for JSON gets nothing else."""
        status, out, err = run("estimate", campaign, "--text", "body", "--json")
        assert (status, err) == (0, "")
        assert json.loads(out)["version"] == 1


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
        """What is wrong with any file is found before the first is counted."""
        (tmp_path / "other.csv").write_text("Body\none\n")
        self.check(
            run("estimate", campaign, tmp_path / "other.csv", "--text", "body"),
            f"{tmp_path / 'other.csv'} has no column 'body' (did you mean 'Body'?); "
            "its columns are 'Body'",
        )

    def test_unknown_kind(self, run, tmp_path):
        """A file of another kind."""
        path = tmp_path / "campaign.xlsx"
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
        """Which column has the texts nobody knows."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign)
        assert caught.value.code == 2
        assert "--text is needed" in capsys.readouterr().err

    def test_what_is_no_estimate(self, run, tmp_path):
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
        """What would be named is not there."""
        with pytest.raises(SystemExit):
            run("estimate", campaign, "--text", "body", "--countries")
        assert "--countries needs --rates" in capsys.readouterr().err

    @pytest.mark.parametrize("region", ["US", "UK"])
    def test_region_that_says_nothing(self, run, campaign, rates, capsys, region):
        """A region without a rate card, and one that is none, are wrong usage."""
        pytest.importorskip("phonenumbers")
        priced = ["--to", "phone", "--rates", rates] if region == "UK" else []
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", "--region", region, *priced)
        assert caught.value.code == 2
        expected = "unknown region 'UK'" if priced else "--region needs --rates"
        assert expected in capsys.readouterr().err

    def test_day_without_rates(self, run, campaign, capsys):
        """A day says nothing without a rate card, and is wrong usage."""
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
            f"{path}, line 4: not valid UTF-8)\n"
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


class TestReport:
    def test_page(self, run, campaign, rates, tmp_path):
        """It is written beside what is printed, and nothing else is left."""
        pytest.importorskip("jinja2")
        path = tmp_path / "report.html"
        options = (campaign, "--text", "body", "--to", "phone", "--rates", rates)
        status, out, err = run("estimate", *options, "--report", path)
        assert (status, out, err) == (0, run("estimate", *options)[1], "")
        assert "<dd>2,001.0785 USD</dd>" in path.read_text(encoding="utf-8")
        assert sorted(tmp_path.iterdir()) == sorted([campaign, rates, path])

    def test_page_that_cannot_be_written(self, run, campaign, tmp_path):
        """What was there stays, and one line tells why."""
        pytest.importorskip("jinja2")
        path = tmp_path / "taken"
        path.mkdir()
        status, out, err = run("estimate", campaign, "--text", "body", "--report", path)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert sorted(tmp_path.iterdir()) == sorted([campaign, path])

    def test_without_jinja2(self, run, campaign, tmp_path, monkeypatch):
        """The extra is named before the campaign is read."""
        monkeypatch.setitem(sys.modules, "jinja2", None)
        path = tmp_path / "report.html"
        status, out, err = run("estimate", campaign, "--text", "none", "--report", path)
        assert (status, out) == (1, "")
        assert err.endswith("needs jinja2: pip install 'septet[serve]'\n")
