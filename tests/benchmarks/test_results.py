"""Results of benchmarks as objects and as JSON."""

from __future__ import annotations

import json

import pytest

import septet
from septet.benchmarks import results
from septet.benchmarks.results import Group, Results, Row

ROWS = [
    Row("files", "septet", 1_000, 4.0, 5.0, is_septet=True, megabytes=40.0),
    Row("files", "other", 100, 1.0, 2.0, megabytes=80.0),
    Row("texts", "septet `count`", 1_000, 1.0, 1.0, is_septet=True, differing=0),
    Row("texts", "third", 1_000, 7.0, 8.0, differing=3),
]
GROUP = Group("Four rows", "A sentence.", "kind", ROWS, ["A note."], ["pip install other"])


def test_rates_and_ratios() -> None:
    """Rates are by the median; ratios are of the time of a message, inside a section."""
    assert [row.rate for row in ROWS] == [200_000, 50_000, 1_000_000, 125_000]
    assert [GROUP.ratio(row) for row in ROWS] == [1, 4, 1, 8]


def test_json() -> None:
    """What is written is read again."""
    written = Results("a machine", {"name": GROUP})
    assert Results.from_dict(json.loads(json.dumps(written.to_dict()))) == written


def test_install(monkeypatch) -> None:
    """One command names the packages that are not installed."""
    monkeypatch.setattr(results, "version_of", {"there": "1.0"}.get)
    assert results.install(["there"]) == []
    assert results.install(["these", "there", "those"]) == ["pip install these those"]


def test_versions() -> None:
    """The version of a distribution, or None."""
    assert results.version_of("pytest") == pytest.__version__
    assert results.version_of("no-such-distribution") is None


def test_the_machine(monkeypatch, tmp_path) -> None:
    """The line has all versions, and the processor as Linux or Python knows it."""
    line = results.describe_machine(["pytest", "no-such-distribution"], 7)
    assert line.startswith(f"septet {septet.__version__} ({septet.IMPLEMENTATION}); CPython 3.")
    assert f"; pytest {pytest.__version__}; 7 rounds in turns; 2" in line
    monkeypatch.setattr(results, "_CPU_INFO", tmp_path / "no-such-file")
    monkeypatch.setattr(results.platform, "processor", lambda: "a processor")
    assert ", a processor, " in results.describe_machine([], 1)
    (tmp_path / "cpuinfo").write_text("vendor_id : x\nmodel name\t: Quick 7\nmodel name\t: 8\n")
    monkeypatch.setattr(results, "_CPU_INFO", tmp_path / "cpuinfo")
    assert ", Quick 7, " in results.describe_machine([], 1)
