"""The command line in-process: its output with and without a terminal, with and without rich."""

import sys

import pytest

from septet.cli import main

CAMPAIGN = """\
id,phone,body
1,+12025550100,Tonight: jazz at the café ’til 2
2,+12025550101,Your code is 123456
3,+18765550100,"Dear [bold]Ann[/bold],
see you"
4,+447700900123,
5,07700 900123,one
6,+99955550100,two
7,,three
"""
RATES = """\
prefix,price,currency,country
1,1000.5,USD,United States
1876,0.0785,USD,Jamaica
44,0.04,GBP,
"""


@pytest.fixture
def campaign(tmp_path):
    """A small campaign of messages, some of which have no price."""
    path = tmp_path / "campaign.csv"
    path.write_text(CAMPAIGN, encoding="utf-8")
    return path


@pytest.fixture
def rates(tmp_path):
    """A rate card for it."""
    path = tmp_path / "rates.csv"
    path.write_text(RATES, encoding="utf-8")
    return path


@pytest.fixture
def run(capsys):
    """Run the command line; return exit status, standard output and standard error."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def on_terminal(capsys, monkeypatch):
    """Make standard output and error a colour terminal of 80 columns."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    # The class, because pytest makes its streams anew between a fixture and the test.
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)


@pytest.fixture
def no_rich(monkeypatch):
    """Make rich look as if it were not installed."""
    monkeypatch.setitem(sys.modules, "rich", None)
