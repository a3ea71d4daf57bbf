"""Measure the overhead of the dataframe adapters: `python benchmarks/frames.py`.

One million seeded messages in the format of each library. Each call takes turns with `count_many`
or `analyze_many` on the same rows. Prints the medians and their ratios to these functions.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable

import duckdb
import pandas as pd
import polars as pl

import septet
import septet.frames.duckdb
import septet.frames.pandas
import septet.frames.polars
from septet.benchmarks import corpora, timing

_ROWS = 1_000_000
_DISTINCT = 100_000

_Calls = dict[str, Callable[[], object]]


def _polars(texts: list[str]) -> list[_Calls]:
    series = pl.Series("body", texts)
    frame, sms = series.to_frame(), pl.col("body").sms
    return [
        {
            "count_many(series)": lambda: septet.count_many(series),
            "series.sms.segment_count()": series.sms.segment_count,
            "the same, expression": lambda: frame.select(sms.segment_count()),
            "the same, streaming": lambda: (
                frame.lazy().select(sms.segment_count()).collect(engine="streaming")
            ),
        },
        {
            "analyze_many(series)": lambda: septet.analyze_many(series),
            "series.sms.analyze()": series.sms.analyze,
            "the same, expression": lambda: frame.select(sms.analyze()),
            "series.sms.unit_count()": series.sms.unit_count,
        },
    ]


def _pandas(texts: list[str]) -> list[_Calls]:
    series = pd.Series(texts)
    as_object = pd.Series(texts, dtype=object)
    category = series.astype("category")
    arrow = series.array.__arrow_array__()
    return [
        {
            "count_many(its Arrow array)": lambda: septet.count_many(arrow),
            "series.sms.segment_count(), str": series.sms.segment_count,
            "the same, category": category.sms.segment_count,
            "series.str.len()": series.str.len,
        },
        {
            "count_many(a list)": lambda: septet.count_many(texts),
            "series.sms.segment_count(), object": as_object.sms.segment_count,
        },
        {
            "analyze_many(its Arrow array)": lambda: septet.analyze_many(arrow),
            "series.sms.analyze(), str": series.sms.analyze,
        },
    ]


def _duckdb(texts: list[str], threads: int) -> _Calls:
    connection = duckdb.connect(config={"threads": threads})
    connection.register("frame", pl.DataFrame({"body": texts}))
    connection.sql("create table messages as from frame")
    septet.frames.duckdb.register(connection)

    def sql(expression: str) -> Callable[[], object]:
        return lambda: connection.sql(f"select {expression} from messages").fetchall()

    return {
        "count_many(relation).sum()": lambda: septet.count_many(
            connection.sql("select body from messages")
        ).sum(),
        "sum(sms_segments(body))": sql("sum(sms_segments(body))"),
        "count(sms_encoding(body))": sql("count(sms_encoding(body))"),
        "sum(length(body))": sql("sum(length(body))"),
    }


def _measure(title: str, calls: _Calls, rounds: int) -> None:
    """Print the median milliseconds of each call, and their ratio to the first call."""
    medians = timing.medians(calls, rounds)
    first = next(iter(medians.values()))
    print(title)
    for name, milliseconds in medians.items():
        print(f"  {name:<36}{milliseconds:>8.1f}{milliseconds / first:>7.2f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds of every group (15)")
    rounds: int = parser.parse_args().rounds
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, {platform.machine()}; median of {rounds} rounds, ms"
    )
    for name, make in (("short ASCII", corpora.short_ascii), ("mixed", corpora.mixed)):
        texts = make(_DISTINCT) * (_ROWS // _DISTINCT)
        for calls in _polars(texts):
            _measure(f"{name}, Polars {pl.__version__}", calls, rounds)
        for calls in _pandas(texts):
            _measure(f"{name}, pandas {pd.__version__}", calls, rounds)
        for threads in (1, 2):
            title = f"{name}, DuckDB {duckdb.__version__}, threads = {threads}"
            _measure(title, _duckdb(texts, threads), rounds)


if __name__ == "__main__":
    main()
