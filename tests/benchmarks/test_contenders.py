"""The functions that the benchmarks compare."""

from __future__ import annotations

import pytest

from septet.benchmarks import contenders

TEXTS = ["one", "ж" * 71, "a" * 152 + "]" + "a" * 152, "§"]


def test_septet() -> None:
    """All functions count the same segments."""
    ours = [each for each in contenders.contenders(TEXTS) if each.is_septet]
    assert {each.section for each in ours} == {
        *(contenders.FACTS, contenders.PARTS, contenders.OCTETS)
    }
    assert [each.segments() for each in ours] == [[1, 2, 3, 1]] * len(ours)
    assert all(0 < each.run() < 10_000 for each in ours)


@pytest.mark.parametrize(
    ("package", "segments"),
    [("sms-counter", [1, 2, 2, 1]), ("smsutil", [1, 2, 3, 1]), ("smpplib", [1, 2, 2, 1])],
)
def test_libraries(package, segments) -> None:
    """Their results are read correctly; two of them cut an escape pair."""
    found = [each for each in contenders.contenders(TEXTS) if each.name.startswith(package)]
    if not found:
        pytest.skip(f"{package} is not installed")
    assert [each.segments() for each in found] == [segments]
    assert not found[0].is_septet


def test_without_the_compiled_implementation(monkeypatch) -> None:
    """`count` is not measured twice."""
    monkeypatch.setattr(contenders, "IMPLEMENTATION", "python")
    names = [each.name for each in contenders.contenders(TEXTS)]
    assert [name for name in names if "`count`" in name and "septet" in name] == [
        "septet `count` (no units)"
    ]


def test_without_libraries(monkeypatch) -> None:
    """Those that are not installed are left out."""
    monkeypatch.setattr(contenders, "version_of", lambda package: None)
    assert all(each.is_septet for each in contenders.contenders(TEXTS))
