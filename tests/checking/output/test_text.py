"""Findings as lines."""

from septet.checking.output.text import to_text


def test_line(finding) -> None:
    assert to_text([finding]) == [
        "a,b:c.po:3:9: 2 segments, limit 1: ’ (U+2019) forces UCS-2; "
        "’ to ' would give 1 segment [100%␊x]"
    ]
