"""The namespace `sms` of Polars gives the results of the scalar functions, in all contexts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import septet
import strategies
from scalar import SAMPLE, columns, scalar
from septet import EncodingError

pytest.importorskip("polars")
import polars as pl

import septet.frames.polars

FIELDS = ("encoding", "unit_count", "segment_count")
BODY = pl.col("body").sms
ENCODING = pl.Enum(["gsm7", "ucs2"])


def records(segmenter, texts):
    """Return the rows of `analyze()`."""
    return [row and dict(zip(FIELDS, row, strict=True)) for row in scalar(segmenter, texts)]


def counts(texts):
    return [row and row["segment_count"] for row in records(septet.Segmenter(), texts)]


def check(segmenter, series, texts) -> None:
    """Compare all four methods, of the Series and of an expression over it."""
    expected = records(segmenter, texts)
    frame = series.alias("body").to_frame()
    for result in (
        series.sms.analyze(segmenter),
        frame.select(BODY.analyze(segmenter)).to_series(),
        frame.lazy().select(BODY.analyze(segmenter)).collect().to_series(),
    ):
        assert result.to_list() == expected
        assert result.null_count() == series.null_count()
        assert result.dtype == pl.Struct(
            {"encoding": ENCODING, "unit_count": pl.Int32, "segment_count": pl.Int32}
        )
    for name in FIELDS:
        column = [row and row[name] for row in expected]
        for result in (
            getattr(series.sms, name)(segmenter),
            frame.select(getattr(BODY, name)(segmenter)).to_series(),
        ):
            assert result.to_list() == column
            assert result.dtype == (ENCODING if name == "encoding" else pl.Int32)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=columns, options=strategies.options.filter(lambda o: o.get("encoding") != "gsm7"))
def test_rows_are_counted_as_texts(kernels, texts, options) -> None:
    """Under all options, in both implementations."""
    check(kernels.Segmenter(**options), pl.Series("body", texts, dtype=pl.String), texts)


@pytest.mark.parametrize(
    ("series", "texts"),
    [
        (pl.Series(SAMPLE)[2:7], SAMPLE[2:7]),
        (pl.concat([pl.Series(SAMPLE), pl.Series(SAMPLE[:3])], rechunk=False), SAMPLE + SAMPLE[:3]),
        (pl.Series(SAMPLE, dtype=pl.Categorical), SAMPLE),
        (pl.Series(["é", None, "é"], dtype=pl.Enum(["a", "é"])), ["é", None, "é"]),
        (pl.Series([None, None], dtype=pl.String), [None, None]),
        (pl.Series([None, None], dtype=pl.Null), [None, None]),
        (pl.Series([], dtype=pl.String), []),
        (pl.Series([], dtype=pl.Null), []),
    ],
    ids=["slice", "chunks", "Categorical", "Enum", "nulls", "Null", "empty", "empty Null"],
)
def test_kinds_of_series(series, texts) -> None:
    """Slices, chunks, categories, and columns without any text."""
    check(septet.Segmenter(), series, texts)


def test_names_are_kept() -> None:
    """As with the methods of Polars itself."""
    frame = pl.DataFrame({"body": SAMPLE})
    for method in ("analyze", *FIELDS):
        assert getattr(frame["body"].sms, method)().name == "body"
        assert frame.select(getattr(BODY, method)()).columns == ["body"]


def test_streaming() -> None:
    """Batches in several threads give the same rows in the same order."""
    texts = SAMPLE * 15_000
    frame = pl.LazyFrame({"body": texts}).select(BODY.segment_count(), analysis=BODY.analyze())
    assert frame.collect_schema()["body"] == pl.Int32
    assert frame.collect_schema()["analysis"].fields[0] == pl.Field("encoding", ENCODING)
    result = frame.collect(engine="streaming")
    assert result["body"].to_list() == counts(SAMPLE) * 15_000
    assert result["analysis"].struct.field("segment_count").equals(result["body"])


def test_element_wise() -> None:
    """The streaming engine passes a few rows at a time; all groups are counted in one call."""
    sizes = []

    class Watched(septet.Segmenter):
        def count_many(self, column, **options):
            sizes.append(len(column))
            return super().count_many(column, **options)

    frame = pl.LazyFrame({"key": ["x", "y"] * 150_000, "body": ["a"] * 300_000})
    expression = BODY.segment_count(Watched())
    frame.select(expression).collect(engine="streaming")
    assert sum(sizes) == 300_000
    assert len(sizes) > 1
    sizes.clear()
    frame.group_by("key").agg(expression.sum()).collect(engine="in-memory")
    assert sizes == [300_000]


def test_predicates_and_totals() -> None:
    """In filters, aggregates, groups and windows."""
    frame = pl.DataFrame({"key": ["x", "y"] * 5, "body": SAMPLE})
    expected = counts(SAMPLE)
    ucs2 = frame.filter(BODY.encoding() == "ucs2")["body"]
    assert ucs2.to_list() == ["😀" * 40, "ж" * 71, "`"]
    assert frame.lazy().select(BODY.segment_count().sum()).collect().item() == sum(
        filter(None, expected)
    )
    totals = {"x": sum(filter(None, expected[::2])), "y": sum(expected[1::2])}
    grouped = frame.group_by("key").agg(BODY.segment_count().sum(), rows=BODY.segment_count())
    assert dict(grouped.select("key", "body").iter_rows()) == totals
    assert dict(grouped.select("key", "rows").iter_rows()) == {
        "x": expected[::2],
        "y": expected[1::2],
    }
    over = frame.select(BODY.segment_count().sum().over("key")).to_series()
    assert over.to_list() == [totals["x"], totals["y"]] * 5


@pytest.mark.parametrize("values", [[1], [b"x"], [["x"]], [1.5], [{"a": "x", "b": "y"}]], ids=str)
def test_other_types_are_refused(values) -> None:
    """The error of a Series and of an expression names the type."""
    series = pl.Series("body", values)
    with pytest.raises(TypeError, match="expected a column of texts, got Arrow type"):
        series.sms.segment_count()
    with pytest.raises(
        (TypeError, pl.exceptions.ComputeError), match="expected a column of texts, got Arrow type"
    ):
        series.to_frame().lazy().select(BODY.analyze()).collect()


def test_forced_gsm7_names_the_character() -> None:
    """A Series names the row too; an expression does not, as it sees a batch of rows."""
    segmenter = septet.Segmenter(encoding=septet.Encoding.GSM7)
    series = pl.Series("body", ["a", None, "bж"])
    with pytest.raises(EncodingError, match="character 'ж' at row 2, index 1"):
        series.sms.segment_count(segmenter)
    with pytest.raises(pl.exceptions.ComputeError, match="character 'ж' at index 1 is not"):
        series.to_frame().select(BODY.segment_count(segmenter))


@pytest.mark.parametrize("when", ["helps", "cheaper", "always"])
@pytest.mark.parametrize("level", ["punctuation", "letters", "all"])
def test_replacements(level, when) -> None:
    """Those of `transliterate`, for a Series and in every kind of query; names are kept."""
    pytest.importorskip("anyascii")
    texts = [*SAMPLE, "It’s", "“Łódź” " * 20, "Привет", None]
    expected = [text and septet.transliterate(text, level, when=when).text for text in texts]
    for dtype in (pl.String, pl.Categorical):
        series = pl.Series("body", texts, dtype=dtype)
        frame = series.to_frame()
        replaced = BODY.transliterate(level, when=when)
        for result in (
            series.sms.transliterate(level, when=when),
            frame.select(replaced).to_series(),
            frame.lazy().select(replaced).collect(engine="streaming").to_series(),
        ):
            assert result.to_list() == expected
            assert (result.name, result.dtype) == ("body", pl.String)
    assert series[:0].sms.transliterate(level).to_list() == []


def test_replacements_by_other_rules() -> None:
    """Those of the segmenter; wrong arguments are refused before a query runs."""
    rules = septet.Segmenter(encoding="ucs2")
    frame = pl.DataFrame({"body": ["It’s"]})
    assert frame["body"].sms.transliterate(segmenter=rules).to_list() == ["It’s"]
    assert frame.select(BODY.transliterate(segmenter=rules)).rows() == [("It’s",)]
    with pytest.raises(ValueError, match=r"^level must be one of"):
        BODY.transliterate("latin")
    with pytest.raises(ValueError, match=r"^when must be one of"):
        BODY.transliterate(when="never")
    forced = septet.Segmenter(encoding="gsm7")
    bad = BODY.transliterate(when="cheaper", segmenter=forced)
    with pytest.raises(pl.exceptions.ComputeError, match="character 'ж' at index 1"):
        pl.DataFrame({"body": ["’ж"]}).select(bad)
