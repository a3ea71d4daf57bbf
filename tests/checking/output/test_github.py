"""Findings as annotations."""

from septet.checking.output.github import to_github


def test_command(finding) -> None:
    """What would end the command, or a property, is escaped."""
    assert to_github([finding]) == [
        "::error file=a%2Cb%3Ac.po,line=3,col=9,title=septet max_segments::2 segments, limit 1: "
        "’ (U+2019) forces UCS-2; ’ to ' would give 1 segment [100%25%0Ax]"
    ]
