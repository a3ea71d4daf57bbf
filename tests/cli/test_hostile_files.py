"""`septet estimate` over unusual and damaged files: one line of error, no partial output."""

import errno
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

COLUMNS = "body,phone\n"
MEBIBYTE = 1 << 20


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", COLUMNS.encode("utf-32"), "a.csv is UTF-32; convert it first: iconv"),
        (
            "a.csv",
            b"b\xf6dy,phone\n",
            "the header is not valid UTF-8; if it is Windows-1252",
        ),
        ("a.csv", b"text|to\none|two\n", "a.csv has no column 'body'; its columns are 'text|to'"),
        ("a.csv", b"text;to\none;two\n", "a.csv has no column 'body'; its columns are 'text', 't"),
        ("a.csv", b"bodies,phone\n", "a.csv has no column 'body' (did you mean 'bodies'?)"),
        ("a.csv", bytes(100_000), "a.csv has no column 'body'"),
        ("a.csv", "body\ncafé\none\n".encode("latin-1"), "1 row could not be read ("),
        ("a.csv", b"body,id\none\none,1,2\none,1\n", "2 rows could not be read ("),
        ("a.csv.gz", b"\x1f\x8bbody\none\n", "a.csv.gz is damaged after 0 rows: "),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "a.csv.gz is empty"),
        ("a.jsonl", b'{"body": 1}\n{"body": "one"}\n[]\n', "2 rows could not be read ("),
        ("a.jsonl", b'{"body": "one"}\n\0\n', "1 row could not be read ("),
        ("a.jsonl", b'{"body": ' + b"[" * 100_000, "a.jsonl has no JSON objects: not valid JSON"),
        ("a.jsonl", b'{"body": ' + b"9" * 10_000 + b"}", "a.jsonl has no JSON objects: not valid"),
        ("a.parquet", b"", "a.parquet is not a Parquet file"),
        ("a.parquet", b"PAR1" + bytes(100) + b"PAR1", "a.parquet is not a Parquet file"),
        ("a.feather", b"ARROW1\0\0" + bytes(100), "a.feather is not an Arrow file"),
    ],
)
def test_files_of_another_form(run, tmp_path, name, content, said):
    """The error is one line on standard error, of a readable length."""
    if name.endswith(("parquet", "feather")):
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(content)
    status, _, err = run("estimate", tmp_path / name, "--text", "body")
    assert status == 1
    assert said in err
    assert err.count("\n") == 1
    assert len(err) < 1_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "\ufeffbody,phone\none\0,+12\n"),
        ("a.csv", "body,phone\rone,+12\r"),
        ("a.jsonl", '\ufeff{"body": "on\\u0000e"}\n'),
    ],
)
def test_files_that_are_only_odd(run, tmp_path, name, content):
    """A byte order mark, a null character and old line ends are accepted."""
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    status, out, _ = run("estimate", tmp_path / name, "--text", "body", "--json")
    assert (status, json.loads(out)["messages"]) == (0, 1)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.arrows"])
def test_damaged_octets(run, tmp_path, name, seed):
    """The file is read, or the error is one line; a priced file is complete or absent."""
    pa = pytest.importorskip("pyarrow")
    path, priced = tmp_path / name, tmp_path / "priced.csv"
    write_table(pa.table({"body": [f"text {n} ’" for n in range(5_000)]}), path)
    octets = bytearray(path.read_bytes())
    draw = random.Random(seed)
    for _ in range(1 + seed):
        octets[draw.randrange(8, len(octets))] = draw.randrange(256)
    path.write_bytes(octets[: draw.randrange(len(octets))] if seed % 4 == 0 else octets)
    status, out, err = run("estimate", path, "--text", "body", "--json", "--output", priced)
    assert (status, err.count("\n")) in [(0, 0), (1, 1)]
    assert priced.exists() == bool(out)
    assert {file.name for file in tmp_path.iterdir()} <= {name, "priced.csv"}


def write_table(table, path):
    """Write several row groups or batches, as the suffix of the file says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=1_000)
        return
    new = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
    with new(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=1_000)


# VmHWM is of this process alone; `getrusage` can include the process that it was forked from.
_MEASURE = """\
import sys
from pathlib import Path
from septet.cli import main
status = main(sys.argv[1:])
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line for line in lines if line.startswith("VmHWM")).split()[1], file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("options", [["--savings"], ["--output", "priced.csv"]], ids="-".join)
def test_one_enormous_cell(tmp_path, kind, options):
    """It takes a few times its size in memory, and is a cell like others."""
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to measure memory")
    cells = ["one", "a" * 16 * MEBIBYTE, "two"]
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        write_table(pytest.importorskip("pyarrow").table({"body": cells}), path)
    elif kind == "csv":
        path.write_text("body\n" + "".join(f"{cell}\n" for cell in cells))
    else:
        path.write_text("".join(json.dumps({"body": cell}) + "\n" for cell in cells))
    command = ["estimate", path.name, "--text", "body", "--json", *options]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command], cwd=tmp_path, capture_output=True, text=True
    )
    *_, peak = done.stderr.splitlines()
    assert int(peak) * 1024 < 400 * MEBIBYTE
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["messages"], facts["over_limit"]) == (0, 3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "stdin"])
def test_one_endless_line_that_is_compressed(tmp_path, kind, quote):
    """A small file may hold a line of any size: it is unreadable, and the next ones are read."""
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to measure memory")
    first, last = ('{"body": "', '"}') if kind == "jsonl" else (quote, quote)
    path = tmp_path / ("a.csv.gz" if kind == "stdin" else f"a.{kind}.gz")
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write("" if kind == "jsonl" else "body\n")
        file.write(first)
        for _ in range(400):
            file.write("a" * MEBIBYTE)
        file.write(f"{last}\n" + f"{first}two{last}\n" * 2)
    name = "-" if kind == "stdin" else path.name
    with path.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, "estimate", name, "--text", "body", "--json"],
            cwd=tmp_path,
            capture_output=True,
            stdin=stdin,
            text=True,
        )
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["messages"], facts["unreadable"]["count"]) == (1, 2, 1)
    assert int(done.stderr.splitlines()[-1]) * 1024 < 200 * MEBIBYTE


def test_a_folder_that_may_not_be_read(run):
    """The error names the folder, and the other files are not counted without it."""
    with tempfile.TemporaryDirectory() as folder:  # in one that others may enter, too
        closed = Path(folder, "closed")
        closed.mkdir()
        Path(folder, "a.csv").write_text("body\none\n")
        assert run("estimate", folder, "--text", "body")[0] == 0  # all is imported
        os.chmod(folder, 0o755)
        closed.chmod(0)
        user = os.geteuid()
        os.seteuid(user or 65_534)  # root can read everything
        try:
            status, out, err = run("estimate", folder, "--text", "body")
        finally:
            os.seteuid(user)
        closed.chmod(0o700)
    assert (status, out, err) == (1, "", f"septet: {closed}: {os.strerror(errno.EACCES)}\n")
