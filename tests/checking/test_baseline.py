"""Baselines."""

import dataclasses

import pytest

from septet import Encoding
from septet.checking import Exceeded, Finding
from septet.checking.baseline import Baseline
from septet.exceptions import SourceError

LIMITS = (Exceeded("encoding", "ucs2", "gsm7"), Exceeded("max_segments", 3, 1))
FINDING = Finding("a.po", 3, 9, "k", "fr", LIMITS, Encoding.UCS2, 80, 3, (), (), None)


@pytest.fixture
def baseline(tmp_path):
    """A baseline that was written and read."""
    path = str(tmp_path / "baseline.json")
    Baseline([FINDING]).write(path)
    return Baseline.read(path)


@pytest.mark.parametrize(
    ("changes", "is_old"),
    [
        ({"line": 7, "unit_count": 81}, True),
        ({"exceeded_limits": LIMITS[:1]}, True),
        ({"exceeded_limits": (Exceeded("max_segments", 2, 1),)}, True),
        ({"exceeded_limits": (Exceeded("max_segments", 4, 1),)}, False),
        ({"exceeded_limits": (Exceeded("max_units", 3, 1),)}, False),
        *(({name: "x"}, False) for name in ("path", "key", "language")),
    ],
)
def test_old_findings(baseline, changes, is_old) -> None:
    """A finding is old as long as its text does not get longer."""
    assert baseline.has(dataclasses.replace(FINDING, **changes)) == is_old


def test_same_key_twice() -> None:
    """The larger amount counts."""
    smaller = dataclasses.replace(FINDING, exceeded_limits=(Exceeded("max_segments", 2, 1),))
    assert Baseline([smaller, FINDING, smaller]).has(FINDING)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "findings": [1]}', "[" * 100_000]
)
def test_other_files(tmp_path, content) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(SourceError, match="not a baseline"):
        Baseline.read(str(path))
