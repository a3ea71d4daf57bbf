"""Cells that spreadsheets would run get an apostrophe; phone numbers never do."""

import pytest

from septet.files.cells import as_text


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+2", "@SUM(1+1)", "-2+3+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "=", "+", "-", "@"),
        *("\t=1", "\r=1", "\n=1", "＝1+2", "＠SUM(1)", "＋1", "－1", "+A1", "+(1)", "+٣"),
    ],
)
def test_formula(cell):
    """The apostrophe makes it a text."""
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    [
        *("", "a", "1-2", "'=1", " =1", "a=1", "(-1)", "ünï", "\ud83d", "2026-11-04"),
        *("+13125550140", "+1 (312) 555-0140", "+13125550140 +13125550141", "+0"),
    ],
)
def test_text(cell):
    """Everything else stays as it is."""
    assert as_text(cell) == cell
