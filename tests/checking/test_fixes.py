"""Replacing characters in catalogues."""

import pytest

from septet import Segmenter
from septet.checking import Checker, Limits
from septet.checking.fixes import fix_catalogue


@pytest.fixture
def fix(tmp_path):
    """Fix a catalogue; return the number of fixed texts, and its bytes afterwards."""

    def fix(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        findings = Checker(Limits(encoding="gsm7")).check_file(str(path))
        count = len(fix_catalogue(str(path), findings, Segmenter()))
        return count, path.read_bytes().decode(errors="replace")

    return fix


@pytest.mark.parametrize(
    ("name", "before", "after", "count"),
    [
        (
            "a.po",
            '# l’un\r\nmsgid "l’un"\r\nmsgstr ""\r\n"“l’un” "\r\n"%(été)s…"\r\n#~ msgid "’"\r\n',
            '# l’un\r\nmsgid "l’un"\r\nmsgstr ""\r\n"\\"l\'un\\" "\r\n'
            '"%(été)s..."\r\n#~ msgid "’"\r\n',
            1,
        ),
        (
            "a.json",
            '\ufeff{"l’un" :  "“a”\\u2019", "b": "ok",\n "c": "’中", "d" : "x\\n–"}',
            '\ufeff{"l’un" :  "\\"a\\"\'", "b": "ok",\n "c": "’中", "d" : "x\\n-"}',
            2,
        ),
        (
            "a.yml",
            "# ’\nfr:\n  a: 'l’un'   # ’\n  b: l’un\n  c: \"“x”\"\n  d: |\n    l’un\n    –\n",
            "# ’\nfr:\n  a: 'l''un'   # ’\n"
            '  b: l\'un\n  c: "\\"x\\""\n  d: |\n    l\'un\n    -\n',
            4,
        ),
    ],
)
def test_fixed(fix, name, before, after, count) -> None:
    """Only the characters of the texts change."""
    if name.endswith("yml"):
        pytest.importorskip("yaml")
    assert fix(name, before) == (count, after)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.po", 'msgid "l’un"\nmsgstr ""\n'),  # a key
        ("a.json", '{"a": "{n, plural, other {l’un}}"}'),  # an apostrophe may quote
        ("a.json", '{"a": "l’{name}"}'),
        ("a.json", '{"a": "{l’un} x"}'),
        ("a.json", '{"a": "中’"}'),  # UCS-2 anyway
        ("a.json", '{"a": "one\\u2028two"}'),
        ("a.strings", '"a" = "l’un";'),
        ("a.po", 'msgid "a"\nmsgstr ""\n"e"\n"\u0300"\n\nmsgid "b"\nmsgstr "e\u0300"\n'),
    ],
)
def test_not_fixed(fix, name, content) -> None:
    """What would change more than characters of a text stays."""
    assert fix(name, content) == (0, content)


def test_other_encodings(fix, tmp_path) -> None:
    """UTF-16 is not written."""
    content = '{"a": "l’un"}'.encode("utf-16")
    assert fix("a.json", content)[0] == 0
    assert (tmp_path / "a.json").read_bytes() == content


def test_changed_meaning(fix) -> None:
    """A text that the format would read otherwise stays: here the replacement begins a quote."""
    pytest.importorskip("yaml")
    content = "a: “x” y\nb: z\n"
    assert fix("a.yml", content) == (0, content)
