"""Output with and without rich: nothing is lost or interpreted; progress only on terminals."""

import io
import re
import sys

import pytest

from septet.cli.terminal import Column, number, progress_bar, terminal

COLUMNS = [Column("Name"), Column("Count", is_number=True)]


def write_table(stream, rows, columns=COLUMNS):
    terminal(stream).table("Title", columns, rows)


def test_plain_table_is_aligned():
    """Text is aligned to the left, numbers to the right; wide characters take two columns."""
    stream = io.StringIO()
    write_table(stream, [["日本", "1"], ["e\u0301", "1,000"]])
    assert stream.getvalue() == (
        "Title\n  Name  Count\n  ----  -----\n  日本      1\n  e\u0301     1,000\n\n"
    )


def test_plain_table_without_headings_has_no_head():
    """Empty headings are left out."""
    stream = io.StringIO()
    write_table(stream, [["a", "1"]], [Column(), Column(is_number=True)])
    assert stream.getvalue() == "Title\n  a  1\n\n"


def test_plain_marks():
    """Without colour, brackets mark non-GSM characters."""
    stream = io.StringIO()
    terminal(stream).line([("caf", "odd"), ("é", "non-gsm"), ("!", "faint")])
    assert stream.getvalue() == "caf[é]!\n"


def test_rich_folds_and_cuts_nothing(capsys, on_terminal):
    """A value wider than the terminal is continued in the next lines."""
    pytest.importorskip("rich")
    value = "".join(chr(0x4E00 + n) for n in range(100))
    write_table(sys.stdout, [[value, "1,000"]])
    output = capsys.readouterr().out
    assert "".join(char for char in output if char in value) == value
    assert "…" not in output


def test_rich_wraps_lines_between_words(capsys, on_terminal):
    """Words are kept whole; only one longer than a line is split."""
    terminal(sys.stdout).line("word " * 20 + "x" * 100)
    lines = capsys.readouterr().out.split("\n")
    assert [line.rstrip() for line in lines] == [
        " ".join(["word"] * 16),
        "word word word word",
        "x" * 80,
        "x" * 20,
        "",
    ]


def test_rich_keeps_numbers_whole(capsys, on_terminal, monkeypatch):
    """In a narrow terminal, texts and headings are wrapped, and numbers are not."""
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "40")
    columns = [Column("Change"), number("Messages"), number("Saved in EUR")]
    write_table(sys.stdout, [["punctuation replaced " * 3, "1,234", "12,345.67890"]], columns)
    lines = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).splitlines()
    assert max(map(len, lines)) <= 40
    words = " ".join(lines).split()
    assert {"1,234", "12,345.67890", "Saved", "punctuation", "replaced"} <= set(words)


def test_rich_interprets_nothing(capsys, on_terminal):
    """Markup, emoji codes and links are shown as they are."""
    pytest.importorskip("rich")
    terminal(sys.stdout).line([("[bold]x[/bold] :smile: [/]", "plain")])
    assert "[bold]x[/bold] :smile: [/]" in capsys.readouterr().out


@pytest.mark.parametrize("variable", [{"TERM": "dumb"}])
def test_terminal_without_colour_is_plain(capsys, on_terminal, monkeypatch, variable):
    """A terminal without colour gets brackets."""
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    terminal(sys.stdout).line([("é", "non-gsm")])
    assert capsys.readouterr().out == "[é]\n"


class TestProgress:
    def test_silent_without_a_terminal(self, capsys):
        """No progress is written to a file."""
        with progress_bar("Reading") as progress:
            progress(0.5, 1_000)
        assert capsys.readouterr() == ("", "")

    def test_plain(self, capsys, on_terminal, no_rich):
        """Without rich it is one line, overwritten and finally cleared."""
        with progress_bar("Reading") as progress:
            progress(0.5, 1_000)
        out, err = capsys.readouterr()
        assert out == ""
        assert err == "\rReading  50%  1,000 rows \r\x1b[K"

    def test_rich(self, capsys, on_terminal):
        """With rich it is a bar on standard error."""
        pytest.importorskip("rich")
        with progress_bar("Reading [red]x.csv") as progress:
            progress(0.5, 1_000)
        out, err = capsys.readouterr()
        assert out == ""
        assert "Reading [red]x.csv" in err
        assert "50%" in err
        assert "1,000 rows" in err

    def test_line_is_cleared_after_an_error(self, capsys, on_terminal, no_rich):
        """The line of progress is cleared before an error message."""
        with pytest.raises(ZeroDivisionError), progress_bar("Reading"):
            raise ZeroDivisionError
        assert capsys.readouterr().err.endswith("\r\x1b[K")
