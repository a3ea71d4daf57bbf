"""Lists that other threads change during every bulk call: correct figures or one clear error.

Each test takes half a second, or RACE_SECONDS of the environment. They find reads and writes beyond
memory when the compiled implementation is built with sanitizers, as by `make sanitize`.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import septet
from septet.columns.surveys import number_values
from septet.costing import Batch, Estimate, Filled, RateCard, Template, Unpriced
from septet.standard.user_data_header import InformationElement

SECONDS = float(os.environ.get("RACE_SECONDS", "0.5"))
ROWS = 3_000
CHANGED = "the list changed while it was read"

RATES = [
    {"prefix": "1", "price": "0.01", "currency": "USD"},
    {"prefix": "49", "price": "0.02", "currency": "EUR"},
]
CARD = RateCard.from_rows(RATES)
NUMBERS = ["+12025550123", "+4915123456789", "030 1234", None]
TEXTS = ["a" * 161, "’ab", "’Жab", "", None, "[" * 81, "Ж" * 71]


def copy_of(item: str | None) -> str | None:
    """Return an equal text without other references to it."""
    return item and "".join([item[:1], item[1:]])


def change(lists: list[list[Any]], items: list[list[Any]], is_over: threading.Event) -> None:
    """Append to lists, clear them and replace, remove and reorder their items."""
    choose = random.Random(threading.get_ident())
    while not is_over.is_set():
        for column, values in zip(lists, items, strict=True):
            more = [copy_of(value) for value in choose.choices(values, k=ROWS // 10)]
            match choose.randrange(8):
                case 0:
                    column.clear()
                    column.extend(more)
                case 1:
                    del column[ROWS // 2 :]
                case 2:
                    column[: len(more)] = more
                case 3:
                    column[:] = more * 10
                case 4:
                    column.reverse()
                case _:
                    del column[4 * ROWS :]
                    column += more
                    column.append(more[0])
        time.sleep(0)


@contextmanager
def changing(*columns: list[Any]) -> Iterator[list[list[Any]]]:
    """Give a list of each column's items that two threads go on changing."""
    lists = [[copy_of(item) for item in (items * ROWS)[:ROWS]] for items in columns]
    is_over = threading.Event()
    arguments = (lists, [*columns], is_over)
    threads = [threading.Thread(target=change, args=arguments) for _ in range(2)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        yield lists
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)


def repeat(call: Callable[[], None], *errors: type[Exception], needs_answer: bool = True) -> None:
    """Call until the time is over; `errors` are allowed, but not in every call."""
    end = time.monotonic() + SECONDS
    while needs_answer or time.monotonic() < end:
        try:
            call()
        except errors as error:
            if isinstance(error, RuntimeError) and str(error) != CHANGED:
                raise
            if time.monotonic() > end + 60:
                raise
        else:
            needs_answer = False


def replaced(texts: list[Any]) -> set[str | None]:
    """Return the texts after transliteration."""
    return {text if text is None else septet.transliterate(text).text for text in texts}


def analysis_of(text: str | None) -> tuple[Any, int, int] | None:
    """Return a row of `analyze_many`."""
    if text is None:
        return None
    analysis = septet.analyze(text)
    return analysis.encoding, analysis.unit_count, analysis.segment_count


@pytest.mark.parametrize("rules", [{}, {"languages": (1, 2)}], ids=str)
def test_counts(rules) -> None:
    """Each row is counted as a text that was in the list."""
    segmenter = septet.Segmenter(**rules)
    expected = {None if text is None else segmenter.count(text) for text in TEXTS}
    with changing(TEXTS) as (texts,):
        repeat(lambda: check(set(segmenter.count_many(texts)) <= expected), RuntimeError)


def check(is_right: bool) -> None:
    """Fail if the condition is false."""
    assert is_right


def test_counts_of_several_slices() -> None:
    """A list that becomes shorter between two slices of it is an error."""
    with changing(TEXTS) as (texts,):

        def count() -> None:
            texts.extend(["Ж" * 71] * 70_000)
            assert set(septet.count_many(texts)) <= {1, 2, None}

        repeat(count, RuntimeError)


def test_counts_that_keep_graphemes() -> None:
    """Other threads can change the list meanwhile."""
    segmenter = septet.Segmenter(keep_graphemes=True)
    with changing(TEXTS) as (texts,):

        def count() -> None:
            del texts[200:]
            assert set(segmenter.count_many(texts)) <= {1, 2, None}

        repeat(count, RuntimeError, needs_answer=False)


def test_analyses() -> None:
    """Encoding, units and segments are those of one text, in any row."""
    expected = {analysis_of(text) for text in TEXTS}
    with changing(TEXTS) as (texts,):
        repeat(lambda: check(set(septet.analyze_many(texts)) <= expected), RuntimeError)


def test_replacements() -> None:
    """Each row is the transliteration of a text that was in the list."""
    expected = replaced(TEXTS)
    with changing(TEXTS) as (texts,):
        repeat(lambda: check(set(septet.transliterate_many(texts)) <= expected))


def test_numpy_arrays() -> None:
    """Other threads may change an array of objects, too."""
    numpy = pytest.importorskip("numpy")
    texts = numpy.array(TEXTS * 100, dtype=object)
    is_over = threading.Event()

    def replace() -> None:
        while not is_over.is_set():
            texts[::2] = [copy_of("[" * 81) for _ in texts[::2]]
            time.sleep(0)

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        repeat(lambda: check(set(septet.count_many(texts)) <= {1, 2, None}))
    finally:
        is_over.set()
        thread.join()


def test_rates() -> None:
    """Each number has the rate of one that was in the list."""
    with changing(NUMBERS) as (numbers,):
        expected = {0, 1, Unpriced.NOT_E164, Unpriced.NO_NUMBER}
        repeat(lambda: check(set(CARD.match_many(numbers)) <= expected), RuntimeError)


def test_rates_of_dialled_numbers() -> None:
    """Each rate is that of a number of the list, read as dialled in the region."""
    pytest.importorskip("phonenumbers")
    card = CARD.in_region("DE")
    with changing(NUMBERS) as (numbers,):
        repeat(lambda: check(set(card.match_many(numbers)) <= {0, 1, Unpriced.NO_NUMBER}))


def check_estimate(estimate: Estimate) -> None:
    """Fail if figures of an estimate are inconsistent."""
    messages, segments = estimate.messages, estimate.segments
    ucs2 = estimate.by_encoding[septet.Encoding.UCS2].messages
    assert all(count <= ucs2 for count in estimate.non_gsm_characters.values())
    assert estimate.non_gsm_characters["’"] + estimate.non_gsm_characters["Ж"] >= ucs2
    for groups in estimate.groups.values():
        assert sum(group.messages for group in groups.values()) == messages
        assert sum(group.segments for group in groups.values()) == segments
    if estimate.is_priced:
        tallies = [*estimate.destinations.values(), *estimate.unpriced.values()]
        assert sum(tally.messages for tally in tallies) == messages
        assert sum(tally.segments for tally in tallies) == segments
    if estimate.savings is not None:
        assert all(group.messages <= messages for group in estimate.savings.changes.values())
        assert all(n <= messages * 71 for n in estimate.savings.occurrences.values())


def test_estimates_of_texts() -> None:
    """No character is in more messages than the estimate has."""
    with changing(TEXTS) as (texts,):

        def estimate() -> None:
            result = Estimate()
            result.add(Batch(texts))
            check_estimate(result)

        repeat(estimate, RuntimeError)


@pytest.mark.parametrize("savings", [False, True], ids=["plain", "savings"])
def test_estimates_of_several_columns(savings) -> None:
    """Lists of different lengths, or that become shorter, are refused, and nothing is counted."""
    with changing(TEXTS, NUMBERS, ["x", "y", None]) as (texts, numbers, values):
        columns = (texts, numbers, values)

        def estimate() -> None:
            result = Estimate(None, CARD, ["by"], savings)
            for column in columns:
                del column[200:]
            try:
                result.add(Batch(texts, numbers, groups=[values]))
            finally:
                check_estimate(result)

        repeat(estimate, ValueError, RuntimeError)


def test_estimates_of_a_template() -> None:
    """Counts of texts and effects of fields are those of the same values."""
    template = "Hello {name}"
    names = ["Ann", "Жanna", "", "b" * 160]
    with changing(names) as (values,):

        def estimate() -> None:
            result = Estimate(template=template)
            result.add(Batch(Filled(Template.parse(template), [values])))
            assert (
                result.non_gsm_characters["Ж"] == result.by_encoding[septet.Encoding.UCS2].messages
            )
            field_effects = result.field_effects
            assert field_effects is not None
            assert (
                field_effects.affected.messages
                == result.messages - result.distribution[1] + (result.non_gsm_characters["Ж"])
            )
            assert field_effects.empty["name"] <= result.distribution[1]

        repeat(estimate)


def test_elements_of_a_header() -> None:
    """The elements are read once for all segments."""
    segmenter = septet.Segmenter(header_octets=4)
    element = InformationElement(0x70, b"ab")
    elements = [element]
    is_over = threading.Event()

    def replace() -> None:
        while not is_over.is_set():
            elements.clear()
            elements.append(element)

    thread = threading.Thread(target=replace)
    thread.start()
    try:

        def encode() -> None:
            segments = segmenter.encode("a" * 400, elements=elements)
            assert len({len(segment.udh) for segment in segments}) == 1

        repeat(encode)
    finally:
        is_over.set()
        thread.join()


def test_octets_that_are_read() -> None:
    """A bytearray is copied before it is decoded."""
    octets = bytearray()
    is_over = threading.Event()

    def replace() -> None:
        while not is_over.is_set():
            octets.clear()
            octets.extend(b"abcdefg" * 20)
            time.sleep(0)

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        reassembler = septet.Reassembler()

        def read() -> None:
            assert septet.decode(octets, packed=False) in ("", "abcdefg" * 20)
            assert reassembler.add("x", octets, packed=False) in ("", "abcdefg" * 20)

        repeat(read)
    finally:
        is_over.set()
        thread.join()


def test_values_of_several_threads(implementations) -> None:
    """An index that several threads fill gives each value one number while it grows."""
    texts = [f"value {number}" for number in range(4_000)]
    for implementation in implementations.values():
        end = time.monotonic() + SECONDS / 2
        while True:
            index = implementation.functions.ValueIndex()
            answers: list[array[int]] = []

            def number(index: Any = index, answers: list[array[int]] = answers) -> None:
                answers.append(number_values(index, texts))

            threads = [threading.Thread(target=number) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for numbers in answers:
                assert [index.values()[number] for number in numbers[::99]] == texts[::99]
            assert (len(answers), len(index)) == (3, 4_000)
            if time.monotonic() > end:
                break


def test_hashes_of_several_threads(implementations) -> None:
    """A set that several threads fill loses no hash while it grows."""
    for implementation in implementations.values():
        end = time.monotonic() + SECONDS / 2
        while True:
            seen = implementation.functions.HashSet()

            def mark(start: int, seen: Any = seen) -> None:
                for first in range(start, start + 8_000, 400):
                    hashes = array("Q", range(first, first + 400))
                    seen.insert(memoryview(hashes), memoryview(array("i", range(400))))

            threads = [threading.Thread(target=mark, args=(4_000 * n,)) for n in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(seen) == 16_000
            if time.monotonic() > end:
                break
