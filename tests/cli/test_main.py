"""The program as a process sees it: exit statuses, pipes, encodings, interruption."""

import errno
import json
import os
import runpy
import subprocess
import sys

import pytest

import septet
from septet.cli import main


def start(*arguments, stdout=subprocess.PIPE, **options):
    command = [sys.executable, "-m", "septet", *map(os.fsdecode, arguments)]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False, **options
    )


def test_as_a_module():
    """`python -m septet` is the command line."""
    done = start("--version")
    expected = f"septet {septet.__version__} ({septet.IMPLEMENTATION})"
    assert (done.returncode, done.stdout.decode().strip()) == (0, expected)


def test_import_does_not_load_the_command_line():
    """A program that only counts loads neither the command line nor what it needs."""
    code = (
        "import sys, septet; print(sorted({'septet.cli', 'argparse', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout.decode().strip() == "[]"


@pytest.mark.parametrize("command", ["count", "inspect", "encode", "decode", "transliterate"])
def test_a_command_loads_what_it_needs(command):
    """A text needs no packages for campaigns and for sending, and counting it no rewriting."""
    code = (
        "import sys; from septet.cli import main; main(sys.argv[1:]); "
        "print({'septet.costing', 'septet.cli.bandwidth', 'socket', 'shtab'} & set(sys.modules)); "
        "print({'septet.rewriting', 'json', 'dataclasses'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, "61"], capture_output=True, timeout=60, check=True
    )
    campaigns, rewriting = done.stdout.decode().splitlines()[-2:]
    assert campaigns == "set()"
    assert rewriting == "set()" or command != "count"


def test_bytes_that_are_no_text(tmp_path):
    """Arguments that are not valid UTF-8 are an error."""
    for command in ("count", "inspect"):
        done = start(command, b"caf\xff", env=os.environ)
        assert (done.returncode, done.stdout) == (1, b"")
        place = b"0xFF at byte 4 of line 1"
        assert done.stderr == b"septet: the text is not valid UTF-8: " + place + b"\n"


def test_a_locale_of_ascii():
    """Arguments and texts that are written to a pipe are UTF-8 all the same."""
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = start("transliterate", "é’".encode(), env={**os.environ, **locale})
    assert (done.returncode, done.stdout, done.stderr) == (0, "é'\n".encode(), b"")


def test_a_stream_of_ascii():
    """Characters that it cannot encode are written as escapes."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    done = start("inspect", "a’b", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"[\u2019]" in done.stdout


def test_nothing_runs_under_another_name():
    """Importing the module runs nothing, as processes that are spawned import it."""
    assert "main" in runpy.run_module("septet.__main__", run_name="septet.__main__")


def test_closed_standard_error(tmp_path):
    """Errors are then dropped, and never written into the output."""
    path = tmp_path / "ragged.csv"
    path.write_text("id,body\n1,one\n2\n")
    command = [sys.executable, "-m", "septet", "estimate", str(path), "--text", "body", "--json"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", *command], stdout=subprocess.PIPE, check=False
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["unreadable"]["count"] == 1


def test_abbreviated_options_are_no_interface(run):
    """Options cannot be abbreviated."""
    with pytest.raises(SystemExit) as caught:
        run("count", "--ref", "16", "text")
    assert caught.value.code == 2


def test_closed_pipe_is_quiet(campaign):
    """If the reader closes the pipe, the program ends silently."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = start("estimate", campaign, "--text", "body", stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_full_disk_is_one_line(campaign):
    """A full device is an error in one line."""
    with open("/dev/full", "wb") as full:
        done = start("estimate", campaign, "--text", "body", stdout=full)
    assert (done.returncode, done.stderr) == (
        1,
        f"septet: standard output: {os.strerror(errno.ENOSPC)}\n".encode(),
    )


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        ([], {"numpy", "pandas", "pyarrow.compute"}),
        (["--savings", "--output", "p.parquet"], {"numpy", "pandas"}),
    ],
)
def test_what_parquet_does_not_need(tmp_path, options, left_out):
    """The program reads and writes Parquet without modules that take long to import."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"body": ["one", None, "’"]}), tmp_path / "a.parquet")
    command = [sys.executable, "-X", "importtime", "-m", "septet", "estimate", "a.parquet"]
    done = subprocess.run(
        [*command, "--text", "body", "--json", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, json.loads(done.stdout)["messages"]) == (0, 2)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pyarrow.parquet" in imported
    assert imported & left_out == set()


def test_what_csv_does_not_need(tmp_path):
    """A priced CSV file is counted without modules for other files, pages and options."""
    (tmp_path / "a.csv").write_text("body,phone\n’,+12025550123\n", encoding="utf-8")
    (tmp_path / "card.csv").write_text("prefix,price,currency\n1,0.01,USD\n", encoding="utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "septet", "estimate", "a.csv", "--json"]
    done = subprocess.run(
        [*command, "--text", "body", "--to", "phone", "--rates", "card.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, json.loads(done.stdout)["messages"]) == (0, 1)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "septet.costing.reading.text.csv_files" in imported
    assert (
        imported
        & {
            *("html", "jinja2", "numpy", "phonenumbers", "pyarrow", "rich", "tomllib"),
            *("septet.columns.rewriting", "septet.display.pages", "septet.rewriting.rewriters"),
            *("septet.costing.rates.checks", "septet.costing.rates.phone_numbers"),
            *("septet.costing.reading.arrow.sources", "septet.costing.reading.text.json_files"),
        }
        == set()
    )


def test_closed_output(monkeypatch, capsys):
    """Without standard output, an error is reported."""
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["count", "a"]) == 1
    assert capsys.readouterr().err == "septet: standard output is closed\n"


def test_interruption(monkeypatch, capsys, campaign):
    """Ctrl-C ends with the status that shells give it, and no traceback."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("septet.cli.commands.estimate.command.estimate", interrupt)
    assert main(["estimate", str(campaign), "--text", "body"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_the_program_is_not_hidden(monkeypatch, campaign):
    """Only errors about the input become one line; a bug keeps its traceback."""

    def fail(*_, **__):
        raise RuntimeError("a fault")

    monkeypatch.setattr("septet.cli.commands.estimate.command.estimate", fail)
    with pytest.raises(RuntimeError):
        main(["estimate", str(campaign), "--text", "body"])
