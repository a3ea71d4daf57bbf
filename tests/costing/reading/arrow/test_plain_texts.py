"""Columns of plain texts: the same rows as pyarrow reads, without it; damage is left to it."""

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

import septet  # noqa: E402
from message_files import listed  # noqa: E402
from septet.arrow.view_columns import ViewColumn  # noqa: E402
from septet.costing import open_source  # noqa: E402
from septet.costing.reading.arrow import parquet_files, plain_texts  # noqa: E402
from septet.costing.reading.arrow.plain_texts import MIN_ROWS  # noqa: E402
from septet.costing.reading.arrow.rows import BATCH_BYTES, BATCH_ROWS  # noqa: E402
from septet.costing.reading.sources import Columns  # noqa: E402
from septet.exceptions import SourceError  # noqa: E402

CODECS = ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]


@pytest.fixture(autouse=True)
def small_row_groups():
    """Row groups and pages of any size are read here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet_files, "MIN_ROWS", 1)
        patch.setattr(plain_texts, "MIN_PAGE_ROWS", 1)
        yield


def read(path, *, by_pyarrow=False, by=()):
    """Return all rows, the unreadable ones, whether a batch was plain, and the error's text."""
    rows, is_plain, error = [], False, None
    with pytest.MonkeyPatch.context() as patch:
        if by_pyarrow:
            patch.setattr(parquet_files, "find_plain_columns", lambda *_: [])
        try:
            columns = Columns("body", "phone", by)
            with parquet_files.ParquetSource(str(path), columns) as source:
                for batch in source:
                    is_plain |= isinstance(batch.texts, ViewColumn)
                    columns = [batch.texts, batch.recipients, *batch.groups]
                    assert len(batch.texts) <= BATCH_ROWS
                    rows += zip(*map(listed, columns), strict=True)
                unreadable = source.unreadable
        except SourceError as caught:
            unreadable, error = None, str(caught)
    return rows, unreadable, is_plain, error


def make_table(rng, row_count):
    """Return a table with texts of all lengths, few or many distinct ones, and nulls."""
    distinct = [
        rng.choice(
            ["", "a", "twelve bytes", "thirteen byte", "ünï 😀", "long " * rng.randrange(99)]
        )
        + (str(number) if rng.random() < 0.9 else "")
        for number in range(rng.choice([1, 3, 1_000]))
    ]

    def column(null_share):
        return pa.array(
            [
                None if rng.random() < null_share else distinct[rng.randrange(len(distinct))]
                for _ in range(row_count)
            ],
            pa.string(),
        )

    columns = [column(rng.choice([0, 0, 0.02, 0.5, 1])) for _ in range(3)]
    is_optional = [bool(array.null_count) or rng.random() < 0.8 for array in columns]
    schema = pa.schema(
        [
            pa.field(name, pa.string(), nullable)
            for name, nullable in zip(("phone", "by", "body"), is_optional, strict=True)
        ]
    )
    return pa.table(columns, schema)


def write_table(path, rng, row_count=None, codec=None):
    table = make_table(rng, rng.randrange(400) if row_count is None else row_count)
    pq.write_table(
        table,
        path,
        row_group_size=rng.choice([7, 100, 1_000]),
        use_dictionary=rng.choice([True, False, ["body"]]),
        compression=codec or rng.choice(CODECS),
        data_page_version=rng.choice(["1.0", "2.0"]),
        data_page_size=rng.choice([1, 100, 5_000, 1 << 20]),
        dictionary_pagesize_limit=rng.choice([50, 1_000, 1 << 20]),
        write_batch_size=rng.choice([1, 10, 1_000]),
        store_schema=rng.random() < 0.5,
    )
    return table


@given(st.integers(0, 2**32))
def test_tables(tmp_path_factory, seed):
    """Rows of tables of all kinds are those that pyarrow reads."""
    path = tmp_path_factory.mktemp("plain") / "a.parquet"
    table = write_table(path, Random(seed))
    expected = [*zip(*(table[name].to_pylist() for name in ("body", "phone", "by")), strict=True)]
    rows, unreadable, _, error = read(path, by=("by",))
    assert error is None
    assert rows == expected
    assert unreadable.count == 0


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("use_dictionary", [True, False])
def test_what_is_plain(tmp_path, codec, version, use_dictionary):
    """Texts of all codecs but LZ4 are read without pyarrow's arrays."""
    path = tmp_path / "a.parquet"
    table = pa.table({"phone": ["+1", None, "+2"] * 50, "body": ["a long text " * 9, "b", ""] * 50})
    pq.write_table(
        table,
        path,
        compression=codec,
        data_page_version=version,
        use_dictionary=use_dictionary,
    )
    rows, _, is_plain, _ = read(path)
    assert rows == [*zip(table["body"].to_pylist(), table["phone"].to_pylist(), strict=True)]
    assert is_plain == (codec != "lz4" and septet.IMPLEMENTATION == "compiled")


@pytest.mark.parametrize(
    ("column", "encoding"),
    [
        (pa.array(["a", "b"]), "DELTA_BYTE_ARRAY"),
        (pa.array(["a", "b"]), "DELTA_LENGTH_BYTE_ARRAY"),
        (pa.nulls(2), "PLAIN"),
    ],
)
def test_what_is_not_plain(tmp_path, column, encoding):
    """Other encodings and types are read by pyarrow."""
    path = tmp_path / "a.parquet"
    table = pa.table({"phone": ["1", "2"], "body": column})
    pq.write_table(table, path, use_dictionary=False, column_encoding={"body": encoding})
    rows, _, is_plain, _ = read(path)
    assert rows == [*zip(column.to_pylist(), ["1", "2"], strict=True)]
    assert not is_plain


@pytest.mark.skipif(septet.IMPLEMENTATION == "python", reason="pyarrow reads all pages then")
@pytest.mark.parametrize("codec", ["none", "snappy"])
def test_pyarrow_is_not_imported(tmp_path, codec):
    """It takes longer to import than two million rows to count."""
    path = tmp_path / "a.parquet"
    rows = MIN_ROWS
    pq.write_table(pa.table({"id": range(rows), "body": ["text"] * rows}), path, compression=codec)
    program = (
        "import sys; from septet.costing import estimate; estimate(sys.argv[1], text='body');"
        "assert 'pyarrow' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        (0, 5, 1),  # columns of which some are nested
        (1, 4, b"body"),  # a name twice
        (1, 4, b"\xff"),
        (2, 1, 2),  # integers
        (2, 3, 2),  # lists
        (2, 6, 6),  # another type of texts
        (2, 10, {4: {}}),
        (2, 4, None),
    ],
)
def test_schemas_that_are_not_plain(place, field, value):
    """Columns that may be something else are left to pyarrow."""
    text = {1: 6, 3: 1, 6: 0, 10: {1: {}}}
    metadata = {2: [{4: b"schema", 5: 2}, {**text, 4: b"phone"}, {**text, 4: b"body"}]}
    found = [*map(tuple, plain_texts.find_plain_columns(metadata, ["body"]))]
    expected = [((1, "body", False, 0), True)] if septet.IMPLEMENTATION == "compiled" else []
    assert found == expected
    metadata[2][place][field] = value
    assert plain_texts.find_plain_columns(metadata, ["body"]) == []


def test_nested_columns(tmp_path):
    """A field of a struct is not taken for the column with the name of its path."""
    path = tmp_path / "a.parquet"
    table = pa.table({"x": [{"body": "wrong"}], "body": ["right"], "phone": ["1"]})
    pq.write_table(table, path)
    assert read(path)[0] == [("right", "1")]
    table = pa.table({"x.y": ["right"], "x": [{"y": "wrong"}]})
    pq.write_table(table, path)
    with open_source(path, "x.y") as source:
        assert [row for batch in source for row in listed(batch.texts)] == ["right"]


def test_small_row_groups(tmp_path, monkeypatch):
    """They are read together with those beside them, in the order of the file."""
    monkeypatch.setattr(parquet_files, "MIN_ROWS", 10)
    path = tmp_path / "a.parquet"
    texts = [str(number) for number in range(60)]
    schema = pa.schema({"body": pa.string(), "phone": pa.string()})
    start = 0
    with pq.ParquetWriter(path, schema) as writer:
        for size in (20, 3, 3, 10, 4, 20):
            part = texts[start : start + size]
            writer.write_table(pa.table({"body": part, "phone": part}, schema))
            start += size
    assert read(path)[0] == [(text, text) for text in texts]


def test_small_pages(tmp_path, monkeypatch):
    """They are left to pyarrow."""
    monkeypatch.setattr(plain_texts, "MIN_PAGE_ROWS", 10)
    path = tmp_path / "a.parquet"
    table = pa.table({"body": ["a"] * 100, "phone": ["1"] * 100})
    for rows, is_small in ((9, True), (10, False)):
        pq.write_table(table, path, use_dictionary=False, write_batch_size=rows, data_page_size=1)
        found, _, is_plain, _ = read(path)
        assert found == [("a", "1")] * 100
        assert is_plain == (not is_small and septet.IMPLEMENTATION == "compiled")


def test_bytes_of_batches(tmp_path):
    """Batches of long texts, also of a dictionary, have a bounded size."""
    path = tmp_path / "a.parquet"
    texts = ["x" * 100_000] * 200 + ["short"] * 1_000
    pq.write_table(pa.table({"body": texts, "phone": ["1"] * len(texts)}), path)
    with open_source(path, "body", "phone") as source:
        sizes = [sum(map(len, listed(batch.texts))) for batch in source]
    assert sum(sizes) == sum(map(len, texts))
    assert max(sizes) <= BATCH_BYTES


@pytest.mark.parametrize("use_dictionary", [True, False])
def test_texts_that_are_not_utf8(tmp_path, use_dictionary):
    """Such rows are unreadable, whichever batch they are in."""
    texts = [b"text %d" % number for number in range(80_000)]
    for row in (3, 50_000, 79_999):
        texts[row] += b"\xff"
    body = pa.array(texts, pa.binary()).view(pa.string())
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"body": body, "phone": body}), path, use_dictionary=use_dictionary)
    rows, unreadable, _, error = read(path)
    assert error is None
    assert len(rows) == 79_997
    assert rows[3] == ("text 4", "text 4")
    assert [str(row) for row in unreadable.examples] == [
        f"row {row}: not valid UTF-8" for row in (4, 50_001, 80_000)
    ]


def mutate(content, rng):
    """Return a file with some other bytes, or without some."""
    content = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8])):
        position = rng.randrange(len(content))
        kind = rng.random()
        if kind < 0.5:
            content[position] = rng.randrange(256)
        elif kind < 0.8:
            content[position] ^= 1 << rng.randrange(8)
        elif kind < 0.9:
            del content[position : position + rng.randrange(1, 9)]
        else:
            content[position:position] = rng.randbytes(rng.randrange(1, 9))
    return bytes(content)


def check_mutations(path, seed, count):
    """Check that damaged files give the rows that pyarrow reads, or an error."""
    rng = Random(seed)
    write_table(path, rng, 150)
    whole = path.read_bytes()
    for _ in range(count):
        path.write_bytes(mutate(whole, rng))
        rows, unreadable, _, error = read(path)
        expected_rows, expected_unreadable, _, expected_error = read(path, by_pyarrow=True)
        if error is None and expected_error is None:
            assert rows == expected_rows
            assert unreadable == expected_unreadable


@pytest.mark.parametrize("seed", range(15))
def test_damaged_files(tmp_path, seed):
    """No damage ends the process or changes what is read."""
    check_mutations(tmp_path / "a.parquet", seed, 20)
