"""The benchmark of columns."""

from __future__ import annotations

import pytest

from septet.benchmarks import columns


def test_measure(monkeypatch) -> None:
    """Both corpora, with septet's functions first; expressions ignore boundaries of segments."""
    pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    monkeypatch.setattr(columns.corpora, "bulk_mixed", lambda count: ["]" * 153, "one"][:count])
    group = columns.measure(3, 1)
    sections = [row.section for row in group.rows]
    assert sorted(set(sections)) == ["mixed", "plain ASCII"]
    assert group.rows[0].name == "septet `count_many`"
    assert group.rows[0].messages == 3
    assert group.notes == [
        "The expressions of Polars count 0 of the plain ASCII texts differently.",
        "The expressions of Polars count 2 of the mixed texts differently.",
    ]
    counted = columns.count_with_polars(polars.Series(["a" * 160, "a" * 161, "ж" * 71, "]" * 80]))
    assert counted.to_list() == [1, 2, 2, 1]


def test_without_pyarrow(monkeypatch) -> None:
    """No rows, and the command that installs what is missing."""
    monkeypatch.setattr(columns, "version_of", lambda package: None)
    assert columns.measure(3, 1).rows == []


def test_with_pyarrow_alone(monkeypatch) -> None:
    """septet and pyarrow."""
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(columns, "version_of", {"pyarrow": "1"}.get)
    names = [row.name for row in columns.measure(3, 1).rows]
    assert [name for name in names[: len(names) // 2] if not name.startswith("septet")] == [
        "pyarrow `utf8_length`"
    ]
