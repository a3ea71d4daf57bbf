"""`septet estimate`: tables, options, and output on a terminal."""

import json
import re

import pytest


class TestPlain:
    def test_whole_output(self, run, campaign, rates, expected_output, expected_hint):
        """Aligned tables with exact amounts on standard output, a hint on standard error."""
        status, out, err = run(
            "estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates
        )
        assert (status, out, err) == (0, expected_output, expected_hint)

    def test_without_rates(self, run, campaign):
        """Without a rate card no cost is shown."""
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
        """A message of too many segments is reported."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n" + "a" * (255 * 153 + 1) + "\n")
        out = run("estimate", path, "--text", "body")[1]
        assert re.search(r"Messages too long +1  over 255 segments, cannot be sent\n", out)

    def test_day(self, run, campaign, rates):
        """--on selects the rates of a day; without it, today's are used."""
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
        """--countries names prefixes that the card does not name."""
        pytest.importorskip("phonenumbers.geocoder")
        rates.write_text("prefix,price,currency\n1,0.01,USD\n1876,0.07,USD\n")
        command = ("estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates)
        assert "  +1876 " in run(*command)[1]
        _, out, _ = run(*command, "--countries")
        assert "  United States and others " in out
        assert "  Jamaica " in out

    def test_region(self, run, campaign, rates):
        """--region prices numbers that are written as they are dialled there."""
        pytest.importorskip("phonenumbers")
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        facts = json.loads(run(*command, "--json", "--region", "GB")[1])
        assert facts["cost"]["totals"]["GBP"] == {"messages": 1, "segments": 1, "cost": "0.04"}
        assert "not an E.164 number" not in facts["cost"]["unpriced"]

    def test_rules(self, run, tmp_path):
        """Options set the counting rules."""
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
        """Each --by adds a table."""
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

Total: 6 messages, 6 segments
"""
        )
        assert "\nBy id\n" in out

    def test_savings(self, run, tmp_path, rates):
        """--savings shows what costs money, by character and by change, most expensive first."""
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
        assert "Possible savings" not in run("estimate", path, *command)[1]
        facts = json.loads(run("estimate", path, *command, "--savings", "--json")[1])
        assert facts["savings"]["near"].keys() == {"1", "3"}

    def test_no_savings(self, run, tmp_path):
        """--savings says when no change would save anything."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\nHello\n")
        out = run("estimate", path, "--text", "body", "--savings")[1]
        assert "\nPossible savings: none\n" in out

    def test_other_kinds_of_messages(self, run, tmp_path, rates):
        """--savings shows what messages would cost as MMS and RCS, where the card has prices."""
        path = tmp_path / "campaign.csv"
        path.write_text("phone,body\n+12025550123," + "a" * 700 + "\n+12025550123,b\n")
        command = ["estimate", path, "--text", "body", "--to", "phone", "--rates", rates]
        assert " as MMS" not in run(*command, "--savings")[1]
        rates.write_text("prefix,price,currency,kind\n1,1,USD,\n1,3,USD,mms\n1,0.5,USD,rcs\n")
        status, out, _ = run(*command, "--savings")
        assert status == 0
        assert re.search(r"\nMessages with a price as MMS\n.*\n.*\n  as SMS +2 +6 +6\.00\n", out)
        assert re.search(r"\n  as MMS +2 +2 +6\.00\n", out)
        assert re.search(r"\n  as RCS +2 +6 +3\.00\n", out)
        assert re.search(r"\n  MMS where it costs less +1 +5 +2\.00\n", out)
        assert re.search(r"\n  RCS where it costs less +2 +6 +3\.00\n", out)
        facts = json.loads(run(*command, "--savings", "--json")[1])["savings"]
        assert facts["mms"]["cheaper"]["cost"]["USD"]["cost"] == "2.00"
        assert facts["rcs"]["instead"]["segments"] == 6

    def test_limits_of_the_provider(self, run, tmp_path):
        """Messages over the limits of a provider have a table."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\none\n" + "a" * 1_531 + "\n")
        out = run("estimate", path, "--text", "body", "--provider", "telnyx")[1]
        assert out.endswith(
            """\
Over the limits of telnyx
  Limit                  Messages  Segments
  ---------------------  --------  --------
  more than 10 segments         1        11

Total: 2 messages, 12 segments
"""
        )

    @pytest.mark.parametrize("region", ["FR", "fr"])
    def test_what_is_no_number(self, run, tmp_path, region):
        """Numbers as people write them are priced, and what is no number has its reason."""
        pytest.importorskip("phonenumbers")
        path, card = tmp_path / "campaign.csv", tmp_path / "card.csv"
        numbers = ["06 12 34 56 78", "+33 6 39 98 00 02", "06.12.34.56.79", "33612345678.0"]
        numbers += ["3.36123E+10", "2026-11-29", "3.36123E+10"]
        path.write_text("phone,body\n" + "".join(f"{number},Hi\n" for number in numbers))
        card.write_text("prefix,price,currency\n33,0.05,EUR\n1,1,USD\n49,2,EUR\n")
        command = ["estimate", path, "--text", "body", "--to", "phone", "--rates", card]
        status, out, err = run(*command, "--region", region, "--savings", "--json")
        figures = json.loads(out)
        assert (status, err) == (0, "")
        assert figures["cost"]["totals"] == {"EUR": {"messages": 3, "segments": 3, "cost": "0.15"}}
        assert {name: tally["messages"] for name, tally in figures["cost"]["unpriced"].items()} == {
            "decimals added by a program (as in 447911123456.0)": 1,
            "digits lost by a spreadsheet (as in 4.47911E+11)": 2,
            "not an E.164 number": 1,
        }
        assert figures["savings"]["repeats"] == {}
        assert "--region" not in run(*command, "--region", region)[2]
        assert "--region" in run(*command)[2]
        output = tmp_path / "priced.csv"
        run(*command, "--region", region, "--output", output)
        lines = output.read_text().splitlines()
        assert lines[5].endswith(",gsm7,2,1,,,digits lost by a spreadsheet (as in 4.47911E+11)")

    def test_parts(self, run, tmp_path, campaign, rates):
        """Estimates of parts, written as JSON, add up to the whole, also with a file."""
        command = ["--text", "body", "--to", "phone", "--rates", rates, "--by", "id"]
        lines = campaign.read_text("utf-8").splitlines(keepends=True)
        paths = [tmp_path / "1.csv", tmp_path / "2.csv"]
        for path, rows in zip(paths, (lines[1:3], lines[3:]), strict=True):
            path.write_text(lines[0] + "".join(rows), "utf-8")
            part = run("estimate", path, *command, "--json")[1]
            path.with_suffix(".json").write_text(part)
        *whole, hint = run("estimate", campaign, *command)
        whole.append(hint.partition(";")[0] + "\n")  # options do not change what is in JSON
        whole = tuple(whole)
        assert run("estimate", tmp_path / "1.json", tmp_path / "2.json") == whole
        assert run("estimate", tmp_path / "1.csv", tmp_path / "2.json", *command) == whole

    def test_unknown_cores(self, run, campaign, monkeypatch):
        """One thread counts if the number of cores is unknown."""
        monkeypatch.delattr("os.sched_getaffinity", raising=False)
        monkeypatch.setattr("os.cpu_count", lambda: None)
        assert run("estimate", campaign, "--text", "body")[0] == 0


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

    def test_without_rich(
        self, run, campaign, rates, on_terminal, no_rich, expected_output, expected_hint
    ):
        """Without rich a terminal gets the plain text, and a plain line of progress."""
        _, out, err = run("estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates)
        assert out == expected_output
        assert err.startswith("\rReading ")
        assert err.endswith(f"\r\x1b[K{expected_hint}")

    def test_json_has_no_progress(self, run, campaign, on_terminal):
        """A program that asks for JSON gets nothing else."""
        status, out, err = run("estimate", campaign, "--text", "body", "--json")
        assert (status, err) == (0, "")
        assert json.loads(out)["version"] == 1
