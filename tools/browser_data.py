"""The tables of the WebAssembly module as C, made from those of septet; tables.h reads them.

Numbers have seven bits in each byte, the lowest first; the highest bit says that another follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from septet.rcs import SEGMENT_BYTES
from septet.rewriting import pieces, replacements, transliteration
from septet.rewriting.rule_groups import code_points
from septet.standard import alphabets, characters, composition, graphemes, limits
from septet.standard.cluster_machines import MACHINES

__all__ = ["c_data"]

T = TypeVar("T")

_SYLLABLES = 31  # in place of the values "lv" and "lvt" of Hangul
_COMPOSES, _JOINS = 1, 2
_RUN = 8
_MAX_DECOMPOSED = 4  # characters of a full canonical decomposition (Unicode Standard Annex #15)
_HANGUL = range(0xAC00, 0xD7A4)


def c_data() -> str:
    """Return the text of data.h."""
    parts = ["/* data.h: written by tools/build_browser.py. */", "#include <stdint.h>"]
    parts += _limits()
    parts += _alphabets()
    parts += _clusters("unicode", "")
    parts += _clusters("unicode-10", "_10")
    parts += _composition()
    parts += _replacements()
    return "\n".join(parts) + "\n"


def _limits() -> Iterator[str]:
    for bits, octets in limits.CONCATENATION_OCTETS.items():
        yield f"#define SEPTET_CONCATENATION_OCTETS_{bits} {octets}"
    yield f"#define SEPTET_LANGUAGE_OCTETS {limits.LANGUAGE_OCTETS}"
    yield f"#define SEPTET_MAX_ELEMENT_OCTETS {limits.max_header_octets(0)}"
    yield f"#define SEPTET_RCS_SEGMENT_BYTES {SEGMENT_BYTES}"
    for name, identifiers in (("LOCKING", alphabets.LOCKING_IDS), ("SINGLE", alphabets.SINGLE_IDS)):
        bits = sum(1 << identifier for identifier in identifiers if identifier)
        yield f"#define SEPTET_{name}_IDS {bits:#x}u"


def _alphabets() -> Iterator[str]:
    masks: dict[int, int] = {}
    for shift, identifiers, table in (
        (0, alphabets.LOCKING_IDS, alphabets.locking_table),
        (16, alphabets.SINGLE_IDS, alphabets.single_table),
    ):
        for identifier in identifiers:
            for char in table(identifier):
                masks[ord(char)] = masks.get(ord(char), 0) | 1 << shift + identifier
    distinct = sorted(set(masks.values()))
    data = bytearray()
    runs = list(_runs(sorted(masks.items())))
    for gap, length, mask in runs:
        data += _number(gap) + _number(length - 1) + _number(distinct.index(mask))
    yield _array("uint8_t", "septet_alphabet_data", _number(len(runs)) + data)
    yield _array("uint32_t", "septet_alphabet_masks", distinct)


def _clusters(name: str, suffix: str) -> Iterator[str]:
    classes, transitions, certain = graphemes.cluster_rules(name)
    names = MACHINES[name].classes
    for kind in ("lv", "lvt"):
        yield f"#define SEPTET_{kind.upper()}{suffix} {names.index(kind)}"
    values = [
        (index, _SYLLABLES if index in _HANGUL else value)
        for index, value in enumerate(classes)
        if value
    ]
    states = max(value & ~graphemes.BREAK for value in transitions) + 1
    yield _array("uint8_t", f"septet_class{suffix}_data", _packed_runs(values, 5))
    yield _array(
        "uint8_t", f"septet_transition{suffix}_data", transitions[: states * graphemes.WIDTH]
    )
    yield _array("uint32_t", f"septet_certain{suffix}_data", certain)


def _composition() -> Iterator[str]:
    """Yield what compose.h needs: characters that something can replace, and all marks."""
    decompositions = composition._decompositions()
    compositions = composition._compositions()
    joined = {
        (ord(parts[0]), ord(parts[1])): ord(whole)
        for parts, whole in pieces._never_composed().items()
    }
    marks = composition._combining_classes()
    known = {
        ord(char)
        for char in _available() | replacements.rules_of("letters").keys() | _spelled().keys()
    }
    seconds: list[int] = []
    data = bytearray()
    previous = count = 0
    for whole, parts in sorted((decompositions | _inverse(joined)).items()):
        base = composition._decompose(whole)[0] if whole in decompositions else parts[0]
        if known.isdisjoint({whole, base, *parts}):
            continue
        second = parts[1] if len(parts) > 1 else 0
        if second not in seconds:
            seconds.append(second)
        kind = _COMPOSES * (compositions.get(parts) == whole and second > 0)
        kind |= _JOINS * (joined.get(parts) == whole)
        data += _number(whole - previous) + _number(parts[0] << 2 | kind)
        data += _number(seconds.index(second))
        previous = whole
        count += 1
    yield f"#define SEPTET_COMPOSITES {count}"
    yield _array("uint8_t", "septet_composite_data", data)
    yield _array("uint32_t", "septet_second_data", seconds)
    ranks = sorted({0, *marks.values()})
    bits = len(ranks).bit_length()
    yield f"#define SEPTET_COMBINING_BITS {bits}"
    values = ((graphemes.class_index(c), ranks.index(marks[c])) for c in sorted(marks))
    yield _array("uint8_t", "septet_combining_data", _packed_runs(list(values), bits))


def _replacements() -> Iterator[str]:
    """Yield what replacements.h needs."""
    punctuation = replacements.rules_of("punctuation")
    letters = {
        char: rule
        for char, rule in replacements.rules_of("letters").items()
        if punctuation.get(char) != rule
    }
    kinds = (punctuation, letters, _spelled())
    chars = sorted(set[str]().union(*kinds))
    values = [
        (graphemes.class_index(ord(char)), tuple(kind.get(char) for kind in kinds))
        for char in chars
    ]
    data = bytearray()
    for gap, length, texts in _runs(values):
        data += _number(gap)
        if length == 1 and texts[:2] == (None, None) and len(texts[2]) == 1:
            data += texts[2].encode("ascii")
            continue
        head = sum(1 << kind for kind, text in enumerate(texts) if text is not None)
        data += _number(head | _RUN) + _number(length - 1) if length > 1 else _number(head)
        for text in texts:
            if text is not None:
                data += _number(len(text.encode())) + text.encode()
    if len(data) > 0xFFFF:
        raise ValueError("the offsets of rules do not fit into 16 bits")
    longest = max(len(text) for kind in kinds for text in kind.values())
    yield f"#define SEPTET_MAX_RULE {max(longest, _MAX_DECOMPOSED)}"
    yield _array("uint8_t", "septet_rule_data", data)
    flags: dict[int, int] = {}
    for flag, chars in (
        (1, pieces.attached_characters()),
        (2, pieces.invisible_characters()),
        (4, replacements.greek_letters()),
        (8, transliteration.fractions()),
        (16, replacements.GREEK_CAPITALS),
    ):
        for char in chars:
            index = graphemes.class_index(ord(char))
            flags[index] = flags.get(index, 0) | flag
    yield _array("uint8_t", "septet_flag_data", _packed_runs(sorted(flags.items()), 5))


def _spelled() -> dict[str, str]:
    """Return how anyascii spells the letters that the level "letters" asks it for."""
    anyascii = replacements.load_anyascii()
    spelled = {char: anyascii(char) for char in code_points(replacements.LATIN)}
    return {
        char: text
        for char, text in spelled.items()
        if text != char and (text or characters.is_mark(char))
    }


def _available() -> set[str]:
    """Return the characters of all alphabets."""
    return set[str]().union(
        *map(alphabets.locking_table, alphabets.LOCKING_IDS),
        *map(alphabets.single_table, alphabets.SINGLE_IDS),
    )


def _inverse(pairs: dict[tuple[int, ...], int]) -> dict[int, tuple[int, ...]]:
    return {whole: parts for parts, whole in pairs.items()}


def _packed_runs(values: Sequence[tuple[int, int]], bits: int) -> bytes:
    """Return runs for `septet_fill_runs`."""
    runs = list(_runs(values))
    data = (_number(gap) + _number(length - 1 << bits | value) for gap, length, value in runs)
    return _number(len(runs)) + b"".join(data)


def _runs(values: Sequence[tuple[int, T]]) -> Iterator[tuple[int, int, T]]:
    """Yield (characters since the run before, length, value) for runs of sorted characters."""
    after = 0
    keys = enumerate(values)
    for _, group in groupby(keys, key=lambda item: (item[1][0] - item[0], item[1][1])):
        run = [value for _, value in group]
        yield run[0][0] - after, len(run), run[0][1]
        after = run[-1][0] + 1


def _number(value: int) -> bytes:
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def _array(kind: str, name: str, values: Iterable[int]) -> str:
    return f"static const {kind} {name}[] = {{{','.join(map(str, values))}}};"
