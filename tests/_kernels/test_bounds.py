"""Bounds of the kernels: wrong ones are the same error in both implementations."""

from __future__ import annotations

from array import array
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Analysis
from septet.arrow import rows as arrow_rows
from septet.columns import surveys
from septet.columns.pieces import read_pieces
from septet.costing import RateCard, Unpriced
from septet.standard.graphemes import cluster_rules

NO_ROWS = arrow_rows.Addresses("u", 0, 0, 0, 0, 0, 0)


def ints(*values: int) -> memoryview:
    """Return a buffer of int32."""
    return memoryview(array("i", values))


def octets(*values: int) -> memoryview:
    """Return a buffer of uint8."""
    return memoryview(bytearray(values))


def sums(size: int) -> memoryview:
    """Return a buffer of int64."""
    return memoryview(array("q", bytes(8 * size)))


def answer(function, *arguments) -> object:
    """Return what a call returns, or the type and message of what it raises."""
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error), str(error)
    return [*result] if isinstance(result, memoryview) else result


def is_refused(result: object) -> bool:
    """Return whether an answer is the error of a wrong argument."""
    return isinstance(result, tuple) and result[0] in (ValueError, RuntimeError)


def kernel_calls(names, made):
    """Return the calls of a `Kernel` with wrong bounds."""
    kernel = made(((0, 0, 160, 153),), (70, 67), Analysis)
    texts = ["a", "Ж", None, "b"]
    non_gsm_characters = names.NonGsmCounts
    count_rows, count_texts = kernel.count_rows, kernel.count_texts
    full = ints(*[0] * 4), ints(*[0] * 4), octets(*[0] * 4)
    yield from (
        lambda first=first, stop=stop: count_rows(NO_ROWS, first, stop, *full)
        for first, stop in [(-1, 2), (2, 1), (-2, -1), (0, -1)]
    )
    yield from (
        lambda first=first, stop=stop: count_texts(texts, first, stop, *full, octets(0), 0)
        for first, stop in [(-1, 2), (2, 1), (-2, -1), (0, 5), (4, 5), (0, 2**40)]
    )
    for place in range(3):
        short = list(full)
        short[place] = short[place][:3]
        yield lambda short=short: count_rows(NO_ROWS, 0, 4, *short)
        yield lambda short=short: count_texts(texts, 0, 4, *short, octets(0), 0)
    for pair in ((full[1], None), (None, full[2])):
        yield lambda pair=pair: count_rows(NO_ROWS, 0, 4, full[0], *pair)
        yield lambda pair=pair: count_texts(texts, 0, 4, full[0], *pair, octets(0), 0)
    yield lambda: count_texts(texts, 0, 4, *full, octets(), 0)
    yield lambda: count_texts([], 0, 1, ints(0), None, None, octets(0), 0)
    yield from (
        lambda first=first, stop=stop: kernel.count_non_gsm(
            texts, first, stop, octets(0, 1, 0, 0), non_gsm_characters()
        )
        for first, stop in [(-1, 2), (2, 1), (0, 5), (2, 5)]
    )
    yield lambda: kernel.count_non_gsm(texts, 0, 4, octets(0, 1, 0), non_gsm_characters())
    yield lambda: kernel.count_non_gsm(texts, 0, 4, octets(0, 1, 1, 0), non_gsm_characters())
    yield lambda: kernel.count_non_gsm(NO_ROWS, 0, 1, octets(), non_gsm_characters())
    rules = cluster_rules("unicode")
    for tables in (
        rules._replace(classes=rules.classes[:-1]),
        rules._replace(classes=rules.classes + b"\0"),
        rules._replace(transitions=rules.transitions[:-1]),
        rules._replace(certain=rules.certain[:-1]),
    ):
        yield lambda tables=tables: made(((0, 0, 2, 1),), (70, 67), Analysis, tables)
    for pairs in [((1, 0, 155, 149),), ((0, 1, 155, 149), (0, 0, 160, 153))]:
        yield lambda pairs=pairs: made(pairs, (70, 67), Analysis)


def tally_calls(names):
    """Return the calls of the functions for many rows with wrong bounds."""
    index = names.PrefixIndex(("1",))
    numbers = ["+12", None, "+13"]
    for first, stop, size in [(-1, 2, 3), (2, 1, 3), (0, 3, 2), (0, 4, 4), (3, 4, 1)]:
        yield lambda a=first, b=stop, n=size: index.find_texts(numbers, a, b, ints(*[0] * n), 0)
    for first, stop, size in [(-1, 2, 3), (2, 1, 3), (0, 3, 2), (0, 1, 0)]:
        yield lambda a=first, b=stop, n=size: index.find_rows(NO_ROWS, a, b, ints(*[0] * n))
    for first, stop in [(-1, 2), (2, 1), (-3, -1)]:
        yield lambda a=first, b=stop: names.are_utf8(NO_ROWS, a, b)
        yield lambda a=first, b=stop: names.count_empty(NO_ROWS, a, b)
        yield lambda a=first, b=stop: names.find_wrong_decoding(NO_ROWS, a, b, octets(1, 1, 1))
    yield lambda: names.find_wrong_decoding(NO_ROWS, 0, 2, octets(1))
    reasons = len(Unpriced)
    good = ints(1, 1), ints(1, 1), octets(0, 1), ints(-reasons, 0), sums(512), sums(2 * reasons + 2)
    assert names.add_to_sums(*good) == (0, [])
    for place in range(6):
        for part in (slice(1), slice(0)):
            parts = list(good)
            parts[place] = parts[place][part]
            yield lambda parts=parts: names.add_to_sums(*parts)
    yield lambda: names.add_to_sums(*good[:3], None, *good[4:])
    yield lambda: names.add_to_sums(*good[:5], None)
    for place, wrong in [
        (0, ints(1, -1)),
        (0, ints(1, -(2**31))),
        (2, octets(0, 2)),
        (2, octets(0, 255)),
        (3, ints(0, 1)),
        (3, ints(0, 2**31 - 1)),
        (3, ints(0, -reasons - 1)),
        (3, ints(0, -(2**31))),
    ]:
        parts = [*good[:4], sums(512), sums(2 * reasons + 2)]
        parts[place] = wrong
        yield lambda parts=parts: names.add_to_sums(*parts)
    column = ints(5, 6, 7)
    for rows in (ints(3), ints(0, -1), ints(-(2**31)), ints(2**31 - 1)):
        yield lambda rows=rows: names.count_distinct_rows([column], rows, [])
        yield lambda rows=rows: names.count_distinct_rows([octets(1, 2, 3)], rows, [])
        yield lambda rows=rows: names.join_rows([b"a"], 3, rows)
    yield lambda: names.count_distinct_rows([], ints(0, 1), [octets(1)])
    yield lambda: names.count_distinct_rows([], ints(0, 1), [ints(1, 2, 3)])
    yield lambda: names.find_rows_beyond(ints(1, 2), octets(1), 1, False)
    yield lambda: names.find_rows_beyond(ints(1), octets(1, 1), 1, False)
    yield lambda: names.join_rows([b"a"], -1)
    yield lambda: names.join_rows([(NO_ROWS, -1)], 1)
    yield from dictionary_calls(names)


def network_calls(names):
    """Return the calls of `choose_by_network` with wrong bounds."""
    for arguments in (
        (ints(0, 0), ints(0), ints(0), ints(0), 1),
        (ints(0), ints(0, 0), ints(0), ints(0), 1),
        (ints(0), ints(0), ints(0), ints(0, 1, 2), 2),
        (ints(0), ints(0), ints(0), ints(0), 0),
        (ints(0), ints(0), ints(0), ints(0), -1),
        (ints(0), ints(0), ints(), ints(0), 1),
        (ints(0), ints(-1), ints(0), ints(0), 1),
        (ints(0), ints(1), ints(0), ints(0), 1),
        (ints(0), ints(0), ints(1), ints(0), 1),
        (ints(0), ints(0), ints(-1), ints(0), 1),
    ):
        yield lambda arguments=arguments: names.choose_by_network(*arguments)


def writing_calls(names):
    """Return the calls of the kernels for priced files with wrong bounds."""
    facts = [ints(1, 1), ints(1, 1), octets(0, 1), ints(0, 1), ints(0, 0)]
    for place in range(5):
        parts = list(facts)
        parts[place] = parts[place][:1]
        yield lambda parts=parts: names.number_prices(*parts)
    none = NO_ROWS, 0
    for arguments in (
        (none, ints(1), ints(), [b""], [b""]),
        (none, ints(), ints(), [b"", b""], [b""]),
        ((NO_ROWS, -1), ints(), ints(), [], []),
    ):
        yield lambda arguments=arguments: names.append_fields(*arguments)
    yield lambda: names.make_records([(NO_ROWS, 0)], -1, 44, 99)
    yield lambda: names.make_records([(NO_ROWS, -1)], 1, 44, 99)


def dictionary_calls(names):
    """Return the calls of `copy_dictionary_facts` with wrong bounds."""
    indexes = array("i", [0, 1])
    address = indexes.buffer_info()[0]

    def copy(kind="i", first=0, stop=2, known=None, validity=None, facts=None, nulls=1):
        assert indexes[1] == 1  # and keeps them alive
        known = known or [ints(5, 6), ints(5, 6), octets(0, 1)]
        facts = facts or [ints(0, 0), ints(0, 0), octets(0, 0)]
        rows = arrow_rows.Addresses(kind, address, 0, 0, 0, 0, 0)
        return names.copy_dictionary_facts(
            rows, first, stop, known, validity, facts, bytearray(nulls)
        )

    assert copy() == 2
    for change in (
        {"kind": "x"},
        {"kind": ""},
        {"kind": "cC"},
        {"first": -1},
        {"first": 3},
        {"stop": -1},
        {"known": [ints(5, 6), ints(5), octets(0, 1)]},
        {"known": [ints(5, 6), ints(5, 6), octets(0)]},
        {"known": [ints(5, 6), None, octets(0, 1)]},
        {"known": [ints(5, 6), None, None]},
        {"known": [None, None, None]},
        {"known": [ints(5, 6)]},
        {"validity": bytearray()},
        {"facts": [ints(0), ints(0, 0), octets(0, 0)]},
        {"facts": [ints(0, 0), ints(0), octets(0, 0)]},
        {"facts": [ints(0, 0), ints(0, 0), octets(0)]},
        {"facts": [ints(0, 0), ints(0, 0), None]},
        {"facts": [None, None, None]},
        {"facts": [ints(0, 0)]},
        {"nulls": 0},
    ):
        yield lambda change=change: copy(**change)


def octet_calls(names, kernels):
    """Return the calls of the functions for octets with wrong bounds."""
    for start in (-1, 4):
        yield lambda start=start: names.to_septets("abc", start, 0, 0)
        yield lambda start=start: names.from_septets(b"abc", start, 0, 0, True)
    for fill_bits in (-1, 7):
        yield lambda bits=fill_bits: names.pack(b"abc", bits)
        yield lambda bits=fill_bits: names.unpack(b"abc", 1, bits)
    for count in (-1, 4, 2**40):
        yield lambda count=count: names.unpack(b"abc", count)
    yield lambda: names.unpack(b"", 1, 6)
    yield lambda: names.pack(b"\x80")

    def encode(rules, text, elements=b""):
        kernel = kernels.Kernel(*rules, Analysis)
        return names.Encoder(kernel, tuple, (0, 8), 8, lambda *_: ((0, 8), elements)).encode(
            text, reference=1
        )

    yield lambda: encode((((0, 0, 1000, 900),), None), "a" * 161)
    yield lambda: encode(((), (1000, 900)), "Ж" * 161)
    yield lambda: encode((((0, 0, 160, 153),), None), "a", bytes(141))


def test_wrong_bounds_are_the_same_errors(implementations, tallies) -> None:
    """Every kernel raises the same ValueError or RuntimeError, and touches no memory."""
    answers = {}
    for implementation, api in implementations.items():
        names = api.functions
        calls = chain(
            kernel_calls(names, names.Kernel),
            tally_calls(tallies[implementation]),
            octet_calls(api.functions, names),
            network_calls(names),
            writing_calls(names),
        )
        answers[implementation] = [answer(call) for call in calls]
    for results in answers.values():
        assert [result for result in results if not is_refused(result)] == []
        assert results == answers["python"]


RANGES = st.integers(-2, 6)
SIZES = st.integers(0, 5)


@given(
    texts=st.lists(st.sampled_from(["a", "Ж", None, "b" * 161]), max_size=5),
    first=RANGES,
    stop=RANGES,
    sizes=st.tuples(SIZES, SIZES, SIZES, st.integers(0, 2)),
    encodings=st.lists(st.integers(0, 1), max_size=5),
)
def test_any_bounds_of_lists(
    implementations, tallies, texts, first, stop, sizes, encodings
) -> None:
    """The implementations write the same values, or raise the same error and write none."""
    answers = []
    for implementation, api in implementations.items():
        names = api.functions
        kernel = names.Kernel(((0, 0, 160, 153),), (70, 67), Analysis)
        segments, units, kinds = (
            ints(*[7] * sizes[0]),
            ints(*[7] * sizes[1]),
            octets(*[7] * sizes[2]),
        )
        nulls, found = octets(*[0] * sizes[3]), ints(*[7] * sizes[0])
        non_gsm_characters = names.NonGsmCounts()
        numbers = [text and "+12" for text in texts]
        index = tallies[implementation].PrefixIndex(("1",))
        answers.append(
            [
                answer(kernel.count_texts, texts, first, stop, segments, units, kinds, nulls, 0),
                answer(
                    kernel.count_non_gsm,
                    texts,
                    first,
                    stop,
                    octets(*encodings),
                    non_gsm_characters,
                ),
                answer(index.find_texts, numbers, first, stop, found, 0),
                [[*buffer] for buffer in (segments, units, kinds, nulls, found)],
                non_gsm_characters.take(),
            ]
        )
        may_fit = 0 <= first <= stop <= len(texts)
        for each, fits in (
            (answers[-1][0], min(*sizes[:3], 8 * sizes[3]) >= stop - first),
            (answers[-1][2], sizes[0] >= stop - first),
        ):
            assert (each is None) == (may_fit and fits)
    assert answers[0] == answers[-1]


def test_no_rows(implementations, tallies) -> None:
    """Empty ranges of empty buffers are valid."""
    for implementation, api in implementations.items():
        names, tally = api.functions, tallies[implementation]
        kernel = names.Kernel(((0, 0, 160, 153),), (70, 67), Analysis)
        none = ints(), ints(), octets()
        no_indexes = NO_ROWS._replace(layout="i")
        assert kernel.count_rows(NO_ROWS, 0, 0, *none) == (0, 0)
        assert kernel.count_texts([], 0, 0, *none, octets(), 0) is None
        assert kernel.count_texts(["a"], 1, 1, *none, octets(), 0) is None
        assert kernel.count_non_gsm([], 0, 0, octets(), names.NonGsmCounts()) is None
        assert tally.PrefixIndex(()).find_texts([], 0, 0, ints(), 0) is None
        assert tally.add_to_sums(*none, ints(), sums(512), sums(10)) == (0, [])
        assert tally.count_distinct_rows([ints()], ints(), [octets()]) == []
        assert [*tally.find_rows_beyond(ints(), octets(), 1, False)] == []
        assert tally.join_rows([b"a"], 0, ints()) == (bytearray(8), bytearray())
        assert (
            tally.copy_dictionary_facts(no_indexes, 0, 0, [*none], None, [*none], bytearray()) == 0
        )


def test_a_prefix_of_a_subclass(tallies) -> None:
    """Only the characters of a subclass of str are read."""

    class Liar(str):
        __slots__ = ()

        def isascii(self) -> bool:
            return True

        def isdigit(self) -> bool:
            return True

        def __iter__(self):
            return iter([10**6])

    for tally in tallies.values():
        assert tally.PrefixIndex((Liar("1"),)).find("+12") == 0
        with pytest.raises(ValueError, match="is not digits"):
            tally.PrefixIndex((Liar("a"),))


def test_numbers_in_several_chunks(tallies) -> None:
    """Row numbers continue from chunk to chunk, also in errors."""
    pa = pytest.importorskip("pyarrow")
    for tally in tallies.values():
        index = tally.PrefixIndex(("1", "2"))
        column = pa.chunked_array([["+12", None], [], ["+21", "x"]], pa.string())
        assert [*surveys.find_prefixes(index, column)] == [0, tally.NO_NUMBER, 1, tally.NOT_E164]
        assert [*surveys.find_prefixes(index, iter(["+21"] * 70_000))] == [1] * 70_000
        with pytest.raises(TypeError, match=r"^row 65540: number must be str or None, not int$"):
            surveys.find_prefixes(index, iter(["+21"] * 65_540 + [1]))


def test_lists_of_a_subclass(kernels) -> None:
    """They are read as lists; their own methods are not called."""

    class Liar(list):
        def __len__(self) -> int:
            return 10**6

        def __iter__(self):
            return iter(())

    texts = Liar(["a" * 161, None])
    assert kernels.Segmenter().count_many(texts).to_list() == [2, None]
    (piece,) = read_pieces(texts)
    assert type(piece) is list
    rates = RateCard.from_rows([{"prefix": "1", "price": "1", "currency": "USD"}])
    assert [*rates.match_many(Liar(["+12"]))] == [0]


def test_a_survey_of_a_list_that_changed(kernels) -> None:
    """NonGsmCounts are those of the texts that were counted."""
    for changed in (["Ж", "a", "Ж"], [None, "a"], ["я"], []):
        texts = ["Ж", "a"]
        survey = surveys.survey_column(kernels.Segmenter().kernel, texts)
        texts[:] = changed
        non_gsm_characters = kernels.functions.NonGsmCounts()
        survey.count_non_gsm(non_gsm_characters)
        assert non_gsm_characters.take() == {"Ж": 1}
