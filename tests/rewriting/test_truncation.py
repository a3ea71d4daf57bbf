"""Texts cut to a number of segments: the longest that fits, and nothing torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from septet import EncodingError
from septet.standard import graphemes

ELLIPSES = ["", "...", "…", " [more]", "€"]


def longest(segmenter, text, segments, ellipsis) -> str:
    """Try every cut, the longest first, with the scalar count."""
    if segmenter.count(text) <= segments:
        return text
    clusters = segmenter.kernel.clusters
    breaks = graphemes.cluster_breaks(text, clusters) if clusters else None
    for cut in reversed(range(len(text))):
        halves = text[max(cut - 1, 0) : cut + 1].encode("utf-16-le", "surrogatepass")
        if cut and len(halves) == 4 and len(halves.decode("utf-16-le", "replace")) == 1:
            continue
        if breaks is not None and not breaks[cut]:
            continue
        if segmenter.count(text[:cut] + ellipsis) <= segments:
            return text[:cut] + ellipsis
    raise AssertionError("not even the ellipsis fits")


@given(case=strategies.cases, segments=st.integers(1, 4), ellipsis=st.sampled_from(ELLIPSES))
def test_nothing_longer_fits(kernels, case, segments, ellipsis) -> None:
    """Under any rules, what every cut by itself finds; or the error of `count`."""
    text, options = case
    segmenter = kernels.Segmenter(**options)
    try:
        segmenter.count(text)
        fits = segmenter.count(ellipsis) <= segments
    except EncodingError:
        with pytest.raises(EncodingError):
            segmenter.truncate(text, segments, ellipsis)
        return
    if fits:
        found = segmenter.truncate(text, segments, ellipsis)
        assert found == longest(segmenter, text, segments, ellipsis)
    else:
        with pytest.raises(ValueError, match="the ellipsis takes"):
            segmenter.truncate(text, segments, ellipsis)


@given(head=strategies.gsm7_texts, tail=st.text("😀жa[", min_size=1, max_size=99))
def test_a_late_non_gsm_character(kernels, head, tail) -> None:
    """A text that is GSM-7 up to its end, where the two encodings compete."""
    for segments in (1, 2):
        for ellipsis in ELLIPSES:
            found = kernels.truncate(head + tail, segments, ellipsis)
            assert found == longest(kernels.Segmenter(), head + tail, segments, ellipsis)


@pytest.mark.parametrize(
    ("text", "segments", "ellipsis", "expected"),
    [
        ("a" * 161, 1, "", "a" * 160),
        ("a" * 161, 1, "...", "a" * 157 + "..."),
        ("a" * 160, 1, "...", "a" * 160),
        ("a" * 161, 1, "…", "a" * 69 + "…"),
        ("a" * 159 + "[", 1, "", "a" * 159),  # the escape does not stay behind
        ("a" * 100 + "😀", 1, "", "a" * 100),  # GSM-7 again without its end
        ("a" * 50 + "😀" * 50, 1, "", "a" * 50 + "😀" * 10),
        ("ж" * 69 + "\ud83d\ude00", 1, "", "ж" * 69),
        ("]" * 200, 2, "", "]" * 152),
    ],
)
def test_examples(kernels, text, segments, ellipsis, expected) -> None:
    """Each by hand, from the capacities of the standard."""
    assert kernels.truncate(text, segments, ellipsis) == expected


@pytest.mark.parametrize(
    ("before", "after", "is_pair"),
    [
        ("\ud800", "\udc00", True),
        ("\udbff", "\udfff", True),
        ("\ud7ff", "\udc00", False),
        ("\ue000", "\udc00", False),
        ("\udbff", "\udbff", False),
        ("\ud800", "\ue000", False),
        ("\udc00", "\udc00", False),
    ],
)
def test_halves(kernels, before, after, is_pair) -> None:
    """Only halves that are one character on the air stay together."""
    text = "ж" * 69 + before + after + "ж"
    assert kernels.truncate(text, 1) == text[: 69 if is_pair else 70]


def test_more_characters_in_fewer_segments(kernels) -> None:
    """The header that names a language may cost more than UCS-2 does."""
    segmenter = kernels.Segmenter(languages=["spanish"], header_octets=118)
    text = "á" * 15 + "жж"
    assert [segmenter.count(text[:length]) for length in (14, 15, 16, 17)] == [2, 3, 2, 3]
    assert segmenter.truncate(text, 2) == text[:16]


def test_clusters_stay_whole(kernels) -> None:
    """A family at the border goes as a whole, and only where the rules say so."""
    family = "👨‍👩‍👧"
    text = "ж" * 65 + family
    assert kernels.Segmenter(keep_graphemes=True).truncate(text, 1, "…") == "ж" * 65 + "…"
    assert kernels.truncate(text, 1, "…") == "ж" * 65 + family[:2] + "…"


def test_what_fits_is_the_same_object(kernels) -> None:
    """Nothing is copied."""
    text = "Hello" * 30
    assert kernels.truncate(text, 1) is text


def test_long_texts(kernels) -> None:
    """A million characters are searched, not tried one by one."""
    assert kernels.truncate("a" * 1_000_000, 255) == "a" * (255 * 153)


def test_refusals(kernels) -> None:
    """The message gives the allowed values."""
    for segments in (0, -1):
        with pytest.raises(ValueError, match=f"^segments must be at least 1, not {segments}$"):
            kernels.truncate("a", segments)
    with pytest.raises(TypeError, match=r"^segments must be int, not str$"):
        kernels.truncate("a", "1")
    with pytest.raises(TypeError, match=r"^text must be str, not bytes$"):
        kernels.truncate(b"a", 1)
    message = r"^the ellipsis alone takes 2 segments, but segments=1$"
    with pytest.raises(ValueError, match=message):
        kernels.truncate("a", 1, "." * 161)
    with pytest.raises(EncodingError):
        kernels.Segmenter(encoding="gsm7").truncate("a" * 161, 1, "…")
