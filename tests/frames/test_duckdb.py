"""The SQL functions of DuckDB give the results of the scalar functions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import septet
import strategies
from scalar import SAMPLE, columns, scalar

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from septet.frames.duckdb import register

ALL = "sms_encoding(body), sms_units(body), sms_segments(body)"


@pytest.fixture(scope="module")
def database():
    """An empty database with the functions."""
    with duckdb.connect() as connection:
        register(connection)
        yield connection


def rows(segmenter, texts):
    return [row or (None,) * 3 for row in scalar(segmenter, texts)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=columns, options=strategies.options.filter(lambda o: o.get("encoding") != "gsm7"))
def test_rows_are_counted_as_texts(kernels, database, texts, options) -> None:
    """Under all options, in both implementations; registering again replaces the rules."""
    segmenter = kernels.Segmenter(**options)
    register(database, segmenter)
    database.register("messages", pa.table({"body": pa.array(texts, pa.string())}))
    results = database.execute(f"select {ALL} from messages").fetchall()
    assert results == rows(segmenter, texts)
    register(database)
    assert database.execute("select sms_segments(repeat('a', 153 * 3))").fetchall() == [(3,)]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_parquet(tmp_path, threads) -> None:
    """Several threads over several row groups: every result is in the row of its text."""
    texts = SAMPLE * 3_000
    path = tmp_path / "campaign.parquet"
    table = pa.table({"id": range(len(texts)), "body": texts})
    pq.write_table(table, path, row_group_size=5_000)
    with duckdb.connect(config={"threads": threads}) as connection:
        register(connection)
        results = connection.sql(f"select id, {ALL} from '{path}'").to_arrow_table()
        total = connection.sql(f"select sum(sms_segments(body)) from '{path}'").fetchall()
        pulled = septet.count_many(connection.sql(f"select body from '{path}'"))
    expected = rows(septet.Segmenter(), SAMPLE)
    for row in results.sort_by("id").slice(12_340, 3_000).to_pylist():
        assert tuple(row.values())[1:] == expected[row["id"] % len(SAMPLE)]
    assert results.num_rows == len(texts)
    assert total == [(3_000 * sum(row[2] for row in expected if row[2]),)]
    assert total == [(pulled.sum(),)]


def test_predicates_and_groups(database) -> None:
    """Filtered rows do not affect the results of the others."""
    database.register("messages", pa.table({"key": [1, 2] * 5, "body": SAMPLE}))
    segments = [row[2] for row in rows(septet.Segmenter(), SAMPLE)]
    assert database.execute(
        "select key, sum(sms_segments(body)) from messages group by key order by key"
    ).fetchall() == [(1, sum(filter(None, segments[::2]))), (2, sum(segments[1::2]))]
    assert database.execute(
        "select body from messages where key = 2 and sms_encoding(body) = 'ucs2'"
    ).fetchall() == [("ж" * 71,), ("`",)]
    assert database.execute(
        "select sms_encoding(body), count(*) from messages group by 1 order by 1"
    ).fetchall() == [("gsm7", 6), ("ucs2", 3), (None, 1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select sms_segments('€'), sms_units('€'), sms_encoding('€')", [(1, 2, "gsm7")]),
        ("select sms_segments(null), sms_units(null), sms_encoding(null)", [(None,) * 3]),
        ("select sms_units(b) from (select null::varchar as b from range(3))", [(None,)] * 3),
        ("select sms_units(body) from (select 'a' as body where false)", []),
        ("select sms_units('a' || i) from range(8, 11) t(i)", [(2,), (2,), (3,)]),
        (
            "select sms_encoding(b) from (select ['a', null, 'ж'][1 + i % 3]"
            "::enum('a', 'ж') as b from range(4) t(i))",
            [("gsm7",), (None,), ("ucs2",), ("gsm7",)],
        ),
        ("select typeof(sms_segments('')), typeof(sms_units(''))", [("INTEGER", "INTEGER")]),
        ("select typeof(sms_encoding(''))", [("ENUM('gsm7', 'ucs2')",)]),
    ],
)
def test_vectors_of_every_kind(database, query, expected) -> None:
    """Constants, nulls, no rows and ENUM columns; the types of the results."""
    assert database.execute(query).fetchall() == expected


LEVELS = ("punctuation", "letters", "all")


@pytest.mark.parametrize("level", LEVELS)
def test_replacements(database, level) -> None:
    """What `transliterate` gives, with the level of each row."""
    pytest.importorskip("anyascii")
    texts = [*SAMPLE, "It’s", "Łódź", "Привет", None]
    table = pa.table({"id": range(len(texts)), "body": pa.array(texts, pa.string())})
    database.register("messages", table)
    query = f"select sms_transliterate(body, '{level}') from messages order by id"
    expected = [text and septet.transliterate(text, level).text for text in texts]
    assert [row[0] for row in database.execute(query).fetchall()] == expected
    assert database.execute("select sms_transliterate('It’s')").fetchall() == [("It's",)]
    one = (
        "select sms_transliterate(t, l) from (values ('Łódź’', 'letters'), ('Łódź', null)) v(t, l)"
    )
    assert database.execute(one).fetchall() == [("Lodz'",), (None,)]
    several = (
        "select sms_transliterate('Łódź’ Ж', ['punctuation', 'letters', 'all', null][1 + i % 4])"
        " from range(8) t(i)"
    )
    each = [(septet.transliterate("Łódź’ Ж", name).text,) for name in LEVELS]
    assert database.execute(several).fetchall() == [*each, (None,)] * 2


def test_replacements_by_other_rules() -> None:
    """Those of the segmenter that was registered."""
    with duckdb.connect() as connection:
        register(connection, septet.Segmenter(encoding="ucs2"))
        assert connection.execute("select sms_transliterate('It’s')").fetchall() == [("It’s",)]


@pytest.mark.parametrize("arguments", ["1", "'a', 'b'", "'a', 'all', 'all'", "", "'a', 1"])
def test_wrong_arguments_of_replacements(database, arguments) -> None:
    """The types, the level and the number of arguments are checked."""
    with pytest.raises(duckdb.Error):
        database.execute(f"select sms_transliterate({arguments})").fetchall()


def test_cursors(database) -> None:
    """The functions can be called through other cursors of the connection."""
    with database.cursor() as cursor:
        assert cursor.execute("select sms_segments('a')").fetchall() == [(1,)]


@pytest.mark.parametrize("argument", ["1", "'a'::blob", "['a']"])
def test_other_types_are_refused(database, argument) -> None:
    """DuckDB refuses other types before a row is counted."""
    with pytest.raises(duckdb.BinderException):
        database.execute(f"select sms_segments({argument})")


def test_forced_gsm7_names_the_character() -> None:
    """But not the row, which would be one of the batch that DuckDB passes."""
    with duckdb.connect() as connection:
        register(connection, septet.Segmenter(encoding=septet.Encoding.GSM7))
        with pytest.raises(duckdb.Error, match="character 'ж' at index 1 is not in the GSM"):
            connection.execute("select sms_segments(b) from (values ('a'), ('bж')) t(b)").fetchall()


@pytest.mark.parametrize("setting", ["arrow_large_buffer_size", "produce_arrow_string_view"])
def test_other_layouts_of_texts(setting) -> None:
    """Settings of the connection that change what functions are handed give the same results."""
    with duckdb.connect() as connection:
        register(connection)
        connection.sql(f"set {setting} = true")
        texts = "(values ('a'), (null), ($1)) texts(body)"
        rows = connection.execute(f"select {ALL} from {texts}", ["ж" * 71]).fetchall()
    assert rows == [("gsm7", 1, 1), (None, None, None), ("ucs2", 71, 2)]
