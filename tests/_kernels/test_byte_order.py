"""The C headers on a processor whose first octet is the highest, under emulation."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import septet
from known_answers import known_answers
from programs import find_program
from septet.standard import alphabets

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FUZZ = ROOT / "fuzz"
SEGMENTERS = runpy.run_path(str(FUZZ / "rules.py"))["SEGMENTERS"]
TEXTS = sorted({text for _, text, _, _ in known_answers() if len(text) < 2000})
LOCKING, SINGLE = alphabets.locking_table(0), alphabets.single_table(0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the headers are that the programs include."""
    folder = tmp_path_factory.mktemp("byte_order")
    with open(folder / "rules.h", "wb") as header:
        subprocess.run([sys.executable, FUZZ / "rules.py"], check=True, stdout=header)
    lines = []
    for name, table in (("locking", LOCKING), ("single", SINGLE)):
        chars = [0] * 0x80
        for char, septet_value in table.items():
            chars[septet_value] = ord(char)
        numbers = ", ".join(map(str, chars))
        lines.append(f"static const uint16_t {name}_chars[0x80] = {{{numbers}}};\n")
    (folder / "alphabet.h").write_text("".join(lines))
    return folder


@pytest.fixture
def run_emulated(request, folder):
    """Compile sources for s390x, run the program, and return its output."""
    compiler = find_program(request, "--require-emulation", "s390x-linux-gnu-gcc")
    emulator = find_program(request, "--require-emulation", "qemu-s390x", "qemu-s390x-static")

    def run(*sources: Path, arguments: list[Path], given: str = "") -> str:
        program = folder / sources[0].stem
        options = ["-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-static"]
        includes = [ROOT / "src/septet/_kernels/c", FUZZ / "targets", folder]
        subprocess.run(
            [compiler, *options, *(f"-I{path}" for path in includes), *sources, "-o", program],
            check=True,
        )
        done = subprocess.run(
            [emulator, program, *arguments], input=given, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def expected(segmenter: septet.Segmenter, text: str) -> str:
    """Return what byte_order.c prints of a text."""
    try:
        analysis = segmenter.analyze(text)
    except septet.EncodingError:
        return "0 0"
    octets = b""
    if analysis.encoding is septet.Encoding.UCS2:
        octets = text.encode("utf-16-be", "surrogatepass")
    elif segmenter is SEGMENTERS[0]:
        septets: list[int] = []
        for char in text:
            septets += [LOCKING[char]] if char in LOCKING else [0x1B, SINGLE[char]]
        bits = sum(each << 7 * index for index, each in enumerate(septets))
        octets = bits.to_bytes((7 * len(septets) + 7) // 8, "little")
    return f"{analysis.segment_count} {analysis.unit_count} {octets.hex()}".rstrip()


def test_texts(run_emulated) -> None:
    """Counts and octets are those of this processor, for all rules and widths of characters."""
    cases = [(number, text) for number in range(len(SEGMENTERS)) for text in TEXTS]
    given = "".join(
        f"{number} {len(text)} {' '.join(f'{ord(char):x}' for char in text)}\n"
        for number, text in cases
    )
    source = Path(__file__).with_name("byte_order.c")
    printed = run_emulated(source, arguments=[], given=given).splitlines()
    assert [line.rstrip() for line in printed] == [expected(SEGMENTERS[n], t) for n, t in cases]


@pytest.mark.parametrize("name", ["columns", "scalar", "snappy"])
def test_fuzz_targets(run_emulated, name) -> None:
    """Their properties hold for the seeds: columns agree with texts, segments with counts."""
    inputs = [*(FUZZ / "corpus" / name).glob("*"), *(FUZZ / "kept" / name).glob("*")]
    run_emulated(FUZZ / f"targets/{name}.c", FUZZ / "replay.c", arguments=inputs)
