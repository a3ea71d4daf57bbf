"""`septet estimate`: the priced file and the report."""

import errno
import gzip
import json
import os
import subprocess
import sys
from datetime import date

import pytest

from workbooks import row, write_workbook


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

    @pytest.mark.parametrize("spelling", ["same", "dot", "link", "hard", "folder", "new"])
    @pytest.mark.parametrize(
        "options", [("--output", "--report"), ("--output", "--long"), ("--report", "--long")]
    )
    def test_two_outputs(self, run, campaign, tmp_path, capsys, options, spelling):
        """Two outputs in one file are refused before anything is read, however they are written."""
        first, second = tmp_path / "x.csv", tmp_path / "x.csv"
        if spelling in ("link", "hard"):
            first.write_text("older")
        if spelling == "dot":
            second = f"{tmp_path}/../{tmp_path.name}/./x.csv"
        elif spelling == "link":
            second = tmp_path / "y.csv"
            second.symlink_to("x.csv")
        elif spelling == "hard":
            second = tmp_path / "y.csv"
            os.link(first, second)
        elif spelling == "folder":
            (tmp_path / "folder").symlink_to(tmp_path)
            second = tmp_path / "folder" / "x.csv"
        elif spelling == "new":
            second = tmp_path / "y.csv"
            second.symlink_to("x.csv")
        before = sorted(tmp_path.iterdir())
        command = ["estimate", campaign, "--text", "none", "--max-per-message", 1]
        with pytest.raises(SystemExit) as caught:
            run(*command, options[0], first, options[1], second)
        assert caught.value.code == 2
        expected = f"error: {options[0]} and {options[1]} are the same file: {second}"
        assert expected in capsys.readouterr().err
        assert sorted(tmp_path.iterdir()) == before

    @pytest.mark.parametrize("option", ["--output", "--report", "--long"])
    def test_hard_link_of_an_input(self, run, campaign, tmp_path, capsys, option):
        """Another name of a file that is read is not written."""
        os.link(campaign, tmp_path / "other.csv")
        with pytest.raises(SystemExit) as caught:
            run(
                *("estimate", campaign, "--text", "body", "--max-per-message", 1),
                *(option, tmp_path / "other.csv"),
            )
        assert caught.value.code == 2
        assert "would overwrite a file that is read" in capsys.readouterr().err

    def test_devices(self, run, campaign):
        """A device can take several outputs."""
        pytest.importorskip("jinja2")
        outputs = ["--output", os.devnull, "--report", os.devnull]
        command = ["estimate", campaign, "--text", "body"]
        assert run(*command, *outputs) == run(*command)

    @pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs names of open files")
    @pytest.mark.parametrize("mode", ["w", "a"])
    def test_standard_output(self, campaign, tmp_path, mode):
        """The messages go before the estimate; the file behind standard output is not replaced."""
        path = tmp_path / "out"
        path.write_text("older\n")
        command = [sys.executable, "-m", "septet", "estimate", str(campaign), "--text", "body"]
        command += ["--output", "/dev/stdout"]
        printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        assert printed.startswith("id,phone,body,encoding,")
        assert "\nBy encoding\n" in printed
        with path.open(mode) as file:
            subprocess.run(command, stdout=file, check=True)
        assert path.read_bytes().decode() == ("older\n" if mode == "a" else "") + printed

    @pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs names of open files")
    @pytest.mark.parametrize("option", ["--output", "--report", "--long"])
    def test_file_of_standard_output(self, campaign, tmp_path, option):
        """A file to which standard output goes is not replaced: the estimate would be lost."""
        path = tmp_path / "out.csv"
        command = [sys.executable, "-m", "septet", "estimate", str(campaign), "--text", "body"]
        with path.open("w") as file:
            done = subprocess.run(
                [*command, "--max-per-message", "1", option, str(path)],
                stdout=file,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == 2
        assert f"{option} {path} is standard output too".encode() in done.stderr
        assert path.read_bytes() == b""


class TestSavedEstimates:
    @pytest.fixture
    def parts(self, run, campaign, tmp_path):
        """A folder with estimates at any depth, and the figures of one."""
        out = run("estimate", campaign, "--text", "body", "--json")[1]
        for name in ("est/part1.json", "est/part2.json", "est/deep/er/part3.JSON"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(out)
        return tmp_path / "est", json.loads(out)["messages"]

    def messages(self, run, *names):
        status, out, err = run("estimate", *names, "--json")
        assert (status, err) == (0, "")
        return json.loads(out)["messages"]

    def test_globs_and_folders(self, run, parts, monkeypatch):
        """They are found by pattern and in folders, and each is added once."""
        folder, count = parts
        assert self.messages(run, folder / "part*.json") == 2 * count
        assert self.messages(run, folder) == 3 * count
        assert self.messages(run, folder / "**" / "*.[jJ]*") == 3 * count
        assert self.messages(run, folder, folder / "part1.json", folder / "*.json") == 3 * count
        monkeypatch.chdir(folder)
        assert self.messages(run, "part1.json", "./part1.json", "*1.json") == count

    def test_with_messages(self, run, campaign, parts):
        """They are added to what files of messages give."""
        folder, count = parts
        (folder / "deep" / "rows.csv").write_bytes(campaign.read_bytes())
        assert self.messages(run, folder, "--text", "body") == 4 * count
        assert self.messages(run, folder / "*", "--text", "body") == 4 * count

    @pytest.mark.parametrize("content", ["{}", "[]", "", '{"version": "1"}', '[{"a": 1}]', "0"])
    def test_no_estimate(self, run, parts, content):
        """A file that is none is named."""
        folder, _ = parts
        path = folder / "deep" / "package.json"
        path.write_text(content)
        status, out, err = run("estimate", folder)
        assert (status, out) == (1, "")
        assert err.startswith(f"septet: {path}: ")
        assert err.count("\n") == 1


class TestColumns:
    def error(self, run, capsys, *arguments):
        with pytest.raises(SystemExit) as caught:
            run("estimate", *arguments)
        assert caught.value.code == 2
        return capsys.readouterr().err

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", b"phone,body\n1,2\n"),
            ("a.tsv", b"phone\tbody\n"),
            ("b.csv", b"phone;body\n1,5;2\n"),
            ("a.csv.gz", gzip.compress(b"phone,body\n", mtime=0)),
            ("a.jsonl", b'{"phone": 1}\n{"body": 2}\n'),
        ],
    )
    def test_without_text(self, run, tmp_path, capsys, name, content):
        """The message tells which columns there are."""
        (tmp_path / name).write_bytes(content)
        err = self.error(run, capsys, tmp_path / name)
        expected = "give --text (the column of texts) or --template; the columns of "
        assert f"error: {expected}{tmp_path / name} are 'phone', 'body'; see" in err

    def test_encoding(self, run, tmp_path, capsys):
        """The names are read in the encoding that is given."""
        path = tmp_path / "a.csv"
        path.write_bytes(b"gr\xfc\xdfe,body\n1,2\n")
        err = self.error(run, capsys, path, "--encoding", "windows-1252")
        assert f"the columns of {path} are 'gr\xfc\xdfe', 'body'" in err
        err = self.error(run, capsys, path, "--encoding", "windows-1925")
        assert "unknown encoding 'windows-1925'" in err

    def test_parquet(self, run, tmp_path, capsys):
        """Of Parquet too."""
        pa = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        path = tmp_path / "a.parquet"
        parquet.write_table(pa.table({"phone": ["1"], "body": [["x"]]}), path)
        assert f"the columns of {path} are 'phone', 'body'" in self.error(run, capsys, path)

    def test_files_that_cannot_be_read(self, run, tmp_path, capsys):
        """The first fault is that the option is missing."""
        (tmp_path / "empty.csv").touch()
        for name in ("none.csv", "empty.csv"):
            err = self.error(run, capsys, tmp_path / name)
            assert "give --text (the column of texts) or --template; see" in err


class TestRemarks:
    def test_titles(self, run, tmp_path):
        """What is above the header is said on standard error, in JSON and in the report."""
        pytest.importorskip("jinja2")
        path, page = tmp_path / "a.csv", tmp_path / "report.html"
        path.write_bytes(b"1/2: Fr\xfchling\nid,body\n1,Hi\n")
        command = ("estimate", path, "--text", "body", "--to", "id")
        status, out, err = run(*command, "--report", page)
        shown = "the header is line 2, below '1/2: Fr\\udcfchling'"
        assert (status, err) == (0, f"septet: {path}: {shown}\n")
        assert "1 message" in out
        assert f">a.csv: {shown.replace(chr(39), '&#39;')}<" in page.read_text(encoding="utf-8")
        (remark,) = json.loads(run(*command, "--json")[1])["sources"]["remarks"]
        assert remark.startswith(f"{path}: the header is line 2")

    def test_sheets(self, run, tmp_path, capsys):
        """A sheet that was chosen is named, in a list of columns too."""
        pytest.importorskip("python_calamine")
        sheets = {"A": row("id", "body"), "B": row("id", "body") + row("1", "Hi")}
        path = write_workbook(tmp_path / "a.xlsx", sheets)
        remark = "other sheets were not read ('B'); --sheet NAME reads another"
        status, out, err = run("estimate", path, "--text", "body")
        assert (status, err) == (0, f"septet: {path}, sheet 'A': {remark}\n")
        status, out, err = run("estimate", path, "--text", "body", "--sheet", "b")
        assert (status, err) == (0, "")
        assert out.endswith("Total: 1 message, 1 segment\n")
        with pytest.raises(SystemExit):
            run("estimate", path)
        err = capsys.readouterr().err
        assert f"the columns of {path}, sheet 'A' are 'id', 'body'; {remark}" in err
        status, _, err = run("estimate", path, "--sheet", "C", "--text", "body")
        assert (status, err) == (1, f"septet: {path} has no sheet 'C'; its sheets are 'A', 'B'\n")

    def test_sheets_of_other_files(self, run, campaign, capsys):
        """A sheet is refused if no file has one."""
        with pytest.raises(SystemExit):
            run("estimate", campaign, "--text", "body", "--sheet", "A")
        expected = f"--sheet is for Excel workbooks (.xlsx), and {campaign} is not one"
        assert expected in capsys.readouterr().err


class TestTitle:
    def test_everywhere(self, run, campaign, tmp_path):
        """It is above the tables, in JSON with the sources, and in the page; escaped everywhere."""
        pytest.importorskip("jinja2")
        page, title = tmp_path / "report.html", "Spring <b>sale\x1b[31m"
        command = ("estimate", campaign, "--text", "body", "--title", title)
        out = run(*command, "--report", page)[1]
        assert out.startswith("Spring <b>sale␛[31m\n  Messages ")
        assert "<h1>Spring &lt;b&gt;sale␛[31m</h1>" in page.read_text(encoding="utf-8")
        values = json.loads(run(*command, "--json")[1])
        assert values["title"] == title
        assert values["sources"] == {"count": 1, "names": [str(campaign)]}
        assert values["made_on"] == str(date.today())

    def test_of_parts(self, run, campaign, tmp_path):
        """The first title of saved estimates is that of the sum, unless another is given."""
        parts = []
        for title in ("Spring", "Summer"):
            parts.append(tmp_path / f"{title}.json")
            command = ("estimate", campaign, "--text", "body", "--title", title, "--json")
            parts[-1].write_text(run(*command)[1], encoding="utf-8")
        values = json.loads(run("estimate", *parts, "--json")[1])
        assert (values["title"], values["sources"]["count"]) == ("Spring", 2)
        assert run("estimate", *parts, "--title", "Year")[1].startswith("Year\n")


class TestReport:
    def test_page(self, run, campaign, rates, tmp_path):
        """It is written besides the printed estimate, and no other file is left."""
        pytest.importorskip("jinja2")
        path = tmp_path / "report.html"
        options = (campaign, "--text", "body", "--to", "phone", "--rates", rates)
        status, out, err = run("estimate", *options, "--report", path)
        assert (status, out, err) == run("estimate", *options)
        assert "Cost, exactly 2,001.0785</dt><dd>2,001.08 USD</dd>" in path.read_text(
            encoding="utf-8"
        )
        assert sorted(tmp_path.iterdir()) == sorted([campaign, rates, path])

    def test_page_that_cannot_be_written(self, run, campaign, tmp_path):
        """The old file stays as it was, and one line says why."""
        pytest.importorskip("jinja2")
        path = tmp_path / "taken"
        path.mkdir()
        status, out, err = run("estimate", campaign, "--text", "body", "--report", path)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert sorted(tmp_path.iterdir()) == sorted([campaign, path])

    def test_page_is_opened_first(self, run, campaign, tmp_path):
        """A page that cannot be written is reported before the campaign is read."""
        pytest.importorskip("jinja2")
        path = tmp_path / "none" / "report.html"
        status, out, err = run("estimate", campaign, "--text", "none", "--report", path)
        assert (status, out, err) == (1, "", f"septet: {path}: {os.strerror(errno.ENOENT)}\n")

    def test_without_jinja2(self, run, campaign, tmp_path, monkeypatch):
        """The extra is named before the campaign is read."""
        monkeypatch.setitem(sys.modules, "jinja2", None)
        path = tmp_path / "report.html"
        status, out, err = run("estimate", campaign, "--text", "none", "--report", path)
        assert (status, out) == (1, "")
        assert err.endswith("needs jinja2: pip install 'septet[serve]'\n")


class TestMergeFields:
    """Fields of other columns in a column of texts."""

    def test_hint(self, run, tmp_path):
        """It names the fields and the option; the status and the figures stay."""
        path = tmp_path / "a.csv"
        path.write_text("first_name,body\nAnn,Hi {first_name}\n")
        status, out, err = run("estimate", path, "--text", "body")
        assert (status, "Messages" in out) == (0, True)
        assert err == (
            "septet: the texts have names of columns in braces ({first_name}), which were counted "
            "as they are; to fill them, give --template-column body\n"
        )
        status, out, err = run("estimate", path, "--template-column", "body", "--json")
        assert (status, err) == (0, "")
        assert json.loads(out)["segments"] == 1
        path.write_text("first_name,body\nAnn,Hi {{first_name}}\n")
        assert "with {first_name} in single braces" in run("estimate", path, "--text", "body")[2]

    def test_silence(self, run, tmp_path):
        """Braces that name no column, a template, and JSON."""
        path = tmp_path / "a.csv"
        path.write_text("first_name,body\nAnn,Hi {name}\n")
        assert run("estimate", path, "--text", "body")[2] == ""
        path.write_text("first_name,body\nAnn,Hi {first_name}\n")
        assert run("estimate", path, "--text", "body", "--json")[2] == ""
        assert run("estimate", path, "--template", "{body}")[2] == ""
