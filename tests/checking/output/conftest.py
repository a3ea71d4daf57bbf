"""A finding for each format."""

import pytest

from septet import Encoding
from septet.checking import Exceeded, Finding


@pytest.fixture
def finding():
    """A finding whose path and key have characters that formats must escape."""
    limits = (Exceeded("max_segments", 2, 1),)
    chars = (("’", "'"),)
    return Finding(
        "a,b:c.po", 3, 9, "100%\nx", "fr", limits, Encoding.UCS2, 80, 2, ("’",), chars, 1
    )
