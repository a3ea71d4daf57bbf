"""To which numbers a row applies."""

import pytest

from septet.costing.rates.lists.destinations import (
    DEFAULT_PREFIX,
    NoNumbersError,
    find_destination,
    find_place,
)


@pytest.mark.parametrize(
    ("prefix", "iso", "name", "mcc", "prefixes"),
    [
        ("49", "", "", "", ("49",)),
        ("49", "DE", "", "", ("49",)),
        ("", "DE", "", "", ("49",)),
        ("", "", "Germany", "", ("49",)),
        ("", "", "DEU", "", ("49",)),
        ("", "", "", "26202", ("49",)),
        ("", "", "Jamaica", "310", ("1658", "1876")),
        ("1", "JM", "", "", ("1658", "1876")),
        ("1", "", "Jamaica", "", ("1658", "1876")),
        ("1876", "JM", "", "", ("1876",)),
        ("1", "US", "", "", ("1",)),
        ("1", "", "Someland", "", ("1",)),
        ("0", "XX", "", "", (DEFAULT_PREFIX,)),
        ("", "", "Rest of world", "", (DEFAULT_PREFIX,)),
        ("Default", "", "", "", (DEFAULT_PREFIX,)),
        ("1-242, 1-246", "", "", "", ("1242", "1246")),
    ],
)
def test_prefixes(prefix, iso, name, mcc, prefixes):
    """Dialling codes count first, then ISO codes, names and mobile country codes."""
    assert find_destination(prefix, find_place(iso, name, mcc)).prefixes == prefixes


@pytest.mark.parametrize(
    ("prefix", "name"), [("33", "Germany"), ("6", "France"), ("6, 7", "France"), ("1-242", "Peru")]
)
def test_other_country(prefix, name):
    """A prefix outside the country of its row could be an area, or a cell of another row."""
    with pytest.raises(ValueError, match=f"is not in {name}"):
        find_destination(prefix, find_place("", name, ""))
    assert find_destination("381", find_place("", "Kosovo", "")).prefixes == ("381",)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("590", "France"), ("299", "Denmark"), ("852", "China"), ("599", "Netherlands")],
)
def test_territories(prefix, name):
    """A row of a territory may have the name of its country."""
    assert find_destination(prefix, find_place("", name, "")).prefixes == (prefix,)


@pytest.mark.parametrize(("iso", "name"), [("DE", "France"), ("US", "Canada"), ("GB", "Jersey")])
def test_contradictions(iso, name):
    """The code and the name must be those of one country, or of two with similar names."""
    with pytest.raises(ValueError, match=f"{iso} is .*, not {name}"):
        find_place(iso, name, "")
    assert find_place("CD", "Congo", "").country.iso == "CD"
    assert find_destination("243", find_place("", "Congo", "")).prefixes == ("243",)


@pytest.mark.parametrize(
    ("iso", "mcc", "message"),
    [
        ("AQ", "", "Antarctica has no dialling code"),
        ("EH", "", r"Western Sahara shares \+212, and its numbers cannot be told apart"),
        ("", "901", "MCC 901 is for networks of no country"),
    ],
)
def test_no_numbers(iso, mcc, message):
    """Of some countries no numbers are known."""
    with pytest.raises(NoNumbersError, match=message):
        find_destination("", find_place(iso, "", mcc))


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "no prefix and no country"), ("Atlantis", "country 'Atlantis' is not known")],
)
def test_refused(name, message):
    """A row must name its numbers."""
    with pytest.raises(ValueError, match=message):
        find_destination("", find_place("", name, ""))
