"""The settings of a project."""

import os
import re
from pathlib import Path

import pytest

from septet.checking import LimitException
from septet.checking.settings import find_settings, read_settings
from septet.exceptions import SourceError

PAGE = Path(__file__).parents[2] / "docs/how-to/message-catalogues.md"


def test_page(tmp_path) -> None:
    """The settings of docs/how-to/message-catalogues.md are valid."""
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    path = tmp_path / "pyproject.toml"
    path.write_text(block)
    settings = read_settings(str(path))
    assert settings["fields"] == {"name": 30, "code": 6}
    assert settings["exceptions"][1] == LimitException(
        ["*"], ["locale/zz/*"], {}, ignore=True, folder=str(tmp_path)
    )


@pytest.fixture
def write(tmp_path):
    """Write the table of pyproject.toml, and return the path."""

    def write(settings):
        path = tmp_path / "pyproject.toml"
        path.write_text(f"[tool.septet.check]\n{settings}\n")
        return str(path)

    return write


def test_all(write, tmp_path, monkeypatch) -> None:
    """Every setting; exceptions are made of their tables."""
    path = write(
        'max-segments = 1\nmax-units = 9\nencoding = "gsm7"\nprovider = "twilio"\n'
        'languages = ["turkish", 2]\nkeys = ["sms.*"]\nfields = {name = 30}\nfield-length = 0\n'
        'text = ["body"]\nbaseline = "b.json"\n'
        '[[tool.septet.check.exceptions]]\nkeys = ["a"]\nmax-segments = 2\n'
        '[[tool.septet.check.exceptions]]\nfiles = ["x/*"]\nignore = true\n'
    )
    assert read_settings(path) == {
        "max_segments": 1,
        "max_units": 9,
        "encoding": "gsm7",
        "provider": "twilio",
        "languages": ["turkish", 2],
        "keys": ["sms.*"],
        "fields": {"name": 30},
        "field_length": 0,
        "text": ["body"],
        "baseline": "b.json",
        "exceptions": [
            LimitException(["a"], [], {"max_segments": 2}, folder=str(tmp_path)),
            LimitException(["*"], ["x/*"], {}, ignore=True, folder=str(tmp_path)),
        ],
    }
    folder = tmp_path / "a/b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    baseline = os.path.join("..", "..", "b.json")
    assert find_settings(".") == {**read_settings(path), "baseline": baseline}
    (folder / "pyproject.toml").write_text("[project]\n")
    assert find_settings(str(folder)) == {}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("max_segments = 1", "unknown setting 'max_segments'; known are max-segments"),
        ("max-segments = true", "max-segments must be a whole number"),
        ("max-segments = 0", "max-segments must be a whole number from 1"),
        ('encoding = "ucs2"', "encoding must be gsm7"),
        ('provider = "twilo"', "provider must be one of aws, .*, not 'twilo'"),
        ('languages = ["turkich"]', "a language must be one of .*, not 'turkich'"),
        ('keys = "a"', "keys must be a list"),
        ("keys = [1]", "keys must be a list of texts"),
        ('fields = {a = "1"}', "fields must be a table of whole numbers"),
        ("field-length = -1", "field-length must be a whole number from 0"),
        ("exceptions = [1]", "each of exceptions must be a table"),
        ("exceptions = [{ignore = true}]", "an exception needs keys or files"),
        ('exceptions = [{keys = ["a"], max-units = 0}]', "max-units must be a whole number"),
        ('exceptions = [{keys = ["a"], ignroe = true}]', "unknown setting 'ignroe'"),
    ],
)
def test_wrong_settings(write, settings, message) -> None:
    with pytest.raises(SourceError, match=rf"pyproject\.toml, \[tool\.septet\.check\]: {message}"):
        read_settings(write(settings))


def test_no_project(tmp_path) -> None:
    """Without a pyproject.toml in any folder above, there are no settings."""
    assert find_settings(tmp_path.anchor) == {}


@pytest.mark.parametrize("content", ["[", "tool = 1", "[tool.septet]\ncheck = 1"])
def test_other_files(tmp_path, content) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(content)
    with pytest.raises(SourceError, match=r"pyproject\.toml: "):
        read_settings(str(path))
