"""The kernels that rewrite rows: bounds, errors, and what they remember."""

from __future__ import annotations

import ctypes
from array import array
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from septet.arrow.rows import Addresses
from septet.rewriting.rewriters import make_rewriter

NO_ROWS = Addresses("U", 0, 0, 0, 0, 0, 0)


def encoded(api, texts, base=0) -> tuple[bytes, list[int], int]:
    """Return the bytes, offsets and bits of nulls of a list of texts."""
    offsets = memoryview(array("q", bytes(8 * (len(texts) + 1))))
    nulls = bytearray(len(texts) + 7 >> 3)
    octets = api.functions.encode_texts(texts, offsets, memoryview(nulls), base)
    return bytes(octets), list(offsets), int.from_bytes(nulls, "little")


class Rows:
    """Rows of an Arrow array of large_utf8."""

    def __init__(self, *rows: bytes) -> None:
        self.texts = bytearray(b"".join(rows) + b"\0")
        ends = [sum(map(len, rows[:row])) for row in range(len(rows) + 1)]
        self.offsets = array("q", ends)
        values = ctypes.addressof(ctypes.c_char.from_buffer(self.texts))
        self.addresses = Addresses("U", self.offsets.buffer_info()[0], values, 0, 0, 0, 0)


def rewritten(rewriter, rows: Rows, first: int, stop: int, **options) -> tuple[list[bytes], str]:
    """Return rows after replacement, and 1 or 0 for each of them."""
    texts = bytearray(b"before")
    offsets = memoryview(array("q", [-1] * (stop - first)))
    replaced = memoryview(bytearray(stop - first))
    rewriter.rewrite_rows(rows.addresses, first, stop, texts, offsets, replaced, 10, **options)
    starts = [len(b"before"), *offsets]
    parts = [bytes(texts[a:b]) for a, b in zip(starts, offsets, strict=False)]
    assert texts[:6] == b"before"
    return parts, "".join(map(str, replaced))


@given(texts=st.lists(st.one_of(st.none(), strategies.texts), max_size=20))
def test_texts_are_encoded(kernels, texts) -> None:
    """In UTF-8, with lone surrogates; None takes no byte."""
    rows = [b"" if text is None else text.encode("utf-8", "surrogatepass") for text in texts]
    octets, offsets, nulls = encoded(kernels, texts)
    assert octets == b"".join(rows)
    assert [octets[a:b] for a, b in pairwise(offsets)] == rows
    assert [nulls >> row & 1 for row in range(len(texts))] == [text is None for text in texts]


def test_lists_that_cannot_be_encoded(kernels) -> None:
    """Wrong rows and bounds are errors; only the characters of a subclass are read."""

    class Text(str):
        __slots__ = ()

        def encode(self, *_: object) -> bytes:
            return b"other"

    assert encoded(kernels, [Text("é")])[0] == "é".encode()
    with pytest.raises(TypeError, match=r"^row 8: text must be str or None, not int$"):
        encoded(kernels, ["a", 1], 7)
    encode = kernels.functions.encode_texts
    offsets = memoryview(array("q", [0, 0, 0]))
    with pytest.raises(RuntimeError, match="changed"):
        encode(["a"], offsets, memoryview(bytearray(1)), 0)
    with pytest.raises(ValueError, match=r"^nulls has 0 values for 2 rows$"):
        encode(["a", "b"], offsets, memoryview(bytearray()), 0)
    with pytest.raises(ValueError, match=r"^offsets has 0 values for 1 rows$"):
        encode([], offsets[:0], memoryview(bytearray()), 0)


def test_rows_are_appended(kernels) -> None:
    """Part of the rows, with the length of all bytes so far after each."""
    rewriter = make_rewriter(kernels.Segmenter().kernel, "punctuation", "helps")
    rows = Rows(b"zero", "it’s".encode(), "Ж’".encode(), b"", "…".encode())
    assert rewritten(rewriter, rows, 1, 5) == ([b"it's", "Ж’".encode(), b"", b"..."], "1001")
    assert rewritten(rewriter, rows, 0, 0) == ([], "")


def test_rows_that_cannot_be_rewritten(kernels) -> None:
    """The error names the row; nothing is appended."""
    rewriter = make_rewriter(kernels.Segmenter().kernel, "punctuation", "helps")
    texts, offsets = bytearray(b"a"), memoryview(array("q", [0, 0]))
    replaced = memoryview(bytearray(2))
    for wrong in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80"):
        rows = Rows("…".encode(), wrong)
        with pytest.raises(ValueError, match=r"^row 6 is not UTF-8$"):
            rewriter.rewrite_rows(rows.addresses, 0, 2, texts, offsets, replaced, 5)
        with pytest.raises(ValueError, match=r"^row 6 is not UTF-8$"):
            measured(rewriter, rows, base=5)
        assert texts == b"a"
    rows = Rows(b"ab", b"c")
    rows.offsets[1] = 9
    with pytest.raises(ValueError, match=r"^row [56]: its offsets go backwards, or beyond"):
        rewriter.rewrite_rows(rows.addresses, 0, 2, texts, offsets, replaced, 5)
    assert texts == b"a"
    assert rewritten(rewriter, Rows(b"\xed\xa0\x80"), 0, 1, allows_surrogates=True) == (
        [b"\xed\xa0\x80"],
        "0",
    )


@pytest.mark.parametrize(("first", "stop"), [(-1, 2), (2, 1), (0, 3)])
def test_bounds_of_rows(kernels, first, stop) -> None:
    """Wrong ranges and short buffers are errors before anything is read."""
    rewriter = make_rewriter(kernels.Segmenter().kernel, "punctuation", "helps")
    full = memoryview(array("q", bytes(24)))
    for offsets, replaced in ((full[:2], bytes(3)), (full, bytes(2))):
        with pytest.raises(ValueError, match=r"first must be|has 2 values for 3 rows"):
            rewriter.rewrite_rows(
                NO_ROWS, first, stop, bytearray(), offsets, memoryview(bytearray(replaced)), 0
            )
    ints = memoryview(array("i", bytes(12)))
    octets = memoryview(bytearray(3))
    buffers = [octets, ints, ints, octets]
    for place in range(4):
        short = [b[:2] if n == place else b for n, b in enumerate(buffers)]
        with pytest.raises(ValueError, match=r"first must be|has 2 values for 3 rows"):
            rewriter.measure_rows(NO_ROWS, first, stop, *short, 0)


def test_bytes_that_other_code_resizes(implementations) -> None:
    """Python code that the kernel calls cannot take away the memory that it writes to."""
    texts = bytearray(b"before")
    errors = []

    def replace(piece, in_context):
        with pytest.raises(BufferError) as caught:
            texts.clear()
        errors.append(caught)
        return "y" * 100, True, False

    kinds = dict.fromkeys(("available", "attached", "joinable", "greek", "missing"), frozenset())
    pieces = SimpleNamespace(costs={" ": 1}, replace=replace, **kinds)
    compiled = implementations["compiled"]
    kernel = compiled.Segmenter().kernel
    rewriter = compiled.functions.Rewriter(kernel, kernel, None, (pieces,), "always")
    rows = Rows("’".encode(), "“".encode())
    rewriter.rewrite_rows(
        rows.addresses, 0, 2, texts, memoryview(array("q", [0, 0])), memoryview(bytearray(2)), 0
    )
    assert texts == b"before" + b"y" * 200
    assert len(errors) == 2
    texts.clear()


def test_arguments(kernels) -> None:
    """Only the three words for when, and as many pieces as there are kinds of texts."""
    names, kernel = kernels.functions, kernels.Segmenter().kernel
    with pytest.raises(ValueError, match=r"^when must be one of helps, cheaper, always, not 'x'$"):
        names.Rewriter(kernel, kernel, None, (), "x")
    with pytest.raises(ValueError, match=r"^pieces must be at most 2, not 3$"):
        names.Rewriter(kernel, kernel, None, (1, 2, 3))


def measured(rewriter, rows: Rows, selected=None, base=0) -> list[tuple[int, int, int]]:
    """Return the segments, units and encodings of rows after replacement."""
    length = len(rows.offsets) - 1
    chosen = memoryview(bytearray(selected or [1] * length))
    segments, units = (memoryview(array("i", [-1] * length)) for _ in range(2))
    encodings = memoryview(bytearray([7] * length))
    rewriter.measure_rows(rows.addresses, 0, length, chosen, segments, units, encodings, base)
    return list(zip(segments, units, encodings, strict=True))


def test_rows_are_measured(kernels) -> None:
    """As if everything was replaced, whatever `when` says; other rows are left out."""
    rows = Rows("…".encode(), ("[’" * 80).encode(), "Ж…".encode(), "b’".encode())
    for when in ("helps", "cheaper", "always"):
        rewriter = make_rewriter(kernels.Segmenter().kernel, "punctuation", when)
        found = measured(rewriter, rows, [1, 1, 1, 0])
        assert found == [(1, 3, 0), (2, 240, 0), (1, 4, 1), (-1, -1, 7)]
    forced = make_rewriter(kernels.Segmenter(encoding="gsm7").kernel, "punctuation", "always")
    assert measured(forced, rows) == [(1, 3, 0), (2, 240, 0), (0, 0, 0), (1, 2, 0)]


@given(
    texts=st.lists(strategies.texts.filter(lambda t: t.isprintable()), max_size=6),
    options=strategies.options,
)
def test_measured_rows_are_rewritten_rows(kernels, texts, options) -> None:
    """The counts are those of the texts that `transliterate` makes."""
    segmenter = kernels.Segmenter(**{**options, "encoding": None})
    rewriter = make_rewriter(segmenter.kernel, "punctuation", "helps")
    rows = Rows(*[text.encode() for text in texts])
    expected = [
        segmenter.analyze(segmenter.transliterate(text, when="always").text) for text in texts
    ]
    found = measured(rewriter, rows)
    assert [(segments, units) for segments, units, _ in found] == [
        (each.segment_count, each.unit_count) for each in expected
    ]
    kinds = [("gsm7", "ucs2")[kind] for _, _, kind in found]
    assert kinds == [each.encoding.value for each in expected]


def test_many_pieces_are_remembered_for_a_while(kernels) -> None:
    """More distinct pieces than are kept."""
    marks = [chr(0x300 + number) for number in range(65)]
    texts = [f"x{a}{b}" for a in marks for b in marks]
    assert len(set(texts)) > 4096
    check_twice(kernels, texts)


@pytest.mark.slow
def test_long_pieces_are_remembered_for_a_while(kernels) -> None:
    """More characters in pieces than are kept."""
    texts = ["y" + "\u0303" * 270_000, "y\u0303\u0301", "y" + "\u0303" * 270_001]
    check_twice(kernels, texts)


def check_twice(kernels, texts: list[str]) -> None:
    """Rewrite texts twice with one rewriter, and compare them with single texts."""
    segmenter = kernels.Segmenter()
    rewriter = make_rewriter(segmenter.kernel, "punctuation", "always")
    expected = [segmenter.transliterate(text, when="always").text.encode() for text in texts]
    for _ in range(2):
        found, _ = rewritten(rewriter, Rows(*[t.encode() for t in texts]), 0, len(texts))
        assert found == expected
