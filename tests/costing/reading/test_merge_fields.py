"""Fields of other columns that are found in the first texts of a file."""

from __future__ import annotations

import pytest

from septet.costing.reading.merge_fields import find_merge_fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {first_name}, {code}", {"first_name": "{first_name}", "code": "{code}"}),
        ("Hi {{first_name}}", {"first_name": "{{first_name}}"}),
        ("Hi {First_Name}, {x} {} {first_name", {}),
        ("", {}),
    ],
)
def test_fields(tmp_path, text, expected):
    """Only braces that name a column, with its case; some tools double them."""
    path = tmp_path / "a.csv"
    path.write_text(f'first_name,code,body\nAnn,1,Hi\nZoë,2,"{text}"\n', encoding="utf-8")
    assert find_merge_fields(str(path), "body") == expected
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"first_name": ["Ann"], "code": [1], "body": [text or None]})
    __import__("pyarrow.parquet").parquet.write_table(table, tmp_path / "a.parquet")
    assert find_merge_fields(str(tmp_path / "a.parquet"), "body") == expected


def test_a_sample(tmp_path):
    """The first 1,000 texts are looked at; a file may have none."""
    path = tmp_path / "a.csv"
    path.write_text("a,body\n" + "1,Hi\n" * 1000 + "1,{a}\n")
    assert find_merge_fields(str(path), "body") == {}
    path.write_text("a,body\n" + "1,Hi\n" * 999 + "1,{a}\n")
    assert find_merge_fields(str(path), "body") == {"a": "{a}"}
    path.write_text("a,body\n")
    assert find_merge_fields(str(path), "body") == {}
