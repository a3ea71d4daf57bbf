"""Replacing characters in catalogues."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Segmenter, transliterate
from septet.checking import Checker, Limits, read_catalogue
from septet.checking.fixes import fix_catalogue


@pytest.fixture
def fix(tmp_path):
    """Fix a catalogue; return the number of fixed texts, and its bytes afterwards."""

    def fix(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        checker = Checker(Limits(encoding="gsm7"))
        count = len(fix_catalogue(str(path), checker.check_file(str(path)), Segmenter()))
        after = path.read_bytes()
        again = checker.check_file(str(path))
        assert fix_catalogue(str(path), again, Segmenter()) == set()
        return count, after if isinstance(content, bytes) else after.decode()

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
            "a.arb",
            '{"a": "{n, plural, =0 {n’a rien} other{“#”}}", "b": "{n, plural, other{a…}}"}',
            '{"a": "{n, plural, =0 {n\'a rien} other{\\"#\\"}}", "b": "{n, plural, other{a...}}"}',
            2,
        ),
        (
            "a.yml",
            "# ’\nfr:\n  a: 'l’un'   # ’\n  b: l’un\n  c: \"“x”\"\n  d: |\n    l’un\n    –\n",
            "# ’\nfr:\n  a: 'l''un'   # ’\n"
            '  b: l\'un\n  c: "\\"x\\""\n  d: |\n    l\'un\n    -\n',
            4,
        ),
        (
            "a.yml",
            "a: &x l’“un”\nb: &y !!str '–’'\nc: [l’un, \"\\u2019＼\"]\nd: *x\ne: >-\n  …\n",
            "a: &x l'\"un\"\nb: &y !!str '-'''\nc: [l'un, \"'\\\\\"]\nd: *x\ne: >-\n  ...\n",
            5,
        ),
        ("a.yml", 'a: "中\u2028x"\nb: l’un\n', 'a: "中\u2028x"\nb: l\'un\n', 1),
        (
            "a.properties",
            "# l’un\r\nl’un :l’un\\\r\n  \\u2019 “x”\r\nb=\\uFF3C＼\r\nc = d’{0}…\r\nd l’{x",
            "# l’un\r\nl’un :l'un\\\r\n  ' \"x\"\r\nb=\\\\\\\\\r\nc = d''{0}...\r\nd l’{x",
            3,
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
        ("a.json", '{"a": "{n, plural, other {l’#}}"}'),  # an apostrophe would quote
        ("a.json", '{"a": "l’{name}"}'),
        ("a.json", '{"a": "\'’ {x}"}'),
        ("a.json", '{"a": "{l’un} x"}'),
        ("a.json", '{"a": "50％d"}'),  # a placeholder would begin
        ("a.json", '{"a": "中’"}'),  # UCS-2 anyway
        ("a.json", '{"a": "one\\u2028two"}'),
        ("a.strings", '"a" = "l’un";'),
        ("a.po", 'msgid "a"\nmsgstr ""\n"e"\n"\u0300"\n'),
        ("a.properties", "a=\\\\u2019\\u2019\n"),
        ("a.properties", "a=\u00a0 x\n"),  # white space at the beginning is no part of a value
    ],
)
def test_not_fixed(fix, name, content) -> None:
    """What would change more than characters of a text stays."""
    assert fix(name, content) == (0, content)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.json", '{"a": "l’un"}'.encode("utf-16"), '{"a": "l\'un"}'.encode("utf-16")),
        ("a.properties", b"a=\xe9\\u2019\xa0?\n", b"a=\xe9' ?\n"),
        (
            "a.po",
            b'msgid ""\nmsgstr "charset=cp1252\\n"\nmsgid "a"\nmsgstr "l\x92\xe9"\n',
            b'msgid ""\nmsgstr "charset=cp1252\\n"\nmsgid "a"\nmsgstr "l\'\xe9"\n',
        ),
    ],
)
def test_other_encodings(fix, name, before, after) -> None:
    """A file keeps its encoding."""
    assert fix(name, before) == (1, after)


def test_encoding_with_two_forms(fix) -> None:
    """A file that would get other bytes for a character that stays is not written."""
    head = b'msgid ""\nmsgstr "charset=cp932\\n"\nmsgid "a"\nmsgstr '
    content = head + b'"\x81\x66"\nmsgid "b"\nmsgstr "\xfa\x40"\n'
    assert fix("a.po", content) == (0, content)


def test_mode_and_links(tmp_path) -> None:
    """The mode is kept, and the target of a link is not written."""
    path, link = tmp_path / "a.json", tmp_path / "b.json"
    path.write_text('{"a": "l’un"}', "utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    checker = Checker(Limits(encoding="gsm7"))
    assert fix_catalogue(str(link), checker.check_file(str(link)), Segmenter()) == set()
    assert len(fix_catalogue(str(path), checker.check_file(str(path)), Segmenter())) == 1
    assert path.stat().st_mode & 0o777 == 0o640


def test_texts_that_would_change(fix) -> None:
    """A text that YAML would read otherwise stays, and the others are fixed."""
    pytest.importorskip("yaml")
    before = "a: “x” y\nb: l’un\nc: “x” z\nd: x\u2003\u00a0— y：\u00a0z\ne: l’un\nf: l’autre\n"
    after = "a: “x” y\nb: l'un\nc: “x” z\nd: x\u2003\u00a0— y：\u00a0z\ne: l'un\nf: l'autre\n"
    assert fix("a.yml", before) == (3, after)


def to_po(texts):
    """Return a gettext catalogue; the escapes are those of JSON."""
    return "".join(
        f'msgid "{key}"\nmsgstr {json.dumps(text, ensure_ascii=False)}\n'
        for key, text in texts.items()
    )


def to_properties(texts):
    lines = (f"{key}={json.dumps(text)[1:-1]}\n" for key, text in texts.items())
    return "".join(lines).replace('\\"', '"')


PIECES = [
    "’",
    "“",
    "…",
    "–",
    "\u00a0",
    "＼",
    "％",
    "'",
    '"',
    "\\",
    "\\u2019",
    "ab ",
    "é",
    "{0}",
    "中",
]


@given(texts=st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), max_size=4))
@pytest.mark.parametrize(
    ("name", "write"),
    [("a.json", json.dumps), ("a.po", to_po), ("a.properties", to_properties)],
)
def test_any_texts(name, write, texts, tmp_path_factory) -> None:
    """Each text stays as it is, or becomes what `transliterate` gives."""
    path = tmp_path_factory.getbasetemp() / name
    content = write({f"k{number}": "x" + "".join(parts) for number, parts in enumerate(texts)})
    path.write_text(content, "utf-8")
    before = read_catalogue(str(path)).entries
    findings = Checker(Limits(encoding="gsm7")).check_file(str(path))
    fixed = fix_catalogue(str(path), findings, Segmenter())
    after = read_catalogue(str(path)).entries
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        is_fixed = (old.line, old.column) in fixed
        assert new.text == (transliterate(old.text).text if is_fixed else old.text)
    assert bool(fixed) == (path.read_text("utf-8") != content)
