"""`septet check`: what is printed, and the exit status."""

import json

import pytest

LONG = "a" * 161


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "locale/fr.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"sms": {"a": LONG, "b": "{name}"}, "web": LONG}))
    return path


def test_findings(run, catalogue) -> None:
    """One segment is the limit if no other is given."""
    status, out, err = run("check", catalogue.parent, "--keys", "sms.*")
    assert (status, err) == (3, "")
    assert out == (f"{catalogue}:1:15: 2 segments, limit 1 [sms.a]\n2 texts in 1 file, 1 finding\n")


def test_no_findings(run, catalogue) -> None:
    assert run("check", catalogue, "--max-units", "161") == (
        0,
        "3 texts in 1 file, 0 findings\n",
        "",
    )
    assert run("check", catalogue, "--encoding", "gsm7")[0] == 0


def test_fields(run, catalogue) -> None:
    assert run("check", catalogue, "--keys", "sms.b", "--field", "name=161")[0] == 3
    assert run("check", catalogue, "--keys", "sms.b", "--field-length", "161")[0] == 3
    assert run("check", catalogue, "--keys", "sms.b")[0] == 0


@pytest.mark.parametrize("value", ["name", "=3", "name=x", "name=-1"])
def test_wrong_field(run, catalogue, value, capsys) -> None:
    with pytest.raises(SystemExit) as error:
        run("check", catalogue, "--field", value)
    assert error.value.code == 2
    assert "--field" in capsys.readouterr().err


def test_rules(run, catalogue) -> None:
    """Texts are counted by the rules that are asked for."""
    catalogue.write_text(json.dumps({"a": "ğ"}))
    assert run("check", catalogue, "--encoding", "gsm7")[0] == 3
    assert run("check", catalogue, "--encoding", "gsm7", "--languages", "turkish")[0] == 0


def test_formats(run, catalogue) -> None:
    status, out, _ = run("check", catalogue, "--format", "json")
    assert (status, len(json.loads(out)["findings"])) == (3, 2)
    status, out, _ = run("check", catalogue, "--format", "github")
    assert (status, out.count("::error file=")) == (3, 2)


def test_damaged_file(run, catalogue) -> None:
    """The other files are checked all the same; the status is 1."""
    damaged = catalogue.with_name("de.json")
    damaged.write_text("{")
    status, out, err = run("check", catalogue.parent)
    assert (status, err) == (
        1,
        f"septet: {damaged}, line 1, column 2: expected a key in double quotes\n",
    )
    assert out.endswith("3 texts in 1 file, 2 findings\n")


def test_unreadable_file(run, catalogue) -> None:
    """A file that cannot be opened is reported too."""
    catalogue.with_name("de.json").symlink_to("none.json")
    status, out, err = run("check", catalogue.parent)
    assert (status, err.startswith(f"septet: {catalogue.with_name('de.json')}: ")) == (1, True)
    assert out.endswith("3 texts in 1 file, 2 findings\n")


def test_missing_file(run, tmp_path) -> None:
    assert run("check", tmp_path / "none")[0] == 1


class TestBaseline:
    def test_old_findings(self, run, catalogue, tmp_path) -> None:
        """Old findings are not reported, new ones are."""
        baseline = tmp_path / "baseline.json"
        written = run("check", catalogue, "--baseline", baseline, "--write-baseline")
        assert written == (0, f"{baseline}: 2 findings\n", "")
        assert run("check", catalogue, "--baseline", baseline)[0] == 0
        catalogue.write_text(json.dumps({"web": LONG, "new": LONG}))
        status, out, _ = run("check", catalogue, "--baseline", baseline)
        assert (status, out.splitlines()[-1]) == (3, "2 texts in 1 file, 1 finding")

    def test_missing(self, run, catalogue, tmp_path) -> None:
        assert run("check", catalogue, "--baseline", tmp_path / "none")[0] == 1
        with pytest.raises(SystemExit):
            run("check", catalogue, "--write-baseline")

    def test_damaged_file(self, run, catalogue, tmp_path) -> None:
        """No baseline is written without all files."""
        catalogue.write_text("{")
        baseline = tmp_path / "baseline.json"
        assert run("check", catalogue, "--baseline", baseline, "--write-baseline")[0] == 1
        assert not baseline.exists()


def test_sarif(run, catalogue) -> None:
    status, out, _ = run("check", catalogue, "--format", "sarif")
    assert (status, len(json.loads(out)["runs"][0]["results"])) == (3, 2)


def test_fix(run, catalogue) -> None:
    """What was fixed is said; what remains is reported as it is then."""
    catalogue.write_text(json.dumps({"a": "l’un", "b": LONG + "’", "c": "中"}))
    status, out, err = run("check", catalogue, "--encoding", "gsm7", "--max-segments", "1", "--fix")
    assert (status, err) == (3, f"septet: {catalogue}: 2 texts fixed\n")
    rest, last, _ = out.splitlines()
    assert rest.endswith(": 2 segments, limit 1 [b]")
    assert last.endswith(" [c]")
    assert json.loads(catalogue.read_text()) == {"a": "l'un", "b": LONG + "'", "c": "中"}
    status, _, err = run("check", catalogue, "--encoding", "gsm7", "--fix")
    assert (status, err) == (3, "")


def test_fix_of_one_line(run, tmp_path) -> None:
    """Of two texts with the same key and line, only the one that remains is reported."""
    path = tmp_path / "a.json"
    path.write_text('{"a": "it’s", "a": "it’s 日"}', "utf-8")
    _, out, _ = run("check", path, "--encoding", "gsm7", "--fix")
    assert out.count("[a]") == 1
    assert out.startswith(f"{path}:1:20: ")


def test_fix_and_baseline(run, catalogue, tmp_path) -> None:
    """Old findings are not fixed."""
    catalogue.write_text(json.dumps({"a": "l’un"}))
    baseline = tmp_path / "baseline.json"
    options = ("check", catalogue, "--encoding", "gsm7", "--baseline", baseline)
    run(*options, "--write-baseline")
    catalogue.write_text(json.dumps({"a": "l’un", "b": "l’un"}))
    assert run(*options, "--fix")[0] == 0
    assert json.loads(catalogue.read_text()) == {"a": "l’un", "b": "l'un"}


def test_whole_text_files(run, tmp_path) -> None:
    """A file is one text, whose key is its name."""
    path = tmp_path / "reminder.txt"
    path.write_text("a" * 80 + "\n" + "a" * 80 + "\n")
    assert run("check", path)[0] == 0
    status, out, _ = run("check", path, "--whole-text-files")
    assert (status, out.splitlines()[0]) == (3, f"{path}:1:1: 2 segments, limit 1 [reminder.txt]")
