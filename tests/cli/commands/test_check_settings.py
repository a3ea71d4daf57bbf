"""`septet check` with settings of pyproject.toml."""

import json

import pytest


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A catalogue of two texts; write the settings of its project."""
    monkeypatch.chdir(tmp_path)
    texts = {"sms": {"a": "a" * 161, "b": "{name}" + "ğ" * 61}}
    (tmp_path / "a.json").write_text(json.dumps(texts))

    def write(settings):
        (tmp_path / "pyproject.toml").write_text(f"[tool.septet.check]\n{settings}\n")

    return write


def findings(run, *options):
    status, out, _ = run("check", "a.json", "--format", "json", *options)
    assert status in (0, 3)
    return [finding["key"] for finding in json.loads(out)["findings"]]


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ("", ["sms.a", "sms.b"]),
        ("max-segments = 2", []),
        ('encoding = "gsm7"', ["sms.b"]),
        ("max-units = 160", ["sms.a"]),
        ('keys = ["*.b"]', ["sms.b"]),
        ("fields = {name = 9}", ["sms.a"]),
        ("field-length = 9", ["sms.a"]),
        ('languages = ["turkish"]', ["sms.a"]),
        ('exceptions = [{keys = ["*.a"], ignore = true}]', ["sms.b"]),
        ('exceptions = [{files = ["a.*"], max-segments = 2}]', []),
    ],
)
def test_settings(run, project, settings, keys) -> None:
    """Each counts."""
    project(settings)
    assert findings(run) == keys


def test_command_line_wins(run, project) -> None:
    """A limit on the command line replaces all limits."""
    project('max-segments = 2\nencoding = "gsm7"\nfields = {name = 9}\nkeys = ["x"]')
    assert findings(run) == []
    assert findings(run, "--keys", "*") == ["sms.b"]
    assert findings(run, "--keys", "*", "--max-segments", "1") == ["sms.a"]
    assert findings(run, "--keys", "*.b", "--max-segments", "1", "--field", "name=10") == ["sms.b"]


@pytest.mark.parametrize("settings", ['provider = "x"', 'languages = ["x"]'])
def test_unknown_names(run, project, settings) -> None:
    """They are errors of the file, not wrong usage."""
    project(settings)
    status, _, errors = run("check", "a.json")
    assert status == 1
    assert "pyproject.toml" in errors
    assert "'x'" in errors


def test_wrong_settings(run, project) -> None:
    project("max-segments = 0")
    assert run("check", "a.json")[0] == 1


def test_whole_text_files(run, project, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("a" * 160 + "\na")
    project("whole-text-files = true")
    assert run("check", "a.txt")[0] == 3
    project("whole-text-files = false")
    assert run("check", "a.txt")[0] == 0
