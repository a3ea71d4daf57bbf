"""Encodings of text files: found by a mark or by name, read as UTF-8."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.files.text_encodings import check_encoding, find_encoding, read_as_utf8

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def read(data, name=None, sizes=()):
    encoding = find_encoding(data[:4], name)
    blocks = []
    start = 4
    for size in sizes:
        blocks.append(data[start : start + size])
        start += size
    blocks = [data[:4], *blocks, data[start:]]
    return b"".join(read_as_utf8(filter(None, blocks), encoding))


@pytest.mark.parametrize("codec", MARKS)
@pytest.mark.parametrize("name", [None, "windows-1252", "utf-8"])
@given(
    # The mark of UTF-16-LE with U+0000 after it is that of UTF-32-LE.
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=2),
    data=st.data(),
)
def test_marks(codec, name, text, data):
    """A mark says the encoding, whatever was asked for, and is no text; blocks end anywhere."""
    sizes = data.draw(st.lists(st.integers(1, 5), max_size=20))
    assert read(MARKS[codec] + text.encode(codec), name, sizes) == text.encode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("windows-1252", "Grüße – 5 €"),
        ("CP1252", "Grüße"),
        ("latin-1", "Grüße"),
        ("utf-16-le", "Grüße"),
        ("utf-8", "Grüße 😀"),
        ("utf_8_sig", "Grüße"),
        ("shift_jis", "こんにちは"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_names(name, text, size):
    """Any encoding of Python can be named, with or without hyphens."""
    check_encoding(name)
    assert read(text.encode(name), name, [size] * 20) == text.encode()


@pytest.mark.parametrize("name", ["", "windows-9999", "hex", "rot13", "a\0b"])
def test_unknown_names(name):
    """A name that is no encoding of texts is refused with its value."""
    with pytest.raises(ValueError, match="unknown encoding"):
        check_encoding(name)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"a\xffb", None, b"a\xffb"),
        (b"\xff\xfea\0\0\xd8b\0", None, b"a\xffb"),
        (b"\xff\xfea\0b", None, b"a\xff"),
        (b"\xfe\xff\0a\xdc\0\0b", None, b"a\xffb"),
        (b"a\x81b", "windows-1252", b"a\xffb"),
        (b"+2AA-", "utf-7", b"\xff"),
    ],
)
def test_invalid_bytes_stay_invalid(data, name, expected):
    """They are never dropped, so that the row with them is known to be unreadable."""
    assert read(data, name) == expected


def test_short_files():
    """A file may be shorter than any mark."""
    assert [find_encoding(data).name for data in (b"", b"a", b"\xff\xfe")] == [
        "UTF-8",
        "UTF-8",
        "UTF-16",
    ]
    assert read(b"\xff\xfe") == b""
