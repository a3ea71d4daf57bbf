"""Tables of an estimate: values of columns, and how many are shown."""

import io
import re
import sys

import pytest

from septet.cli.commands.estimate.tables import hints, print_estimate
from septet.cli.terminal import terminal
from septet.costing import Batch, Estimate, RateCard
from septet.costing.insights import repeats

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0075", "currency": "USD"},
        {"prefix": "44", "price": "0.1", "currency": "GBP"},
    ]
)


def shown(result):
    stream = io.StringIO()
    print_estimate(result, terminal(stream))
    return stream.getvalue()


def printed(texts, recipients, values, rates=RATES):
    result = Estimate(rates=rates, by=["kind"])
    result.add(Batch(texts, recipients, groups=[values]))
    return shown(result)


def test_values():
    """Each value has its messages and segments, and what it costs in each currency."""
    out = printed(
        ["one", "a" * 161, "two", "three", ""],
        ["+12", "+12", "+447", "", "+12"],
        ["spring", "spring", "\x1b[31m", None, "gone"],
    )
    assert out.endswith(
        """\
By kind
  Value   Messages  Segments  Cost in GBP  Cost in USD
  ------  --------  --------  -----------  -----------
  spring         2         3       0.0000       0.0225
  ␛[31m          1         1       0.1000       0.0000
  (none)         1         1       0.0000       0.0000

Total: 4 messages, 5 segments, 0.10 GBP, 0.02 USD, 1 without a price
"""
    )


def test_many_values():
    """The first values are shown, the others are summed."""
    values = [f"v{number:04}" for number in range(1_234)]
    out = printed(["one"] * 1_234, ["+12"] * 1_234, values)
    assert len(re.findall(r"^  v\d", out, re.MULTILINE)) == 20
    assert re.search(r"v0019 +1 +1 +0\.0075\n  \(1,214 others\) +1,214 +1,214 +9\.1050\n", out)


@pytest.mark.parametrize(("kinds", "last"), [(10, "1"), (11, "1 more"), (1_500, "1,490 more")])
def test_many_characters(kinds, last):
    """Ten characters that force UCS-2 are shown, and the number of the others."""
    result = Estimate()
    result.add(Batch([chr(0x4E00 + number) for number in range(kinds)]))
    table = (
        shown(result).partition("Characters that force UCS-2\n")[2].partition("\n\n")[0].split("\n")
    )
    assert len(table) == 2 + min(kinds, 11)
    assert table[-1].endswith(f" {last}")


def test_no_values():
    """Without messages the table is empty; without prices it has no costs."""
    assert printed([], [], []).endswith(
        "By kind\n  Value  Messages  Segments\n  -----  --------  --------\n\n"
        "Total: 0 messages, 0 segments\n"
    )
    assert "Cost in" not in printed(["one"], ["+12"], ["a"], rates=None)


def test_nothing_forces_ucs2():
    """Then there is no table of characters, but one of savings."""
    result = Estimate(savings=True)
    result.add(Batch(["one", "two\r\n" * 40]))
    out = shown(result)
    assert "character" not in out
    assert re.search(r"Possible savings\n.*\n.*\n  LF for CR LF +1 +1\n", out)


def test_wrongly_decoded_messages():
    """A hint says how many there are, and what to do."""
    result = Estimate()
    hint = (
        "like UTF-8 read as Windows-1252 or Latin-1 (â€™ instead of ’): "
        "export the texts again, as UTF-8"
    )
    for count in ("1 message looks", "2 messages look"):
        result.add(Batch(["Â¿Apoya?", "JOSÉ’S"]))
        assert list(hints(result)) == [f"{count} {hint}"]


def test_levels_that_are_not_installed(monkeypatch):
    """A hint names the extra that replaces letters, if it is not installed."""
    pytest.importorskip("anyascii")
    assert list(hints(Estimate(savings=True))) == []
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert list(hints(Estimate(savings=True))) == [
        "replacing other letters needs anyascii: pip install 'septet[transliteration]'"
    ]


@pytest.mark.parametrize(
    ("recipients", "reads_written", "expected"),
    [
        (["07700 900123"], False, ["--region"]),
        (["07700 900123"], True, []),
        (["4.47911E+11", "447911123456.0"], False, ["digits are lost", 'end in ".0"']),
        (["4.47911E+11", "n/a"], True, ["digits are lost"]),
        (["+12", None], False, []),
    ],
)
def test_numbers_that_are_not_e164(recipients, reads_written, expected):
    """A hint says what to do, and nothing that was done already."""
    result = Estimate(rates=RATES)
    result.add(Batch(["one"] * len(recipients), recipients))
    found = list(hints(result, reads_written=reads_written))
    assert len(found) == len(expected)
    assert all(words in hint for words, hint in zip(expected, found, strict=True))


def test_too_many_to_remember(monkeypatch):
    """A hint says that repeated messages were not counted."""
    monkeypatch.setattr(repeats, "MAX_REMEMBERED", 1)
    result = Estimate(savings=True)
    result.add(Batch(["one", "one"], ["+12", "+13"]))
    assert "repeated messages were not counted: there are too many messages" in hints(result)
