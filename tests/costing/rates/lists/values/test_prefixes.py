"""Cells of dialling codes: what is one prefix, several, or a range, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing.rates.lists.values.prefixes import read_prefixes


@pytest.mark.parametrize(
    ("cell", "prefixes"),
    [
        ("49", ["49"]),
        ("+49", ["49"]),
        ("0044", ["44"]),
        ("'33", ["33"]),
        ("’+33", ["33"]),
        ('="0044"', ["44"]),
        (" 34 ", ["34"]),
        ("\u00a034", ["34"]),
        ("1 876", ["1876"]),
        ("+1 (876)", ["1876"]),
        ("1-242", ["1242"]),
        ("+44 (0)", ["44"]),
        ("1–242", ["1242"]),
        ("00 1-242", ["1242"]),
        ("44-1481", ["441481"]),
        ("881-6", ["8816"]),
        ("1-242, 1-246", ["1242", "1246"]),
        ("+1 787/+1 939", ["1787", "1939"]),
        ("1242;1246", ["1242", "1246"]),
        ("1242\n1246,", ["1242", "1246"]),
        ("1242, 1242", ["1242"]),
        ("30, 31, 32", ["30", "31", "32"]),
        ("1264-1268", ["1264", "1265", "1266", "1267", "1268"]),
        ("1240-1249", ["124"]),
        ("1238 - 1251", ["1238", "1239", "124", "1250", "1251"]),
        ("3460000-3469999", ["346"]),
        ("10-99", ["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        ("1242, 1264-1265", ["1242", "1264", "1265"]),
    ],
)
def test_prefixes(cell, prefixes):
    """Each way to write prefixes gives the same digits."""
    assert read_prefixes(cell) == prefixes


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "is not 1 to 15 digits"),
        ("UK", "is not 1 to 15 digits"),
        ("044", "is not 1 to 15 digits"),
        ("44.0", "write 44 without decimals"),
        ("4.4E+01", "is not 1 to 15 digits"),
        ("44 UK", "is not 1 to 15 digits"),
        ("٤٤", "is not 1 to 15 digits"),
        ("1242,,1246,x", "is not 1 to 15 digits"),
        ("1234567890123456", "is not 1 to 15 digits"),
        ("1-234567890123456", "is not 1 to 15 digits"),
        ("1268-1264", "neither a country code and an area"),
        ("1242-46", "neither a country code and an area"),
        ("1242 1246", "neither a country code and an area"),
        ("34 35", "neither a country code and an area"),
        ("1-809-829", "is not 1 to 15 digits"),
        ("1-787, 939", "'939' could be an area"),
        ("1 787/939", "'939' could be an area"),
    ],
)
def test_refused(cell, message):
    """What could be two things, or is no prefix, is an error with the cell."""
    with pytest.raises(ValueError, match=message) as caught:
        read_prefixes(cell)
    assert repr(cell) in str(caught.value)


@given(st.integers(1, 6), st.data())
def test_ranges(length, data):
    """A range has the prefixes of its numbers, and no others."""
    bounds = st.integers(10 ** (length - 1), 10**length - 1)
    first, last = sorted((data.draw(bounds), data.draw(bounds)))
    if first == last:
        return
    prefixes = read_prefixes(f"{first}-{last}")
    sizes = [10 ** (length - len(prefix)) for prefix in prefixes]
    starts = [int(prefix) * size for prefix, size in zip(prefixes, sizes, strict=True)]
    ends = [start + size for start, size in zip(starts, sizes, strict=True)]
    assert starts == [first, *ends[:-1]]
    assert ends[-1] == last + 1
