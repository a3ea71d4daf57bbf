"""Texts with options, and what Python answers, for tests of the JavaScript module.

Answers are as the module gives them: in camel case, with indexes in UTF-16 code units.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import Any

import septet
from septet.rewriting.pieces import attached_characters
from septet.rewriting.replacements import LATIN, greek_letters, rules_of
from septet.rewriting.rule_groups import code_points
from septet.standard.alphabets import LOCKING_IDS, SINGLE_IDS, locking_table, single_table
from septet.standard.unicode_data import DECOMPOSITIONS

Case = dict[str, Any]

_NAMES = {
    "encoding": "encoding",
    "reference_bits": "referenceBits",
    "languages": "languages",
    "keep_graphemes": "keepGraphemes",
    "header_octets": "headerOctets",
    "provider": "provider",
}
_LANGUAGES = [language.name.lower() for language in septet.Language]
_SHORT = (0, 1, 2, 5, 12, 20)
_SEGMENTS = (66, 70, 134, 153, 160, 200, 306)
LEVELS = ("punctuation", "letters")
WHEN = ("helps", "cheaper", "always")


def random_cases(number: int, seed: int) -> Iterator[Case]:
    """Yield cases of mixed texts and options, the same for a seed each time."""
    chance = random.Random(seed)
    for _ in range(number):
        yield make_case(_text(chance), _options(chance), chance.choice(LEVELS), chance.choice(WHEN))


def make_case(
    text: str, options: dict[str, Any], level: str = "letters", when: str = "always"
) -> Case:
    """Return a case: a text, options in camel case, and the answers to all functions.

    Args:
        text: The text; halves of surrogate pairs that are side by side become one character.
        options: The options of a `Segmenter`.
        level: The level of `transliterate`.
        when: When it replaces.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return {
        "text": text,
        "options": {_NAMES[name]: value for name, value in options.items()},
        "level": level,
        "when": when,
        **_answers(text, options, level, when),
    }


def _answers(text: str, options: dict[str, Any], level: str, when: str) -> dict[str, Any]:
    segmenter = _segmenter(**options)
    # The index in UTF-16 of each character.
    places = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
    answers: dict[str, Any] = {}
    try:
        analysis = segmenter.analyze(text)
    except septet.EncodingError as error:
        answers["error"] = {"char": error.char, "index": places[error.index]}
    else:
        answers["analysis"] = {
            "encoding": analysis.encoding,
            "unitCount": analysis.unit_count,
            "segmentCount": analysis.segment_count,
            "unitsLeft": analysis.units_left,
            "nonGsmCharacters": [
                {"char": char, "index": places[index]}
                for char, index in analysis.non_gsm_characters
            ],
            "lockingShift": _name(analysis.locking_shift),
            "singleShift": _name(analysis.single_shift),
            "exceededLimits": [limit._asdict() for limit in analysis.exceeded_limits],
        }
        answers["segments"] = [
            [segment.body, segment.unit_count, places[segment.start], places[segment.stop]]
            for segment in segmenter.split(text)
        ]
    try:
        result = segmenter.transliterate(text, level, when=when)
    except septet.EncodingError as error:
        # Halves of pairs that a removal brings together are one character only in JavaScript.
        unit = error.char.encode("utf-16-le", "surrogatepass")[:2]
        answers["transliterationError"] = {"unit": unit.decode("utf-16-le", "surrogatepass")}
    else:
        answers["transliteration"] = {
            "text": result.text,
            "replacements": [
                {"char": each.char, "replacement": each.replacement, "index": places[each.index]}
                for each in result.replacements
            ],
        }
    rcs = septet.rcs.analyze(text)
    answers["rcs"] = {
        "kind": rcs.kind,
        "byteCount": rcs.byte_count,
        "segmentCount": rcs.segment_count,
    }
    return answers


def _segmenter(**options: Any) -> septet.Segmenter:
    return _cached_segmenter(tuple((name, _frozen(value)) for name, value in options.items()))


@cache
def _cached_segmenter(options: tuple[tuple[str, Any], ...]) -> septet.Segmenter:
    return septet.Segmenter(**dict(options))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _name(language: septet.Language | None) -> str | None:
    return language and language.name.lower()


def _options(chance: random.Random) -> dict[str, Any]:
    """Return options, of which most have their defaults."""
    options: dict[str, Any] = {}
    if chance.random() < 0.1:
        options["encoding"] = chance.choice(("gsm7", "ucs2"))
    if chance.random() < 0.2:
        options["reference_bits"] = chance.choice((8, 16))
    if chance.random() < 0.4:
        options["languages"] = chance.sample(_LANGUAGES, chance.choice((1, 2, 3, 13, 13)))
    if chance.random() < 0.4:
        options["keep_graphemes"] = chance.random() < 0.8
    if chance.random() < 0.1:
        options["header_octets"] = chance.choice((1, 7, 30, 110, 123))
    if chance.random() < 0.3:
        options["provider"] = chance.choice(septet.provider_names())
    return options


@cache
def _pools() -> tuple[str, ...]:
    """Return characters of several kinds, some kinds more than once."""
    national = {char for table in map(locking_table, LOCKING_IDS) for char in table}
    national.update(char for table in map(single_table, SINGLE_IDS) for char in table)
    composed = (chr(int(word.partition("=")[0], 16)) for word in DECOMPOSITIONS.split())
    marks = "".join(sorted(attached_characters()))
    plain = "".join(locking_table())
    joined = "\u200d\ufe0f\u200b👍🏽👩🇩🇪❤♀½\u00b5\u0301\u0308\u0327"
    return (
        *("abcdefghijklmnopqrstuvwxyz 0123456789", plain, plain, "".join(single_table())),
        "".join(sorted(national)),
        "".join(code_points(LATIN)),
        "".join(sorted(greek_letters())),
        "".join(rules_of("letters")),
        "".join(composed),
        *(marks, "\u0300\u0301\u0302\u0303\u0308\u0327\u0323\u0331", joined, joined),
        "\r\n\f\x1b",
        "\ud800\udbff\udc00\udfff",
        "👨👩👧🏳🌈🇦🇧🧑🏿",
        "क्षि\u094d\u200dম\u09bcतमி\u0bcdக",
        "\u1100\u1161\u11a8가각",
        "‘’“”–—…•™½¼¾㎏ﬁ",
    )


def _text(chance: random.Random) -> str:
    """Return a text of one or more kinds, often as long as one segment or some."""
    length = (
        chance.choice((*_SHORT, *_SEGMENTS)) if chance.random() < 0.8 else chance.randrange(480)
    )
    length += chance.choice((-1, 0, 0, 1, 2)) if length else 0
    kind = chance.random()
    if kind < 0.3:  # mostly plain, with some that take two septets
        plain, extension = "".join(locking_table()), "".join(single_table())
        return "".join(
            chance.choice(extension if chance.random() < 0.1 else plain) for _ in range(length)
        )
    if kind < 0.6:  # of one language
        locking, single = chance.choice(LOCKING_IDS), chance.choice(SINGLE_IDS)
        pool = "".join(locking_table(locking)) * 3 + "".join(single_table(single))
        return "".join(chance.choice(pool) for _ in range(length))
    pools = chance.choices(_pools(), k=chance.choice((1, 2, 3, 5)))
    return "".join(chance.choice(chance.choice(pools)) for _ in range(length))
