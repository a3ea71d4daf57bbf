"""Outcomes in files: their columns, and no incomplete files."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime

import pytest

pytest.importorskip("msgspec")
from callback_bodies import BODIES
from septet import MissingExtraError
from septet.bandwidth import Outcome, Outcomes, parse_callbacks
from septet.bandwidth.storing.exports import write_outcomes

OUTCOMES = list(Outcomes(entry for body in BODIES for entry in parse_callbacks(body)).values())
ODD_TEXTS = ["\ud83d", "a\0b", 'one, "two"\r\nthree', "😀", "=1+1"]


def outcome(*bodies: dict) -> Outcome:
    """Return the only outcome of some events."""
    (only,) = Outcomes(
        e for body in bodies for e in parse_callbacks(json.dumps(body).encode())
    ).values()
    return only


def event(kind: str, message: dict | None = None, **fields) -> dict:
    message = {"id": "1", "to": ["+1"], "direction": "out"} | (message or {})
    return {"type": f"message-{kind}", "to": "+1", "message": message} | fields


FAILED = event(
    "failed",
    {"from": "+2", "segmentCount": 3, "tag": "a", "applicationId": "5d1b"},
    time="2026-11-04T09:15:00.4Z",
    errorCode=4303,
    carrierName="AT&T",
)


def read_csv(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv(tmp_path) -> None:
    """A row has the fields of the deciding event and the meaning of its error code."""
    path = tmp_path / "outcomes.csv"
    pending = outcome(event("recalled", {"id": "2"}))
    assert write_outcomes([outcome(FAILED, event("delivered")), pending], path) == 2
    failed_row, pending_row = read_csv(path)
    assert failed_row == {
        "message_id": "1",
        "to": "+1",
        "state": "failed",
        "time": "2026-11-04T09:15:00.400000+00:00",
        "error_code": "4303",
        "error": "the recipient's number cannot be routed; it may have too few digits",
        "retry": "never",
        "is_conflict": "true",
        "from": "+2",
        "segment_count": "3",
        "tag": "a",
        "carrier_name": "AT&T",
        "application_id": "5d1b",
    }
    expected = {"message_id": "2", "to": "+1", "state": "pending", "is_conflict": "false"}
    assert pending_row == dict.fromkeys(failed_row, "") | expected


def test_parquet(tmp_path) -> None:
    """Parquet has the same columns with types, also for several groups of rows."""
    parquet = pytest.importorskip("pyarrow.parquet")
    path, csv_path = tmp_path / "outcomes.parquet", tmp_path / "outcomes.csv"
    outcomes = [outcome(FAILED), *OUTCOMES * 1_000]
    assert write_outcomes(outcomes, path) == write_outcomes(outcomes, csv_path) == len(outcomes)
    table = parquet.read_table(path)
    assert parquet.ParquetFile(path).num_row_groups > 1
    rows = table.to_pylist()
    assert rows[0] == {
        "message_id": "1",
        "to": "+1",
        "state": "failed",
        "time": datetime(2026, 11, 4, 9, 15, 0, 400_000, UTC),
        "error_code": 4303,
        "error": "the recipient's number cannot be routed; it may have too few digits",
        "retry": "never",
        "is_conflict": False,
        "from": "+2",
        "segment_count": 3,
        "tag": "a",
        "carrier_name": "AT&T",
        "application_id": "5d1b",
    }
    for row, written in zip(rows, read_csv(csv_path), strict=True):
        row["time"] = row["time"] and row["time"].isoformat()
        row["is_conflict"] = str(row["is_conflict"]).lower()
        assert {name: "" if v is None else str(v) for name, v in row.items()} == written


@pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_odd_texts(tmp_path, text, suffix) -> None:
    """Texts are read back unchanged; lone surrogates are escaped, and formulas of CSV files too."""
    path = tmp_path / f"outcomes.{suffix}"
    odd = event("delivered", {"id": text, "tag": text, "from": text, "to": [text]}, to=text)
    if suffix == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
    write_outcomes([outcome(odd)], path)
    (row,) = parquet.read_table(path).to_pylist() if suffix == "parquet" else read_csv(path)
    expected = text.replace("\ud83d", "\\ud83d")
    if suffix == "csv" and text.startswith("="):
        expected = f"'{text}"  # a spreadsheet would run it
    assert [row[name] for name in ("message_id", "to", "tag", "from")] == [expected] * 4


def test_formulas(tmp_path) -> None:
    """Every cell from outside that a spreadsheet would run gets an apostrophe."""
    path = tmp_path / "outcomes.csv"
    message = {"id": "@1", "tag": "-1+cmd|x", "from": "+cmd", "applicationId": "\t=1"}
    odd = event("delivered", message, to="+1", carrierName="=A1")
    write_outcomes([outcome(odd)], path)
    (row,) = read_csv(path)
    columns = ("message_id", "to", "tag", "from", "application_id", "carrier_name")
    assert [row[name] for name in columns] == ["'@1", "+1", "'-1+cmd|x", "'+cmd", "'\t=1", "'=A1"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_none(tmp_path, suffix) -> None:
    """A file without outcomes has its columns."""
    path = tmp_path / f"outcomes.{suffix.upper()}"
    if suffix == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
    assert write_outcomes([], path) == 0
    if suffix == "csv":
        assert path.read_bytes().startswith(b"message_id,to,state,")
        assert read_csv(path) == []
    else:
        assert parquet.read_table(path).num_rows == 0


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_nothing_half_written(tmp_path, suffix) -> None:
    """An older file stays until the last outcome is written, and no other file is left."""
    path = tmp_path / f"outcomes.{suffix}"
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    path.write_text("before")

    def outcomes(ending: Exception | None):
        yield from OUTCOMES
        assert path.read_text() == "before"
        if ending is not None:
            raise ending

    with pytest.raises(KeyError):
        write_outcomes(outcomes(KeyError()), path)
    assert [(p, p.read_text()) for p in tmp_path.iterdir()] == [(path, "before")]
    assert write_outcomes(outcomes(None), path) == len(OUTCOMES)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() != b"before"


def test_other_files(tmp_path) -> None:
    """The error is raised before anything is written."""
    for name in ("outcomes.txt", "outcomes", "outcomes.csv.gz"):
        with pytest.raises(ValueError, match=f"must end in .csv or .parquet, got '{name}'"):
            write_outcomes(OUTCOMES, tmp_path / name)
    with pytest.raises(FileNotFoundError):
        write_outcomes(OUTCOMES, tmp_path / "none" / "outcomes.csv")
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow(tmp_path, monkeypatch) -> None:
    """The error for Parquet names the extra; CSV needs no extra."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"septet\[arrow\]"):
        write_outcomes(OUTCOMES, tmp_path / "outcomes.parquet")
    assert list(tmp_path.iterdir()) == []
    assert write_outcomes(OUTCOMES, tmp_path / "outcomes.csv") == len(OUTCOMES)
