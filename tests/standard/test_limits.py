"""The computed limits, compared with the numbers of the standard."""

from __future__ import annotations

import pytest

from septet.standard.limits import (
    CONCATENATION_OCTETS,
    LANGUAGE_OCTETS,
    MAX_SEGMENTS,
    code_unit_capacity,
    header_septets,
    max_header_octets,
    septet_capacity,
)
from septet.standard.user_data_header import concatenation, encode_udh, locking_shift, single_shift

CAPACITIES = [
    # languages, reference bits, septets (standards.md, section 1; TS 23.038, annex C.3)
    (0, 0, 160),
    (0, 8, 153),
    (0, 16, 152),
    (1, 0, 155),
    (1, 8, 149),
    (1, 16, 148),
    (2, 0, 152),
    (2, 8, 146),
    (2, 16, 145),
]


@pytest.mark.parametrize(("languages", "bits", "septets"), CAPACITIES)
def test_septets(languages, bits, septets) -> None:
    """The formula gives the published table."""
    octets = languages * LANGUAGE_OCTETS + CONCATENATION_OCTETS.get(bits, 0)
    assert septet_capacity(octets) == septets


@pytest.mark.parametrize(("languages", "bits", "septets"), CAPACITIES)
def test_a_full_segment_fits_and_one_septet_more_does_not(languages, bits, septets) -> None:
    """The encoded header, fill bits and text take at most 1120 bits."""
    elements = [locking_shift(1), single_shift(1)][:languages]
    if bits:
        elements.append(concatenation(1, 2, 1, bits))
    header_bits = 8 * len(encode_udh(elements))
    header_septets = -(-header_bits // 7)
    assert 7 * (header_septets + septets) <= 1120 < 7 * (header_septets + septets + 1)


@pytest.mark.parametrize(("bits", "code_units"), [(0, 70), (8, 67), (16, 66)])
def test_code_units(bits, code_units) -> None:
    """An odd octet stays unused."""
    assert code_unit_capacity(CONCATENATION_OCTETS.get(bits, 0)) == code_units


def test_a_header_needs_an_element() -> None:
    """Without elements there is no length octet."""
    assert (septet_capacity(), code_unit_capacity()) == (160, 70)
    assert septet_capacity(0) - septet_capacity(1) == 3
    assert code_unit_capacity(0) - code_unit_capacity(1) == 1


def test_largest_header_leaves_a_surrogate_pair() -> None:
    """Every character fits into a segment, even with the largest header."""
    max_octets = CONCATENATION_OCTETS[8] + max_header_octets(CONCATENATION_OCTETS[8])
    assert code_unit_capacity(max_octets) == 2
    assert code_unit_capacity(max_octets + 1) == 1


def test_total_is_one_octet() -> None:
    """At most 255 segments (TS 23.040, 9.2.3.24.1)."""
    assert MAX_SEGMENTS == 255


@pytest.mark.parametrize("octets", range(141))
def test_septets_of_a_header(octets) -> None:
    """Fill bits follow the header up to the next septet boundary (9.2.3.24)."""
    septets, fill_bits = header_septets(octets)
    assert 7 * septets == 8 * octets + fill_bits
    assert 0 <= fill_bits <= 6
