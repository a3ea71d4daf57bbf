"""Print rules.h: the tables of the kernels and some rules, as C declarations."""

from __future__ import annotations

from septet import Language, Segmenter
from septet.standard import alphabets

SINGLE_BIT = 16

SEGMENTERS = [
    Segmenter(),
    Segmenter(reference_bits=16),
    Segmenter("gsm7"),
    Segmenter("ucs2"),
    Segmenter(provider="telnyx"),
    Segmenter(languages=["turkish"]),
    Segmenter("gsm7", languages=["portuguese", "spanish"], header_octets=6),
    Segmenter(languages=Language),
    Segmenter(languages=Language, header_octets=100, reference_bits=16),
    Segmenter(provider="telnyx", languages=["turkish"]),
    Segmenter(header_octets=130),
]


def words() -> list[int]:
    """Return the words of `septet_tables` (scan_tables.h)."""
    table = [0] * 0x10000
    for identifier in alphabets.LOCKING_IDS:
        for char in alphabets.locking_table(identifier):
            table[ord(char)] |= 1 << identifier
    for identifier in alphabets.SINGLE_IDS:
        for char in alphabets.single_table(identifier):
            table[ord(char)] |= 1 << SINGLE_BIT + identifier
    return table


def show(segmenter: Segmenter, number: int) -> str:
    """Return the C declarations for the rules of one segmenter."""
    rules = segmenter.rules
    pairs = "".join(f"{{{{{a}, {b}}}, {{{c}, {d}}}}}, " for a, b, c, d in rules.pairs)
    bits = bytearray(0x10000 // 8)
    for char in rules.excluded:
        bits[ord(char) >> 3] |= 1 << (ord(char) & 7)
    octets = ", ".join(map(str, bits)) if rules.excluded else "0"
    return (
        f"static const septet_pair pairs_{number}[] = {{{pairs or '{{0, 0}, {0, 0}}'}}};\n"
        f"static const uint8_t excluded_{number}[] = {{{octets}}};\n"
    )


def main() -> None:
    """Print the header."""
    print(f"static const uint32_t tables[0x10000] = {{{', '.join(map(hex, words()))}}};")
    lines = []
    for number, segmenter in enumerate(SEGMENTERS):
        print(show(segmenter, number), end="")
        rules = segmenter.rules
        single, concatenated = rules.ucs2 or (0, 0)
        plain = any(
            char.isascii() and alphabets.locking_table(0).get(char) for char in rules.excluded
        )
        lines.append(
            f"{{pairs_{number}, {len(rules.pairs)}, {int(rules.ucs2 is not None)}, "
            f"{{{single}, {concatenated}}}, {f'excluded_{number}' if rules.excluded else 'NULL'}, "
            f"{int(plain)}}},"
        )
    print("static const septet_rules all_rules[] = {", *lines, "};", sep="\n")


main()
