"""The tables of the WebAssembly module as C, made from those of septet; tables.h reads them.

Numbers have seven bits in each byte, the lowest first; the highest bit says that another follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from septet.standard import alphabets, graphemes, limits
from septet.standard.cluster_machines import MACHINES

__all__ = ["c_data"]

_SYLLABLES = 31  # in place of the values "lv" and "lvt" of Hangul
_HANGUL = range(0xAC00, 0xD7A4)


def c_data() -> str:
    """Return the text of data.h."""
    parts = ["/* data.h: written by tools/build_browser.py. */", "#include <stdint.h>"]
    parts += _limits()
    parts += _alphabets()
    parts += _clusters("unicode", "")
    parts += _clusters("unicode-10", "_10")
    return "\n".join(parts) + "\n"


def _limits() -> Iterator[str]:
    for bits, octets in limits.CONCATENATION_OCTETS.items():
        yield f"#define SEPTET_CONCATENATION_OCTETS_{bits} {octets}"
    yield f"#define SEPTET_LANGUAGE_OCTETS {limits.LANGUAGE_OCTETS}"
    yield f"#define SEPTET_MAX_ELEMENT_OCTETS {limits.max_header_octets(0)}"
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
    if not suffix:
        yield f"#define SEPTET_SYLLABLES {_SYLLABLES}"
    values = [
        (index, _SYLLABLES if index in _HANGUL else value)
        for index, value in enumerate(classes)
        if value
    ]
    states = max(value & ~graphemes.BREAK for value in transitions) + 1
    yield _array("uint8_t", f"septet_class{suffix}_data", _packed_runs(values))
    yield _array(
        "uint8_t", f"septet_transition{suffix}_data", transitions[: states * graphemes.WIDTH]
    )
    yield _array("uint32_t", f"septet_certain{suffix}_data", certain)


def _packed_runs(values: Sequence[tuple[int, int]]) -> bytes:
    """Return runs for `septet_fill_runs`."""
    runs = list(_runs(values))
    data = (_number(gap) + _number(length - 1 << 5 | value) for gap, length, value in runs)
    return _number(len(runs)) + b"".join(data)


def _runs(values: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
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
