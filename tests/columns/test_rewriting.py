"""`transliterate_many` gives what `transliterate` gives for each row, in every kind of column."""

from __future__ import annotations

import gc
import pickle
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from scalar import columns
from septet import EncodingError, MissingExtraError
from septet.arrow.callbacks import live_exports

pa = pytest.importorskip("pyarrow")

SAMPLE = [
    "one",
    "It’s",
    None,
    "ж’",
    "e\u0301’",
    "",
    "café…",
    "😀",
    None,
    "ç",
    "a" * 400,
    "“[”" * 60,
]
REPLACED = ["one", "It's", None, "ж’", "é'", "", "café...", "😀", None, "ç", "a" * 400, '"["' * 60]
LAYOUTS = [pa.string(), pa.large_string(), pa.string_view()]


def check(segmenter, column, texts, **options) -> None:
    replaced = segmenter.transliterate_many(column, **options)
    expected = [None if t is None else segmenter.transliterate(t, **options) for t in texts]
    assert replaced.to_list() == [row and row.text for row in expected]
    assert list(replaced.replaced) == [bool(row and row.replacements) for row in expected]
    assert replaced.null_count == texts.count(None)


@given(
    texts=columns, options=strategies.options, when=st.sampled_from(["helps", "cheaper", "always"])
)
def test_rows_equal_single_texts(kernels, texts, options, when) -> None:
    """Under any rules: lists, Arrow layouts, slices, chunks and dictionaries."""
    segmenter = kernels.Segmenter(**{**options, "encoding": None})
    chosen = {"when": when}
    check(segmenter, texts, texts, **chosen)
    for kind in LAYOUTS:
        array = pa.array(texts, kind)
        check(segmenter, array, texts, **chosen)
        check(segmenter, array[1:-1], texts[1:-1], **chosen)
        check(segmenter, pa.chunked_array([texts[3:], [], texts[:3]], kind), texts[3:] + texts[:3])
    check(segmenter, pa.array(texts, pa.string()).dictionary_encode(), texts, **chosen)


@given(texts=st.lists(strategies.texts, max_size=5), encoding=st.sampled_from(["gsm7", "ucs2"]))
def test_any_text_under_forced_encodings(kernels, texts, encoding) -> None:
    """Forced GSM-7 refuses no row, forced UCS-2 changes none; lone surrogates stay."""
    check(kernels.Segmenter(encoding=encoding), texts, texts)


@pytest.mark.parametrize("when", ["helps", "cheaper", "always"])
@pytest.mark.parametrize("level", ["punctuation", "letters", "all"])
def test_levels(kernels, level, when) -> None:
    """Each level gives what it gives for single texts."""
    if level != "punctuation":
        pytest.importorskip("anyascii")
    texts = [*SAMPLE, "Ж" * 69 + "…", "Δευτέρα", "a\u0301\xad", "👍🏽", "1½", "x\x92\v"]
    check(kernels.Segmenter(), texts, texts, level=level, when=when)
    check(kernels.Segmenter(languages=["spanish"]), texts, texts, level=level, when=when)


def test_other_libraries(kernels) -> None:
    """Iterators and columns of other libraries go in; pyarrow and Polars read the result."""
    assert kernels.transliterate_many(iter(SAMPLE)).to_list() == REPLACED
    column = kernels.transliterate_many(pa.table({"body": SAMPLE}))
    exported = pa.array(column)
    exported.validate(full=True)
    assert exported.type == pa.large_string()
    assert exported.to_pylist() == list(column) == REPLACED
    assert pa.chunked_array(column).to_pylist() == REPLACED
    np = pytest.importorskip("numpy")
    assert kernels.transliterate_many(np.array(SAMPLE, object)).to_list() == REPLACED
    pd = pytest.importorskip("pandas")
    assert kernels.transliterate_many(pd.Series(SAMPLE)).to_list() == REPLACED
    pl = pytest.importorskip("polars")
    assert pl.Series(kernels.transliterate_many(pl.Series(SAMPLE))).to_list() == REPLACED
    categories = pl.Series(SAMPLE, dtype=pl.Categorical)
    assert kernels.transliterate_many(categories).to_list() == REPLACED


def test_a_column_is_a_sequence(kernels) -> None:
    """Length, indexes, slices, equality, pickling and repr."""
    column = kernels.transliterate_many(SAMPLE)
    assert len(column) == len(SAMPLE)
    assert [column[row] for row in range(len(column))] == REPLACED
    assert (column[-1], column[2]) == (REPLACED[-1], None)
    for part in (slice(1, 9), slice(None, None, -1), slice(2, 2), slice(3, 8, 2)):
        assert column[part].to_list() == REPLACED[part]
        assert list(column[part].replaced) == list(column.replaced)[part]
        assert pa.array(column[part]).to_pylist() == REPLACED[part]
    with pytest.raises(IndexError):
        _ = column[len(SAMPLE)]
    assert (
        column == kernels.transliterate_many(pa.array(SAMPLE)) == pickle.loads(pickle.dumps(column))
    )
    assert column != kernels.transliterate_many(REPLACED)
    assert column != column[1:]
    assert repr(column[:3]) == "TextColumn(['one', \"It's\", None])"
    for nothing in ([], pa.array([], pa.string()), pa.array([""], pa.string())[1:]):
        assert pa.array(kernels.transliterate_many(nothing)).to_pylist() == []
    for empty in (["", None], pa.array(["", None]), pa.array(["", None], pa.string_view())):
        assert pa.array(kernels.transliterate_many(empty)).to_pylist() == ["", None]


def test_memory_is_freed_with_its_last_user(kernels) -> None:
    """An exported array outlives its column, and nothing is kept after it is released."""
    gc.collect()
    before = len(live_exports)
    exported = pa.array(kernels.transliterate_many(pa.array(SAMPLE)))
    gc.collect()
    assert exported.to_pylist() == REPLACED
    del exported
    gc.collect()
    assert len(live_exports) == before


def test_bytes_of_nulls_are_ignored(kernels) -> None:
    """The bytes of a null row may be anything, even part of a surrogate."""
    offsets = pa.py_buffer(bytes([0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0]))
    octets = pa.py_buffer(b"\xed\xa0" + "’".encode())
    buffers = [pa.py_buffer(b"\x02"), offsets, octets]
    column = kernels.transliterate_many(pa.Array.from_buffers(pa.string(), 2, buffers))
    assert column.to_list() == pa.array(column).to_pylist() == [None, "'"]


def test_lone_surrogates_cannot_be_exported(kernels) -> None:
    """A `str` may contain them, Arrow memory may not."""
    column = kernels.transliterate_many(["", "a", "\ud800’", ""], when="always")
    assert column.to_list() == ["", "a", "\ud800'", ""]
    with pytest.raises(ValueError, match=r"^row 2: a lone surrogate cannot be encoded in UTF-8$"):
        pa.array(column)


def test_errors(kernels, monkeypatch) -> None:
    """Errors name the row; a wrong level is refused even if no row needs a replacement."""
    with pytest.raises(TypeError, match=r"^row 1: text must be str or None, not int$"):
        kernels.transliterate_many(["a", 1])
    with pytest.raises(TypeError, match=r"int64"):
        kernels.transliterate_many(pa.array([1]))
    with pytest.raises(
        ValueError, match=r"^level must be one of punctuation, letters, all, not 2$"
    ):
        kernels.transliterate_many([], 2)
    forced = kernels.Segmenter(encoding="gsm7")
    for column in (["a", None, "c’ж"], pa.array(["a", None, "c’ж"])):
        with pytest.raises(EncodingError, match=r"^character 'ж' at row 2, index 2 is not"):
            forced.transliterate_many(column, when="cheaper")
    invalid = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0])), pa.py_buffer(b"\xff")]
    )
    with pytest.raises(ValueError, match=r"^row 1 is not UTF-8$"):
        kernels.transliterate_many(pa.chunked_array([pa.array(["a"]), invalid]))
    monkeypatch.setitem(sys.modules, "anyascii", None)
    with pytest.raises(MissingExtraError, match=r"septet\[transliteration\]"):
        kernels.transliterate_many(["a"], "letters")


def test_characters_excluded_by_a_provider_are_replaced(kernels) -> None:
    """Texts with a character that the provider's alphabet lacks are in UCS-2."""
    pytest.importorskip("anyascii")
    telnyx = kernels.Segmenter(provider="telnyx")
    texts = ["20 €", "20 $", None]
    assert kernels.Segmenter().transliterate_many(texts, "all").to_list() == texts
    assert telnyx.transliterate_many(texts, "all").to_list() == ["20 EUR", "20 $", None]
    assert telnyx.transliterate("20 €", "all").text == "20 EUR"


def test_a_column_is_not_equal_to_a_list(kernels) -> None:
    """It is equal to columns of texts only."""
    assert kernels.transliterate_many(["a"]) != ["a"]
