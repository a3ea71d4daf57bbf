"""Joining parts: whatever a careless sender cut in two is whole again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import oracle_wire
import strategies
from septet.wire.joining import Part, join_parts, read_bodies

GSM7 = (0, 0)
UTF16 = "utf-16-be"


def parts(alphabet, *units: bytes) -> dict[int, Part]:
    return {n: Part(alphabet, octets, False) for n, octets in enumerate(units, 1)}


@pytest.mark.parametrize(
    ("alphabet", "octets", "text"),
    [
        (UTF16, "я и 😀 я".encode(UTF16), "я и 😀 я"),
        (GSM7, b"a\x1b\x65b\x1b\x1bc", "a€b c"),
        ("latin-1", "naïve".encode("latin-1"), "naïve"),
        ("utf-8", "€ и 😀".encode(), "€ и 😀"),
        ("shift_jis", "日本語".encode("shift_jis"), "日本語"),
        ("iso2022_jp", "日本語 abc".encode("iso2022_jp"), "日本語 abc"),
        ("euc_kr", "한국어".encode("euc_kr"), "한국어"),
    ],
)
def test_any_cut(implementations, alphabet, octets, text) -> None:
    """In one alphabet, parts are one text wherever they are cut, and so are their bodies."""
    for first in range(len(octets) + 1):
        for second in range(first, len(octets) + 1):
            cut = parts(alphabet, octets[:first], octets[first:second], octets[second:])
            for implementation in implementations.values():
                assert join_parts(cut, implementation.functions) == text
                bodies = read_bodies(cut, 3, implementation.functions)
                assert "".join(bodies.values()) == text
                assert list(bodies) == [1, 2, 3]


@given(
    text=strategies.texts,
    places=st.lists(st.integers(0, 500), max_size=5),
    is_missing=st.lists(st.booleans(), min_size=6, max_size=6),
)
@example(text="\ud83d", places=[1], is_missing=[False] * 6)
@example(text="0", places=[0, 1, 1], is_missing=[False, False, False, True, False, False])
def test_bodies_are_the_text(text, places, is_missing) -> None:
    """Bodies of adjacent parts make up their text, with lone surrogates and half code units."""
    octets = text.encode(UTF16, "surrogatepass")
    edges = [0, *sorted(min(place, len(octets)) for place in places), len(octets)]
    whole = parts(UTF16, *(octets[a:b] for a, b in pairwise(edges)))
    assert "".join(read_bodies(whole, len(whole)).values()) == join_parts(whole)
    some = {n: part for n, part in whole.items() if not is_missing[n - 1]}
    assert list(read_bodies(some, len(whole))) == list(some)


def test_parts_in_several_alphabets() -> None:
    """Each run is decoded by itself; half a code unit at its end is dropped."""
    units = "да".encode(UTF16)
    mixed = {
        1: Part(UTF16, units[:3], False),
        2: Part(GSM7, b"a\x1b", False),
        3: Part((1, 1), b"\x1b\x65", False),
        4: Part(UTF16, units, False),
    }
    assert join_parts(mixed) == "дa €да"
    assert read_bodies(mixed, 5) == {1: "д", 2: "a ", 3: "€", 4: "да"}


def test_a_part_behind_a_gap() -> None:
    """If the other parts have one odd size, half a code unit is left out and the rest is right."""
    octets = ("Привет, мир! " * 20).encode(UTF16)
    cut = parts(UTF16, *(octets[at : at + 133] for at in range(0, len(octets), 133)))
    bodies = read_bodies({n: cut[n] for n in (1, 2, 4)}, 4)
    assert bodies[1] + bodies[2] == ("Привет, мир! " * 20)[:133]
    assert bodies[4] == ("Привет, мир! " * 20)[200:]
    even = parts(UTF16, *(octets[at : at + 134] for at in range(0, len(octets), 134)))
    assert read_bodies({3: even[3]}, 4) == {3: ("Привет, мир! " * 20)[134:201]}


@pytest.mark.parametrize(
    ("alphabet", "following", "is_at"),
    [
        (GSM7, Part(GSM7, b"y", False), True),
        (GSM7, Part(GSM7, b"\0", False), True),
        (GSM7, Part(GSM7, b"\r", False), True),
        (GSM7, Part(GSM7, b"\n", False), True),
        (GSM7, Part(GSM7, b"\x1b\x65", False), False),
        (GSM7, Part(GSM7, b"\x1b", False), False),
        (GSM7, Part(GSM7, b"\r\n", False), False),
        (GSM7, Part(GSM7, b"", False), False),
        (GSM7, Part(UTF16, b"\0y", False), False),
        ((1, 1), Part((1, 1), b"y", False), True),  # Turkish
        ((3, 3), Part((3, 3), b"y", False), True),  # Portuguese
        ((6, 6), Part((6, 6), b"y", False), False),  # Hindi: no @ in the locking table
        ((0, 6), Part((0, 6), b"y", False), True),
        ("latin-1", Part("latin-1", b"y", False), False),
        (GSM7, None, False),
    ],
)
def test_an_at_that_the_next_part_proves(alphabet, following, is_at) -> None:
    """Only if the sender would have used the room for it."""
    for may_lack_at in (True, False):
        cut = {1: Part(alphabet, b"x", may_lack_at)}
        if following is not None:
            cut[2] = following
        body = "x@" if is_at and may_lack_at else "x"
        bodies = read_bodies(cut, 3)
        assert bodies[1] == body
        assert join_parts(cut) == "".join(bodies.values())


septets = st.lists(st.sampled_from([0, 0x1B, 0x65, 13, 10, 0x41, 0x20]), max_size=600).map(bytes)


@given(
    septets=septets,
    sizes=st.lists(st.sampled_from([1, 2, 8, 152, 153, 149]), min_size=4, max_size=4),
    bits=st.sampled_from([8, 16]),
    more=st.sampled_from([b"", b"\x24\x01\x01", b"\x25\x01\x01", b"\x70\x02ab"]),
    order=st.permutations(range(5)),
)
@example(
    septets=b"A" * 152 + b"\0" + b"A" * 9,
    sizes=[153, 153, 153, 153],
    bits=8,
    more=b"",
    order=[1, 0, 2, 3, 4],
)
def test_packed_parts_without_lengths(implementations, septets, sizes, bits, more, order) -> None:
    """The naive reference gives the same text, for any cut of packed septets."""
    places = [sum(sizes[:n]) for n in range(1, 5)]
    cuts = oracle_wire.cut_septets(
        septets, [place for place in places if place < len(septets)], bits, more
    )
    cuts = [cut for cut in cuts if len(cut.user_data) <= 140]
    if not cuts or len(cuts) != cuts[0].total:
        return
    locking = 1 if more[:1] == b"\x25" else 0
    single = 1 if more[:1] == b"\x24" else 0
    for implementation in implementations.values():
        reassembler = implementation.Reassembler()
        texts = [
            reassembler.add("key", cuts[n].user_data, has_udh=True) for n in order if n < len(cuts)
        ]
        assert texts[:-1] == [None] * (len(cuts) - 1)
        assert texts[-1] == oracle_wire.join_septets(cuts, locking, single)
