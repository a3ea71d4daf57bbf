"""The two terminals: nothing is cut, nothing is interpreted, progress only where it can be seen."""

import io
import sys

import pytest

from septet.cli.terminal import Column, progress_bar, terminal

COLUMNS = [Column("Name"), Column("Count", is_number=True)]


def write_table(stream, rows, columns=COLUMNS):
    terminal(stream).table("Title", columns, rows)


def test_plain_table_is_aligned():
    """Text stands to the left and numbers to the right, wide characters counted as they show."""
    stream = io.StringIO()
    write_table(stream, [["日本", "1"], ["e\u0301", "1,000"]])
    assert stream.getvalue() == (
        "Title\n  Name  Count\n  ----  -----\n  日本      1\n  e\u0301     1,000\n\n"
    )


def test_plain_table_without_headings_has_no_head():
    """A list of values needs no head."""
    stream = io.StringIO()
    write_table(stream, [["a", "1"]], [Column(), Column(is_number=True)])
    assert stream.getvalue() == "Title\n  a  1\n\n"


def test_plain_marks():
    """Without colour, brackets mark what colour would."""
    stream = io.StringIO()
    terminal(stream).line([("caf", "odd"), ("é", "non-gsm"), ("!", "faint")])
    assert stream.getvalue() == "caf[é]!\n"


def test_rich_folds_and_cuts_nothing(capsys, on_terminal):
    """A value that is wider than the terminal goes on below, to its last character."""
    pytest.importorskip("rich")
    value = "".join(chr(0x4E00 + n) for n in range(100))
    write_table(sys.stdout, [[value, "1,000"]])
    output = capsys.readouterr().out
    assert "".join(char for char in output if char in value) == value
    assert "…" not in output


def test_rich_wraps_lines_between_words(capsys, on_terminal):
    """No word is torn that fits into a line, and none that does not is cut."""
    terminal(sys.stdout).line("word " * 20 + "x" * 100)
    lines = capsys.readouterr().out.split("\n")
    assert [line.rstrip() for line in lines] == [
        " ".join(["word"] * 16),
        "word word word word",
        "x" * 80,
        "x" * 20,
        "",
    ]


def test_rich_interprets_nothing(capsys, on_terminal):
    """What looks like markup, an emoji code or a link is shown as it is."""
    pytest.importorskip("rich")
    terminal(sys.stdout).line([("[bold]x[/bold] :smile: [/]", "plain")])
    assert "[bold]x[/bold] :smile: [/]" in capsys.readouterr().out


@pytest.mark.parametrize("variable", [{"TERM": "dumb"}])
def test_terminal_without_colour_is_plain(capsys, on_terminal, monkeypatch, variable):
    """Where there is no colour, marks are written."""
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    terminal(sys.stdout).line([("é", "non-gsm")])
    assert capsys.readouterr().out == "[é]\n"


class TestProgress:
    def test_silent_without_a_terminal(self, capsys):
        """A file that standard error goes to gets no progress."""
        with progress_bar("Reading") as progress:
            progress(0.5, 1_000)
        assert capsys.readouterr() == ("", "")

    def test_plain(self, capsys, on_terminal, no_rich):
        """Without rich it is one line that is written over, and gone at the end."""
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
        """An error message does not stand behind half a line of progress."""
        with pytest.raises(ZeroDivisionError), progress_bar("Reading"):
            raise ZeroDivisionError
        assert capsys.readouterr().err.endswith("\r\x1b[K")
