"""Whole estimates of Arrow data: categories, kept columns of any type, damaged files, memory."""

import csv
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from septet.costing import RateCard, estimate  # noqa: E402
from septet.exceptions import SourceError  # noqa: E402

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.01", "currency": "USD"}])
MEBIBYTE = 1 << 20


def rows_of(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_ipc(table, path):
    new = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
    with new(path, table.schema) as writer:
        writer.write_table(table)


class TestCategories:
    """Polars writes them as dictionaries of views, which pyarrow cannot cast."""

    @pytest.fixture(params=["Categorical", "Enum"])
    def frame(self, request):
        pl = pytest.importorskip("polars")
        texts = ["a text that is not in its view", "b", None, "b"]
        kind = pl.Categorical if request.param == "Categorical" else pl.Enum(texts[:2])
        phones = ["+12025550100", "+12025550101", "+12025550100", None]
        phone_kind = pl.Categorical if request.param == "Categorical" else pl.Enum(phones[:2])
        return pl.DataFrame(
            {
                "body": pl.Series(texts, dtype=kind),
                "phone": pl.Series(phones, dtype=phone_kind),
                "list": pl.Series([[text] for text in texts], dtype=pl.List(kind)),
                "struct": pl.Series([{"a": text} for text in texts], dtype=pl.Struct({"a": kind})),
            }
        )

    @pytest.fixture(params=["frame", "a.arrow", "a.arrows", "a.feather", "a.ipc"])
    def source(self, request, frame, tmp_path):
        if request.param == "frame":
            return frame
        path = tmp_path / request.param
        (frame.write_ipc_stream if path.suffix == ".arrows" else frame.write_ipc)(path)
        return path

    @pytest.mark.parametrize("output", [None, "p.csv", "p.parquet"])
    def test_every_role(self, source, frame, tmp_path, output):
        """Text, recipient, group and kept column."""
        target = output and tmp_path / output
        found = estimate(source, text="body", to="phone", by=["body"], rates=CARD, output=target)
        assert (found.messages, found.without_text) == (3, 1)
        assert found.totals["USD"].messages == 2
        groups = {value: group.messages for value, group in found.groups["body"].items()}
        assert groups == {"a text that is not in its view": 1, "b": 2}
        if target:
            written = rows_of(target)
            expected = frame.to_dicts()
            if output == "p.csv":
                expected = [
                    {name: "" if cell is None else str(cell) for name, cell in row.items()}
                    for row in expected
                ]
            assert [{name: row[name] for name in frame.columns} for row in written] == expected

    @pytest.mark.parametrize("output", ["p.csv", "p.parquet"])
    def test_fields_of_a_template(self, source, tmp_path, output):
        """A row without a value is unreadable, and the others are written."""
        target = tmp_path / output
        found = estimate(source, template="Hi {body}", to="phone", output=target)
        assert (found.messages, found.unreadable.count) == (3, 1)
        assert found.unreadable.examples[0].place.endswith("row 3")
        assert [row["unit_count"] for row in rows_of(target)] in ([33, 4, 4], ["33", "4", "4"])


def views(texts):
    return pa.array(texts, pa.string_view())


def kept_columns():
    offsets = pa.array([0, 1, 2, 3], pa.int32())
    texts = ["a text that is not in its view", "b", None]
    columns = {
        "binary_view": views(texts).view(pa.binary_view()),
        "list": pa.ListArray.from_arrays(offsets, views(texts)),
        "large_list": pa.LargeListArray.from_arrays(offsets.cast(pa.int64()), views(texts)),
        "struct": pa.StructArray.from_arrays([views(texts)], ["a"]),
        "list_view": pa.array([[1], None, [2]], pa.list_view(pa.int8())),
        "map": pa.MapArray.from_arrays(offsets, pa.array(["k"] * 3), views(texts)),
        "decimal": pa.array([1, 2, 3]).cast(pa.decimal128(30, 2)),
        "duration": pa.array([1, 2, None], pa.duration("us")),
        "null": pa.nulls(3),
        "date": pa.array([0, 1, 2], pa.date32()),
        "dictionary": pa.DictionaryArray.from_arrays(pa.array([0, 1, 1], pa.int8()), views(texts)),
    }
    if int(pa.__version__.split(".")[0]) > 17:
        columns["runs"] = pa.RunEndEncodedArray.from_arrays(
            pa.array([2, 3], pa.int32()), pa.array(["x", "y"])
        )
        columns["uuid"] = pa.array([b"x" * 16] * 3, pa.uuid())
    return columns


@pytest.mark.parametrize("output", ["p.csv", "p.parquet"])
@pytest.mark.parametrize("fault", ["null field", "not UTF-8"])
@pytest.mark.parametrize("name", kept_columns())
def test_kept_columns_and_unreadable_rows(tmp_path, name, fault, output):
    """An unreadable row is left out of a column of any type."""
    column = kept_columns()[name]
    offsets = pa.py_buffer(struct.pack("<4i", 0, 1, 2, 3))
    body = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"a\xffc")])
    if fault == "null field":
        body = pa.array(["a", None, "c"])
    write_ipc(pa.table({"body": body, name: column}), tmp_path / "a.arrow")
    found = estimate(
        tmp_path / "a.arrow",
        template="{body}",
        output=tmp_path / output,
    )
    assert (found.messages, found.unreadable.count) == (2, 1)
    kept = [row[name] for row in rows_of(tmp_path / output)]
    expected = [row for row, _ in zip(column.to_pylist(), range(3), strict=True)]
    del expected[1]
    if output == "p.csv":
        expected = [
            cell.decode() if isinstance(cell, bytes) else "" if cell is None else str(cell)
            for cell in expected
        ]
    assert kept == expected


def test_types_that_parquet_lacks(tmp_path):
    """One error names the file and the column, and nothing is written."""
    interval = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    write_ipc(pa.table({"body": ["a"], "pause": interval}), tmp_path / "a.arrow")
    with pytest.raises(SourceError, match=r"a\.arrow: column 'pause' cannot be written as Parquet"):
        estimate(tmp_path / "a.arrow", text="body", output=tmp_path / "p.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["a.arrow"]
    estimate(tmp_path / "a.arrow", text="body", output=tmp_path / "p.csv")
    assert rows_of(tmp_path / "p.csv")[0]["pause"] == str(interval[0].as_py())


def test_parts_of_other_types(tmp_path):
    """A column keeps the type of the first part, or one error names it."""
    write_ipc(pa.table({"body": ["a"], "id": ["7"]}), tmp_path / "1.arrow")
    write_ipc(pa.table({"body": views(["b"]), "id": [8]}), tmp_path / "2.arrow")
    target = tmp_path / "p.parquet"
    estimate([tmp_path / "1.arrow", tmp_path / "2.arrow"], text="body", output=target)
    assert [(row["body"], row["id"]) for row in rows_of(target)] == [("a", "7"), ("b", "8")]
    write_ipc(pa.table({"body": ["c"], "id": [[9]]}), tmp_path / "3.arrow")
    message = r"3\.arrow: column 'id' is of another type than in the part before it: expected"
    with pytest.raises(SourceError, match=message):
        estimate([tmp_path / "1.arrow", tmp_path / "3.arrow"], text="body", output=target)


def damaged_dictionary(path, kind):
    """Write a file in which the second value of a dictionary has an offset below zero."""
    values = pa.array(["x", "y"], kind)
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 500, pa.int8()), values)
    table = pa.table({"body": column, "text": ["one"] * 1000, "phone": ["+12025550123"] * 1000})
    write_ipc(table, path)
    content = bytearray(path.read_bytes())
    layout = "<3i" if kind == pa.string() else "<3q"
    at = content.rindex(struct.pack(layout, 0, 1, 2))
    struct.pack_into(layout, content, at, 0, -(2**31) + 1, 2)
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize(
    "options",
    [
        {"text": "body"},
        {"text": "text", "to": "body"},
        {"text": "text", "by": ["body"]},
        {"template": "{body}"},
        {"text": "text", "output": "p.csv"},
        {"text": "text", "output": "p.parquet"},
        {"text": "body", "threads": 2},
    ],
    ids=str,
)
def test_a_damaged_dictionary(tmp_path, monkeypatch, name, kind, options):
    """It is one error in every role, also in a column that is only kept."""
    monkeypatch.chdir(tmp_path)
    damaged_dictionary(tmp_path / name, kind)
    with pytest.raises(SourceError, match=rf"^{name} is damaged after 0 rows: "):
        estimate(name, **options)
    reader = pa.ipc.open_stream if name == "a.arrows" else pa.ipc.open_file
    table = reader(name).read_all()
    with pytest.raises(SourceError, match=r"^the table is damaged after 0 rows: "):
        estimate(table, **options)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
def test_names_that_are_not_utf8(tmp_path, name):
    """The error is one line, not Python's own."""
    write_ipc(pa.table({"body": ["a"], "column": [1]}), tmp_path / name)
    content = (tmp_path / name).read_bytes().replace(b"column", b"col\xffmn")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"is damaged: the name of a column is not valid UTF-8$"):
        estimate(tmp_path / name, text="body")


# In a process of its own: a file that was not checked would end the process.
_DAMAGE_FILES = """\
import random, sys
from pathlib import Path
from septet.costing import estimate
from septet.exceptions import SourceError
draw = random.Random(sys.argv[1])
for path in sorted(Path("sound").iterdir()):
    content = path.read_bytes()
    for number in range(int(sys.argv[2])):
        damaged = bytearray(content)
        at = draw.randrange(len(content) // 4) * 4
        values = 0, 1, 2**31 - 1, 2**31, 2**32 - 1, draw.getrandbits(32), 2 ** draw.randrange(32)
        damaged[at : at + 4] = draw.choice(values).to_bytes(4, "little")
        Path(path.name).write_bytes(damaged[: len(content)])
        output = draw.choice([None, "p.csv", "p.parquet"])
        try:
            estimate(path.name, text="body", to="phone", by=["category"], output=output)
        except SourceError as error:
            assert str(error).startswith(path.name) and "\\n" not in str(error), error
print("done")
"""


def test_damaged_files_of_many_types(tmp_path):
    """Whatever four bytes are wrong: an estimate, or an error of one line."""
    table = pa.table(kept_columns() | {"phone": ["+12025550123", None, "?"]})
    table = table.append_column("body", views(["a text that is not in its view", None, "c"]))
    table = table.append_column("category", table["dictionary"])
    (tmp_path / "sound").mkdir()
    write_ipc(table, tmp_path / "sound" / "a.arrow")
    write_ipc(table, tmp_path / "sound" / "a.arrows")
    flat = table.select(["phone", "decimal", "duration", "date"])
    for name in ("body", "category"):
        flat = flat.append_column(name, pa.array(["a", None, "c"]))
    pq.write_table(flat, tmp_path / "sound" / "a.parquet")
    done = subprocess.run(
        [sys.executable, "-c", _DAMAGE_FILES, "1", "300"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.args + [done.stderr]


_MEASURE = """\
import sys
from pathlib import Path
from septet.cli import main
status = main(sys.argv[1:])
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0], file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--by", "phone", "--output", "p.parquet"]], ids=str)
@pytest.mark.parametrize("kind", ["plain", "dictionary", "delta", "large page", "ipc"])
def test_memory_of_files_that_expand(tmp_path, kind, options):
    """A few kilobytes that hold 1.5 GB are read in batches, or refused in one line."""
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to measure memory")
    texts = ["x" * MEBIBYTE] * 1_500
    path = tmp_path / ("a.arrow" if kind == "ipc" else "a.parquet")
    phones = ["+12025550123"] * len(texts)
    if kind == "ipc":
        body = pa.DictionaryArray.from_arrays(pa.array([0] * len(texts), pa.int8()), texts[:1])
        write_ipc(pa.table({"body": body, "phone": phones}), path)
    else:
        written = {"use_dictionary": kind == "dictionary", "write_batch_size": 4}
        if kind == "delta":
            written["column_encoding"] = {"body": "DELTA_BYTE_ARRAY"}
        if kind == "large page":
            del written["write_batch_size"]
        pq.write_table(
            pa.table({"body": texts, "phone": phones}), path, compression="zstd", **written
        )
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, "estimate", path.name, "--text", "body", "--to", "phone"]
        + ["--json", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    *errors, peak = done.stderr.splitlines()
    assert int(peak) * 1024 < 600 * MEBIBYTE
    if kind == "large page":
        assert done.returncode == 1
        assert re.search(r"a\.parquet: column 'body' has a page of 1,07\d,\d+,\d+ bytes", errors[0])
    else:
        assert (done.returncode, errors) == (0, [])
        assert '"messages": 1500,' in done.stdout
