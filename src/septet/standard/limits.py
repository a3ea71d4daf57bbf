"""How many units fit into one segment: every limit is computed from 140 octets.

The user data of a short message holds 140 octets (3GPP TS 23.040, 9.2.3.24), which is 1120 bits:
160 septets of 7 bits or 70 code units of 16. A user data header comes first and takes its octets
from the text. Its first octet (UDHL) is the number of the others; each information element in it
has an identifier, a length and its data. Septets begin at the next septet boundary after the
header, so a header of H octets costs ceil(8H / 7) septets; code units need whole pairs of octets.

A text of several segments needs a concatenation element in each: 5 octets with an 8-bit reference
(9.2.3.24.1), 6 with a 16-bit reference (9.2.3.24.8). With UDHL that leaves 153 septets or 67 code
units, or 152 and 66. A character is never split: neither between the escape and its septet
(9.2.3.24.1) nor between the halves of a surrogate pair. So dividing by 153 or 67 is not enough:
the end of a segment may leave one unit unused.
"""

from __future__ import annotations

__all__ = [
    "CONCATENATION_OCTETS",
    "E164_PATTERN",
    "LANGUAGE_OCTETS",
    "MAX_SEGMENTS",
    "OCTETS",
    "UNMARKED_PATTERN",
    "code_unit_capacity",
    "header_septets",
    "max_header_octets",
    "septet_capacity",
]

OCTETS = 140
"""Octets of user data in one segment, including the header (3GPP TS 23.040, 9.2.3.24)."""

MAX_SEGMENTS = 0xFF
"""Maximum number of segments of a text: the total is one octet (9.2.3.24.1)."""

E164_PATTERN = r"\+[1-9][0-9]{1,14}"
"""Regular expression of an international telephone number with its plus sign (ITU-T E.164).

A number has at most 15 digits, and the first is not 0; a country code alone is not a number.
"""

UNMARKED_PATTERN = r"(?:00)?[1-9][0-9]{6,14}"
"""Regular expression of such a number with 00 or nothing in place of its plus sign.

No country has numbers of fewer than 7 digits with its code, so shorter ones are something else.
"""

_UDHL = 1
_SURROGATE_PAIR_OCTETS = 4
_IEI_AND_LENGTH = 2
_TOTAL_AND_SEQUENCE = 2

CONCATENATION_OCTETS = {bits: _IEI_AND_LENGTH + bits // 8 + _TOTAL_AND_SEQUENCE for bits in (8, 16)}
"""Octets of a concatenation element by the bits of its reference (9.2.3.24.1, 9.2.3.24.8)."""

LANGUAGE_OCTETS = _IEI_AND_LENGTH + 1
"""Octets of a national language element, locking or single shift (9.2.3.24.15, 9.2.3.24.16)."""


def septet_capacity(element_octets: int = 0) -> int:
    """Return how many septets of text fit into a segment with header elements of some octets."""
    return (OCTETS - _udh_octets(element_octets)) * 8 // 7


def code_unit_capacity(element_octets: int = 0) -> int:
    """Return how many code units of text fit into a segment with header elements of some octets."""
    return (OCTETS - _udh_octets(element_octets)) // 2


def header_septets(udh_octets: int) -> tuple[int, int]:
    """Return the septets that a header takes, including UDHL and fill bits, and the fill bits."""
    septets = -(-udh_octets * 8 // 7)
    return septets, septets * 7 - udh_octets * 8


def max_header_octets(element_octets: int) -> int:
    """Return the maximum octets of further elements, in addition to `element_octets`.

    A segment must be able to hold the longest character, a surrogate pair: otherwise a text could
    not be split.
    """
    return OCTETS - _UDHL - element_octets - _SURROGATE_PAIR_OCTETS


def _udh_octets(element_octets: int) -> int:
    return _UDHL + element_octets if element_octets else 0
