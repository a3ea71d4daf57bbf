"""Compare `septet estimate` with others on the same files: `python benchmarks/estimate.py`.

Writes a seeded campaign as Parquet, CSV and JSON Lines: id, phone, name and a body of about 120
bytes. Then runs `septet estimate` with a rate card, and other programs that read both columns and
add up their lengths, or write the file again with five constant columns more. All take turns, each
in a process of its own. Prints best and median times, the ratio of the medians, the project's
target for it ("bound"), and the median peak memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import corpora
import septet

RATES = Path(__file__).parents[1] / "examples/rates.csv"
PREFIXES = ("1", "44", "33", "49", "34", "351", "90", "48", "1876", "61", "91", "81", "52", "39")
_CHUNK = 200_000
_LARGE = 10  # how many times the rows of the large file are those of the others

# Programs of their own, because the imports of this file would take a good part of the time.
_POLARS = """
import sys, polars as pl
rows = pl.{}
print(rows["phone"].str.len_bytes().sum(), rows["body"].str.len_bytes().sum())
"""
_DUCKDB = """
import sys, duckdb
print(duckdb.sql(f"select sum(strlen(phone)), sum(strlen(body)) from {}('{{sys.argv[1]}}')"))
"""
_PYARROW_PARQUET = """
import sys
import pyarrow.compute as pc, pyarrow.parquet as pq
rows = pq.read_table(sys.argv[1], columns=["phone", "body"])
print([pc.sum(pc.binary_length(rows[name])) for name in rows.column_names])
"""
_PYARROW_CSV = """
import sys
import pyarrow as pa, pyarrow.compute as pc, pyarrow.csv
options = pa.csv.ConvertOptions(include_columns=["phone", "body"])
parse = pa.csv.ParseOptions(newlines_in_values=True)
rows = pa.csv.read_csv(sys.argv[1], parse_options=parse, convert_options=options)
print([pc.sum(pc.binary_length(rows[name].cast("string"))) for name in rows.column_names])
"""
_READER = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as rows:
    print(sum(len(row[3]) for row in csv.reader(rows, strict=True)))
"""
_POLARS_WRITE = """
import sys, polars as pl
added = dict(encoding="GSM-7", unit_count=120, segment_count=1, price="0.0079", currency="USD")
rows = pl.read_{0}(sys.argv[1]).with_columns(**{{name: pl.lit(added[name]) for name in added}})
rows.write_{0}(sys.argv[2])
"""
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "parquet": {
        "DuckDB": _DUCKDB.format("read_parquet"),
        "Polars": _POLARS.format("read_parquet(sys.argv[1], columns=['phone', 'body'])"),
        "pyarrow": _PYARROW_PARQUET,
    },
    "csv": {
        "Polars": _POLARS.format("read_csv(sys.argv[1], columns=['phone', 'body'])"),
        "DuckDB": _DUCKDB.format("read_csv"),
        "pyarrow": _PYARROW_CSV,
        "csv.reader": _READER,
    },
    "jsonl": {
        "Polars": _POLARS.format("read_ndjson(sys.argv[1]).select('phone', 'body')"),
        "DuckDB": _DUCKDB.format("read_json"),
    },
}


class Run(NamedTuple):
    """One run of a program: its duration in seconds, and its peak memory in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class _Job:
    """What `septet estimate` does with a file, what it is compared with, and the targets."""

    name: str
    kind: str
    options: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)
    is_large: bool = False
    is_pure: bool = False


_WITHOUT = "without"
_JOBS = (
    _Job("Parquet", "parquet", (), _OTHERS["parquet"], {"DuckDB": 1.4}),
    _Job("CSV", "csv", (), _OTHERS["csv"], {"Polars": 0.7}),
    _Job("CSV, pure Python", "csv", (), {"csv.reader": _READER}, {"csv.reader": 4.5}, is_pure=True),
    _Job("JSON Lines, half the rows", "jsonl", (), _OTHERS["jsonl"], {"Polars": 1.5}),
    _Job("Parquet, --savings", "parquet", ("--savings",), {_WITHOUT: ""}, {_WITHOUT: 2.5}),
    _Job(
        "Parquet to Parquet",
        "parquet",
        ("--output",),
        {"Polars": _POLARS_WRITE.format("parquet")},
        {"Polars": 1.3},
    ),
    _Job(
        "CSV to CSV", "csv", ("--output",), {"Polars": _POLARS_WRITE.format("csv")}, {"Polars": 0.7}
    ),
    _Job("Parquet, ten times the rows", "parquet", (), _OTHERS["parquet"], {"DuckDB": 1.2}, True),
)


def _chunks(rows: int) -> Iterator[pa.Table]:
    """Yield the campaign: mixed texts, all different, to numbers with fourteen prefixes."""
    texts = pa.array([text[:140] for text in corpora.mixed(100_000)])
    prefixes = pa.array([f"+{PREFIXES[place % len(PREFIXES)]}" for place in range(len(texts))])
    names = pa.array([f"Customer {place % 5000}" for place in range(len(texts))])
    rng = Random(1)
    for start in range(0, rows, _CHUNK):
        numbers = pa.array(range(start, min(start + _CHUNK, rows)))
        places = pa.array([int(rng.random() * len(texts)) for _ in numbers])
        digits = pc.add(numbers, 2_000_000_000).cast("string")
        phones = pc.binary_join_element_wise(prefixes.take(places), digits, "")
        bodies = pc.binary_join_element_wise(texts.take(places), numbers.cast("string"), " ")
        yield pa.table(
            {
                "id": numbers,
                "phone": pc.utf8_slice_codeunits(phones, 0, 15),
                "name": names.take(places),
                "body": bodies,
            }
        )


def write_campaign(path: Path, rows: int) -> None:
    """Write a campaign of some rows; the end of the file's name is its type."""
    chunks = _chunks(rows)
    if path.suffix == ".parquet":
        first = next(chunks)
        with pq.ParquetWriter(path, first.schema) as writer:
            for chunk in (first, *chunks):
                writer.write_table(chunk, row_group_size=_CHUNK)
        return
    with path.open("wb") as file:
        for number, chunk in enumerate(chunks):
            frame = pl.DataFrame(chunk)
            if path.suffix == ".csv":
                frame.write_csv(file, include_header=number == 0)
            else:
                frame.write_ndjson(file)


def timed(command: list[str], **variables: str) -> Run:
    """Run a command, with some environment variables besides, and return what it took."""
    # A small process of its own starts it: one that is forked counts the memory of its parent.
    code = (
        "import resource, subprocess, sys, time; start = time.perf_counter(); "
        "subprocess.run(sys.argv[1:], check=True, stdout=-3); "
        "print(time.perf_counter() - start, "
        "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )
    seconds, peak = map(float, done.stdout.split())
    return Run(seconds, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def estimate_command(path: Path, *options: str) -> list[str]:
    """Return the command that estimates a campaign with the rate card."""
    command = [sys.executable, "-m", "septet", "estimate", str(path), "--text", "body"]
    return [*command, "--to", "phone", "--rates", str(RATES), "--json", *options]


def _compare(job: _Job, path: Path, rounds: int) -> None:
    """Run a job and what it is compared with in turns, and print the figures."""
    ours, theirs = (path.with_name(f"{name}{path.suffix}") for name in ("septet", "other"))
    options = [*job.options, *([str(ours)] if job.options == ("--output",) else [])]
    variables = {"SEPTET_IMPLEMENTATION": "python"} if job.is_pure else {}
    commands = {
        name: [sys.executable, "-c", program, str(path), str(theirs)] if program
        else estimate_command(path)
        for name, program in job.others.items()
    }  # fmt: skip
    runs: dict[str, list[Run]] = {name: [] for name in ("septet", *commands)}
    for _ in range(rounds):
        runs["septet"].append(timed(estimate_command(path, *options), **variables))
        for name, command in commands.items():
            runs[name].append(timed(command))
    medians = {name: statistics.median(run.seconds for run in runs[name]) for name in runs}
    print(f"\n{job.name}")
    for name, several in runs.items():
        best = min(run.seconds for run in several)
        memory = statistics.median(run.megabytes for run in several)
        ratio = "" if name == "septet" else f"{medians['septet'] / medians[name]:.2f}"
        print(
            f"  {name:<26}{best:>9.2f}{medians[name]:>9.2f}{ratio:>8}"
            f"{job.bounds.get(name, ''):>7}{memory:>7.0f}"
        )
    sizes = [f"{each.stat().st_size / 1e6:.0f} MB" for each in (ours, theirs) if each.exists()]
    if sizes:
        print(f"  written: {' and '.join(sizes)}")
    for each in (ours, theirs):
        each.unlink(missing_ok=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every job (5)")
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows (2,000,000)")
    parser.add_argument("--folder", type=Path, help="where the campaigns are written")
    arguments = parser.parse_args()
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, Polars {pl.__version__}, DuckDB "
        f"{duckdb.__version__}, pyarrow {pa.__version__}; {arguments.rounds} rounds, "
        f"{arguments.rows:,} rows"
    )
    print(f"{'':<28}{'best s':>9}{'median s':>9}{'ratio':>8}{'bound':>7}{'MB':>7}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for job in _JOBS:
            rows = arguments.rows * _LARGE if job.is_large else arguments.rows
            path = Path(folder) / f"{rows}.{job.kind}"
            if not path.exists():
                write_campaign(path, rows // 2 if job.kind == "jsonl" else rows)
            _compare(job, path, arguments.rounds)


if __name__ == "__main__":
    main()
