"""Whole files: `septet estimate`, and other programs that read or write the same file."""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from . import corpora
from .results import Group, Row, install, version_of

__all__ = [
    "PACKAGES",
    "PARQUET",
    "PREFIXES",
    "Job",
    "compare",
    "estimate_command",
    "measure",
    "timed",
    "write_campaign",
    "write_rate_card",
]

PACKAGES = ("pyarrow", "polars", "duckdb")
PREFIXES = ("1", "44", "33", "49", "34", "351", "90", "48", "1876", "61", "91", "81", "52", "39")
_DISTINCT = 100_000
_CHUNK = 200_000

# Programs of their own, because the imports of this file would take a good part of the time. Each
# adds up the lengths of two columns, or writes the file again with five constant columns more.
_READER = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as rows:
    print(sum(len(row[1]) + len(row[3]) for row in csv.reader(rows, strict=True)))
"""
_POLARS = """
import sys, polars as pl
rows = pl.{}
print(rows["phone"].str.len_bytes().sum(), rows["body"].str.len_bytes().sum())
"""
_DUCKDB = """
import sys, duckdb
print(duckdb.sql(f"select sum(strlen(phone)), sum(strlen(body)) from {}('{{sys.argv[1]}}')"))
"""
_POLARS_WRITE = """
import sys, polars as pl
added = dict(encoding="GSM-7", unit_count=120, segment_count=1, price="0.0079", currency="USD")
rows = pl.read_{0}(sys.argv[1]).with_columns(**{{name: pl.lit(added[name]) for name in added}})
rows.write_{0}(sys.argv[2])
"""


class Job(NamedTuple):
    """A file, the options of `septet estimate` that are measured on it, and the other programs.

    Attributes:
        section: What the table calls it.
        suffix: The end of the file's name.
        options: Options by the name of a row; `--output` is followed by the name of a file.
        others: Programs by name, the package first.
    """

    section: str
    suffix: str
    options: Mapping[str, Sequence[str]]
    others: Mapping[str, str]


_READ: Mapping[str, Sequence[str]] = {"septet estimate": ()}
_WRITE: Mapping[str, Sequence[str]] = {"septet estimate --output": ("--output",)}
PARQUET = Job(
    "Parquet",
    ".parquet",
    {**_READ, "septet estimate --savings": ("--savings",)},
    {
        "Polars, lengths": _POLARS.format("read_parquet(sys.argv[1], columns=['phone', 'body'])"),
        "DuckDB, lengths": _DUCKDB.format("read_parquet"),
    },
)
_JOBS = (
    Job(
        "CSV",
        ".csv",
        _READ,
        {
            "Polars, lengths": _POLARS.format("read_csv(sys.argv[1], columns=['phone', 'body'])"),
            "DuckDB, lengths": _DUCKDB.format("read_csv"),
            "csv.reader, lengths": _READER,
        },
    ),
    Job("CSV to CSV", ".csv", _WRITE, {"Polars": _POLARS_WRITE.format("csv")}),
    Job(
        "JSON Lines",
        ".jsonl",
        _READ,
        {
            "Polars, lengths": _POLARS.format("read_ndjson(sys.argv[1]).select('phone', 'body')"),
            "DuckDB, lengths": _DUCKDB.format("read_json"),
        },
    ),
    PARQUET,
    Job("Parquet to Parquet", ".parquet", _WRITE, {"Polars": _POLARS_WRITE.format("parquet")}),
)


def measure(messages: int, rounds: int) -> Group:
    """Measure files; Parquet only if pyarrow is installed.

    Args:
        messages: The rows of each file.
        rounds: How often each program is run; the programs take turns.
    """
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for job in _JOBS:
            if job.suffix == ".parquet" and not version_of("pyarrow"):
                continue
            path = folder / f"campaign{job.suffix}"
            if not path.exists():
                write_campaign(path, messages)
            rows += compare(job, path, messages, rounds)
    return Group(
        f"Files of {messages:,} messages",
        "Whole processes. septet counts and prices; the others only add up the lengths of texts "
        "and numbers, or write the file again with five constant columns more.",
        "file",
        rows,
        [],
        install(PACKAGES),
    )


def compare(job: Job, path: Path, messages: int, rounds: int) -> list[Row]:
    """Run a job's programs in turns, and return their rows."""
    card = path.with_name("rates.csv")
    write_rate_card(card)
    written = path.with_name(f"written{path.suffix}")
    commands = {}
    for name, options in job.options.items():
        files = [str(written)] if "--output" in options else []
        commands[name] = [*estimate_command(path, card), *options, *files]
    for name, program in job.others.items():
        if name.startswith("csv") or version_of(name.partition(",")[0].lower()):
            commands[name] = [sys.executable, "-c", program, str(path), str(written)]
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(timed(command))
            written.unlink(missing_ok=True)
    return [
        Row(
            *(job.section, name, messages),
            min(run.processor for run in several) * 1e3,
            statistics.median(run.processor for run in several) * 1e3,
            is_septet=name.startswith("septet"),
            elapsed=min(run.seconds for run in several) * 1e3,
            megabytes=statistics.median(run.megabytes for run in several),
        )
        for name, several in runs.items()
    ]


def estimate_command(path: Path, card: Path) -> list[str]:
    """Return the command that estimates a campaign with a rate card."""
    command = [sys.executable, "-m", "septet", "estimate", str(path), "--text", "body"]
    return [*command, "--to", "phone", "--rates", str(card), "--json"]


class Run(NamedTuple):
    """One run of a program: its elapsed time, and the time of the processor and its peak memory.

    Windows tells only the elapsed time.
    """

    seconds: float
    processor: float
    megabytes: float


def timed(command: list[str], **variables: str) -> Run:
    """Run a command, with some environment variables besides, and return what it took."""
    # A small process of its own starts it: one that is forked counts the memory of its parent.
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *command],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | variables,
    )
    seconds, processor, peak = map(float, done.stdout.split())
    return Run(seconds, processor, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


_LAUNCHER = """
import subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
try:
    import resource
except ImportError:
    print(seconds, seconds, 0)
else:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def write_rate_card(path: Path) -> None:
    """Write a rate card with the prefixes of the campaign."""
    rows = [f"{prefix},0.{number:04},USD" for number, prefix in enumerate(PREFIXES, 75)]
    path.write_text("\n".join(["prefix,price,currency", *rows, ""]), "utf-8")


def write_campaign(path: Path, rows: int) -> None:
    """Write a campaign: id, phone, name and a body of about 120 bytes, all of them different.

    Args:
        path: The file; the end of its name is its type: `.csv`, `.jsonl` or `.parquet`.
        rows: The number of messages.
    """
    if path.suffix == ".parquet":
        _write_parquet(path, rows)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_NAMES)
            for chunk in _chunks(rows):
                writer.writerows(zip(*chunk, strict=True))
            return
        for chunk in _chunks(rows):
            for row in zip(*chunk, strict=True):
                values = dict(zip(_NAMES, row, strict=True))
                file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _write_parquet(path: Path, rows: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = (pa.int64(), pa.string(), pa.string(), pa.string())
    schema = pa.schema(zip(_NAMES, types, strict=True))
    with pq.ParquetWriter(path, schema) as writer:
        for chunk in _chunks(rows):
            writer.write_table(pa.table(list(chunk), schema=schema), row_group_size=_CHUNK)


_NAMES = ("id", "phone", "name", "body")


def _chunks(rows: int) -> Iterator[tuple[list[int], list[str], list[str], list[str]]]:
    """Yield the columns of a campaign, some rows at a time."""
    texts = [text[:140] for text in corpora.mixed(min(rows, _DISTINCT))]
    rng = Random(1)
    for start in range(0, rows, _CHUNK):
        numbers = list(range(start, min(start + _CHUNK, rows)))
        places = [int(rng.random() * len(texts)) for _ in numbers]
        phones = [
            f"+{PREFIXES[place % len(PREFIXES)]}{2_000_000_000 + number}"[:15]
            for place, number in zip(places, numbers, strict=True)
        ]
        names = [f"Customer {place % 5000}" for place in places]
        bodies = [f"{texts[p]} {number}" for p, number in zip(places, numbers, strict=True)]
        yield numbers, phones, names, bodies
