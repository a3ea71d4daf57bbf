"""The judge of grapheme clusters: the rules of UAX #29, naive on purpose.

It is written rule by rule from UAX #29 for Unicode 17, to be held against it by a reader; it never
imports septet. Each place is decided by regular expressions over the whole text before it. The
properties come from vectors/grapheme_properties.csv.
"""

import csv
import re
from functools import cache
from pathlib import Path

VECTOR = Path(__file__).parent / "vectors/grapheme_properties.csv"

# A letter for each combination of properties that the rules tell apart; "x" has none of them.
LETTERS = {
    frozenset({"CR"}): "r",
    frozenset({"LF"}): "n",
    frozenset({"Control"}): "c",
    frozenset({"Extend"}): "e",
    frozenset({"Extend", "InCB=Extend"}): "i",
    frozenset({"Extend", "InCB=Linker"}): "k",
    frozenset({"ZWJ", "InCB=Extend"}): "z",
    frozenset({"Regional_Indicator"}): "f",
    frozenset({"Prepend"}): "p",
    frozenset({"SpacingMark"}): "s",
    frozenset({"L"}): "L",
    frozenset({"V"}): "V",
    frozenset({"T"}): "T",
    frozenset({"LV"}): "A",
    frozenset({"LVT"}): "B",
    frozenset({"Extended_Pictographic"}): "E",
    frozenset({"InCB=Consonant"}): "C",
}

# What is before a place and after it, where no cluster begins. The order is that of UAX #29.
JOINED = [
    (r"r$", r"n"),  # GB3
    (r"L$", r"[LVAB]"),  # GB6
    (r"[AV]$", r"[VT]"),  # GB7
    (r"[BT]$", r"T"),  # GB8
    (r"[^rnc]$", r"[eikz]"),  # GB9, which comes after GB4
    (r"[^rnc]$", r"s"),  # GB9a
    (r"p$", r"[^rnc]"),  # GB9b, which comes after GB5
    (r"C[ikz]*k[ikz]*$", r"C"),  # GB9c
    (r"E[eik]*z$", r"E"),  # GB11
    (r"(?<!f)(ff)*f$", r"f"),  # GB12 and GB13
]


@cache
def letters() -> dict[int, str]:
    """Return the letter of each code point that has one of the properties."""
    values: dict[int, set[str]] = {}
    with VECTOR.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for c in range(int(row["first"], 16), int(row["last"], 16) + 1):
                values.setdefault(c, set()).add(row["value"])
    return {c: LETTERS[frozenset(found)] for c, found in values.items()}


def cluster_ends(text: str) -> set[int]:
    """List the indexes at which clusters end.

    A pair of surrogates in a `str` is the one character that it is in UTF-16.
    """
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    classes = "".join(letters().get(ord(char), "x") for char in joined)
    ends = set()
    index = 0
    for place in range(1, len(joined) + 1):
        char = joined[place - 1]
        index += 1 if text[index] == char else 2
        if place == len(joined) or not any(
            re.match(after, classes[place]) and re.search(before, classes[:place])
            for before, after in JOINED
        ):
            ends.add(index)
    return ends
