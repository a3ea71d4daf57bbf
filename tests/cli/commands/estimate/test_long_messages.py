"""Long messages as a file, which is complete or not replaced."""

import csv

import pytest

from septet.cli.commands.estimate.long_messages import write_long_messages
from septet.costing import LongMessage

MESSAGES = [
    LongMessage("a.csv", 7, 3, None, 'one, "two"\r\n\ud800'),
    LongMessage("b", 8, 2, "+1", "x"),
]


def test_all_of_them(tmp_path):
    """Every field of every message is written, and no other file is left."""
    path = tmp_path / "long.csv"
    path.write_text("older")
    write_long_messages(str(path), iter(MESSAGES))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["source", "row", "segments", "recipient", "text"],
        ["a.csv", "7", "3", "", 'one, "two"\r\n?'],
        ["b", "8", "2", "+1", "x"],
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_nothing(tmp_path):
    """A failure leaves the old file as it was."""

    def broken():
        yield MESSAGES[0]
        raise OSError(28, "No space left on device")

    path = tmp_path / "long.csv"
    path.write_text("older")
    with pytest.raises(OSError, match="No space left"):
        write_long_messages(str(path), broken())
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
