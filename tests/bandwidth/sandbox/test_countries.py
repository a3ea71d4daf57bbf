"""Countries of numbers, by country codes and by the area codes of +1."""

import pytest

from septet.bandwidth.sandbox.countries import country_of


@pytest.mark.parametrize(
    ("number", "country"),
    [
        *(("+12025550100", "USA"), ("+14165550100", "CAN"), ("+18765550100", "JAM")),
        *(("+17875550100", "PRI"), ("+15555554720", "USA"), ("+12025550", "USA"), ("+1", "USA")),
        *(("+447700900000", "GBR"), ("+4915112345678", "DEU"), ("+35386123456", "IRL")),
        *(("+79123456789", "RUS"), ("+77012345678", "KAZ"), ("+971501234567", "ARE")),
        *(("+999123", None), ("+", None), ("", None), ("12345", None), ("ACME", None)),
    ],
)
def test_country(number, country):
    """The longest known prefix decides; a sender that is not a number has no country."""
    assert country_of(number) == country
