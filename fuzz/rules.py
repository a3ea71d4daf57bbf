"""Print rules.h: the tables of the kernels and some rules, as C declarations."""

from __future__ import annotations

from septet import Language, Segmenter
from septet.standard import alphabets
from septet.standard.graphemes import ClusterRules, cluster_rules

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
    Segmenter(keep_graphemes=True),
    Segmenter(keep_graphemes=True, languages=Language),
    Segmenter(provider="twilio", header_octets=130),
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


def show_clusters(name: str, rules: ClusterRules) -> str:
    """Return the C declarations for the tables of clusters."""
    return (
        f"static const uint8_t classes_{name}[] = {{{', '.join(map(str, rules.classes))}}};\n"
        f"static const uint8_t transitions_{name}[] = "
        f"{{{', '.join(map(str, rules.transitions))}}};\n"
        f"static const septet_clusters clusters_{name} = {{classes_{name}, transitions_{name}, "
        f"{{{', '.join(map(str, rules.certain))}}}}};\n"
    )


def main() -> None:
    """Print the header."""
    for name in ("unicode", "unicode-10"):
        print(show_clusters(name.replace("-", "_"), cluster_rules(name)), end="")
    print(f"static const uint32_t tables[0x10000] = {{{', '.join(map(hex, words()))}}};")
    lines = []
    for number, segmenter in enumerate(SEGMENTERS):
        print(show(segmenter, number), end="")
        rules = segmenter.rules
        single, concatenated = rules.ucs2 or (0, 0)
        clusters = "NULL"
        if rules.keep_graphemes:
            clusters = f"&clusters_{rules.cluster_rules.replace('-', '_')}"
        plain = any(
            char.isascii() and alphabets.locking_table(0).get(char) for char in rules.excluded
        )
        lines.append(
            f"{{pairs_{number}, {len(rules.pairs)}, {int(rules.ucs2 is not None)}, "
            f"{{{single}, {concatenated}}}, {f'excluded_{number}' if rules.excluded else 'NULL'}, "
            f"{int(plain)}, {clusters}}},"
        )
    print("static const septet_rules all_rules[] = {", *lines, "};", sep="\n")


if __name__ == "__main__":
    main()
