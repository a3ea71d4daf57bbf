"""Countries: names, codes and the prefixes that are their own."""

import csv
from pathlib import Path

import pytest

from septet.costing.rates.lists.values import countries
from septet.costing.rates.lists.values.countries import (
    code_of,
    countries_of_code,
    country_of_iso,
    country_of_mcc,
    country_of_name,
    is_default,
    shared_codes,
)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("DE", "DE"), ("deu", "DE"), ("UK", "GB"), ("XK", "XK"), ("ZZ", None), ("", None)],
)
def test_iso(text, iso):
    """Codes have two letters or three, in any case."""
    country = country_of_iso(text)
    assert (country and country.iso) == iso


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("Germany", "DE"),
        ("GERMANY", "DE"),
        ("Deutschland", "DE"),
        ("Elfenbeinküste", "CI"),
        ("Oesterreich", "AT"),
        ("Germany (DE)", "DE"),
        ("United Kingdom GBR", "GB"),
        ("DE - Germany", "DE"),
        ("Corée du Sud", "KR"),
        ("EE. UU.", "US"),
        ("Congo (DRC)", "CD"),
        ("Vatikanstadt", "VA"),
        ("United States of America", "US"),
        ("Côte d’Ivoire", "CI"),
        ("St. Kitts & Nevis", "KN"),
        ("Bosnia and Herzegovina", "BA"),
        ("The Netherlands", "NL"),
        ("Korea, Republic of", "KR"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Hongkong", "HK"),
        ("Virgin Islands, US", "VI"),
        ("Macedonia (FYROM)", "MK"),
        ("France (33)", "FR"),
        ("Atlantis", None),
    ],
)
def test_names(name, iso):
    """Case, accents and small words do not matter, and the usual other names are known."""
    country = country_of_name(name)
    assert (country and country.iso) == iso


def test_mobile_country_codes():
    """Mobile country codes are those of ITU-T E.212."""
    found = {mcc: country_of_mcc(mcc) for mcc in ("262", "311", "235", "901")}
    assert {mcc: country and country.iso for mcc, country in found.items()} == {
        "262": "DE",
        "311": "US",
        "235": "GB",
        "901": None,
    }


def test_shared_codes():
    """The main country of a code has the code; the others have the digits of their numbers."""
    assert {"1", "7", "44", "39"} <= shared_codes()
    assert "49" not in shared_codes()
    assert [countries_of_code(code)[0].iso for code in ("1", "7", "44", "590")] == [
        "US",
        "RU",
        "GB",
        "GP",
    ]
    prefixes = {iso: country_of_iso(iso).prefixes for iso in ("US", "KZ", "JM", "DE", "BL")}
    assert prefixes == {
        "US": ("1",),
        "KZ": ("77",),
        "JM": ("1658", "1876"),
        "DE": ("49",),
        "BL": (),
    }
    assert country_of_iso("US").is_main
    assert not country_of_iso("KZ").is_main
    assert countries_of_code("999") == []


def test_own_prefixes_are_those_of_phonenumbers():
    """The example numbers of a country have one of its prefixes, and no longer one of another."""
    library = pytest.importorskip("phonenumbers")
    kinds = library.PhoneNumberType.MOBILE, library.PhoneNumberType.FIXED_LINE
    for code in shared_codes():
        owners = {
            prefix: country.iso
            for country in countries_of_code(code)
            for prefix in country.prefixes
        }
        for iso in set(owners.values()):
            found = []
            for kind in kinds:
                number = library.example_number_for_type(iso, kind)
                if number is None:
                    continue
                digits = f"{code}{library.national_significant_number(number)}"
                found.append(owners[max(filter(digits.startswith, owners), key=len)])
            assert iso in found  # mobile numbers of Svalbard are Norwegian


@pytest.mark.parametrize(("prefix", "code"), [("1876", "1"), ("49", "49"), ("3531", "353")])
def test_code_of_prefix(prefix, code):
    """A prefix begins with a dialling code."""
    assert code_of(prefix) == code
    assert code_of("999") is None


def test_names_are_of_one_country():
    """No name is that of two countries, and every country of a number has a name and codes."""
    path = Path(countries.__file__).with_name("countries.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for name in row["names"].split("|"):
            assert country_of_name(name).iso == row["alpha2"], name
        for mcc in row["mcc"].split():
            assert country_of_mcc(mcc).iso == row["alpha2"], mcc
    assert len({row["alpha3"] for row in rows}) == len({row["alpha2"] for row in rows}) == len(rows)


def test_default():
    """Some rows are for all countries that are not listed."""
    assert all(map(is_default, ("XX", "xx", "Default Rate", "Rest of World")))
    assert not is_default("Mexico")
