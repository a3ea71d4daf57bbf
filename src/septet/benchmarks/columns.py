"""Columns in Arrow memory: septet, and others that only read the same texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from .. import analyze_many, count_many, transliterate_many
from . import corpora, timing
from .results import Group, Row, install, version_of

__all__ = ["PACKAGES", "count_with_polars", "measure"]

PACKAGES = ("pyarrow", "polars", "duckdb", "numpy")
_DISTINCT = 100_000
_COUNTS = "septet `count_many`"
_EXPRESSIONS = "Polars, by expressions"


def count_with_polars(texts: Any) -> Any:
    """Count a Polars series as one would without septet: by length, so boundaries are ignored."""
    import polars as pl

    text = pl.col("text")
    is_gsm7 = text.str.contains(
        r"^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !-?A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\\[~\]|€¤¡]*$"
    )
    septets = text.str.len_chars() + text.str.count_matches(r"[\f^{}\\\[~\]|€]")
    gsm7 = pl.when(septets <= 160).then(1).otherwise((septets + 152) // 153)
    ucs2 = pl.when(text.str.len_chars() <= 70).then(1).otherwise((text.str.len_chars() + 66) // 67)
    frame = pl.DataFrame({"text": texts})
    return frame.select(pl.when(is_gsm7).then(gsm7).otherwise(ucs2)).to_series()


def measure(messages: int, rounds: int) -> Group:
    """Measure columns; without pyarrow there are no rows.

    Args:
        messages: The rows of each column.
        rounds: How often each function is called; the functions take turns.
    """
    rows, notes = [], []
    for section, make in (("plain ASCII", corpora.bulk_ascii), ("mixed", corpora.bulk_mixed)):
        distinct = make(min(messages, _DISTINCT))
        texts = (distinct * (messages // len(distinct) + 1))[:messages]
        calls = _calls(texts) if version_of("pyarrow") else {}
        for call in calls.values():
            call()  # the first one loads modules and makes tables
        runs = {name: partial(timing.processor_milliseconds, calls[name]) for name in calls}
        for name, times in timing.in_turns(runs, rounds).items():
            rows.append(Row(section, name, messages, *times, is_septet=name.startswith("septet")))
        if _EXPRESSIONS in calls:
            theirs = calls[_EXPRESSIONS]()
            differing = (theirs != type(theirs)(calls[_COUNTS]())).sum()
            notes.append(
                f"The expressions of Polars count {differing:,} of the {section} texts differently."
            )
    return Group(
        f"Columns of {messages:,} texts",
        "The texts are in memory. pyarrow, NumPy, DuckDB and `len_chars` of Polars only read them.",
        "texts",
        rows,
        notes,
        install(PACKAGES),
    )


def _calls(texts: Sequence[str]) -> dict[str, Callable[[], Any]]:
    """Return septet's functions, and those of the packages that are installed, on one column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(texts)
    calls: dict[str, Callable[[], Any]] = {
        _COUNTS: lambda: count_many(column),
        "septet `analyze_many`": lambda: analyze_many(column),
        "septet `transliterate_many`": lambda: transliterate_many(column),
        "pyarrow `utf8_length`": lambda: pc.utf8_length(column),
    }
    if version_of("numpy"):
        import numpy as np

        data = np.frombuffer(column.buffers()[2], dtype=np.uint8)
        words = data[: len(data) // 8 * 8].view(np.uint64)
        calls["NumPy `sum` of the bytes"] = words.sum
    if version_of("polars"):
        import polars as pl

        series = pl.Series(column)
        calls["Polars `len_chars`"] = series.str.len_chars
        calls[_EXPRESSIONS] = lambda: count_with_polars(series)
    if version_of("duckdb"):
        import duckdb

        database = duckdb.connect(config={"threads": 1})
        arrow = pa.table({"body": column})
        database.from_arrow(arrow).create("messages")
        query = "SELECT sum(length(body)) FROM messages"
        calls["DuckDB `length`, summed"] = lambda: database.sql(query).fetchall()
    return calls
