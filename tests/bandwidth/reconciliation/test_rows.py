"""Rows: what a file has of a message, whatever texts are in it, and nothing half-written."""

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
from septet.bandwidth.reconciliation.rows import COLUMNS, open_rows

FACTS = ReportedMessage(
    *("1", datetime(2026, 11, 4, 9, tzinfo=UTC), "sent", "SMS"),
    *("+12025550100", ("+13125550140",), "’" * 80, (1,)),
)
FOUND = Comparison(
    FACTS,
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
    """All that is known, amounts exact and with their sign."""
    (row,) = written(tmp_path, FOUND)
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


def test_what_is_not_known(tmp_path) -> None:
    """Empty, with a note that says why."""
    facts = ReportedMessage("2", None, "sent", "SMS", None, ("+1", "+2"), None, ())
    left_out = Comparison(facts, None, None, None, None, LeftOut.NO_TEXT)
    unpriced = replace(left_out, estimated=1, reported=1, left_out=None, price="MMS sent")
    first, second = written(tmp_path, left_out, unpriced)
    told = {"message_id": "2", "direction": "sent", "medium": "SMS", "to": "+1 +2"}
    assert first == dict.fromkeys(COLUMNS, "") | told | {"note": "no text is stored"}
    figures = {"estimated_segments": "1", "reported_segments": "1", "difference": "0"}
    assert second == dict.fromkeys(COLUMNS, "") | told | figures | {"note": "MMS sent"}


@pytest.mark.parametrize("text", ["\ud83d", "a\0b", 'one, "two"\r\nthree', "😀", "=1+1"], ids=ascii)
def test_odd_texts(tmp_path, text) -> None:
    """They come back as they were; half a surrogate pair is written out."""
    (row,) = written(tmp_path, replace(FOUND, message=replace(FACTS, message_id=text, to=(text,))))
    assert [row["message_id"], row["to"]] == [text.replace("\ud83d", "\\ud83d")] * 2


def test_nothing_half_written(tmp_path) -> None:
    """What was there stays until the last row is written, and nothing else is left."""
    path = tmp_path / "rows.csv"
    path.write_text("before")
    with pytest.raises(AttributeError):
        write_rows(path, [FOUND, None])
    assert [(p, p.read_text()) for p in tmp_path.iterdir()] == [(path, "before")]
