"""Android's string resources."""

import pytest

from septet.checking.readers.android import read_android


def read(body, head=""):
    return [entry[:4] for entry in read_android(f"{head}<resources>{body}</resources>")]


def test_kinds() -> None:
    """Strings, plurals and arrays; other resources have no texts."""
    body = (
        '\n<string name="a">x</string>\n<plurals name="p"><item quantity="one">y</item>'
        '<item quantity="other">z</item></plurals>\n'
        '<string-array name="l"><item>u</item><item>v</item></string-array>'
        '<item name="t" type="string">s</item><array name="m"><item>r</item></array>'
        '<item name="d" type="dimen">2</item>'
        '<color name="c">#fff</color><style name="s"><item name="i">w</item></style>'
    )
    assert [entry[:3] for entry in read(body)] == [
        *(
            ("a", "x", 2),
            ("p[one]", "y", 3),
            ("p[other]", "z", 3),
            ("l[0]", "u", 4),
            ("l[1]", "v", 4),
            ("t", "s", 4),
            ("m[0]", "r", 4),
        ),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"It\'s \"x\" \u2019\n\@", 'It\'s "x" ’\n@'),
        ("\n  one\n  two ", "one two"),
        ("\u00a0a\u202f:\u2003 b\u2007", "\u00a0a\u202f: b\u2007"),
        ('" one  two "', " one  two "),
        ("a &amp; &lt;b&gt; &#8217;", "a & <b> ’"),
        ("<![CDATA[<b>x</b>]]>", "<b>x</b>"),
        ('Hi <b>you</b> <xliff:g id="n" xmlns:xliff="u">%1$s</xliff:g>!', "Hi you %1$s!"),
        ("<!-- c -->x", "x"),
    ],
)
def test_texts(body, text) -> None:
    """As Android reads them, without markup."""
    assert [entry[1] for entry in read(f'<string name="a">{body}</string>')] == [text]


def test_entities() -> None:
    """Short ones are replaced; others are refused."""
    head = '<!DOCTYPE resources [<!ENTITY app "Test">]>'
    assert read('<string name="a">&app;</string>', head)[0][1] == "Test"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "x">',
        f'<!ENTITY a "{"x" * 1001}">',
    ],
)
def test_refused_entities(declaration) -> None:
    with pytest.raises(ValueError, match=r"line 1, column \d+: the entity \w is refused"):
        read("", f"<!DOCTYPE resources [{declaration}]>")


def test_many_entities() -> None:
    """What they become is bounded by the size of the file."""
    head = f'<!DOCTYPE resources [<!ENTITY a "{"x" * 1000}">]>'
    with pytest.raises(ValueError, match="entities make the file too large"):
        read('<string name="a">' + "&a;" * 10_000 + "</string>", head)


def test_other_files() -> None:
    """A file of another kind has no texts; a damaged one is an error."""
    assert read_android("<manifest><string>x</string></manifest>") == []
    with pytest.raises(ValueError, match=r"^line 2, column 3: "):
        read_android("<resources>\n</resource>")


def test_places() -> None:
    """Those of the texts, behind the tags."""
    body = (
        '\n<string\n  name="é>" >x</string><string name="ü">\u20ac</string>\r\n'
        '  <string name="c">y</string>'
    )
    places = [
        (entry.line, entry.column, entry.first_line)
        for entry in read_android(f"<resources>{body}</resources>")
    ]
    assert places == [(3, 14, 2), (3, 41, 3), (4, 20, 4)]
