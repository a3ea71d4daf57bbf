"""What could be saved in texts: the same counts in both implementations."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet.arrow.rows import Addresses
from septet.columns.text_rows import read_text_rows
from septet.standard.graphemes import cluster_rules

NO_ROWS = Addresses("u", 0, 0, 0, 0, 0, 0)
CHANGES = ("line ends", "some", "more", "all")


def ints(values) -> memoryview:
    """Return a buffer of int32."""
    return memoryview(array("i", values))


PIECES = st.sampled_from(
    ["’", "…", "—", "ж", "Ж", "€", "中", "Ω", "½", "\r\n", "a", "{", "😀", "\ud83d"]
)
TEXTS = (
    strategies.texts
    | st.lists(st.builds(str.__mul__, PIECES, st.integers(1, 70)), max_size=8).map("".join)
    | strategies.near_limit_texts
)
ONE, OCTET = ints([1]), memoryview(bytearray(1))


def counts_of(implementation, options, texts, rates, near_units):
    """Return what one implementation counts in a list, and what after some replacements."""
    kernel = implementation.Segmenter(**options).kernel
    rows = len(texts)
    segments, units, encodings = ints([0] * rows), ints([0] * rows), memoryview(bytearray(rows))
    kernel.count_texts(texts, 0, rows, segments, units, encodings, bytearray(rows), 0)
    counts = implementation.functions.SavingsCounts(
        kernel, CHANGES, cluster_rules("unicode"), near_units
    )
    (part,) = read_text_rows(texts)
    facts = segments, units, encodings, ints(rates)
    selected, alone = counts.add_rows(part.addresses, 0, rows, *facts, 0, True)
    taken = counts.take()
    after = [ints([count] * rows) for count in (1, 2, 300)]
    counts.add_changes(selected, alone, segments, ints(rates), after)
    chosen = {row: alone[row] for row in range(rows) if selected[row]}
    return taken, counts.take(), chosen


@given(
    texts=st.lists(st.none() | TEXTS, max_size=5),
    options=strategies.options,
    near_units=st.sampled_from([0, 1, 10, 200]),
)
@example(["’" * 71, "ж" * 70 + "\r\n" * 3, "a" * 170, "€" * 81, "中" * 75], {}, 10)
@example(["a" * 140 + "ж", "a" * 140 + "ж" + "a" * 30], {"languages": [1]}, 10)
@example(["n" + "\u0308" * 80 + "a" * 70], {"keep_graphemes": True}, 200)
def test_counts(implementations, texts, options, near_units) -> None:
    """Both count the same."""
    options = {**options, "encoding": None}
    rates = [row % 3 - 1 for row in range(len(texts))]
    answers = [
        counts_of(implementation, options, texts, rates, near_units)
        for implementation in implementations.values()
    ]
    assert answers[0] == answers[-1]


class TestCounts:
    """Single facts, each of which a wrong kernel would miss."""

    @staticmethod
    def look(kernels, text, near_units=10, **options):
        taken, changes, chosen = counts_of(kernels, options, [text], [7], near_units)
        return taken, changes, chosen.get(0)

    def test_changes(self, kernels) -> None:
        """What each level saves, and the only character."""
        _, counts, alone = self.look(kernels, "’" * 71)
        assert counts[0] == {("some", 7, 1): 1}
        assert counts[2] == {("’", 7, 1): 1}
        assert alone == ord("’")
        _, counts, alone = self.look(kernels, "’ж" * 68)
        assert counts[0] == {("some", 7, 2): 1, ("more", 7, 1): 1}
        assert counts[2] == {}
        assert alone == 0xFFFFFFFF
        assert self.look(kernels, "’")[1:] == (({},) * 5, None)

    def test_characters(self, kernels) -> None:
        """How often each occurs, and in how many messages."""
        taken = self.look(kernels, "’’" * 36 + "ж")[0]
        assert taken[1] == {("’", 7, 2): 1, ("ж", 7, 2): 1}
        assert taken[4] == {"’": 72, "ж": 1}
        assert self.look(kernels, "’")[0] == ({}, {("’", 7, 1): 1}, {}, {}, {"’": 1})
        assert self.look(kernels, "a" * 161, encoding="ucs2")[0][1] == {}

    def test_near(self, kernels) -> None:
        """Units that have to go, up to the limit, and no cluster is cut."""
        for over in (1, 10, 11):
            near = self.look(kernels, "a" * (160 + over))[0][3]
            assert near == ({(over, 7, 1): 1} if over < 11 else {})
        assert self.look(kernels, "a" * 159 + "€")[0][3] == {(2, 7, 1): 1}
        assert self.look(kernels, "a" * 159 + "\r\n")[0][3] == {(2, 7, 1): 1}
        assert self.look(kernels, "a" * 155 + "😀")[0][3] == {(2, 7, 2): 1}
        assert self.look(kernels, "a" * 170, near_units=0)[0][3] == {}

    def test_line_ends(self, kernels) -> None:
        """CR before LF goes, CR alone stays."""
        assert self.look(kernels, "a" * 159 + "\r\n", 0)[0][0] == {("line ends", 7, 1): 1}
        assert self.look(kernels, "a" * 159 + "\r\r", 0)[0][0] == {}

    def test_too_long(self, kernels) -> None:
        """A text of more than 255 segments cannot be sent."""
        assert self.look(kernels, "’" * 67 * 255)[0][4] == {"’": 67 * 255}
        assert self.look(kernels, "’" * 67 * 256)[0] == ({}, {}, {}, {}, {})

    def test_what_is_refused(self, kernels) -> None:
        """Buffers of another length, and rows that are not UTF-8 or outside their buffer."""
        functions, kernel = kernels.functions, kernels.Segmenter().kernel
        clusters = cluster_rules("unicode")
        for changes in ((), ("a",) * 5):
            with pytest.raises(ValueError, match="changes must be 1 to 4, not"):
                functions.SavingsCounts(kernel, changes, clusters, 1)
        with pytest.raises(ValueError, match="near_units must not be negative"):
            functions.SavingsCounts(kernel, CHANGES, clusters, -1)
        with pytest.raises(ValueError, match="classes has 0 values"):
            functions.SavingsCounts(kernel, CHANGES, (b"", *clusters[1:]), 1)
        counts = functions.SavingsCounts(kernel, CHANGES, clusters, 1)
        two = ints([2, 2])
        octets = memoryview(bytearray(2))
        for facts in (
            [ONE, two, octets, two],
            [two, ONE, octets, two],
            [two, two, OCTET, two],
            [two, two, octets, ONE],
        ):
            with pytest.raises(ValueError, match="values for 2 rows"):
                counts.add_rows(NO_ROWS, 0, 2, *facts, 0)
        assert [*map(len, counts.add_rows(NO_ROWS, 0, 0, ONE, ONE, OCTET, ONE, 0))] == [0, 0]
        values = array("B", b"\xed\xa0\x80")
        for ends, message in (
            ([0, 3, 3], "row 5 is not UTF-8"),
            ([0, 4, 3], "row 5: its offsets go backwards"),
            ([0, 0, -1], "row [56]: its offsets go backwards"),
        ):
            offsets = array("i", ends)
            rows = NO_ROWS._replace(rows=offsets.buffer_info()[0], values=values.buffer_info()[0])
            with pytest.raises(ValueError, match=message):
                counts.add_rows(rows, 0, 2, two, two, octets, two, 5)
        unknown = memoryview(array("I", [0xFFFFFFFF]))
        good = [OCTET, unknown, ONE, ONE, [ONE, ONE, ONE]]
        counts.add_changes(*good)
        for place, wrong in enumerate([octets, unknown[:0], two, two, [ONE, ONE]]):
            with pytest.raises(ValueError, match="values for"):
                counts.add_changes(*good[:place], wrong, *good[place + 1 :])
        with pytest.raises(ValueError, match="after has 2 values for 1 rows"):
            counts.add_changes(*good[:4], [ONE, ONE, two])
        assert counts.take() == ({}, {}, {}, {}, {})
