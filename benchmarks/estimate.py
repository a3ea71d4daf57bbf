"""Compare `septet estimate` with only reading the file: `python benchmarks/estimate.py`.

Writes seeded campaigns with about 120 octets per message. Then reads their two columns and adds up
the lengths of the texts (pyarrow for Parquet, the standard library's `csv` for CSV), and runs
`septet estimate` with a rate card. The two take turns, each in its own process. Prints the median
times, their ratio, and the median peak memory of `septet estimate`.
"""

from __future__ import annotations

import argparse
import csv
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import corpora
import septet

RATES = Path(__file__).parents[1] / "examples/rates.csv"
PREFIXES = ("1", "44", "33", "49", "34", "351", "90", "48", "1876", "61", "91", "81", "52", "39")
_CHUNK = 250_000

# A separate program, because this file's imports would take a good part of the time.
_READ_CSV = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as rows:
    print(sum(len(row[2]) for row in csv.reader(rows, strict=True)))
"""


def _chunks(rows: int) -> Iterator[pa.Table]:
    """Yield the campaign: mixed texts, all different, to numbers with fourteen prefixes."""
    texts = corpora.mixed(100_000)
    rng = Random(1)
    for start in range(0, rows, _CHUNK):
        numbers = range(start, min(start + _CHUNK, rows))
        places = [int(rng.random() * len(texts)) for _ in numbers]
        yield pa.table(
            {
                "id": pa.array(numbers),
                "phone": [
                    f"+{PREFIXES[place % len(PREFIXES)]}{2_000_000_000 + number}"[:15]
                    for place, number in zip(places, numbers, strict=True)
                ],
                "body": [
                    f"{texts[place][:140]} {number}"
                    for place, number in zip(places, numbers, strict=True)
                ],
            }
        )


def _write(path: Path, rows: int) -> None:
    chunks = _chunks(rows)
    if path.suffix == ".parquet":
        first = next(chunks)
        with pq.ParquetWriter(path, first.schema) as writer:
            for chunk in (first, *chunks):
                writer.write_table(chunk, row_group_size=1_000_000)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "phone", "body"])
        for chunk in chunks:
            writer.writerows(zip(*(column.to_pylist() for column in chunk.columns), strict=True))


def _read(path: Path) -> None:
    """Read the two columns of a Parquet file and print the total length of the texts."""
    length = 0
    file = pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)  # as septet reads it
    for batch in file.iter_batches(columns=["phone", "body"]):
        length += pc.sum(pc.binary_length(batch.column("body"))).as_py()
    print(length)


def timed(command: list[str]) -> tuple[float, float]:
    """Return the duration of a command in seconds, and its peak memory in MB."""
    start = time.perf_counter()
    code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3); "
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    return seconds, int(done.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds of every pair (3)")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of Parquet (10,000,000)")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read is not None:
        _read(arguments.read)
        return
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, pyarrow {pa.__version__}; "
        f"median of {arguments.rounds} rounds"
    )
    print(f"{'campaign':<32}{'read s':>9}{'estimate s':>12}{'ratio':>8}{'bound':>7}{'MB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for kind, rows in (
            ("parquet", arguments.rows // 10),
            ("parquet", arguments.rows),
            ("csv", arguments.rows // 10),
        ):
            path = Path(folder) / f"{rows}.{kind}"
            _write(path, rows)
            read = [sys.executable, __file__, "--read", str(path)]
            if kind == "csv":
                read = [sys.executable, "-c", _READ_CSV, str(path)]
            estimate = [sys.executable, "-m", "septet", "estimate", str(path), "--text", "body"]
            estimate += ["--to", "phone", "--rates", str(RATES), "--json"]
            rounds = [(timed(read), timed(estimate)) for _ in range(arguments.rounds)]
            reading = statistics.median(reads[0] for reads, _ in rounds)
            taken = statistics.median(estimates[0] for _, estimates in rounds)
            memory = statistics.median(estimates[1] for _, estimates in rounds)
            print(
                f"{f'{kind}, {rows:,} rows':<32}{reading:>9.2f}{taken:>12.2f}"
                f"{taken / reading:>8.2f}{1.5:>7}{memory:>7.0f}"
            )
            path.unlink()


if __name__ == "__main__":
    main()
