"""Compare the Spark adapter with Spark alone: `python benchmarks/spark.py`.

Seeded messages in a folder of Parquet files, read from the page cache by one executor core (or
`--cores`). The calls take turns. Prints the medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

import septet
from septet import costing
from septet.benchmarks import corpora
from septet.frames import spark as spark_frames

_FILES = 16
_DISTINCT = 100_000
_PREFIXES = ("+1202", "+1876", "+44", "+49", "+33", "+34", "+91", "+48")
_RATES = Path(__file__).parents[1] / "examples/rates.csv"


def _write(folder: Path, rows: int) -> None:
    rng = Random(1)
    texts = corpora.mixed(_DISTINCT)
    for number in range(_FILES):
        count = rows // _FILES
        to = [
            f"{_PREFIXES[int(rng.random() * len(_PREFIXES))]}{int(rng.random() * 10**8):08}"
            for _ in range(count)
        ]
        body = [texts[int(rng.random() * _DISTINCT)] for _ in range(count)]
        pq.write_table(pa.table({"body": body, "phone": to}), folder / f"{number}.parquet")


def _transport(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Ignore the contents of the batches, to measure the cost of passing them to Python."""
    rows = sum(batch.num_rows for batch in batches)
    yield pa.RecordBatch.from_pydict({"rows": [rows]})


def _peak(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the peak resident size of the Python process, in MiB."""
    list(batches)
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield pa.RecordBatch.from_pydict({"size": [size]})


def _calls(messages: DataFrame, path: Path) -> dict[str, Callable[[], object]]:
    rates = costing.RateCard.read(_RATES)
    # A DataFrame caches its shuffled data, so each call creates a new one.
    return {
        "Spark's own sum(length(body))": lambda: messages.selectExpr("sum(length(body))").collect(),
        "one column passed to Python": lambda: (
            messages.select("body").mapInArrow(_transport, "rows long").collect()
        ),
        "two columns passed to Python": lambda: messages.mapInArrow(
            _transport, "rows long"
        ).collect(),
        "sum of segment_count": lambda: (
            messages.select(spark_frames.segment_count("body").alias("n"))
            .groupBy()
            .sum("n")
            .collect()
        ),
        "estimate": lambda: spark_frames.estimate(messages, text="body"),
        "estimate with rates": lambda: spark_frames.estimate(
            messages, rates, text="body", to="phone"
        ),
        "costing.estimate in one process": lambda: [
            costing.estimate(file, text="body", to="phone", rates=rates) for file in path.iterdir()
        ],
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=4_000_000, help="messages (4,000,000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all calls (5)")
    parser.add_argument("--cores", type=int, default=1, help="cores of the executor (1)")
    parser.add_argument("--batch", type=int, default=10_000, help="rows of a batch (10,000)")
    options = parser.parse_args()
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(options.batch),
    }
    spark = SparkSession.builder.master(f"local[{options.cores}]").config(map=settings)
    session = spark.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        _write(path, options.rows)
        calls = _calls(session.read.parquet(folder), path)
        for number in range(options.rounds + 1):
            for name, call in calls.items():
                start = time.perf_counter()
                call()
                if number:  # the first round warms up
                    taken.setdefault(name, []).append(time.perf_counter() - start)
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION}, Spark {session.version}, "
        f"CPython {platform.python_version()}, {platform.machine()}; {options.rows:,} rows, "
        f"{options.cores} cores, batches of {options.batch:,}, median of {options.rounds} rounds"
    )
    for name, times in taken.items():
        seconds = statistics.median(times)
        print(f"  {name:<34}{seconds:>8.2f} s{options.rows / seconds / 1e6:>8.2f} M/s")
    sizes = session.range(0, 8, 1, 8).mapInArrow(_peak, "size long").collect()
    print(f"  largest Python process {max(row.size for row in sizes)} MiB")
    session.stop()


if __name__ == "__main__":
    main()
