"""What could be saved in texts: the same counts in both implementations."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet.arrow.rows import Addresses, Outcome
from septet.arrow.structures import read_chunks
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
REPLACEMENTS = {
    "’": ("'", "'", "'"),
    "…": ("…", "...", "..."),
    "ж": ("ж", "zh", "{|"),
    "中": ("中",) * 3,
    "—": ("—", "{", "{"),
}


def counts_of(implementation, options, texts, rates, near_units, as_rows):
    """Return what one implementation counts, and which rows it leaves."""
    kernel = implementation.Segmenter(**options).kernel
    rows = len(texts)
    segments, units, encodings = ints([0] * rows), ints([0] * rows), memoryview(bytearray(rows))
    kernel.count_texts(texts, 0, rows, segments, units, encodings, bytearray(rows), 0)
    counts = implementation.functions.SavingsCounts(
        kernel, CHANGES, cluster_rules("unicode"), near_units
    )
    for char, replacements in REPLACEMENTS.items():
        counts.set_replacements(char, replacements, False)
    for char in "Ω½":
        counts.set_replacements(char, (char,) * 3, True)
    facts = segments, units, encodings, ints(rates)
    if as_rows is None:
        left, alone = counts.add_texts(texts, *facts)
    else:
        (chunk,) = read_chunks(as_rows)
        outcome, row, left, alone = counts.add_rows(chunk.addresses, 0, rows, *facts)
        assert (outcome, row) == (Outcome.FINE, rows)
    taken = counts.take()
    after = [ints([1] * len(left)), ints([2] * len(left)), ints([300] * len(left))]
    counts.add_changes(left, alone, segments, ints(rates), after)
    assert not any(counts.take()[1:2])
    counts.add_changes(left, alone, segments, ints(rates), after)
    return taken, counts.take(), [*left], [*alone]


@given(
    texts=st.lists(st.none() | TEXTS, max_size=5),
    options=strategies.options,
    near_units=st.sampled_from([0, 1, 10, 200]),
)
@example(["’" * 71, "ж" * 70 + "\r\n" * 3, "a" * 170, "€" * 81, "中" * 75], {}, 10)
@example(["—" * 152 + "aa", "a" + "—" * 152 + "a"], {}, 10)
@example(["ж" * 80], {"provider": strategies.provider_without("{")}, 10)
def test_counts(implementations, texts, options, near_units) -> None:
    """Both count the same, in lists and, but for lone surrogates, in columns."""
    pa = pytest.importorskip("pyarrow")
    options = {**options, "encoding": None}
    rates = [row % 3 - 1 for row in range(len(texts))]
    answers = [
        counts_of(implementation, options, texts, rates, near_units, None)
        for implementation in implementations.values()
    ]
    try:
        columns = [pa.array(texts, kind) for kind in (pa.string(), pa.string_view())]
    except UnicodeEncodeError:
        columns = []
    answers += [
        counts_of(implementation, options, texts, rates, near_units, column)
        for implementation in implementations.values()
        for column in columns
    ]
    for answer in answers:
        assert answer == answers[0]


class TestCounts:
    """Single facts, each of which a wrong kernel would miss."""

    @staticmethod
    def look(kernels, text, near_units=10, **options):
        taken, _, left, alone = counts_of(kernels, options, [text], [7], near_units, None)
        return taken, left, alone

    def test_levels(self, kernels) -> None:
        """Each level saves what the sum of its costs says, a border within a pair included."""
        changes = self.look(kernels, "’" * 71)[0][0]
        assert changes == {(name, 7, 1): 1 for name in CHANGES[1:]}
        assert self.look(kernels, "ж" * 71)[0][0] == {("more", 7, 1): 1}
        # Of the 306 septets that two segments hold, each loses one if only pairs are there.
        assert self.look(kernels, "—" * 152 + "aa")[0][0] == {}
        assert self.look(kernels, "a" + "—" * 152 + "a")[0][0] == {
            ("more", 7, 1): 1,
            ("all", 7, 1): 1,
        }

    def test_characters(self, kernels) -> None:
        """How often each occurs, in how many messages, and what the only one costs."""
        taken, left, alone = self.look(kernels, "’’" * 36 + "a")
        assert taken[1] == {("’", 7, 2): 1}
        assert taken[2] == {("’", 7, 1): 1}
        assert taken[4] == {"’": 72}
        assert (left, alone) == ([], [])
        assert self.look(kernels, "’" * 36 + "…" * 36)[0][2] == {}
        assert self.look(kernels, "’")[0] == ({}, {("’", 7, 1): 1}, {}, {}, {"’": 1})

    def test_left_rows(self, kernels) -> None:
        """Texts with a character that depends on others, or whose replacement is not known."""
        assert self.look(kernels, "’" * 71 + "Ω")[1:] == ([0], [ord("’")])
        assert self.look(kernels, "’" * 71 + "½")[1:] == ([0], [0xFFFFFFFF])
        assert self.look(kernels, "話" * 71)[1:] == ([0], [ord("話")])
        assert self.look(kernels, "’" * 71, languages=[1])[1:] == ([0], [ord("’")])

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
        """Buffers of another length, rows that are not UTF-8, and lists that changed."""
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
        with pytest.raises(ValueError, match="replacements has 1 values for 3 rows"):
            counts.set_replacements("’", ["'"], False)
        one, two = ints([2]), ints([2, 2])
        octet = memoryview(bytearray(1))
        for facts in ([one, one, octet, ints([])], [two, one, octet, two], [two, two, octet, two]):
            with pytest.raises(ValueError, match="values for"):
                counts.add_texts(["a"] * 2, *facts)
            with pytest.raises(ValueError, match="values for"):
                counts.add_rows(NO_ROWS, 0, len(facts[0]), *facts)
        for texts in ([], [None], [1]):
            with pytest.raises(RuntimeError, match="the list changed"):
                counts.add_texts(texts, one, one, octet, one)
        assert counts.add_rows(NO_ROWS, 0, 0, one, one, octet, one)[:2] == (0, 0)
        offsets, values = array("i", [0, 1, 0]), bytearray(b"\xff")
        rows = NO_ROWS._replace(
            rows=offsets.buffer_info()[0], values=(array("B", values).buffer_info()[0])
        )
        octet2 = memoryview(bytearray(2))
        assert counts.add_rows(rows, 0, 2, two, two, octet2, two)[0] == Outcome.OFFSETS_GO_BACK
        unknown = memoryview(array("I", [0xFFFFFFFF]))
        after = [one, one, one]
        for arguments in (
            (ints([1]), unknown, one, one, after),
            (ints([-1]), unknown, one, one, after),
            (ints([0]), unknown[:0], one, one, after),
            (ints([0]), unknown, one, one, after[:2]),
            (ints([0]), unknown, one, one, [one, one, two]),
        ):
            with pytest.raises(ValueError, match=r"row|values for"):
                counts.add_changes(*arguments)
        assert counts.take() == ({}, {}, {}, {}, {})

    def test_rows_that_are_not_utf8(self, kernels) -> None:
        """They end the work with an outcome."""
        values = array("B", b"\xff")
        offsets = array("i", [0, 1])
        rows = NO_ROWS._replace(rows=offsets.buffer_info()[0], values=values.buffer_info()[0])
        kernel = kernels.Segmenter().kernel
        counts = kernels.functions.SavingsCounts(kernel, CHANGES, cluster_rules("unicode"), 1)
        one = ints([1])
        outcome, row, _, _ = counts.add_rows(
            rows, 0, 1, ints([2]), one, memoryview(bytearray(1)), one
        )
        assert (outcome, row) == (Outcome.NO_ENCODING, 0)
