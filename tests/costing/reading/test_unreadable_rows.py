"""Rows that could not be read: counts, places and reasons."""

from septet.costing import UnreadableRow, UnreadableRows


def test_places_within_a_source():
    """Places get the name of their source, and the count stays."""
    rows = UnreadableRows()
    for line in range(7):
        rows.add(f"line {line}", "broken")
    within = rows.within("x.csv")
    assert within.count == 7
    assert within.examples[0] == UnreadableRow("x.csv, line 0", "broken")
    assert (len(within.examples), rows.examples[0].place) == (5, "line 0")
