"""Templates that differ from row to row, in sources of every kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import estimate, find_long_messages
from septet.costing.reading import row_templates
from septet.costing.reading.row_templates import RowTemplates
from septet.exceptions import SourceError

TABLE = {
    "phone": ["+12", "+13", "+14", "+15", "+16", "+17"],
    "text": ["Hi {name}", "{n}{n} {{x}} {name}", "Hi {name", "Hi {nope}", "", "Hi {name}"],
    "name": ["Ann", "Zoë", "a", "b", "c", "Łukasz " * 20],
    "n": ["1", "2", "3", "4", "5", "6"],
}
UNREADABLE = [
    "row 3: the template has an unpaired '{' at index 3; write '{{' for a literal brace",
    "row 4: no column for {nope}",
]


def write(folder, kind):
    """Return the table as a source of some kind."""
    rows = list(zip(*TABLE.values(), strict=True))
    path = folder / f"a.{kind}"
    if kind == "csv":
        path.write_text("phone,text,name,n\n" + "".join(f"{','.join(row)}\n" for row in rows))
    elif kind == "quoted.csv":
        lines = (",".join(f'"{value}"' for value in row) for row in rows)
        path.write_text("phone,text,name,n\n" + "\n".join(lines))
    elif kind == "jsonl":
        path.write_text(
            "".join(json.dumps(dict(zip(TABLE, row, strict=True))) + "\n" for row in rows)
        )
    elif kind == "dict":
        return TABLE
    else:
        pa = pytest.importorskip("pyarrow")
        table = pa.table(TABLE)
        if kind == "arrow":
            return table.set_column(1, "text", table["text"].dictionary_encode())
        __import__("pyarrow.parquet").parquet.write_table(table, path)
    return path


@pytest.mark.parametrize("kind", ["csv", "quoted.csv", "jsonl", "dict", "arrow", "parquet"])
def test_sources(tmp_path, kind):
    """Rows are in order; those with an invalid template or an unknown field are unreadable."""
    source, output = write(tmp_path, kind), tmp_path / "priced.csv"
    result = estimate(source, template_column="text", to="phone", by=["n"], output=output)
    assert [str(row).rpartition(", ")[2] for row in result.unreadable.examples] == UNREADABLE
    assert (result.rows, result.messages, result.without_text) == (6, 3, 1)
    assert set(result.groups["n"]) == {"1", "2", "6"}
    facts = [line.rsplit(",", 6)[1:4] for line in output.read_text().splitlines()[1:]]
    assert facts == [["gsm7", "6", "1"], ["ucs2", "10", "1"], ["", "0", "0"], ["ucs2", "143", "3"]]
    (long,) = find_long_messages(source, 2, template_column="text", to="phone")
    assert (long.row, long.recipient, long.text) == (6, "+17", "Hi " + "Łukasz " * 20)


def test_null():
    """A null template is no text; a null value makes only those rows unreadable that use it."""
    table = {"t": [None, "{a}", "{b}", "{a}", "x"], "a": ["1", None, None, "2", None]}
    table["b"] = ["1", "2", None, None, None]
    pa = pytest.importorskip("pyarrow")
    for source in (table, pa.table(table)):
        result = estimate(source, template_column="t")
        assert (result.messages, result.without_text) == (2, 1)
        assert [str(row).partition("row ")[2] for row in result.unreadable.examples] == [
            "2: no value for {a}",
            "3: no value for {b}",
        ]


def test_columns():
    """Numbers fill fields; lists and names that are not unique do not."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"t": ["{n}", "{l}", "{d}"], "n": [7, 7, 7], "l": [[1]] * 3, "d": [1, 1, 1]})
    table = table.append_column("d", [[2, 2, 2]])
    result = estimate(table, template_column="t")
    assert result.messages == 1
    assert [row.reason for row in result.unreadable.examples] == [
        "no column for {l}",
        "no column for {d}",
    ]
    with pytest.raises(SourceError, match="has no column 'x'"):
        estimate({"t": ["a"]}, template_column="x")


def test_options():
    """The texts have one origin."""
    for options in ({"text": "t"}, {"template": "Hi"}):
        with pytest.raises(ValueError, match="pass either text=, template= or template_column="):
            estimate({"t": ["a"]}, template_column="t", **options)


@given(
    st.lists(
        st.tuples(
            st.none() | st.sampled_from(["{a}", "{b}{a}", "x", "{{{b}}}", "{", "{c}", ""]),
            st.text("aë€", max_size=3),
            st.text("b'", max_size=3),
        ),
        max_size=20,
    ),
    st.integers(0, 2),
)
def test_lists_and_arrays(rows, max_remembered):
    """Both give the texts of `str.format`, also when templates are forgotten between batches."""
    pa = pytest.importorskip("pyarrow")
    columns = [[row[at] for row in rows] for at in range(3)]
    arrays = [pa.array(column, pa.string()) for column in columns]
    before, row_templates._MAX_REMEMBERED = row_templates._MAX_REMEMBERED, max_remembered
    try:
        templates = RowTemplates(["a", "b"])
        for texts, *values in (columns, arrays, columns):
            numbers = templates.read(texts)
            bad = templates.find_unreadable(numbers, values)
            assert [*bad] == [row for row, text in enumerate(columns[0]) if text in ("{", "{c}")]
            filled = templates.fill(numbers, values)
            expected = [
                "" if row in bad else (text or "").format(a=a, b=b)
                for row, (text, a, b) in enumerate(rows)
            ]
            assert [filled[row] for row in range(len(rows))] == expected
    finally:
        row_templates._MAX_REMEMBERED = before
