"""Hashes of messages, and sets of them: the same findings in both implementations."""

from __future__ import annotations

import re
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.rows import Addresses, Outcome
from septet.arrow.structures import read_chunks

KEY = bytes(range(16))
NO_ROWS = Addresses("u", 0, 0, 0, 0, 0, 0)
UTF8_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def ints(values) -> memoryview:
    """Return a buffer of int32."""
    return memoryview(array("i", values))


class TestHashes:
    @given(texts=st.lists(st.none() | UTF8_TEXTS, max_size=20), other=st.integers(0, 2**64 - 1))
    def test_rows(self, implementations, texts, other) -> None:
        """Equal texts have equal hashes, and only these, in columns of every layout."""
        pa = pytest.importorskip("pyarrow")
        for implementation in implementations.values():
            hasher = implementation.functions.Hasher(KEY)
            answers = []
            for kind in (pa.string(), pa.large_string(), pa.string_view()):
                hashes = memoryview(array("Q", [other] * len(texts)))
                (chunk,) = read_chunks(pa.array([None, *texts], kind))
                stop = len(texts) + 1
                assert hasher.hash_rows(chunk.addresses, 1, stop, hashes) == (0, stop)
                answers.append([*hashes])
            assert answers[0] == answers[1] == answers[2]
            by_hash = {number: text or "" for text, number in zip(texts, answers[0], strict=True)}
            assert len(by_hash) == len({text or "" for text in texts})

    @given(
        rows=st.lists(
            st.tuples(st.sampled_from(["", "+", "00"]), st.none() | st.text("+01é", max_size=12))
        )
    )
    def test_marks_of_numbers(self, implementations, rows) -> None:
        """One "+" or "00" at the beginning is left out if that is wanted."""
        pa = pytest.importorskip("pyarrow")
        marked = [text and mark + text for mark, text in rows]
        bare = [text and re.sub(r"\A(\+|00)", "", text) for text in marked]
        for implementation in implementations.values():
            hasher = implementation.functions.Hasher(KEY)
            for kind in (pa.string(), pa.large_string(), pa.string_view()):
                answers = []
                for texts, skips_mark in ((marked, True), (bare, False)):
                    hashes = memoryview(array("Q", bytes(8 * len(texts))))
                    (chunk,) = read_chunks(pa.array([None, *texts], kind))
                    stop = len(texts) + 1
                    assert hasher.hash_rows(chunk.addresses, 1, stop, hashes, skips_mark)[1] == stop
                    answers.append([*hashes])
                assert answers[0] == answers[1]

    def test_the_key_and_the_other_hash(self, implementations) -> None:
        """Each of them, and every octet, changes the hash."""
        pa = pytest.importorskip("pyarrow")
        texts = ["", "a", "b", "a" * 7, "a" * 8, "a" * 9, "a" * 300, "a" * 256, "a\0", "😀"]
        (chunk,) = read_chunks(pa.array(texts))
        for implementation in implementations.values():
            seen = set()
            for key in (KEY, bytes(16), KEY[::-1]):
                for other in (0, 1, 1 << 63):
                    hashes = memoryview(array("Q", [other] * len(texts)))
                    hasher = implementation.functions.Hasher(key)
                    hasher.hash_rows(chunk.addresses, 0, len(texts), hashes)
                    seen.update(hashes)
            assert len(seen) == 9 * len(texts)

    def test_known_answers(self, implementations) -> None:
        """The compiled hash is SipHash-1-3: CPython gives these for bytes with a hash seed of 0."""
        if "compiled" not in implementations:
            pytest.skip("the compiled implementation was not built")
        pa = pytest.importorskip("pyarrow")
        texts = [bytes(range(size)).decode() for size in (0, 1, 2, 8, 9)]
        (chunk,) = read_chunks(pa.array(texts))
        hashes = memoryview(array("Q", bytes(8 * len(texts))))
        hasher = implementations["compiled"].functions.Hasher(bytes(16))
        hasher.hash_rows(chunk.addresses, 0, len(texts), hashes)
        assert [*hashes] == [
            0xD1FBA762150C532C,
            0x68A914128E01E473,
            0x010BAC45C41E3669,
            0xEAD411E67EBE2EEA,
            0x75927F9D95124362,
        ]

    def test_what_is_refused(self, implementations) -> None:
        """Keys and buffers of another length, and rows outside their buffer."""
        pa = pytest.importorskip("pyarrow")
        (chunk,) = read_chunks(pa.array(["a"]))
        for implementation in implementations.values():
            make = implementation.functions.Hasher
            with pytest.raises(ValueError, match="key has 15 values for 16 rows"):
                make(bytes(15))
            hasher, hashes = make(KEY), memoryview(array("Q", [0]))
            with pytest.raises(ValueError, match="hashes has 1 values for 2 rows"):
                hasher.hash_rows(chunk.addresses, 0, 2, hashes)
            with pytest.raises(ValueError, match="rows 2 to 1"):
                hasher.hash_rows(chunk.addresses, 2, 1, hashes)
            offsets = array("i", [1, 0])
            backwards = NO_ROWS._replace(rows=offsets.buffer_info()[0])
            assert hasher.hash_rows(backwards, 0, 1, hashes) == (Outcome.OFFSETS_GO_BACK, 0)
            assert hasher.hash_rows(NO_ROWS, 0, 0, hashes) == (0, 0)


@given(
    batches=st.lists(st.lists(st.integers(0, 9) | st.integers(0, 2**64 - 1), max_size=50)),
    spread=st.sampled_from([1, 2**54, 2**63 + 1]),
    seed=st.randoms(use_true_random=False),
)
def test_insert_hashes(implementations, batches, spread, seed) -> None:
    """Repeats are reported within a batch and between batches; 0 is a valid hash."""
    batches = [[number * spread % 2**64 for number in batch] for batch in batches]
    chosen = [[row for row, _ in enumerate(batch) if seed.random() < 0.9] for batch in batches]
    for implementation in implementations.values():
        hash_set, before = implementation.functions.HashSet(), set()
        for batch, rows in zip(batches, chosen, strict=True):
            repeated = hash_set.insert(memoryview(array("Q", batch)), ints(rows))
            expected = []
            for row in rows:
                if batch[row] in before:
                    expected.append(row)
                before.add(batch[row])
            assert [*repeated] == expected
            assert len(hash_set) == len(before)


def test_many_hashes(implementations) -> None:
    """A set keeps its hashes when it grows."""
    count = 1_500_000
    numbers = memoryview(array("Q", range(count)))
    rows = ints(range(count))
    hash_set = implementations[max(implementations, key="compiled".__eq__)].functions.HashSet()
    assert len(hash_set.insert(numbers, rows)) == 0
    assert hash_set.insert(numbers, rows) == rows
    assert len(hash_set) == count


def test_rows_that_are_not_there(implementations) -> None:
    """Neither hashes nor facts are read outside their buffers."""
    for implementation in implementations.values():
        functions = implementation.functions
        for row in (-1, 2):
            with pytest.raises(ValueError, match=f"row {row} is not one of the 2 rows"):
                functions.HashSet().insert(memoryview(array("Q", [1, 2])), ints([row]))
        with pytest.raises(ValueError, match="matches has 1 values for 2 rows"):
            functions.find_sent_rows(ints([1, 1]), ints([1]), -1, -2)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 3)), max_size=30))
def test_sent_rows(implementations, rows) -> None:
    """Rows with a text, and with a number or with what may be one."""
    units, matches = [row[0] for row in rows], [row[1] for row in rows]
    expected = (
        [row for row, (unit, match) in enumerate(rows) if unit and match >= -1],
        [row for row, (unit, match) in enumerate(rows) if unit and match == -2],
    )
    for implementation in implementations.values():
        found = implementation.functions.find_sent_rows(ints(units), ints(matches), -1, -2)
        assert tuple(map(list, found)) == expected
