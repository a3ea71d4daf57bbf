"""Priced files: the columns of the source, what each message takes, sums as estimated."""

import csv
import errno
import json
import os
import threading
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_files import read
from septet import Segmenter, analyze
from septet.costing import RateCard, estimate
from septet.costing.writing.priced_rows import ADDED
from septet.exceptions import MissingExtraError, SourceError

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0079", "currency": "USD"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "surcharge": "0.000001"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "one", "a" * 161, "’" * 71, 'caf\u00e9, "two"\r\n', "a" * 39_016]),
        st.sampled_from(["", "+12", "+4477", "+3363", "+999", "555"]),
    )
)


def written(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_source(folder, kind, rows):
    """Write rows as a file of some kind, or return a table; `id` is a number if it can be."""
    header = ["id", "body", "to"]
    source = folder / f"a.{kind}"
    records = [(7, *row) for row in rows]
    if kind == "csv":
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *records])
    elif kind == "jsonl":
        lines = [json.dumps(dict(zip(header, record, strict=True))) for record in records]
        # The first line can be read only as JSON, so that the file has names.
        source.write_text("\n".join(['{"id": 0, "to": 0, "body": 0}', *lines]))
    else:
        pa = pytest.importorskip("pyarrow")
        columns = [list(column) for column in zip(*records, strict=True)] or [[], [], []]
        arrays = map(pa.array, columns, (pa.int8(), pa.string(), pa.large_string()))
        table = pa.table(dict(zip(header, arrays, strict=True)))
        if kind == "table":
            return table
        pytest.importorskip("pyarrow.parquet").write_table(table, source)
    return source


@given(rows=ROWS)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("source_kind", ["csv", "jsonl", "parquet", "table"])
def test_sums_are_those_of_the_estimate(tmp_path_factory, source_kind, kind, rows):
    """Each row has its figures, and all of them add up to the estimate, exactly."""
    folder = tmp_path_factory.mktemp("campaign")
    source, target = write_source(folder, source_kind, rows), folder / f"priced.{kind}"
    found = estimate(source, output=target, text="body", to="to", rates=RATES)
    assert found.to_dict() == estimate(source, text="body", to="to", rates=RATES).to_dict()
    if kind == "parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        priced = pq.read_table(target).to_pylist()
    else:
        priced = written(target)
    written_rows = [(str(row["id"]), row["body"], row["to"]) for row in priced]
    assert written_rows == [("7", *row) for row in rows]
    for row in priced:
        if row["body"]:
            analysis = analyze(row["body"])
            assert row["encoding"] == analysis.encoding
            assert int(row["unit_count"]) == analysis.unit_count
    assert sum(int(row["segment_count"]) for row in priced) == found.segments
    totals = Counter()
    for row in priced:
        if row["price"]:
            totals[row["currency"]] += Decimal(row["price"])
    assert totals == {currency: cost.amount for currency, cost in found.totals.items()}
    notes = Counter(row["note"] for row in priced if row["note"])
    expected = {reason: tally.messages for reason, tally in found.unpriced.items()}
    if found.without_text:
        expected["no text"] = found.without_text
    assert notes == expected


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_order(tmp_path, kind):
    """Rows are written as they were read, whoever counts them; lists of texts come between."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    numbers = list(map(str, range(160_000)))
    pq.write_table(pa.table({"body": numbers[:100_000]}), tmp_path / "1.parquet")
    (tmp_path / "2.csv").write_text("body\n" + "\n".join(numbers[100_000:110_000]) + "\n")
    pq.write_table(pa.table({"body": numbers[110_000:]}), tmp_path / "3.parquet")
    target = tmp_path / f"priced.{kind}"
    files = sorted(tmp_path.iterdir())
    found = estimate(files, output=target, text="body", threads=3)
    assert found.messages == 160_000
    assert read(target)[0] == numbers


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (b"a,b\nx,1\n", {}, "a,b,{}\nx,1,gsm7,1,1,,,\n"),
        (b"a;b\r\nx;1,5\r\n", {}, "a;b;{}\r\nx;1,5;gsm7;1;1;;;\r\n"),
        (b"\xef\xbb\xbfa;b\nx;1\n", {}, "\ufeffa;b;{}\nx;1;gsm7;1;1;;;\n"),
        (
            b"\xef\xbb\xbfsep=|\r\na|b\r\nx|1\r\n",
            {},
            "\ufeffsep=|\r\na|b|{}\r\nx|1|gsm7|1|1|||\r\n",
        ),
        (
            "\ufeffa\tb\n\xe4\t1\n".encode("utf-16-le"),
            {},
            "\ufeffa\tb\t{}\n\xe4\t1\tgsm7\t1\t1\t\t\t\n",
        ),
        (b"a,b\n\xe4,1\n", {"encoding": "latin-1"}, "\ufeffa,b,{}\n\xe4,1,gsm7,1,1,,,\n"),
        (b"a,b\rx,1\r", {}, "a,b,{}\rx,1,gsm7,1,1,,,\r"),
        (b'a,b\nx,"1\r2"\n', {}, 'a,b,{}\nx,"1\r2",gsm7,1,1,,,\n'),
        (b"a,b", {}, "a,b,{}\r\n"),
    ],
)
def test_dialect(tmp_path, content, options, expected):
    """A spreadsheet that reads the source reads what is written too."""
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes(content)
    estimate(source, output=target, text="a", **options)
    delimiter = next(char for char in ",;\t|" if "a" + char in expected)
    assert target.read_bytes().decode() == expected.format(delimiter.join(ADDED))


def test_read_once(tmp_path):
    """A campaign that can be read only once is counted and written."""
    os.mkfifo(tmp_path / "a.csv")
    content = "body\n" + "one\n" * 10_000
    writer = threading.Thread(target=(tmp_path / "a.csv").write_text, args=[content])
    writer.start()
    found = estimate(tmp_path / "a.csv", output=tmp_path / "p.csv", text="body")
    writer.join()
    assert found.messages == len(written(tmp_path / "p.csv")) == 10_000


def test_parquet_keeps_types(tmp_path):
    """What was a number or a list in Parquet is one in the priced file; price is a decimal."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {"id": [1, 2], "tags": [["a"], []], "body": ["one", None], "to": ["+12", "+12"]},
        pa.schema(
            [("id", pa.int64()), ("tags", pa.list_(pa.string()))]
            + [("body", pa.string()), ("to", pa.string())]
        ),
    )
    pq.write_table(table, tmp_path / "a.parquet")
    for source in (table, tmp_path / "a.parquet"):
        estimate(source, output=tmp_path / "p.parquet", text="body", to="to", rates=RATES)
        priced = pq.read_table(tmp_path / "p.parquet")
        assert priced.select(table.schema.names).equals(table)
        assert priced.schema.names[4:] == list(ADDED)
        assert priced["price"].to_pylist() == [Decimal("0.0079"), None]
        assert priced["segment_count"].to_pylist() == [1, 0]
    estimate(table, output=tmp_path / "p.csv", text="body", to="to", rates=RATES)
    assert written(tmp_path / "p.csv")[0]["tags"] == "['a']"


def test_other_sources(tmp_path):
    """JSON Lines, dicts of columns, and tables of Arrow give their columns too."""
    rows = [{"id": 1, "body": "one", "more": {"a": None}}, {"body": "two", "id": None}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    table = {"id": [1, None], "body": ["one", "two"], "more": [{"a": None}, None]}
    for source in (tmp_path / "a.jsonl", table):
        estimate(source, output=tmp_path / "p.csv", text="body")
        priced = written(tmp_path / "p.csv")
        assert [list(row.values()) for row in priced] == [
            ["1", "one", '{"a": null}', "gsm7", "3", "1", "", "", ""],
            ["", "two", "", "gsm7", "3", "1", "", "", ""],
        ]


def test_rows_that_cannot_be_read(tmp_path):
    """They are left out; bytes of other columns that are no UTF-8 stay as they were in CSV."""
    source = tmp_path / "a.csv"
    source.write_bytes(b"name,body\nRen\xe9,one\nx\ny,caf\xe9\nz,two\n")
    estimate(source, output=tmp_path / "p.csv", text="body")
    lines = (tmp_path / "p.csv").read_bytes().splitlines()
    assert lines[1:] == [b"Ren\xe9,one,gsm7,3,1,,,", b"z,two,gsm7,3,1,,,"]
    pq = pytest.importorskip("pyarrow.parquet")
    estimate(source, output=tmp_path / "p.parquet", text="body")
    assert pq.read_table(tmp_path / "p.parquet")["name"].to_pylist() == ["Ren?", "z"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_lone_surrogates(tmp_path, kind):
    """JSON can say what UTF-8 cannot: it is counted, and written as a question mark."""
    pytest.importorskip("pyarrow")
    (tmp_path / "a.jsonl").write_text(r'{"body": "a\ud800\udbffz"}' + "\n")
    estimate(tmp_path / "a.jsonl", output=tmp_path / f"p.{kind}", text="body")
    assert read(tmp_path / f"p.{kind}")[0] == ["a??z"]


def test_arrow_rows_that_cannot_be_read(tmp_path):
    """The columns of the rows that are left stay beside each other."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0")
    body = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"\xffx")])
    estimate(pa.table({"id": [1, 2], "body": body}), output=tmp_path / "p.csv", text="body")
    assert [(row["id"], row["body"]) for row in written(tmp_path / "p.csv")] == [("2", "x")]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_no_rows(tmp_path, kind):
    """A campaign of nothing is a file of names."""
    pytest.importorskip("pyarrow")
    (tmp_path / "a.csv").write_text("id,body\n")
    target = tmp_path / f"p.{kind}"
    estimate(tmp_path / "a.csv", output=target, text="body")
    result = estimate(target, text="body")
    assert result.rows == 0
    with pytest.raises(SourceError, match="its columns are 'id', 'body', 'encoding', 'unit_count'"):
        estimate(target, text="x")


class TestWhatCannotBeWritten:
    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_names_that_are_taken(self, tmp_path, kind):
        """A priced file is not priced again under the same names."""
        pytest.importorskip("pyarrow")
        (tmp_path / "a.csv").write_text("body,price\none,1\n")
        with pytest.raises(SourceError, match=r"a\.csv has a column 'price' already"):
            estimate(tmp_path / "a.csv", output=tmp_path / f"p.{kind}", text="body")
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]

    def test_files_of_other_columns(self, tmp_path):
        """One file has one header, and what cannot be finished is not there."""
        for name, header in (("a", "id,body"), ("b", "body,id")):
            (tmp_path / f"{name}.csv").write_text(f"{header}\none,two\n")
        with pytest.raises(SourceError, match=r"b\.csv has other columns than the part before it"):
            estimate(
                [tmp_path / "a.csv", tmp_path / "b.csv"], output=tmp_path / "p.csv", text="body"
            )
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]

    def test_what_is_read(self, tmp_path):
        """No file that is read is written over, whatever it is called."""
        path, link = tmp_path / "a.csv", tmp_path / "b.csv"
        path.write_bytes(b"body\ncaf\xe9\none\n")
        link.symlink_to(path)
        with pytest.raises(ValueError, match=r"the output '.*b\.csv' is one of the files to read$"):
            estimate(path, output=link, text="body")
        assert path.read_bytes() == b"body\ncaf\xe9\none\n"

    @pytest.mark.parametrize("make", [list, iter], ids=["list", "iterable"])
    def test_other_names_of_what_is_read(self, tmp_path, make):
        """A hard link is one, and the files of an iterable are read files too."""
        path, link = tmp_path / "a.csv", tmp_path / "b.csv"
        path.write_bytes(b"body\none\n")
        os.link(path, link)
        with pytest.raises(ValueError, match=r"the output '.*b\.csv' is one of the files to read$"):
            estimate(make([path]), output=link, text="body")
        assert path.read_bytes() == link.read_bytes() == b"body\none\n"
        assert sorted(tmp_path.iterdir()) == [path, link]

    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_full_disk(self, tmp_path, kind):
        """Where no more can be written it is Python's own error, and no half file is left."""
        pytest.importorskip("pyarrow")
        resource = pytest.importorskip("resource")
        (tmp_path / "a.csv").write_text("body\n" + "".join(f"text {n}\n" for n in range(50_000)))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
        try:
            with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
                estimate(tmp_path / "a.csv", output=tmp_path / f"p.{kind}", text="body")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]

    def test_without_pyarrow(self, tmp_path, monkeypatch):
        """Without pyarrow one sentence names the extra to install."""
        monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
        (tmp_path / "a.csv").write_text("body\none\n")
        with pytest.raises(MissingExtraError, match="writing Parquet needs pyarrow"):
            estimate(tmp_path / "a.csv", output=tmp_path / "p.parquet", text="body")
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_rules_decide(tmp_path):
    """The segmenter that is handed over counts."""
    rules = Segmenter(languages=["turkish"])
    estimate({"body": ["ışık"]}, output=tmp_path / "p.csv", text="body", segmenter=rules)
    assert written(tmp_path / "p.csv")[0]["encoding"] == "gsm7"


@pytest.mark.parametrize("kind", ["list", "arrow"])
def test_template(tmp_path, kind):
    """The columns of the source and what each text takes; neither texts nor rows of none."""
    table = {"name": ["Łu", None, "Ann"], "to": ["+12", "+12", "+4477"], "n": [1, 2, 3]}
    if kind == "arrow":
        table = pytest.importorskip("pyarrow").table(table)
    path = tmp_path / "priced.csv"
    estimate(table, output=path, template="Hi {name} {n}", to="to", rates=RATES)
    assert path.read_text("utf-8").splitlines() == [
        ",".join(["name", "to", "n", *ADDED]),
        "Łu,+12,1,ucs2,7,1,0.0079,USD,",
        "Ann,+4477,3,gsm7,8,1,0.040001,GBP,",
    ]
