"""Days in price lists: the ways to write them, and those that could be two days."""

from datetime import date, time

import pytest

from septet.costing.rates.lists.values.dates import find_order, read_moment

DAY = date(2026, 1, 8)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-01-08", None),
        ("2026-1-8", None),
        ("2026/01/08", None),
        ("2026.01.08", None),
        ("20260108", None),
        ("08.01.2026", "day"),
        ("01/08/2026", "month"),
        ("8 Jan 2026", None),
        ("08-Jan-2026", None),
        ("8th January 2026", None),
        ("Jan 8, 2026", None),
        ("08-Jan-26", None),
        ("8-jan-26", None),
        ("8 January 26", None),
    ],
)
def test_days(text, order):
    """Each way to write a day gives it."""
    assert read_moment("valid_from", text, order) == (DAY, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1. März 2026", date(2026, 3, 1)),
        ("15. Dez. 2026", date(2026, 12, 15)),
        ("1er août 2026", date(2026, 8, 1)),
        ("1 févr. 2026", date(2026, 2, 1)),
        ("3 de enero de 2026", date(2026, 1, 3)),
        ("7 juillet 2026", date(2026, 7, 7)),
    ],
)
def test_other_languages(text, day):
    """Names of months may be German, French or Spanish."""
    assert read_moment("valid_from", text, None) == (day, None)


def test_same_day_and_month():
    """A date with two equal numbers is one day."""
    assert read_moment("valid_from", "08/08/2026", None).day == date(2026, 8, 8)


@pytest.mark.parametrize(
    "text", ["2026.01.08 22:15:29", "2026-01-08T22:15:29Z", "2026-01-08 22:15:29.123 +02:00"]
)
def test_time_of_day(text):
    """A time of day is kept apart."""
    assert read_moment("valid_from", text, None) == (DAY, time(22, 15, 29))


@pytest.mark.parametrize(
    ("text", "order", "message"),
    [
        ("01/02/2026", None, "'01/02/2026' could be two days: write it as 2026-MM-DD"),
        ("01.02.2026", None, "could be two days"),
        ("1 jui 2026", None, "is not a date"),
        ("2026-02-30", None, "is not a date such as 2026-01-31"),
        ("13/01/2026", "month", "is not a date"),
        ("2026-01-08 25:00", None, "is not a date"),
        ("8 Foo 2026", None, "is not a date"),
        ("08-01-26", None, "is not a date"),
        ("08-Jan-026", None, "is not a date"),
        ("soon", None, "is not a date"),
        ("46030", None, "is not a date"),
        ("٢٠٢٦-٠١-٠١", None, "is not a date"),
    ],
)
def test_refused(text, order, message):
    """What is no day, or could be two, is an error."""
    with pytest.raises(ValueError, match=message):
        read_moment("valid_from", text, order)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/02/2026", "31/01/2026"], "day"),
        (["01/02/2026", "01/31/2026 10:00"], "month"),
        (["01/02/2026", "2026-01-31", ""], None),
    ],
)
def test_another_row_decides(texts, order):
    """A date with a number above 12 tells what comes first in all of them."""
    assert find_order(texts) == order


def test_rows_that_contradict_each_other():
    """Both orders in one list are an error."""
    with pytest.raises(ValueError, match="'31/01/2026' has the day first, '01/31/2026' the month"):
        find_order(["31/01/2026", "01/31/2026"])
