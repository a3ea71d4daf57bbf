"""The benchmark of files."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest

from septet.benchmarks import files
from septet.costing import RateCard, estimate


def test_the_campaign(tmp_path) -> None:
    """All kinds of files have the same rows, all different, and each has a price."""
    path, lines, card = (tmp_path / name for name in ("c.csv", "c.jsonl", "rates.csv"))
    for each in (path, lines):
        files.write_campaign(each, 250)
    files.write_rate_card(card)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["body"] for row in rows}) == 250
    assert list(rows[0]) == ["id", "phone", "name", "body"]
    with lines.open(encoding="utf-8") as file:
        objects = [json.loads(line) for line in file]
    assert [{key: str(value) for key, value in each.items()} for each in objects] == rows
    estimated = estimate(path, text="body", to="phone", rates=RateCard.read(card))
    assert estimated.messages == 250
    assert sum(total.messages for total in estimated.totals.values()) == 250
    pq = pytest.importorskip("pyarrow.parquet")
    files.write_campaign(tmp_path / "c.parquet", 250)
    assert pq.read_table(tmp_path / "c.parquet").to_pylist() == objects


def test_compare(tmp_path) -> None:
    """Every program is run, and its output is removed."""
    path = tmp_path / "campaign.csv"
    files.write_campaign(path, 20)
    job = files.Job(
        "CSV",
        ".csv",
        {"septet estimate --output": ("--output",)},
        {"csv.reader": files._READER, "no-such-package": "1 / 0"},
    )
    rows = files.compare(job, path, 20, 1)
    assert [(row.name, row.is_septet, row.messages) for row in rows] == [
        ("septet estimate --output", True, 20),
        ("csv.reader", False, 20),
    ]
    assert all(1 < row.best <= row.median for row in rows)
    assert not (tmp_path / "written.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is not measured on Windows")
def test_timed() -> None:
    """The figures of a process; its variables, and its failure."""
    run = files.timed(
        [sys.executable, "-c", "import os; x = b'x' * int(os.environ['SIZE'])"], SIZE="80_000_000"
    )
    assert 80 < run.megabytes < 300
    assert 0 < run.processor < 30
    assert 0 < run.seconds < 30
    with pytest.raises(subprocess.CalledProcessError):
        files.timed([sys.executable, "-c", "1 / 0"])


def test_measure(monkeypatch) -> None:
    """Each job is measured once; Parquet needs pyarrow."""
    compared = []

    def compare(job, path, messages, rounds):
        assert path.exists()
        compared.append((job.section, messages, rounds))
        return []

    monkeypatch.setattr(files, "compare", compare)
    monkeypatch.setattr(files, "version_of", lambda package: None)
    group = files.measure(10, 2)
    assert group.title == "Files of 10 messages"
    assert compared == [(name, 10, 2) for name in ("CSV", "CSV to CSV", "JSON Lines")]


@pytest.mark.slow
def test_programs() -> None:
    """All programs of all jobs run, those of packages that are not installed excepted."""
    pytest.importorskip("pyarrow")
    rows = files.measure(50, 1).rows
    sections = list(dict.fromkeys(row.section for row in rows))
    assert sections == ["CSV", "CSV to CSV", "JSON Lines", "Parquet", "Parquet to Parquet"]
