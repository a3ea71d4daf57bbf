"""Fixtures that run the command line in this process, with and without a terminal and rich."""

import sys
from datetime import date

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
OUTPUT = f"""\
  Messages                      6
  Rows without text             1
  Unreadable rows               0
  Segments                      6  1.00 per message
  Cost               2,001.08 USD  exactly 2,001.0785
  Rates as of          {date.today()}

By encoding
  Encoding  Messages  Share  Segments
  --------  --------  -----  --------
  GSM-7            5  83.3%         5
  UCS-2            1  16.7%         1

Segments per message
  Segments  Messages   Share
  --------  --------  ------
         1         6  100.0%

Characters that force UCS-2
  Character  Code point  Name                         Messages
  ---------  ----------  ---------------------------  --------
  ’          U+2019      RIGHT SINGLE QUOTATION MARK         1

Cost by destination in USD
  Destination    Messages  Segments        Cost
  -------------  --------  --------  ----------
  United States         2         2  2,001.0000
  Jamaica               1         1      0.0785
  Total                 3         3  2,001.0785

Without a price
  Reason                   Messages  Segments
  -----------------------  --------  --------
  no number                       1         1
  no rate for this number         1         1
  not an E.164 number             1         1

Total: 6 messages, 6 segments, 2,001.08 USD, 3 without a price
"""
HINT = (
    'septet: E.164 numbers are "+" and digits without spaces, as in +12025550123; '
    "use --region if they are dialled in one country\n"
)


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
def expected_output():
    """What `septet estimate` prints for the campaign with the rate card."""
    return OUTPUT


@pytest.fixture
def expected_hint():
    """What it writes to standard error, because a number is not in E.164."""
    return HINT


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
    # Of the class, because pytest replaces its streams between a fixture and the test.
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)


@pytest.fixture
def no_rich(monkeypatch):
    """Make rich look as if it were not installed."""
    monkeypatch.setitem(sys.modules, "rich", None)
