"""Rows of the CSV file: columns, unusual texts, and complete files only."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from septet import analyze
from septet.bandwidth.reconciliation import (
    ComparedPrice,
    Comparison,
    LeftOut,
    Reason,
    ReportedMessage,
)
from septet.bandwidth.reconciliation.rows import COLUMNS, open_rows, row_of

MESSAGE = ReportedMessage(
    *("1", datetime(2026, 11, 4, 9, tzinfo=UTC), "sent", "SMS"),
    *("+12025550100", ("+13125550140",), "’" * 80, (1,)),
)
COMPARISON = Comparison(
    MESSAGE,
    analyze("’" * 80),
    2,
    1,
    Reason.PUNCTUATION,
    None,
    ComparedPrice("USD", Decimal("0.0158"), Decimal("0.0079")),
)


def write_rows(path, rows) -> None:
    with open_rows(path) as write:
        for row in rows:
            write(row)


def written(tmp_path, *rows: Comparison) -> list[dict[str, str]]:
    path = tmp_path / "rows.csv"
    write_rows(path, rows)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns(tmp_path) -> None:
    """A row has all columns, with exact amounts."""
    (row,) = written(tmp_path, COMPARISON)
    assert tuple(row) == COLUMNS
    assert row == {
        "message_id": "1",
        "time": "2026-11-04T09:00:00+00:00",
        "direction": "sent",
        "medium": "SMS",
        "from": "+12025550100",
        "to": "+13125550140",
        "encoding": "ucs2",
        "unit_count": "80",
        "estimated_segments": "2",
        "reported_segments": "1",
        "difference": "-1",
        "reason": "punctuation replaced",
        "currency": "USD",
        "estimated_cost": "0.0158",
        "reported_cost": "0.0079",
        "cost_difference": "-0.0079",
        "note": "",
    }


def test_missing_values(tmp_path) -> None:
    """Missing values are empty, and the note has the reason."""
    facts = ReportedMessage("2", None, "sent", "SMS", None, ("+1", "+2"), None, ())
    left_out = Comparison(facts, None, None, None, None, LeftOut.NO_TEXT)
    unpriced = replace(left_out, estimated=1, reported=1, left_out=None, price="MMS sent")
    first, second = written(tmp_path, left_out, unpriced)
    known = {"message_id": "2", "direction": "sent", "medium": "SMS", "to": "+1 +2"}
    assert first == dict.fromkeys(COLUMNS, "") | known | {"note": "no text is stored"}
    figures = {"estimated_segments": "1", "reported_segments": "1", "difference": "0"}
    assert second == dict.fromkeys(COLUMNS, "") | known | figures | {"note": "MMS sent"}


@pytest.mark.parametrize("text", ["\ud83d", "a\0b", 'one, "two"\r\nthree', "😀", "=1+1"], ids=ascii)
def test_odd_texts(tmp_path, text) -> None:
    """Texts are kept; a lone surrogate is written as an escape, and no formula as it is."""
    (row,) = written(
        tmp_path, replace(COMPARISON, message=replace(MESSAGE, message_id=text, to=(text,)))
    )
    expected = {"\ud83d": "\\ud83d", "=1+1": "'=1+1"}.get(text, text)
    assert [row["message_id"], row["to"]] == [expected] * 2


def test_formulas(tmp_path) -> None:
    """Cells from outside get an apostrophe; our numbers and phone numbers stay as they are."""
    message = replace(MESSAGE, message_id="@SUM(1)", from_="-1+cmd|x", to=("+13125550140", "=1"))
    (row,) = written(tmp_path, replace(COMPARISON, message=message))
    assert (row["message_id"], row["from"]) == ("'@SUM(1)", "'-1+cmd|x")
    assert (row["to"], row["difference"]) == ("+13125550140 =1", "-1")
    assert row["cost_difference"] == "-0.0079"
    assert row_of(replace(COMPARISON, message=message))["message_id"] == "@SUM(1)"


def test_nothing_half_written(tmp_path) -> None:
    """An existing file is only replaced by a complete one."""
    path = tmp_path / "rows.csv"
    path.write_text("before")
    with pytest.raises(AttributeError):
        write_rows(path, [COMPARISON, None])
    assert [(p, p.read_text()) for p in tmp_path.iterdir()] == [(path, "before")]
