"""gettext catalogues."""

import pytest

from septet.checking.readers.po_files import read_po

HEADER = 'msgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n\n'


def read(text):
    return [(entry.key, entry.text, entry.line, entry.column) for entry in read_po(text)]


def test_translations() -> None:
    """The language of the header, escapes, texts of several lines, contexts."""
    text = HEADER + (
        '# c\nmsgctxt "menu"\nmsgid "a"\nmsgstr "é\\n\\"x\\"\\\\"\n\n'
        'msgid "b"\nmsgstr ""\n"one "\n  "two"\n'
    )
    first, second = read_po(text)
    assert first == ("a", 'é\n"x"\\', 8, 9, "pt-BR", "menu", 6, False)
    assert second == ("b", "one two", 12, 2, "pt-BR", "", 10, False)


def test_plurals() -> None:
    """Each form has its number."""
    text = 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "x"\nmsgstr[1] "y"\n'
    assert read(text) == [("a[0]", "x", 3, 12), ("a[1]", "y", 4, 12)]
    text = 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] ""\nmsgstr[1] "y"\n'
    assert read(text) == [("a[1]", "y", 4, 12)]
    text = 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert read(text) == [("a", "a", 1, 8), ("a[1]", "as", 2, 15)]


def test_fuzzy_and_obsolete() -> None:
    """Of a fuzzy entry, gettext sends the msgid; obsolete ones are not sent."""
    text = (
        '#, c-format, fuzzy\n#| msgid "old"\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr "y"\n\n'
        '#, fuzzy\n#~ msgid "c"\n#~ msgstr "z"\n\nmsgid "d"\nmsgstr "w"\n'
    )
    assert [(entry.text, entry.is_source) for entry in read_po(text)] == [
        ("a", True),
        ("y", False),
        ("w", False),
    ]


def test_rare_forms() -> None:
    """A header without a language, a context without a msgid, numbers of characters."""
    text = 'msgid ""\nmsgstr "Language: \\n"\nmsgctxt "c"\nmsgid ""\nmsgstr "\\x41\\102"\n'
    assert [entry[:6] for entry in read_po(text)] == [("", "AB", 5, 9, None, "c")]
    text = 'msgid\n"a"\nmsgid_plural "as" # c\nmsgstr [ 0 ] "" "b" "c" # "d"\nmsgstr[1]"e"'
    assert read(text) == [("a[0]", "bc", 4, 18), ("a[1]", "e", 5, 11)]
    assert read("") == read("# a") == read('msgid ""\nmsgstr ""\n') == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end) -> None:
    assert read(end.join(['msgid "a"', 'msgstr "b"', ""])) == [("a", "b", 2, 9)]


@pytest.mark.parametrize(
    ("text", "line"), [("msgid a", 1), ('\n"a"', 2), ('msgid "a" x', 1), ('msgstr "a"', 1)]
)
def test_errors(text, line) -> None:
    with pytest.raises(ValueError, match=f"^line {line}: "):
        read(text)
