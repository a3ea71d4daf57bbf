"""`septet estimate --template`: tables, other options, and errors."""

import json

import pytest


class TestTemplate:
    def test_field_effects(self, run, campaign, rates, expected_hint):
        """The table shows the effects of each field, with shares and costs."""
        campaign.write_text(
            "name,no,phone\nAnn,1,+12025550100\nŁukasz,2,+447700900123\n"
            f"{'x' * 150},3,+12025550100\n,4,+18765550100\nŁ,’,+1\n"
        )
        command = ["--template", "Your order {no} is ready, {name}", "--to", "phone"]
        status, out, err = run("estimate", campaign, *command, "--rates", rates)
        assert (status, err) == (0, expected_hint.partition(";")[0] + "\n")  # +1 is no number
        assert out.startswith(
            """\
  Messages                      5
  Rows without text             0
  Unreadable rows               0
  Segments                      6  1.20 per message
  Cost                   0.04 GBP
  Cost               3,001.58 USD  exactly 3,001.5785
  Template alone                1  segment of GSM-7, with all fields empty
  Empty name                    1
  Longest message               2  segments
"""
        )
        assert out.endswith(
            """\
Effects of the template's fields
  Field                         Messages  Share  More segments  More in GBP  More in USD
  ----------------------------  --------  -----  -------------  -----------  -----------
  name, into UCS-2                     1  20.0%              0         0.00         0.00
  several together, into UCS-2         1  20.0%              0         0.00         0.00
  name, more segments                  1  20.0%              1         0.00     1,000.50
  any of them                          3  60.0%              1         0.00     1,000.50

Total: 5 messages, 6 segments, 0.04 GBP, 3,001.58 USD, 1 without a price
"""
        )

    def test_everything_else(self, run, campaign, rates, tmp_path):
        """Limits, long messages, the priced file and savings use the filled texts."""
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
        """A field that is not a column is an error that suggests a similar column."""
        status, out, err = run("estimate", campaign, "--template", "Hi {Body}")
        assert (status, out) == (1, "")
        assert "has no column 'Body' (did you mean 'body'?)" in err

    def test_row_without_a_value(self, run, tmp_path):
        """The error names the field and the row."""
        path = tmp_path / "a.jsonl"
        path.write_text('{"name": "Ann"}\n{"name": null}\n{}\n')
        status, _, err = run("estimate", path, "--template", "Hi {name}")
        assert status == 1
        assert (
            f"{path}, line 2: no value for {{name}}, {path}, line 3: no value for {{name}}" in err
        )


class TestFields:
    """A template without recipients."""

    TEMPLATE = "x" * 150 + "{a}{b}"

    def test_table(self, run, rates):
        """The lowest, the likely and the highest bill, and the one in UCS-2."""
        fields = ["--field", "a=1..20", "--field", "b=Ann,Zoé"]
        command = ["estimate", "--template", self.TEMPLATE, *fields, "--messages", "2000"]
        status, out, err = run(*command, "--rates", rates, "--to", "+447700900123")
        assert status == 0
        assert out == (
            "2,000 messages\n"
            "  Bill              Segments  Cost in GBP\n"
            "  ----------------  --------  -----------\n"
            "  Lowest               2,000        80.00\n"
            "  Likely               3,300       132.00\n"
            "  Highest              4,000       160.00\n"
            "  Highest in UCS-2     6,000       240.00\n\n"
        )
        assert err.startswith("septet: one value with a character that is not GSM-7")

    def test_json(self, run):
        """Figures are decimal numbers in text."""
        status, out, err = run("estimate", "--template", "Hi {a}", "--field", "a=3", "--json")
        assert (status, err) == (0, "")
        bill = {"segments": "1", "price": None}
        assert json.loads(out) == {
            "messages": 1,
            "lowest": bill,
            "likely": bill,
            "highest": bill,
            "highest_ucs2": None,
        }

    def test_without_fields(self, run, rates):
        """A text that is the same for all recipients needs only their number."""
        options = ["--messages", "2000", "--rates", rates, "--to", "+447700900123"]
        status, out, err = run("estimate", "--template", "x" * 161, *options)
        assert (status, err) == (0, "")
        assert out.splitlines()[-4:-1] == [
            "  Lowest      4,000       160.00",
            "  Likely      4,000       160.00",
            "  Highest     4,000       160.00",
        ]

    def test_no_price(self, run, rates):
        """A destination without a rate, and messages that are too long."""
        command = ["estimate", "--template", "{a}" * 5, "--rates", rates]
        out, err = run(*command, "--field", "a=1", "--to", "+33612345678")[1:]
        assert "Cost" not in out
        assert "the rate card has no price for +33612345678" in err
        out = run(*command, "--field", "a=1..10000", "--to", "+447700900123")[1]
        assert "too long" in out

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ([], "give FILE, or --template with --messages and --field"),
            (["--template", "Hi"], "give FILE, or --template with --messages and --field"),
            (["--field", "a=1"], "--field and --messages need --template"),
            (["--messages", "2"], "--field and --messages need --template"),
            (["--template", "{a}", "--messages", "2"], "the field {a} of the template has no"),
            (["--template", "{a}", "--field", "a"], "--field a: expected NAME=VALUES"),
            (["--template", "{a}", "--field", "a=3..2"], "--field a=3..2: the first length is"),
            (["--template", "{a}", "--field", "a=2-20"], "--field a=2-20: expected a length such"),
            (["--template", "{a}", "--field", "a=2..."], "--field a=2...: expected a length such"),
            (["--template", "{a}", "--field", f"a={10**30}"], "expected a length such as 6"),
            (["--template", "{a}", "--field", "a=1", "--field", "a=2"], "a is given more than"),
            (["--template", "{a}", "--field", "b=1"], "the field {a} of the template has no"),
            (["--template", "{a}", "--field", "a=1", "--savings"], "--savings needs files"),
            (["x.csv", "--template", "{a}", "--field", "a=1"], "are for a template without FILE"),
        ],
    )
    def test_usage(self, run, capsys, arguments, message):
        """Options that are missing or contradict each other."""
        with pytest.raises(SystemExit, match="2"):
            run("estimate", *arguments)
        assert message in capsys.readouterr().err
