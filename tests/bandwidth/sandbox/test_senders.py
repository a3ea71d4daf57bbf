"""Products by the form of the sender, and which of them have groups."""

import pytest

from septet.bandwidth.sandbox.senders import has_groups, product_of


@pytest.mark.parametrize(
    ("sender", "product", "groups"),
    [
        ("+12025550100", "LOCAL_A2P", True),
        ("+447700900123", "LOCAL_A2P", True),
        *((f"+18{code}5550100", "TOLL_FREE", False) for code in ("00", "33", "44", "55")),
        *((f"+18{code}5550100", "TOLL_FREE", False) for code in ("66", "77", "88")),
        ("+18225550100", "LOCAL_A2P", True),
        ("+180055501000", "LOCAL_A2P", True),
        ("12345", "HOSTED_SHORT_CODE", True),
        *(("ACME", "ALPHA_NUMERIC", False), ("+ACME", "ALPHA_NUMERIC", False)),
        ("1-800-ACME", "ALPHA_NUMERIC", False),
    ],
)
def test_products(sender, product, groups):
    """Toll-free numbers are those of area codes 800 to 888."""
    assert (product_of(sender), has_groups(sender)) == (product, groups)
