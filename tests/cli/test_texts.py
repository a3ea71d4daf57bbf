"""Texts from arguments and standard input, and texts that are written."""

import io
import json
import sys

import pytest

from septet.cli import main

LONG = "a" * 161


@pytest.fixture
def pipe(monkeypatch):
    """Make some bytes standard input."""

    def pipe(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return pipe


@pytest.mark.parametrize(
    ("content", "units"),
    [
        (b"a" * 7, 7),
        (b"a" * 7 + b"\n", 7),
        (b"a" * 7 + b"\r\n", 7),
        (b"a" * 7 + b"\n\n", 8),
        (b"a" * 7 + b"\r\n\r\n", 9),
        (b"a" * 7 + b"\r", 8),
        (b"\na\n a ", 6),
        (b"\xef\xbb\xbfa\xc3\xa9\n", 2),
        (b"-", 1),
        (b"", 0),
        (b"\n", 0),
    ],
)
def test_what_is_read(run, pipe, content, units):
    """All of it, but a byte order mark at the start and one line end at the end."""
    pipe(content)
    plural = "septet" if units == 1 else "septets"
    status, out, err = run("inspect", "-")
    assert (status, err) == (0, "")
    assert out.startswith(f"GSM-7, {units} {plural} in 1 segment")


def test_where_a_text_comes_from(run, pipe):
    """From the argument, or from standard input without one or for a dash, but "-" after "--"."""
    for arguments in ([], ["-"], ["-", "--"]):
        pipe(LONG.encode())
        assert run("count", *arguments) == (0, "2\n", "")
    pipe("ığ".encode() * 70)
    assert run("count", "--languages", "turkish") == (0, "1\n", "")
    assert run("count", "--", "-a") == (0, "1\n", "")
    assert run("transliterate", "--", "-") == (0, "-\n", "")
    assert run("transliterate", "") == (0, "\n", "")


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a\n\r\nb\0\r", ["a", "", "b\0\r"]),
        ("\ufeffa\u2028b\n\ufeff\n".encode(), ["a\u2028b", "\ufeff"]),
    ],
)
def test_lines(run, pipe, content, texts):
    """With --lines, each line is a text, and gives a line of JSON."""
    pipe(content)
    status, out, err = run("encode", "--lines", "--json")
    assert (status, err) == (0, "")
    assert [json.loads(line)[0]["body"] for line in out.splitlines()] == texts


def test_wrong_usage(pipe, run, monkeypatch, capsys):
    """A terminal is read only for a dash, and --lines needs standard input."""
    pipe(b"a\n")
    for arguments, message in ((["--lines", "a"], "leave out TEXT"), ([], "give TEXT, or write")):
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        with pytest.raises(SystemExit) as caught:
            run("count", *arguments)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err
    assert run("count", "-") == (0, "1\n", "")


@pytest.mark.parametrize("command", ["count", "inspect", "encode", "decode", "transliterate"])
def test_errors(run, pipe, monkeypatch, command):
    """What is not UTF-8, too long, or not there is one line with status 1."""
    for content, place in (
        (b"caf\xe9", "0xE9 at byte 4 of line 1"),
        ("\ufeffé\n\né".encode() + b"\xff\n", "0xFF at byte 3 of line 3"),
        ("é".encode("utf-16"), "0xFF at byte 1 of line 1"),
        (b"\xed\xa0\x80", "0xED at byte 1 of line 1"),
    ):
        pipe(content)
        expected = f"septet: standard input is not valid UTF-8: {place}\n"
        assert run(command, "-") == (1, "", expected)
    monkeypatch.setattr("septet.cli.texts._MAX_BYTES", 1 << 20)
    pipe(b"a" * (1 << 20) + b"\n")
    assert run(command, "-") == (1, "", "septet: the text has more than 1 MiB\n")
    monkeypatch.setattr(sys, "stdin", None)
    assert run(command, "-") == (1, "", "septet: standard input is closed\n")


def test_errors_in_lines(run, pipe, monkeypatch):
    """The lines before an error have their results."""
    pipe(b"a\nb\n\n\xc3")
    message = "septet: standard input is not valid UTF-8: 0xC3 at byte 1 of line 4\n"
    assert run("count", "--lines") == (1, "1\n1\n1\n", message)
    monkeypatch.setattr("septet.cli.texts._MAX_BYTES", 3)
    pipe(b"aa\naaa\n")
    assert run("count", "--lines") == (1, "1\n", "septet: line 2 has more than 0 MiB\n")


def test_surrogates(run):
    """A lone surrogate, which Windows allows in an argument, is no text."""
    message = "septet: the text has the lone surrogate U+D83D at index 1\n"
    assert run("count", "a\ud83d") == (1, "", message)


def test_written_texts(run, on_terminal):
    """A terminal gets no control characters but line ends."""
    assert run("transliterate", "a[\x1b]\nb\r漢") == (0, "a[␛]\nb␍漢\n", "")
    assert run("decode", "--data-coding", "8", "001b000a2019") == (0, "␛\n’\n", "")


def test_another_kind_of_output(monkeypatch):
    """A program may have replaced standard output."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main(["transliterate", "é’"]) == 0
    assert sys.stdout.getvalue() == "é'\n"
