"""`Checker`: catalogues against limits."""

import json
import time

import pytest

from septet.checking import Checker, LimitException, Limits
from septet.exceptions import SourceError

LONG = "a" * 161


@pytest.fixture
def catalogue(tmp_path):
    """Write a catalogue and return its path."""

    def write(content, name="fr.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return str(path)

    return write


def keys(findings):
    return [finding.key for finding in findings]


def test_keys(catalogue) -> None:
    """Only texts with a key that matches are checked."""
    path = catalogue({"sms": {"a": LONG, "b": "b"}, "web": LONG})
    checker = Checker(Limits(1), keys=["sms.*"])
    (finding,) = checker.check_file(path)
    assert (finding.path, finding.key, finding.language, checker.checked) == (
        path,
        "sms.a",
        "fr",
        2,
    )


def test_placeholders(catalogue) -> None:
    """They are counted with a value of the stated length."""
    path = catalogue({"a": "a" * 150 + "{name}"})
    assert Checker(Limits(1)).check_file(path) == []
    (finding,) = Checker(Limits(1), field_lengths={"name": 11}).check_file(path)
    assert finding.unit_count == 161
    assert keys(Checker(Limits(1), field_length=11).check_file(path)) == ["a"]


def test_icu(catalogue) -> None:
    """Of a plural, the form of most segments is reported."""
    path = catalogue({"a": "{n, plural, one {#} few {" + "’" * 80 + "} other {" + LONG + "}}"})
    (finding,) = Checker(Limits(1)).check_file(path)
    assert finding.unit_count == 161


def test_exceptions(catalogue) -> None:
    """The last exception for a text counts; a comment counts more."""
    content = f"a = {LONG}\nb = {LONG}\n# septet: ignore\nc = {LONG}\nd = {LONG}\n"
    path = catalogue(content, "a.properties")
    exceptions = [
        LimitException(["*"], limits={"max_segments": 2}),
        LimitException(["a", "c"], limits={"max_segments": 1}),
    ]
    assert keys(Checker(Limits(1)).check_file(path)) == ["a", "b", "d"]
    assert keys(Checker(Limits(1), exceptions=exceptions).check_file(path)) == ["a"]


def test_wrong_comment(catalogue) -> None:
    path = catalogue("# septet: ignroe\na = b\n", "a.properties")
    with pytest.raises(SourceError, match=r"a\.properties, line 1: expected septet: ignore"):
        Checker(Limits(1)).check_file(path)


def test_source_texts_once(catalogue) -> None:
    """A text that is not translated is reported once, without a language."""
    content = f'msgid "{LONG}"\nmsgstr ""\n'
    checker = Checker(Limits(1))
    (finding,) = checker.check_file(catalogue(content, "fr.po"))
    assert finding.language is None
    assert checker.check_file(catalogue(content, "de.po")) == []


def test_ten_thousand_texts(catalogue) -> None:
    """They take less than a second."""
    texts = {f"sms.text{n}": f"Your code is {{code}}, {n}" for n in range(10_000)}
    path = catalogue(texts)
    start = time.process_time()
    assert Checker(Limits(1)).check_file(path) == []
    assert time.process_time() - start < 1
