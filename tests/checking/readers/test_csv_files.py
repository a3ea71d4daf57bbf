"""CSV."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.checking.readers.csv_files import read_csv


def read(text, *columns):
    return [entry[:5] for entry in read_csv(text, columns)]


def test_column_for_each_language() -> None:
    """The key is in the column before; empty fields are no texts."""
    assert read('key,note,en,pt_BR\na,n,"x ""y""\nz",w\nb,n,,v\n') == [
        ("a", 'x "y"\nz', 2, 5, "en"),
        ("a", "w", 3, 4, "pt-BR"),
        ("b", "v", 4, 6, "pt-BR"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter) -> None:
    assert read(f"id{delimiter}Text\r\n7{delimiter}x\r\n") == [("7", "x", 2, 3, None)]


def test_named_columns() -> None:
    assert read("a,b\n1,x\n", "b") == [("1", "x", 2, 3, None)]
    assert read("b\nx\n\ny", "b") == [("2", "x", 2, 1, None), ("4", "y", 4, 1, None)]
    assert read("a,b\n1\n", "b") == []
    assert read("sep=;\r\nkey;text\r\nk;x,y") == [("k", "x,y", 3, 3, None)]
    assert read("text,key\nx\ny,k") == [("2", "x", 2, 1, None), ("k", "y", 3, 1, None)]


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("a,b\n1,x", (), "line 1: no column of texts is known; name it with --text: a, b"),
        ("a,b\n1,x", ("c",), "line 1: no column 'c'; columns: a, b"),
        ("", (), "line 1: expected the names of columns"),
        ("\n", ("b",), "line 1: expected the names of columns"),
        ('text\n"a"b\n', (), "line 2, column 1: a quoted field"),
        ('text\n"a', (), "line 2, column 1: a quoted field"),
    ],
)
def test_errors(text, columns, message) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        read(text, *columns)


@given(
    st.lists(st.tuples(st.text(), st.text(min_size=1)), min_size=1), st.sampled_from(["\n", "\r\n"])
)
def test_as_csv_writes(rows, end) -> None:
    """What `csv` writes is read."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([("key", "text"), *rows])
    assert [entry.text for entry in read_csv(file.getvalue())] == [text for _, text in rows]


def test_many_columns() -> None:
    """A heading that is there twice is the first one; no header takes long."""
    start = time.process_time()
    entries = read("fr,key," + "fr," * 50_000 + "\na,b,c\n" + "d\n" * 50_000)
    assert entries[:2] == [("b", "a", 2, 1, "fr"), ("3", "d", 3, 1, "fr")]
    assert time.process_time() - start < 2
