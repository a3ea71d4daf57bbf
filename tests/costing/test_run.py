"""Whole campaigns: what holds the messages and how many threads count changes nothing."""

import gzip
import json
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Encoding, EncodingError, Segmenter
from septet.costing import Batch, Estimate, RateCard, estimate, find_long_messages
from septet.costing.reading.templates import Template
from septet.exceptions import SourceError

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD", "country": "United States"},
        {"prefix": "44", "price": "0.2", "currency": "GBP"},
    ]
)
ROWS = [("one", "+12025550100"), ("’" * 71, "+447700900123"), ("", None), (None, "+1"), ("x", "")]


def priced(*rows):
    result = Estimate(rates=RATES)
    result.add(Batch([text for text, _ in rows], [recipient for _, recipient in rows]))
    return result


def columns(rows=ROWS):
    return {"to": [to for _, to in rows], "body": [body for body, _ in rows]}


class TestTables:
    def check(self, source, rows=ROWS):
        """What is counted is what is counted of the rows."""
        result = estimate(source, text="body", to="to", rates=RATES)
        assert result.to_dict() == priced(*rows).to_dict()

    def test_columns(self):
        """A dict of lists is a table, alone or as one of several batches."""
        self.check(columns())
        self.check([columns()])
        self.check(({"body": (body,), "to": (to,)} for body, to in ROWS))

    @pytest.mark.parametrize("library", ["pyarrow", "polars", "pandas", "duckdb"])
    def test_tables(self, library):
        """Tables of every library, alone and as batches; other columns do no harm."""
        pa = pytest.importorskip("pyarrow")
        module = pytest.importorskip(library)
        arrow = pa.table({"id": range(5), **columns()})
        make = {
            "pyarrow": lambda: arrow,
            "polars": lambda: module.from_arrow(arrow),
            "pandas": lambda: module.DataFrame({"id": range(5), **columns()}),
            "duckdb": lambda: module.from_arrow(arrow),
        }[library]
        self.check(make())
        self.check(iter([make(), columns(), arrow.to_batches()[0]]), ROWS * 3)

    def test_by(self, tmp_path):
        """The same values come out of every kind of source, numbers as text."""
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        kinds, numbers = ["a", "b", "a", "a", None], [7, 7, None, 8, 8]
        table = columns() | {"kind": kinds, "number": numbers}
        csv = "to,body,kind,number\n" + "".join(
            ",".join("" if cell is None else str(cell) for cell in row) + "\n"
            for row in zip(*table.values(), strict=True)
        )
        (tmp_path / "a.csv").write_text(csv, "utf-8")
        lines = (dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True))
        (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        arrow = pa.table(table | {"kind": pa.array(kinds).dictionary_encode()})
        pq.write_table(arrow, tmp_path / "a.parquet")
        groups = [
            estimate(
                source,
                text="body",
                to="to",
                rates=RATES,
                by=["number", "kind", "to"],
                threads=threads,
            ).groups
            for source in (table, arrow, *(tmp_path / f"a.{end}" for end in ("jsonl", "parquet")))
            for threads in (1, 2)
        ]
        assert groups[0]["number"].keys() == {"7", "8"}
        assert {value: its.messages for value, its in groups[0]["kind"].items()} == {
            "a": 1,
            "b": 1,
            None: 1,
        }
        assert groups[0]["kind"]["a"].costs["USD"].amount == Decimal("0.1")
        assert all(its == groups[0] for its in groups)
        found = estimate(tmp_path / "a.csv", text="body", to="to", rates=RATES, by=["kind"])
        expected = {value or "": its for value, its in groups[0]["kind"].items()}
        assert found.groups["kind"] == expected

    def test_values_that_have_no_name(self):
        """What is neither text nor a number is no value to add up by."""
        pa = pytest.importorskip("pyarrow")
        table = {"body": ["a"], "kind": [["x"]]}
        with pytest.raises(SourceError, match="row 1: expected text in column 'kind', got list"):
            estimate(table, text="body", by=["kind"])
        with pytest.raises(
            SourceError, match="expected text or numbers in column 'kind', got list"
        ):
            estimate(pa.table(table), text="body", by=["kind"])

    def test_a_long_table(self):
        """A table of one long batch goes on in several, each row once."""
        pa = pytest.importorskip("pyarrow")
        rows = [(f"’{'a' * (i % 90)}", f"+{1 + 43 * (i % 2)}2025550100") for i in range(70_000)]
        reports = []
        table = pa.table(columns(rows)).combine_chunks()
        result = estimate(
            table, text="body", to="to", rates=RATES, progress=lambda *facts: reports.append(facts)
        )
        assert result.to_dict() == priced(*rows).to_dict()
        assert [rows for _, rows in reports] == [32_768, 65_536, 70_000]

    def test_columns_of_arrays(self):
        """A dict of Arrow arrays and lists is one table; a dictionary array is decoded."""
        pa = pytest.importorskip("pyarrow")
        table = columns()
        self.check(table | {"body": pa.array(table["body"]).dictionary_encode()})

    @pytest.mark.parametrize(
        ("source", "error", "message"),
        [
            (7, TypeError, "expected a path, a table or an iterable of them, got int"),
            ([7], TypeError, "batch 1: expected a path, a table or a dict of columns, got int"),
            (
                {"Body": ["one"]},
                SourceError,
                r"the table has no column 'body' \(did you mean 'Body'\?\)",
            ),
            (
                {"body": ["one"], "to": []},
                SourceError,
                "columns differ in length: 'body' has 1 rows, 'to' has 0",
            ),
            (
                [columns(), {"body": ["a", 7], "to": ["+1", "+1"]}],
                SourceError,
                "^batch 2, row 2: expected text in column 'body', got int$",
            ),
        ],
    )
    def test_what_cannot_be_read(self, source, error, message):
        """The message says which batch, row and column, and what it is."""
        with pytest.raises(error, match=message):
            estimate(source, text="body", to="to")

    def test_arrow_columns_that_are_not_text(self):
        """A table of another type is refused with its Arrow type, a mixed one of pandas too."""
        pa = pytest.importorskip("pyarrow")
        with pytest.raises(
            SourceError, match="the table: expected text in column 'body', got int64"
        ):
            estimate(pa.table({"body": [1]}), text="body")
        pandas = pytest.importorskip("pandas")
        with pytest.raises(SourceError, match=r"^the table cannot be read as a table: "):
            estimate(pandas.DataFrame({"body": ["a", 7]}), text="body")

    def test_rows_that_are_not_utf8(self):
        """They are unreadable rows of their batch."""
        pa = pytest.importorskip("pyarrow")
        offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0")
        body = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"\xffx")])
        result = estimate([columns(), pa.table({"body": body})], text="body")
        assert result.rows == 5 + 2
        assert list(map(str, result.unreadable.examples)) == ["batch 2, row 1: not valid UTF-8"]


class TestFiles:
    @given(st.lists(st.lists(st.sampled_from(ROWS), max_size=3), min_size=1, max_size=4))
    def test_any_split_is_the_whole(self, tmp_path_factory, parts):
        """However the rows lie in files, the estimate is that of all of them."""
        folder = tmp_path_factory.mktemp("campaign")
        for number, rows in enumerate(parts):
            lines = [{"body": None, "to": ""}, *({"body": body, "to": to} for body, to in rows)]
            text = "".join(json.dumps(line) + "\n" for line in lines)
            (folder / f"{number}.jsonl").write_text(text)
        rows = [row for part in parts for row in [(None, ""), *part]]
        result = estimate(folder, text="body", to="to", rates=RATES)
        assert result.to_dict() == priced(*rows).to_dict()

    def test_paths_and_tables_together(self, tmp_path):
        """An iterable may have both."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\none\ntwo\n")
        result = estimate(iter([path, {"body": ["three"]}, str(tmp_path)]), text="body")
        assert result.messages == 2 + 1 + 2

    def test_progress_over_files(self, tmp_path):
        """The fraction is of the octets of all files, and never falls."""
        for name, rows in (("a", 20_000), ("b", 1), ("c", 60_000)):
            (tmp_path / f"{name}.csv").write_text("body\n" + f"{'text' * 100}\n" * rows)
        reports = []
        estimate(tmp_path, text="body", progress=lambda fraction, rows: reports.append(fraction))
        assert reports == sorted(reports)
        assert 0.2 < reports[len(reports) // 4 + 1] < 0.5
        assert reports[-1] == 1.0

    def test_places_name_their_file(self, tmp_path):
        """Unreadable rows of several files are distinguished."""
        paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
        for path in paths:
            path.write_text("id,body\n1,one\n2\n")
        result = estimate(paths, text="body")
        assert [row.place for row in result.unreadable.examples] == [f"{p}, line 3" for p in paths]
        assert (result.rows, result.unreadable.count) == (4, 2)

    def test_a_file_of_two_names_counts_once(self, tmp_path):
        """A folder and a file in it, or a link to one, are no reason to pay twice."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\none\n")
        (tmp_path / "link.csv").symlink_to(path)
        assert estimate([path, tmp_path, Path(str(path))], text="body").messages == 1

    def test_damage_in_one_of_many(self, tmp_path):
        """One file that cannot be read to its end, and there is no estimate."""
        (tmp_path / "a.csv").write_text("body\none\n")
        (tmp_path / "b.csv.gz").write_bytes(b"\x1f\x8bbody\none\n")
        with pytest.raises(SourceError, match=r"b\.csv\.gz is damaged after 0 rows"):
            estimate(tmp_path, text="body")


class TestFile:
    @pytest.mark.parametrize("threads", [2, 5])
    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_threads_change_nothing(self, tmp_path, kind, threads):
        """However many threads count, each row counts once."""
        rows = [
            (f"{'’' * (i % 3)}{'a' * (i % 400)}", f"+{1 + i % 50}2025550100") for i in range(99)
        ]
        rows *= 1_000
        path = tmp_path / f"campaign.{kind}"
        if kind == "csv":
            path.write_text("body,to\n" + "".join(f"{body},{to}\n" for body, to in rows), "utf-8")
        else:
            pq = pytest.importorskip("pyarrow.parquet")
            pa = pytest.importorskip("pyarrow")
            pq.write_table(
                pa.table({"body": [b for b, _ in rows], "to": [t for _, t in rows]}), path
            )
        result = estimate(path, text="body", to="to", rates=RATES, threads=threads)
        assert result.to_dict() == priced(*rows).to_dict()

    def test_an_error_of_a_thread_is_raised(self, tmp_path):
        """Forced GSM 7-bit fails in whatever thread meets the text."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n" + "text\n" * 30_000 + "’\n", "utf-8")
        with pytest.raises(EncodingError):
            estimate(path, text="body", segmenter=Segmenter(Encoding.GSM7), threads=2)

    def test_no_thread(self, tmp_path):
        """At least one thread is needed."""
        with pytest.raises(ValueError, match="threads must be 1 or more, not 0"):
            estimate(tmp_path / "campaign.csv", text="body", threads=0)

    def test_unreadable_rows_are_rows(self, tmp_path):
        """Rows of the file are messages, rows without text, and unreadable ones."""
        path = tmp_path / "campaign.csv"
        path.write_text("id,body\n1,one\n2\n3,\n4,four,4\n")
        result = estimate(path, text="body")
        assert (result.rows, result.messages, result.without_text) == (4, 1, 1)
        assert result.unreadable.count == 2

    def test_progress_is_reported(self, tmp_path):
        """Progress ends with the whole file and all its rows."""
        path = tmp_path / "campaign.csv"
        path.write_text("body\n" + "text\n" * 100_000)
        reports = []
        estimate(
            path, text="body", progress=lambda fraction, rows: reports.append((fraction, rows))
        )
        assert reports[-1] == (1.0, 100_000)
        assert len(reports) > 1

    def test_damage_gives_no_estimate(self, tmp_path):
        """A file that cannot be read to its end gives an error rather than a part of the truth."""
        path = tmp_path / "campaign.csv.gz"
        path.write_bytes(gzip.compress(b"body\none\n")[:-1])
        with pytest.raises(SourceError, match="is damaged after 1 rows"):
            estimate(path, text="body")


class TestTextFiles:
    @pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.tsv.zst", "a.jsonl", "a.json.gz"])
    @pytest.mark.parametrize("is_compressed", [False, True])
    @pytest.mark.parametrize("codec", ["utf-8", "utf-16", "windows-1252"])
    def test_compression_and_encoding_are_found_in_the_file(
        self, tmp_path, name, is_compressed, codec
    ):
        """Whatever the file is called; only an encoding without a mark must be named."""
        text = '{"to": "+12", "body": "Grüße"}\n{"body": ""}\n{"body": "two"}\n'
        if ".json" not in name:
            text = "to\tbody\r\n+12\tGrüße\r\n\t\r\n\ttwo\r\n"
        data = text.encode(codec)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if is_compressed else data)
        encoding = codec if codec == "windows-1252" else None
        found = estimate(path, text="body", to="to", encoding=encoding)
        assert (found.messages, found.without_text, found.segments) == (2, 1, 2)
        assert found.unreadable.count == 0
        assert found.non_gsm_characters == {}
        (long,) = islice(find_long_messages([path], 0, text="body", to="to", encoding=encoding), 1)
        assert (long.text, long.recipient) == ("Grüße", "+12")

    def test_text_files_of_a_folder(self, tmp_path):
        """A folder may have notes; they are read only if they are named."""
        (tmp_path / "a.csv").write_text("body\none\n")
        (tmp_path / "readme.txt").write_text("Nothing\n")
        assert estimate(tmp_path, text="body").messages == 1
        with pytest.raises(SourceError, match="no column 'body'"):
            estimate([tmp_path, tmp_path / "readme.txt"], text="body")

    def test_unknown_encoding(self, tmp_path):
        """It is refused before a file is opened."""
        with pytest.raises(ValueError, match="unknown encoding 'windows-9999'"):
            estimate(tmp_path / "none.csv", text="body", encoding="windows-9999")


def test_a_template_is_parsed_once(monkeypatch, tmp_path):
    """All parts of an estimate share the template, which may be parsed already."""
    texts = []
    parse = Template.parse
    monkeypatch.setattr(Template, "parse", lambda text: texts.append(text) or parse(text))
    table = {"name": ["Ann", "Bob"], "to": ["+12", "+13"]}
    for template in ("Hi {name}", parse("Hi {name}")):
        result = estimate(table, template=template, to="to", threads=2)
        assert (result.messages, result.template) == (2, "Hi {name}")
    assert texts == ["Hi {name}"]
