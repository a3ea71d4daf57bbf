"""`septet estimate`: limits, exit status 3, and the list of long messages."""

import json
import re

import pytest


class TestLimits:
    def test_exceeded(self, run, campaign, rates, expected_output, expected_hint):
        """Exit status 3, one line with the exceeded limits, and the first messages too long."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        status, out, err = run(
            *command, "--max-cost", "2000", "USD", "--max-segments", "5", "--max-per-message", "0"
        )
        assert status == 3
        assert err == (
            "septet: limit exceeded: 2,001.0785 USD (limit 2,000.00), 6 segments (limit 5), "
            "6 messages longer than 0 segments\n" + expected_hint
        )
        assert out.startswith(expected_output)
        table = out.removeprefix(expected_output)
        assert re.search(rf"\n  {campaign} +3 +1  \+18765550100  Dear \[bold\]Ann\[/bo", table)
        assert "07700 900123" in table

    def test_not_exceeded(self, run, campaign, rates):
        """Figures equal to their limits are accepted."""
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
        """The status of an exceeded limit wins over that of unreadable rows; both are reported."""
        path = tmp_path / "campaign.csv"
        path.write_text("id,body\n1,one\n2\n")
        status, _, err = run("estimate", path, "--text", "body", "--max-segments", "0")
        assert status == 3
        assert err.splitlines()[0].startswith("septet: 1 row could not be read")
        assert err.splitlines()[1] == "septet: limit exceeded: 1 segment (limit 0)"

    def test_parts(self, run, tmp_path, campaign):
        """Limits apply to estimates read from JSON too."""
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
        """A limit that cannot be checked is wrong usage."""
        with pytest.raises(SystemExit) as caught:
            run("estimate", campaign, "--text", "body", *arguments)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err

    @pytest.mark.parametrize("currency", ["usd", "EUR"])
    def test_currency_of_no_rate(self, run, campaign, rates, capsys, currency):
        """A limit in a currency that no rate has is wrong usage."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        with pytest.raises(SystemExit) as caught:
            run(*command, "--max-cost", "5", currency)
        assert caught.value.code == 2
        message = f"--max-cost 5 {currency}: the rates of {rates} are in GBP, USD;"
        assert message in capsys.readouterr().err
