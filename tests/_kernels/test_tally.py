"""Rates found, messages added up, dictionaries looked up: the same in both twins."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.rows import Addresses
from septet.columns import surveys
from septet.columns.counting import pieces

DIGITS = st.text("0123456789", min_size=1, max_size=6)
NUMBERS = st.none() | st.text("+0123456789٣é ", max_size=18) | DIGITS.map("+1{}".format)
FACTS = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 3), st.booleans()), max_size=30)


def test_the_twins_have_the_same_names(tallies) -> None:
    """What one offers, the other offers, and the constants are equal."""
    python = tallies["python"]
    for twin in tallies.values():
        assert twin.__all__ == python.__all__
        for name in ("NO_RATE", "NOT_E164", "NO_NUMBER"):
            assert getattr(twin, name) == getattr(python, name)


@given(prefixes=st.sets(DIGITS, max_size=20), numbers=st.lists(NUMBERS, max_size=20))
def test_rates_are_found_alike(tallies, prefixes, numbers) -> None:
    """In lists and in Arrow columns of every layout, with nulls and slices; longest prefix wins."""
    pa = pytest.importorskip("pyarrow")
    answers = []
    for twin in tallies.values():
        index = twin.PrefixIndex(tuple(sorted(prefixes)))
        found = [*surveys.find_prefixes(index, numbers)]
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            column = pa.array(numbers, kind)
            assert [*surveys.find_prefixes(index, column)] == found
            assert [*surveys.find_prefixes(index, column[1:])] == found[1:]
        assert [twin.NO_NUMBER if n is None else index.find(n) for n in numbers] == found
        answers.append(found)
    assert answers[0] == answers[-1]


@pytest.mark.parametrize(
    ("number", "found"),
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
        ("+90", 1),
        ("+9013", 1),
        ("+9012", 2),
        ("+90120", 2),
        ("+21", "NO_RATE"),
        ("", "NO_NUMBER"),
    ],
)
def test_what_is_a_number(tallies, number, found) -> None:
    """From 2 to 15 digits, the first of them not 0 (ITU-T E.164); the longest prefix wins."""
    for twin in tallies.values():
        index = twin.PrefixIndex(("1", "90", "9012"))
        expected = getattr(twin, found) if isinstance(found, str) else found
        assert index.find(number) == expected
        assert [*surveys.find_prefixes(index, [number])] == [expected]


@pytest.mark.parametrize("prefix", ["", "abc", "+1", "-1", "1 ", "٣", 1])
def test_a_prefix_is_digits(tallies, prefix) -> None:
    """Anything else is named and refused, by both twins alike."""
    for twin in tallies.values():
        with pytest.raises(ValueError, match=r"^prefix .* is not digits$") as caught:
            twin.PrefixIndex(("44", prefix))
        assert repr(prefix) in str(caught.value)


def test_a_subclass_of_str_is_its_characters(tallies) -> None:
    """Whatever it says of its length, its truth and its slices."""

    class Liar(str):
        def __len__(self) -> int:
            return 0

        def __getitem__(self, key: object) -> str:
            return "9"

    for twin in tallies.values():
        assert twin.PrefixIndex(("12",)).find(Liar("+1299")) == 0
        assert [*surveys.find_prefixes(twin.PrefixIndex(("12",)), [Liar("+1299")])] == [0]


def test_hostile_columns_of_numbers(tallies) -> None:
    """Offsets that go back are an error with their row; so is what is no text."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.py_buffer(array("i", [0, 3, 1, 6]))
    hostile = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"+12+34")])
    for twin in tallies.values():
        index = twin.PrefixIndex(("1",))
        with pytest.raises(ValueError, match="row 1: its offsets go back"):
            surveys.find_prefixes(index, hostile)
        with pytest.raises(TypeError, match="row 1: number must be str or None, not int"):
            surveys.find_prefixes(index, ["+12", 12])
        with pytest.raises(TypeError, match="number must be str, not int"):
            index.find(12)


@given(facts=FACTS, with_rates=st.booleans())
def test_messages_are_added_up_alike(tallies, facts, with_rates) -> None:
    """By encoding and segments, and by rate; rows without text or too long stay out."""
    answers = []
    for twin in tallies.values():
        by_segments, by_rate = array("q", bytes(8 * 512)), array("q", bytes(8 * 2 * 5))
        without_text, too_long = twin.add_to_sums(
            memoryview(array("i", [segments for segments, _, _ in facts])),
            memoryview(array("i", [units for _, units, _ in facts])),
            memoryview(array("B", [is_ucs2 for _, _, is_ucs2 in facts])),
            memoryview(array("i", [row % 5 - 3 for row in range(len(facts))]))
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


@given(
    batches=st.lists(st.lists(st.integers(0, 9) | st.integers(0, 2**64 - 1), max_size=50)),
    spread=st.sampled_from([1, 2**54, 2**63 + 1]),
)
def test_hashes_that_were_there(tallies, batches, spread) -> None:
    """Whatever the hashes, in a batch and from batch to batch; 0 is one like any."""
    batches = [[number * spread % 2**64 for number in batch] for batch in batches]
    for twin in tallies.values():
        seen, before = twin.HashSet(), set()
        for batch in batches:
            marks = bytearray(b"\x07" * len(batch))
            seen.insert(memoryview(array("Q", batch)), memoryview(marks))
            for number, mark in zip(batch, marks, strict=True):
                assert mark == (number in before)
                before.add(number)
            assert len(seen) == len(before)


def test_many_hashes(tallies) -> None:
    """A set that has grown many times has lost none, and invented none."""
    numbers = array("Q", (number * 0x9E3779B97F4A7C15 % 2**64 for number in range(100_000)))
    for twin in tallies.values():
        seen = twin.HashSet()
        for expected in (0, 1):
            marks = bytearray(len(numbers))
            seen.insert(memoryview(numbers), memoryview(marks))
            assert set(marks) == {expected}
        assert len(seen) == len(numbers)
        with pytest.raises(ValueError, match="was_present has 1 values for 100000 rows"):
            seen.insert(memoryview(numbers), memoryview(bytearray(1)))


def test_growing_keeps_small_hashes(tallies) -> None:
    """1 is kept where 0 stands for an empty place, and 0 is not made up."""
    for twin in tallies.values():
        seen = twin.HashSet()
        seen.insert(memoryview(array("Q", range(1, 2000))), memoryview(bytearray(1999)))
        marks = bytearray(2)
        seen.insert(memoryview(array("Q", [0, 1])), memoryview(marks))
        assert marks == b"\0\x01"


def test_the_longest_text_that_is_added_up(tallies) -> None:
    """255 segments can be numbered, 256 cannot."""
    for twin in tallies.values():
        sums = array("q", bytes(8 * 512))
        facts = [memoryview(array(*it)) for it in (("i", [255, 256]), ("i", [1, 1]), ("B", [1, 1]))]
        assert twin.add_to_sums(*facts, None, memoryview(sums), None) == (0, [1])
        assert (sums[511], sum(sums)) == (1, 1)


def test_memory_beyond_the_rows(tallies) -> None:
    """It is neither read nor written."""
    pa = pytest.importorskip("pyarrow")
    (piece,) = pieces(pa.array(["+17", "+18", "+19", "+27"]))
    indexes = array("i", [1, 2, 3, 4])
    for twin in tallies.values():
        found = array("i", [77] * 4)
        twin.PrefixIndex(("1",)).find_rows(piece.addresses, 1, 3, memoryview(found)[1:])
        assert [*found] == [77, 0, 0, 77]

        sums = array("q", bytes(8 * 512))
        facts = [memoryview(array(kind, [1] * 4))[:3] for kind in "iiB"]
        assert twin.add_to_sums(*facts, None, memoryview(sums), None) == (0, [])
        assert (sums[257], sum(sums)) == (3, 3)

        marks = bytearray(b"\x07" * 4)
        seen = twin.HashSet()
        seen.insert(memoryview(array("Q", [5, 5, 6, 6]))[:3], memoryview(marks)[:3])
        assert (marks, len(seen)) == (b"\0\x01\0\x07", 2)

        known = [memoryview(array(kind, [5] * 5)) for kind in "iiB"]
        places = [memoryview(array(kind, [0] * 4)) for kind in "iiB"]
        rows = index_addresses("i", indexes)
        assert twin.copy_dictionary_facts(rows, 0, 3, known, None, places, bytearray(1)) == 3
        assert [[*place] for place in places] == [[5, 5, 5, 0]] * 3
        segments = [known[0], None, None], None, [places[0], None, None]
        assert twin.copy_dictionary_facts(rows, 0, 3, *segments, bytearray(1)) == 3


def index_addresses(kind, indexes, validity=None):
    """Return the addresses of indexes of a dictionary, which the caller keeps alive."""
    bits = 0 if validity is None else validity.buffer_info()[0]
    return Addresses(kind, indexes.buffer_info()[0], 0, 0, 0, 0, bits)


INDEXES = {"c": "b", "C": "B", "s": "h", "S": "H", "i": "i", "I": "I", "l": "q", "L": "Q"}


@pytest.mark.parametrize("kind", INDEXES)
@given(indexes=st.lists(st.integers(0, 4), max_size=20), first=st.integers(0, 9), data=st.data())
def test_dictionaries_are_looked_up_alike(tallies, kind, indexes, first, data) -> None:
    """Facts of the named value; nulls of the rows and of the values; the first index too far."""
    values = array(INDEXES[kind], [9] * first + indexes)
    bits = data.draw(st.none() | st.binary(min_size=5, max_size=5))
    validity = None if bits is None else array("B", bits)
    known_validity = data.draw(st.none() | st.just(bytearray(b"\x0b")))
    known = (array("i", [7, 8, 9, 10]), array("i", [1, 2, 3, 4]), array("B", [0, 1, 1, 0]))
    answers = []
    for twin in tallies.values():
        places = tuple(array(facts.typecode, [5] * len(indexes)) for facts in known)
        nulls = bytearray(len(indexes) + 7 >> 3)
        row = twin.copy_dictionary_facts(
            index_addresses(kind, values, validity),
            first,
            first + len(indexes),
            [*map(memoryview, known)],
            known_validity,
            [*map(memoryview, places)],
            nulls,
        )
        answers.append((row, [place[:row] for place in places], nulls))
    assert answers[0] == answers[-1]
    is_null = [bits is not None and not bits[r >> 3] >> (r & 7) & 1 for r in range(first, 40)]
    too_far = (row for row, i in enumerate(indexes) if i == 4 and not is_null[row])
    assert answers[0][0] == next(too_far, len(indexes))


@pytest.mark.parametrize("kind", INDEXES)
def test_an_index_that_names_no_value(tallies, kind) -> None:
    """Neither from the end nor, of 64 bits without a sign, as if it had one."""
    width = array(INDEXES[kind]).itemsize
    indexes = array(INDEXES[kind], b"\0" * width + b"\xff" * width)
    known = [memoryview(array("i", [7])), None, None]
    for twin in tallies.values():
        places = [memoryview(array("i", [5, 5])), None, None]
        rows = index_addresses(kind, indexes)
        assert twin.copy_dictionary_facts(rows, 0, 2, known, None, places, bytearray(1)) == 1
        assert [*places[0]] == [7, 5]
