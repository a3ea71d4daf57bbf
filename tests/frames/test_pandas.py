"""The accessor `sms` of pandas gives the results of the scalar functions, for all dtypes."""

from __future__ import annotations

import importlib.util

import pytest
from hypothesis import HealthCheck, given, settings

import septet
import strategies
from scalar import SAMPLE, columns, scalar
from septet import EncodingError

pytest.importorskip("pandas")
import numpy as np
import pandas as pd

import septet.frames.pandas

FIELDS = ["encoding", "unit_count", "segment_count"]
ARROW = pytest.mark.skipif(not importlib.util.find_spec("pyarrow"), reason="needs pyarrow")


def arrow(name):
    import pyarrow as pa

    return pd.ArrowDtype(getattr(pa, name)())


HOLDERS = {
    "default": lambda texts: pd.Series(texts, dtype=pd.Series(["a text"]).dtype),
    "object": lambda texts: pd.Series(texts, dtype=object),
    "python": lambda texts: pd.Series(texts, dtype=pd.StringDtype("python")),
    "category": lambda texts: pd.Series(texts, dtype=object).astype("category"),
}
ARROW_HOLDERS = {
    "pyarrow": lambda texts: pd.Series(texts, dtype=pd.StringDtype("pyarrow")),
    "string": lambda texts: pd.Series(texts, dtype=arrow("string")),
    "large_string": lambda texts: pd.Series(texts, dtype=arrow("large_string")),
    "category over pyarrow": lambda texts: ARROW_HOLDERS["pyarrow"](texts).astype("category"),
}
every_holder = pytest.mark.parametrize(
    "hold",
    [*HOLDERS.values(), *(pytest.param(hold, marks=ARROW) for hold in ARROW_HOLDERS.values())],
    ids=[*HOLDERS, *ARROW_HOLDERS],
)


def check(segmenter, series, texts) -> None:
    """Compare all four methods, values, types, index and name."""
    expected = scalar(segmenter, texts)
    series = series.set_axis(range(100, 100 + len(texts))).rename("body")
    analysis = series.sms.analyze(segmenter)
    assert list(analysis.columns) == FIELDS
    assert analysis.index.equals(series.index)
    rows = analysis.astype(object).where(analysis.notna(), None).itertuples(index=False, name=None)
    assert list(rows) == [row or (None,) * 3 for row in expected]
    assert analysis["encoding"].dtype == pd.CategoricalDtype(["gsm7", "ucs2"])
    for name in FIELDS:
        column = getattr(series.sms, name)(segmenter)
        pd.testing.assert_series_equal(column, analysis[name].rename("body"))
        assert name == "encoding" or column.dtype == pd.Int32Dtype()


@every_holder
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=columns, options=strategies.options.filter(lambda o: o.get("encoding") != "gsm7"))
def test_rows_are_counted_as_texts(kernels, hold, texts, options) -> None:
    """Under all options, in both implementations, for all dtypes of texts."""
    check(kernels.Segmenter(**options), hold(texts), texts)


@every_holder
@pytest.mark.parametrize("texts", [[], [None, None], SAMPLE * 3], ids=["empty", "nulls", "some"])
def test_slices_chunks_and_columns_without_a_text(hold, texts) -> None:
    """Slices of a Series, Series joined by `concat`, and Series of missing texts."""
    segmenter = septet.Segmenter()
    check(segmenter, hold(texts), texts)
    check(segmenter, hold(texts)[1:-1], texts[1:-1])
    check(segmenter, hold(texts)[::2], texts[::2])
    check(segmenter, pd.concat([hold(texts), hold(texts)]), texts + texts)


def test_every_kind_of_missing() -> None:
    """None, NaN and NA."""
    series = pd.Series(["é", None, float("nan"), np.nan, pd.NA, pd.NaT, ""], dtype=object)
    check(septet.Segmenter(), series, ["é", None, None, None, None, None, ""])


def test_default_series() -> None:
    """The default dtype of pandas, also for an empty Series and one of nulls."""
    for texts in (SAMPLE, ["a"], [None, None], []):
        check(septet.Segmenter(), pd.Series(texts), texts)


def test_lone_surrogates() -> None:
    """An object column may contain them; each is a code unit."""
    check(
        septet.Segmenter(),
        pd.Series(["\ud83d", "\ud83d\ude00"], dtype=object),
        ["\ud83d", "\ud83d\ude00"],
    )


def test_results_may_be_changed() -> None:
    """Results share no memory with the Series or with each other."""
    series = pd.Series(SAMPLE)
    analysis = series.sms.analyze()
    analysis.loc[0, "unit_count"] = pd.NA
    analysis.loc[2, "segment_count"] = 9
    assert analysis["segment_count"].tolist()[:3] == [1, 1, 9]
    assert analysis["unit_count"].isna().tolist()[:3] == [True, False, True]
    counts = series.sms.segment_count()
    counts[2] = 5
    assert series.isna()[2]


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (pd.Series([1, 2]), "expected a column of texts, got type int64"),
        (pd.Series([1, None], dtype="Int64"), "expected a column of texts, got type Int64"),
        (
            pd.Series(pd.to_datetime(["2026-01-01"])),
            "expected a column of texts, got type date",
        ),
        (pd.Series(["one", 2], dtype=object), "row 1: text must be str or None, not int"),
        (pd.Series([1, 2], dtype="category"), "row 0: text must be str or None, not int"),
        pytest.param("int64", "expected a column of texts, got Arrow type int64", marks=ARROW),
        pytest.param("binary", "expected a column of texts, got Arrow type binary", marks=ARROW),
    ],
)
def test_other_types_are_refused(series, message) -> None:
    """The error names the type, or the row."""
    if isinstance(series, str):
        series = pd.Series([None], dtype=arrow(series))
    for method in (series.sms.segment_count, series.sms.analyze):
        with pytest.raises(TypeError) as caught:
            method()
        assert str(caught.value).startswith(message)


@every_holder
def test_forced_gsm7_names_the_row(hold) -> None:
    """The row is the position in the Series, not the label."""
    series = hold(["a", None, "bж"]).set_axis([7, 8, 9])
    with pytest.raises(EncodingError, match="character 'ж' at row 2, index 1"):
        series.sms.unit_count(septet.Segmenter(encoding=septet.Encoding.GSM7))


@every_holder
@pytest.mark.parametrize("when", ["helps", "always"])
@pytest.mark.parametrize("level", ["punctuation", "all"])
def test_replacements(hold, level, when) -> None:
    """Those of `transliterate`; the dtype, index and name are kept, but not categories."""
    pytest.importorskip("anyascii")
    texts = [*SAMPLE, "It’s", "“Łódź”", "Привет", None]
    series = hold(texts).set_axis(range(100, 100 + len(texts))).rename("body")
    result = series.sms.transliterate(level, when=when)
    expected = [text and septet.transliterate(text, level, when=when).text for text in texts]
    assert result.astype(object).where(result.notna(), None).tolist() == expected
    assert result.index.equals(series.index)
    assert result.name == "body"
    is_category = isinstance(series.dtype, pd.CategoricalDtype)
    assert result.dtype == (np.dtype(object) if is_category else series.dtype)
    assert hold([]).sms.transliterate().tolist() == []


def test_replacements_by_other_rules() -> None:
    """Those of the segmenter; wrong arguments are refused."""
    series = pd.Series(["It’s"])
    rules = septet.Segmenter(encoding="ucs2")
    assert series.sms.transliterate(segmenter=rules).tolist() == ["It’s"]
    with pytest.raises(ValueError, match=r"^level must be one of"):
        series.sms.transliterate("latin")
