"""Texts from standard input: `septet count -` and `septet inspect -`."""

import io
import sys

import pytest

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


def test_count(run, pipe):
    """Both commands read it, with the options for counting; other texts come as before."""
    pipe(LONG.encode())
    assert run("count", "-") == (0, "2\n", "")
    pipe("ığ".encode() * 70)
    assert run("count", "--languages", "turkish", "-") == (0, "1\n", "")
    assert run("count", "--", "-a") == (0, "1\n", "")


@pytest.mark.parametrize("command", ["count", "inspect"])
def test_errors(run, pipe, monkeypatch, command):
    """What is not UTF-8, too long, or not there is one line with status 1."""
    for content in (b"caf\xe9", "é".encode("utf-16"), b"\xed\xa0\x80"):
        pipe(content)
        assert run(command, "-") == (1, "", "septet: the text is not valid UTF-8\n")
    monkeypatch.setattr("septet.cli.texts._MAX_BYTES", 1 << 20)
    pipe(b"a" * (1 << 20) + b"\n")
    assert run(command, "-") == (1, "", "septet: the text has more than 1 MiB\n")
    monkeypatch.setattr(sys, "stdin", None)
    assert run(command, "-") == (1, "", "septet: standard input is closed\n")
