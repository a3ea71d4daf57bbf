"""Texts of Parquet pages: both implementations read the same, also of damaged pages."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.view_columns import ViewColumn

DAMAGE = "the page is damaged, or a text is not UTF-8"
TEXTS = ["", "a", "twelve bytes", "13 more bytes", "ünï 😀", "x" * 70, "é" * 40]


@pytest.fixture(scope="module", params=["python", "compiled"])
def pages_type(request, implementations) -> Any:
    """`TextPages` of each implementation."""
    if request.param not in implementations:
        pytest.skip("the compiled implementation was not built")
    return implementations[request.param].functions.TextPages


def plain(texts) -> bytes:
    """Return texts in the plain encoding."""
    values = [text.encode() for text in texts]
    return b"".join(len(value).to_bytes(4, "little") + value for value in values)


def varint(number: int) -> bytes:
    """Return an unsigned number, seven bits to a byte."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def run(value: int, count: int, width: int) -> bytes:
    """Return a number that is repeated."""
    return varint(count << 1) + value.to_bytes((width + 7) // 8, "little")


def packed(values, width: int) -> bytes:
    """Return groups of eight numbers, the last of which may be filled up."""
    groups = -(-len(values) // 8)
    word = sum(value << index * width for index, value in enumerate(values))
    return varint(groups << 1 | 1) + word.to_bytes(groups * width, "little")


def hybrid(values, width: int, rng) -> bytes:
    """Return numbers as runs and packed groups."""
    content = b""
    while values:
        count = 1
        while count < len(values) and values[count] == values[0]:
            count += 1
        if count > 2 or len(values) < 8:
            content += run(values[0], count, width)
        else:
            count = 8 * rng.randrange(1, len(values) // 8 + 1)
            content += packed(values[:count], width)
        values = values[count:]
    return content


def read(pages, buffers, counts) -> list[str | None]:
    """Return the rows of a page, which are read in several steps."""
    views, validity = bytearray(16 * sum(counts)), bytearray(b"\xff" * (sum(counts) + 7 >> 3))
    row = null_count = 0
    for count in counts:
        null_count += pages.read(views, validity, row, count, len(buffers) - 1)
        row += count
    column = ViewColumn(views, buffers, validity, null_count)
    rows = column.to_list()
    assert rows.count(None) == null_count
    return rows


def random_page(rng):
    """Return the arguments of `read_dictionary` and `start_page`, and the rows of the page."""
    rows = [
        rng.choice(TEXTS) if rng.random() < 0.8 else None
        for _ in range(rng.randrange(60))
        for _ in range(rng.choice([1, 1, 1, 20]))
    ]
    levels = None
    if None in rows or rng.random() < 0.5:
        levels = hybrid([int(row is not None) for row in rows], 1, rng)
    texts = [row for row in rows if row is not None]
    has_indexes = rng.random() < 0.5
    start = rng.randrange(9)
    values = bytes(start) + plain(texts)
    if has_indexes:
        width = rng.choice([3, 4, 7, 8, 9, 17, 31, 32])
        indexes = [TEXTS.index(text) for text in texts]
        values = bytes(start) + bytes([width]) + hybrid(indexes, width, rng)
    page = levels, bytearray(values), start, len(rows), has_indexes
    return (bytearray(plain(TEXTS)), len(TEXTS)), page, rows


def split(rng, row_count):
    counts = []
    while row_count:
        counts.append(rng.randrange(1, row_count + 1))
        row_count -= counts[-1]
    return counts


@given(st.integers(0, 2**32))
def test_rows(pages_type, seed) -> None:
    """Rows are those that were written, however many are read at a time."""
    rng = Random(seed)
    dictionary, page, rows = random_page(rng)
    pages = pages_type()
    pages.read_dictionary(*dictionary)
    pages.start_page(*page)
    assert read(pages, [dictionary[0], page[1]], split(rng, len(rows))) == rows


def mutated(content, rng):
    """Return other bytes, or fewer."""
    content = bytearray(content)
    for _ in range(rng.randrange(3)):
        if content:
            content[rng.randrange(len(content))] = rng.choice([0, 1, 255, rng.randrange(256)])
    return content[: rng.choice([len(content), rng.randrange(len(content) + 1)])]


@given(st.integers(0, 2**32))
def test_damaged_pages(implementations, seed) -> None:
    """Both implementations read the same, or refuse the same."""
    answers = []
    for implementation in implementations.values():
        rng = Random(seed)
        dictionary, (levels, values, start, count, has_indexes), _ = random_page(rng)
        values = mutated(values, rng)
        levels = levels and mutated(levels, rng)
        content = mutated(dictionary[0], rng) if rng.random() < 0.2 else dictionary[0]
        pages = implementation.functions.TextPages()
        try:
            pages.read_dictionary(content, dictionary[1])
            pages.start_page(levels, values, start, count, has_indexes)
            answers.append(read(pages, [content, values], split(rng, count)))
        except ValueError as error:
            answers.append(str(error))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0] == DAMAGE or isinstance(answers[0], list)


@pytest.mark.parametrize(
    ("levels", "values", "has_indexes"),
    [
        (None, plain(["a"])[:-1], False),
        (None, b"\xff\xff\xff\xff" + b"a" * 9, False),
        (None, b"\x01\0\0\0\xff", False),
        (None, b"", False),
        (b"\x02", plain(["a"]), False),
        (b"\x02\x02", plain(["a"]), False),
        (b"\x80" * 9, plain(["a"]), False),
        (b"", plain(["a"]), False),
        (None, b"", True),
        (None, b"\x08\x02\x01", True),
        (None, b"\x08\x03", True),
        (None, b"\x20\x02\xff\xff\xff\xff", True),
    ],
)
def test_damage(pages_type, levels, values, has_indexes) -> None:
    """Lengths, levels and indexes that are wrong are an error."""
    pages, values = pages_type(), bytearray(values)
    pages.read_dictionary(bytearray(plain(["a"])), 1)
    pages.start_page(levels, values, 0, 1, has_indexes)
    with pytest.raises(ValueError, match=DAMAGE):
        read(pages, [b"", values], [1])
    with pytest.raises(ValueError, match=DAMAGE):  # nothing more is read
        read(pages, [b"", values], [1])


def test_texts_are_checked_one_by_one(pages_type) -> None:
    """A character does not begin in one text and end in the next one."""
    pages, page = pages_type(), bytearray(b"\x01\0\0\0\xc3\x01\0\0\0\xa9")
    pages.start_page(None, page, 0, 2, False)
    with pytest.raises(ValueError, match=DAMAGE):
        read(pages, [page], [2])
    with pytest.raises(ValueError, match=DAMAGE):
        pages.read_dictionary(bytearray(b"\x01\0\0\0\xc3\x01\0\0\0\xa9"), 2)


def test_what_becomes_of_the_page(pages_type) -> None:
    """Only the lengths of texts that are read are overwritten, and nothing else."""
    pages, page = pages_type(), bytearray(plain(["a" * 300, "bc", "d"]))
    expected = bytes(4) + page[4:304] + bytes(4) + page[308:]
    pages.start_page(None, page, 0, 3, False)
    pages.read(bytearray(32), bytearray(b"\xff"), 0, 2, 0)
    assert page == expected


def test_wrong_arguments(pages_type) -> None:
    """They are errors before anything is read."""
    pages = pages_type()
    page = bytearray(plain(["a", "b"]))
    for arguments in ((None, page, -1, 2, False), (None, page, 11, 2, False)):
        with pytest.raises(ValueError, match=DAMAGE):
            pages.start_page(*arguments)
    with pytest.raises(ValueError, match=DAMAGE):
        pages.start_page(None, bytearray(b"\x21"), 0, 1, True)
    with pytest.raises(ValueError, match=DAMAGE):
        pages.start_page(None, page, 0, -1, False)
    for count in (-1, 3):
        with pytest.raises(ValueError, match=DAMAGE):
            pages.read_dictionary(page, count)
    pages.start_page(None, page, 0, 2, False)
    for size, row, count in ((32, 1, 2), (32, -1, 1), (32, 0, -1), (16, 0, 2), (32, 2**62, 1)):
        with pytest.raises(ValueError, match=r"values for|must be from"):
            pages.read(bytearray(size), bytearray(b"\xff"), row, count, 0)
    with pytest.raises(ValueError, match="validity has"):
        pages.read(bytearray(32), bytearray(), 0, 2, 0)
    assert read(pages, [page], [2]) == ["a", "b"]
