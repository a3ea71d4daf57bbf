"""Tables of lists; `test_run.py` has what is read of them, and what is refused."""

from septet.costing.reading.list_source import ListSource
from septet.costing.reading.sources import Columns


def test_fraction_of_a_table():
    """It is 0.0, for only files have a size."""
    with ListSource("the table", {"body": ["one"]}, Columns("body")) as source:
        assert [(batch.texts, source.fraction) for batch in source] == [(["one"], 0.0)]
