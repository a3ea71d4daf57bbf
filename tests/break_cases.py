"""The cases of Unicode's own test of grapheme clusters, vectors/grapheme_breaks.txt."""

from pathlib import Path

VECTOR = Path(__file__).parent / "vectors/grapheme_breaks.txt"


def break_cases() -> list[tuple[str, set[int]]]:
    """Return each text, and the indexes at which its clusters end."""
    cases = []
    for line in VECTOR.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        clusters = [
            "".join(chr(int(word, 16)) for word in part.split()) for part in line.split("|")
        ]
        text = "".join(clusters)
        ends = {len("".join(clusters[: count + 1])) for count in range(len(clusters))}
        cases.append((text, ends - {0}))
    return cases
