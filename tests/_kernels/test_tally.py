"""Finding rates, summing messages, copying dictionary facts: the same in both implementations."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.rows import Addresses
from septet.columns import surveys
from septet.columns.pieces import read_pieces

DIGITS = st.text("0123456789", min_size=1, max_size=6)
UNMARKED = st.builds("{}{}{}".format, st.sampled_from(["", "0", "00", "000"]), DIGITS, DIGITS)
DAMAGED = st.from_regex(
    r"[ \t]?[+-]?[0-9]{0,3}([.,][05]{0,2})?([eEx][+-]?[0-9]{0,2})? ?", fullmatch=True
)
NUMBERS = st.none() | st.text("+0123456789٣é ", max_size=18) | DIGITS.map("+1{}".format)
NUMBERS |= DAMAGED | UNMARKED
FACTS = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 3), st.booleans()), max_size=30)


def test_both_implementations_have_the_same_names(tallies) -> None:
    """The public names and the constants are equal."""
    python = tallies["python"]
    for tally in tallies.values():
        assert tally.__all__ == python.__all__
        for name in ("NO_RATE", "NOT_E164", "NO_NUMBER", "LOST_DIGITS", "ADDED_DECIMALS"):
            assert getattr(tally, name) == getattr(python, name)


@given(st.sets(DIGITS, max_size=20), st.booleans(), st.lists(NUMBERS, max_size=20))
def test_find_rates(tallies, prefixes, adds_plus, numbers) -> None:
    """In lists and in Arrow columns of every layout, with nulls and slices."""
    pa = pytest.importorskip("pyarrow")
    answers = []
    for tally in tallies.values():
        index = tally.PrefixIndex(tuple(sorted(prefixes)), adds_plus)
        rates = [*surveys.find_prefixes(index, numbers)]
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            column = pa.array(numbers, kind)
            assert [*surveys.find_prefixes(index, column)] == rates
            assert [*surveys.find_prefixes(index, column[1:])] == rates[1:]
        assert [tally.NO_NUMBER if n is None else index.find(n) for n in numbers] == rates
        answers.append(rates)
    assert answers[0] == answers[-1]


@pytest.mark.parametrize("length", range(1, 18))
def test_other_characters_than_digits(tallies, length) -> None:
    """They are found at each place of a number, also those just before and after the digits."""
    digits = "123456789012345678"[:length]
    for place in range(length):
        for char in "/:?09@p \x00\xb0":
            number = f"+{digits[:place]}{char}{digits[place + 1 :]}"
            is_e164 = char in "09" and 2 <= length <= 15 and (place or char != "0")
            for tally in tallies.values():
                expected = 0 if is_e164 and number[1] == "1" else tally.NO_RATE
                found = tally.PrefixIndex(("1",)).find(number)
                assert found == (expected if is_e164 else tally.NOT_E164), number


@pytest.mark.parametrize(
    ("number", "rate"),
    [
        ("+12", 0),
        ("+123456789012345", 0),
        ("+1234567890123456", "NOT_E164"),
        ("+1", "NOT_E164"),
        ("+", "NOT_E164"),
        ("12", "NOT_E164"),
        ("+02", "NOT_E164"),
        ("+1/", "NOT_E164"),
        ("+1:", "NOT_E164"),
        ("+1é", "NOT_E164"),
        ("+1٣", "NOT_E164"),
        ("+90", 1),
        ("+9013", 1),
        ("+9012", 2),
        ("+90120", 2),
        ("+21", "NO_RATE"),
        ("", "NO_NUMBER"),
        ("4.47911E+11", "LOST_DIGITS"),
        ("4,47911E+11", "LOST_DIGITS"),
        ("1E+11", "LOST_DIGITS"),
        ("1.E11", "LOST_DIGITS"),
        ("+1.2025550123e10", "LOST_DIGITS"),
        (" -1.2E-10\t", "LOST_DIGITS"),
        ("447911123456.0", "ADDED_DECIMALS"),
        ("447911123456,00 ", "ADDED_DECIMALS"),
        ("+447911123456.0", "ADDED_DECIMALS"),
        ("+12.0", "ADDED_DECIMALS"),
        ("1.20250000000000000000000000", "NOT_E164"),
        ("447911123456.", "NOT_E164"),
        ("447911123456.5", "NOT_E164"),
        ("447911123456.05", "NOT_E164"),
        (".0", "NOT_E164"),
        ("4.0.0", "NOT_E164"),
        ("E+11", "NOT_E164"),
        ("1E", "NOT_E164"),
        ("1E+", "NOT_E164"),
        ("1E+1 1", "NOT_E164"),
        ("1E+11.0", "NOT_E164"),
        ("1 .0", "NOT_E164"),
        ("++1.0", "NOT_E164"),
        ("1.0\n", "NOT_E164"),
        ("1.0\xa0", "NOT_E164"),
        ("٣.0", "NOT_E164"),
        ("1.0٣", "NOT_E164"),
        (" ", "NOT_E164"),
    ],
)
def test_numbers(tallies, number, rate) -> None:
    """From 2 to 15 digits, the first of them not 0 (ITU-T E.164); the longest prefix wins."""
    for tally in tallies.values():
        index = tally.PrefixIndex(("1", "90", "9012"))
        expected = getattr(tally, rate) if isinstance(rate, str) else rate
        assert index.find(number) == expected
        assert [*surveys.find_prefixes(index, [number])] == [expected]


@pytest.mark.parametrize(
    ("number", "rate"),
    [
        ("+12", 0),
        ("1234567", 0),
        ("901234567890123", 2),
        ("9012345678901234", "NOT_E164"),
        ("123456", "NOT_E164"),
        ("001234567", 0),
        ("00901234567890123", 2),
        ("009012345678901234", "NOT_E164"),
        ("00123456", "NOT_E164"),
        ("0001234567", "NOT_E164"),
        ("0901234567", "NOT_E164"),
        ("00", "NOT_E164"),
        ("0", "NOT_E164"),
        ("12345678a", "NOT_E164"),
        ("2345678", "NO_RATE"),
        ("", "NO_NUMBER"),
        ("4.47911E+11", "LOST_DIGITS"),
        ("447911123456.0", "ADDED_DECIMALS"),
        ("447911123456,00", "ADDED_DECIMALS"),
        ("1234567 ", "NOT_E164"),
        ("1234567é", "NOT_E164"),
        ("12345678٣", "NOT_E164"),
    ],
)
def test_numbers_without_plus(tallies, number, rate) -> None:
    """At least 7 digits, the first of them not 0, behind "00" or nothing."""
    for tally in tallies.values():
        index = tally.PrefixIndex(("1", "90", "9012"), adds_plus=True)
        expected = getattr(tally, rate) if isinstance(rate, str) else rate
        assert index.find(number) == expected
        assert [*surveys.find_prefixes(index, [number])] == [expected]


@pytest.mark.parametrize("length", [7, 8, 9, 15])
def test_a_digit_that_is_none(tallies, length) -> None:
    """No octet but a digit, wherever it is in a number, also behind the prefix."""
    pa = pytest.importorskip("pyarrow")
    good = "+" + "123456789012345"[:length]
    chars = {chr(c) for c in range(1, 128)} - set("0123456789") | set("é٣")
    bad = [good[:at] + char + good[at + 1 :] for char in chars for at in range(2, length + 1)]
    for tally in tallies.values():
        index = tally.PrefixIndex(("1",))
        good_rate, *rates = surveys.find_prefixes(index, pa.array([good, *bad]))
        assert (good_rate, 0 in rates, tally.NO_RATE in rates) == (0, False, False)


@pytest.mark.parametrize("prefix", ["", "abc", "+1", "-1", "1 ", "٣", 1])
def test_a_prefix_must_be_digits(tallies, prefix) -> None:
    """The error contains the prefix."""
    for tally in tallies.values():
        with pytest.raises(ValueError, match=r"^prefix .* is not digits$") as caught:
            tally.PrefixIndex(("44", prefix))
        assert repr(prefix) in str(caught.value)


def test_a_subclass_of_str(tallies) -> None:
    """Only its characters are read; its methods are not called."""

    class Liar(str):
        def __len__(self) -> int:
            return 0

        def __getitem__(self, key: object) -> str:
            return "9"

    for tally in tallies.values():
        assert tally.PrefixIndex(("12",)).find(Liar("+1299")) == 0
        assert [*surveys.find_prefixes(tally.PrefixIndex(("12",)), [Liar("+1299")])] == [0]


def test_invalid_columns_of_numbers(tallies) -> None:
    """Decreasing offsets and values that are not strings are errors that name the row."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.py_buffer(array("i", [0, 3, 1, 6]))
    invalid = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"+12+34")])
    for tally in tallies.values():
        index = tally.PrefixIndex(("1",))
        with pytest.raises(ValueError, match="row 1: its offsets go back"):
            surveys.find_prefixes(index, invalid)
        with pytest.raises(TypeError, match="row 1: number must be str or None, not int"):
            surveys.find_prefixes(index, ["+12", 12])
        with pytest.raises(TypeError, match="number must be str, not int"):
            index.find(12)


@given(facts=FACTS, with_rates=st.booleans())
def test_add_to_sums(tallies, facts, with_rates) -> None:
    """By encoding and segments, and by rate, without rows that are empty or too long."""
    answers = []
    for tally in tallies.values():
        by_segments, by_rate = array("q", bytes(8 * 512)), array("q", bytes(8 * 2 * 7))
        without_text, too_long = tally.add_to_sums(
            memoryview(array("i", [segments for segments, _, _ in facts])),
            memoryview(array("i", [units for _, units, _ in facts])),
            memoryview(array("B", [is_ucs2 for _, _, is_ucs2 in facts])),
            memoryview(array("i", [row % 7 - 5 for row in range(len(facts))]))
            if with_rates
            else None,
            memoryview(by_segments),
            memoryview(by_rate) if with_rates else None,
        )
        assert without_text == sum(units == 0 for _, units, _ in facts)
        assert too_long == [r for r, (s, units, _) in enumerate(facts) if s > 255 and units]
        counted = sum(units > 0 for _, units, _ in facts) - len(too_long)
        assert sum(by_segments) == counted
        assert sum(by_rate[::2]) == (counted if with_rates else 0)
        answers.append((without_text, too_long, by_segments, by_rate))
    assert answers[0] == answers[-1]


def test_the_longest_text_in_sums(tallies) -> None:
    """255 segments can be numbered, 256 cannot."""
    for tally in tallies.values():
        sums = array("q", bytes(8 * 512))
        facts = [
            memoryview(array(*fact)) for fact in (("i", [255, 256]), ("i", [1, 1]), ("B", [1, 1]))
        ]
        assert tally.add_to_sums(*facts, None, memoryview(sums), None) == (0, [1])
        assert (sums[511], sum(sums)) == (1, 1)


def test_memory_beyond_the_rows(tallies) -> None:
    """Memory after the buffers is neither read nor written."""
    pa = pytest.importorskip("pyarrow")
    (piece,) = read_pieces(pa.array(["+17", "+18", "+19", "+27"]))
    indexes = array("i", [1, 2, 3, 4])
    for tally in tallies.values():
        rates = array("i", [77] * 4)
        tally.PrefixIndex(("1",)).find_rows(piece.addresses, 1, 3, memoryview(rates)[1:])
        assert [*rates] == [77, 0, 0, 77]

        sums = array("q", bytes(8 * 512))
        facts = [memoryview(array(kind, [1] * 4))[:3] for kind in "iiB"]
        assert tally.add_to_sums(*facts, None, memoryview(sums), None) == (0, [])
        assert (sums[257], sum(sums)) == (3, 3)

        known = [memoryview(array(kind, [5] * 5)) for kind in "iiB"]
        copies = [memoryview(array(kind, [0] * 4)) for kind in "iiB"]
        rows = index_addresses("i", indexes)
        assert tally.copy_dictionary_facts(rows, 0, 3, known, None, copies, bytearray(1)) == 3
        assert [[*copy] for copy in copies] == [[5, 5, 5, 0]] * 3
        segments = [known[0], None, None], None, [copies[0], None, None]
        assert tally.copy_dictionary_facts(rows, 0, 3, *segments, bytearray(1)) == 3


def index_addresses(kind, indexes, validity=None):
    """Return the addresses of indexes of a dictionary, which the caller keeps alive."""
    bits = 0 if validity is None else validity.buffer_info()[0]
    return Addresses(kind, indexes.buffer_info()[0], 0, 0, 0, 0, bits)


INDEXES = {"c": "b", "C": "B", "s": "h", "S": "H", "i": "i", "I": "I", "l": "q", "L": "Q"}


@pytest.mark.parametrize("kind", INDEXES)
@given(indexes=st.lists(st.integers(0, 4), max_size=20), first=st.integers(0, 9), data=st.data())
def test_copy_dictionary_facts(tallies, kind, indexes, first, data) -> None:
    """With nulls among rows and values, up to the first index outside the dictionary."""
    values = array(INDEXES[kind], [9] * first + indexes)
    bits = data.draw(st.none() | st.binary(min_size=5, max_size=5))
    validity = None if bits is None else array("B", bits)
    known_validity = data.draw(st.none() | st.just(bytearray(b"\x0b")))
    known = (array("i", [7, 8, 9, 10]), array("i", [1, 2, 3, 4]), array("B", [0, 1, 1, 0]))
    answers = []
    for tally in tallies.values():
        copies = tuple(array(facts.typecode, [5] * len(indexes)) for facts in known)
        nulls = bytearray(len(indexes) + 7 >> 3)
        row = tally.copy_dictionary_facts(
            index_addresses(kind, values, validity),
            first,
            first + len(indexes),
            [*map(memoryview, known)],
            known_validity,
            [*map(memoryview, copies)],
            nulls,
            -3,
        )
        answers.append((row, [copy[:row] for copy in copies], nulls))
    assert answers[0] == answers[-1]
    row, (segments, units, _), nulls = answers[0]
    are_null = [bool(nulls[r >> 3] >> (r & 7) & 1) for r in range(row)]
    assert [count == -3 for count in segments] == are_null
    assert [count == 0 for count in units] == are_null
    is_null = [bits is not None and not bits[r >> 3] >> (r & 7) & 1 for r in range(first, 40)]
    too_far = (row for row, i in enumerate(indexes) if i == 4 and not is_null[row])
    assert answers[0][0] == next(too_far, len(indexes))


@pytest.mark.parametrize("kind", INDEXES)
def test_an_index_outside_the_dictionary(tallies, kind) -> None:
    """A negative index does not count from the end; an unsigned one is not read as negative."""
    width = array(INDEXES[kind]).itemsize
    indexes = array(INDEXES[kind], b"\0" * width + b"\xff" * width)
    known = [memoryview(array("i", [7])), None, None]
    for tally in tallies.values():
        copies = [memoryview(array("i", [5, 5])), None, None]
        rows = index_addresses(kind, indexes)
        assert tally.copy_dictionary_facts(rows, 0, 2, known, None, copies, bytearray(1)) == 1
        assert [*copies[0]] == [7, 5]
