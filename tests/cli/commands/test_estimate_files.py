"""`septet estimate`: the priced file and the report."""

import errno
import os
import sys

import pytest


class TestOutput:
    def test_priced(self, run, campaign, rates, tmp_path):
        """The messages are written with their prices, besides the printed estimate."""
        command = ["estimate", campaign, "--text", "body", "--to", "phone", "--rates", rates]
        path = tmp_path / "priced.csv"
        assert run(*command, "--output", path) == run(*command)
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].endswith(",encoding,unit_count,segment_count,price,currency,note")
        assert lines[1].endswith(",ucs2,32,1,1000.50,USD,")
        assert lines[-1].endswith(",gsm7,5,1,,,no number")

    def test_unwritable_file(self, run, campaign, tmp_path):
        """Nothing is printed if the file cannot be written."""
        path = tmp_path / "none" / "priced.csv"
        status, out, err = run("estimate", campaign, "--text", "body", "--output", path)
        assert (status, out) == (1, "")
        assert err.endswith(f"{os.strerror(errno.ENOENT)}\n")

    @pytest.mark.parametrize("option", ["--output", "--report", "--long"])
    @pytest.mark.parametrize("target", ["campaign.csv", "rates.csv", "part.json", "link.csv"])
    def test_file_that_is_read(self, run, campaign, rates, tmp_path, capsys, option, target):
        """A file that is read is never overwritten, whatever its name."""
        part, target = tmp_path / "part.json", tmp_path / target
        part.write_text(run("estimate", campaign, "--text", "body", "--json")[1])
        (tmp_path / "link.csv").symlink_to(campaign)
        before = target.read_text("utf-8")
        command = ["estimate", tmp_path / "c*.csv", part, "--text", "body", "--to", "phone"]
        with pytest.raises(SystemExit) as caught:
            run(*command, "--rates", rates, "--max-per-message", 1, option, target)
        assert caught.value.code == 2
        assert (
            f"error: {option} {target} would overwrite a file that is read"
            in capsys.readouterr().err
        )
        assert target.read_text("utf-8") == before

    def test_parts_have_no_messages(self, run, campaign, tmp_path, capsys):
        """Estimates in JSON contain no messages to write."""
        part = tmp_path / "part.json"
        part.write_text(run("estimate", campaign, "--text", "body", "--json")[1])
        with pytest.raises(SystemExit) as caught:
            run("estimate", part, "--output", tmp_path / "priced.csv")
        assert caught.value.code == 2
        assert (
            "--output needs files of messages; estimates in JSON contain none"
            in capsys.readouterr().err
        )


class TestReport:
    def test_page(self, run, campaign, rates, tmp_path):
        """It is written besides the printed estimate, and no other file is left."""
        pytest.importorskip("jinja2")
        path = tmp_path / "report.html"
        options = (campaign, "--text", "body", "--to", "phone", "--rates", rates)
        status, out, err = run("estimate", *options, "--report", path)
        assert (status, out, err) == run("estimate", *options)
        assert "<dd>2,001.0785 USD</dd>" in path.read_text(encoding="utf-8")
        assert sorted(tmp_path.iterdir()) == sorted([campaign, rates, path])

    def test_page_that_cannot_be_written(self, run, campaign, tmp_path):
        """The old file stays as it was, and one line says why."""
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
