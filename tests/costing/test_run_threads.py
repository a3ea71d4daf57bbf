"""However many threads read and count, an estimate is the same, down to places and errors."""

import csv
import json
import threading
from itertools import count

import pytest

from septet.costing import RateCard, estimate
from septet.exceptions import SourceError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from septet.costing.reading.arrow import parquet_files  # noqa: E402

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD"},
        {"prefix": "44", "price": "0.2", "currency": "GBP"},
    ]
)
GROUP_ROWS = 50
THREADS = 1, 2, 5


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Two row groups are a part."""
    monkeypatch.setattr(parquet_files, "_PART_ROWS", 2 * GROUP_ROWS)


@pytest.fixture(autouse=True)
def no_thread_is_left():
    """Whatever happens, the threads end."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def rows(first, stop):
    """Messages of many kinds: without text, without price, in UCS-2, of several segments."""
    for number in range(first, stop):
        text = f"{number} {'é’ñ'[number % 3]}{'a' * (number * 7 % 330)}" if number % 11 else ""
        yield text, f"+{(1, 44, 7)[number % 3]}2025550{number % 900:03}", "abc"[number % 3]


def write_parquet(path, first, stop, unreadable=()):
    """Write messages in row groups of 50, some of which have bytes that are not UTF-8."""
    texts, phones, kinds = zip(*rows(first, stop), strict=True)
    octets = [
        b"\xff" if number in unreadable else text.encode() for number, text in enumerate(texts)
    ]
    body = pa.array(octets, pa.binary()).view(pa.string())
    table = pa.table({"body": body, "phone": phones, "kind": kinds})
    pq.write_table(table, path, row_group_size=GROUP_ROWS)


@pytest.fixture
def folder(tmp_path):
    """Files of three formats, two of them Parquet with unreadable rows in several row groups."""
    folder = tmp_path / "campaign"
    folder.mkdir()
    write_parquet(folder / "a.parquet", 0, 330, unreadable=(329,))
    with (folder / "b.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["body", "phone", "kind"])
        writer.writerows(rows(330, 700))
        writer.writerow(["one"])
    write_parquet(folder / "c.parquet", 700, 1_500, unreadable=(1, 5, 120, 121, 420, 799))
    with (folder / "d.jsonl").open("w", encoding="utf-8") as file:
        for body, phone, kind in rows(1_500, 1_800):
            print(json.dumps({"body": body, "phone": phone, "kind": kind}), file=file)
    return folder


@pytest.mark.parametrize("output", [None, "p.csv", "p.parquet"])
@pytest.mark.parametrize("savings", [False, True])
def test_the_same_estimate(folder, tmp_path, output, savings):
    """Its JSON, the priced file, and the last report of progress."""
    results = []
    for threads in THREADS:
        reports = []
        target = None if output is None else tmp_path / output
        found = estimate(
            folder,
            text="body",
            to="phone",
            by=["kind"],
            rates=RATES,
            savings=savings,
            threads=threads,
            output=target,
            progress=lambda *report: reports.append(report),  # noqa: B023
        )
        assert reports == sorted(reports)
        assert reports[-1] == (1.0, 1_801)
        results.append((found.to_json(), target and target.read_bytes()))
    assert found.rows == 1_801
    assert list(map(str, found.unreadable.examples)) == [
        f"{folder / 'a.parquet'}, row 330: not valid UTF-8",
        f"{folder / 'b.csv'}, line 372: expected 3 fields, got 1",
        f"{folder / 'c.parquet'}, row 2: not valid UTF-8",
        f"{folder / 'c.parquet'}, row 6: not valid UTF-8",
        f"{folder / 'c.parquet'}, row 121: not valid UTF-8",
    ]
    assert found.unreadable.count == 8
    assert results[1:] == results[:1] * 2


@pytest.mark.parametrize("threads", THREADS)
def test_damage_in_several_row_groups(tmp_path, threads):
    """The error is of the first of them, and tells how many rows were read before it.

    One thread looks at the pages of a whole batch first.
    """
    path = tmp_path / "a.parquet"
    write_parquet(path, 0, 1_000)
    metadata = pq.read_metadata(path)
    content = bytearray(path.read_bytes())
    for group in (18, 7, 12):
        position = metadata.row_group(group).column(0).data_page_offset
        content[position : position + 8] = b"\xff" * 8
    path.write_bytes(content)
    row_count = 0 if threads == 1 else 6 * GROUP_ROWS
    with pytest.raises(SourceError, match=rf"a\.parquet is damaged after {row_count} rows: "):
        estimate(path, text="body", threads=threads)


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_interruption(folder, threads, error):
    """What the progress function raises ends the estimate."""
    numbers = count()

    def stop(fraction, row_count):
        if next(numbers) == 2:
            raise error

    with pytest.raises(error):
        estimate(folder, text="body", threads=threads, progress=stop)
