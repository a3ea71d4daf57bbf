"""Tables of benchmarks."""

from __future__ import annotations

from septet.benchmarks.results import Group, Row
from septet.benchmarks.tables import rate, table


def test_counters() -> None:
    """Three digits; the ratio is to the first row of a section."""
    rows = [
        Row("one", "septet `count`", 2_000, 0.1234, 0.13, is_septet=True, differing=0),
        Row("one", "other", 2_000, 1_040, 1_300, differing=1_500),
        Row("two", "septet `split`", 2_000, 1, 2, is_septet=True, differing=0),
        Row("two", "slow", 100, 50, 60, differing=0),
    ]
    assert (
        table(Group("", "", "result", rows, [], []))
        == """\
| result | measured       |     best |  median | messages a second |   time |   differ |
| ---    | ---            |      --: |     --: |               --: |    --: |      --: |
| one    | septet `count` | 0.123 ms | 0.13 ms |        15,400,000 |      1 |          |
|        | other          |   1.04 s |   1.3 s |             1,540 | 10,000 |    1,500 |
| two    | septet `split` |     1 ms |    2 ms |         1,000,000 |      1 |          |
|        | slow           |    50 ms |   60 ms |             1,670 |    600 | 0 of 100 |"""
    )
    assert rate(rows[0]) == "15,400,000"


def test_processes() -> None:
    """Processes have memory."""
    rows = [Row("CSV", "septet", 10, 400, 500, is_septet=True, elapsed=600, megabytes=47.4)]
    assert (
        table(Group("", "", "file", rows, [], []))
        == """\
| file | measured |   best | median | messages a second | time | elapsed | memory |
| ---  | ---      |    --: |    --: |               --: |  --: |     --: |    --: |
| CSV  | septet   | 400 ms | 500 ms |                20 |    1 |  600 ms |  47 MB |"""
    )
