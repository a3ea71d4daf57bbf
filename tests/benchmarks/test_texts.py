"""The benchmark of single texts."""

from __future__ import annotations

import pytest

from septet.benchmarks import texts


def test_measure(monkeypatch) -> None:
    """septet never differs from itself; a library that differs has a note with its first text."""
    pytest.importorskip("smpplib")
    monkeypatch.setenv("PATH", "")  # without Node
    monkeypatch.setattr(texts.corpora, "mixed", lambda count: ["§" * 140, "ж" * 110][:count])
    group = texts.measure(2, 2)
    assert group.title == "2 single texts"
    assert {row.differing for row in group.rows if row.is_septet} == {0}
    assert all(0 < row.best <= row.median for row in group.rows)
    sections = [row.section for row in group.rows]
    assert sorted(sections, key=sections.index) == sections
    (smpplib,) = [row for row in group.rows if row.name.startswith("smpplib")]
    assert smpplib.differing == 1
    (note,) = [note for note in group.notes if note.startswith("smpplib")]
    assert note.endswith(
        f"counts 1 of 2 messages differently, such as this one (3 instead of 1 segments): "
        f"'{'§' * 100} ...'"
    )
