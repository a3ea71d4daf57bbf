"""Test the tests: change constants and comparisons of the C kernels (mutation testing).

usage: mutate_c.py [--every N] [tally | join | valid | json | wire | scan | simd | scan_rows ...]

All mutants are compiled into one program below build/, and the variable SEPTET_MUTANT selects one.
A mutant adds 1 to a constant, changes `<` to `<=` (or the reverse), or compares for equality with
the next number. Macros and places where C requires a constant expression are not changed. For each
mutant, the tests of the header run in a forked process, and vector code is compared with portable
code. Surviving mutants are printed; tests/mutation.md explains the known ones. A part selects all
headers whose paths below c/ begin with it: `scan`, `scan_rows`, `simd`, `simd/avx2`.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import hypothesis.strategies  # noqa: F401  # slow to import, so done once, before the forks
import pyarrow  # noqa: F401
import pytest
from Cython.Build import cythonize

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build/mutation/c"
KERNELS = COPY / "src/septet/_kernels"
HEADERS = KERNELS / "c"
HARNESS = COPY / "vector_code"
SECONDS = 600

SWITCH = """\
#include <stdlib.h>
static int septet_mutant;
__attribute__((constructor)) static void septet_read_mutant(void)
{
    const char *const number = getenv("SEPTET_MUTANT");
    septet_mutant = number ? atoi(number) : 0;
}
#define MUTANT(number) (septet_mutant == (number))
"""

CORE = "tests/test_parity.py tests/segmentation/test_segmenter.py tests/_kernels/test_choice.py"
COLUMNS = (
    "tests/columns tests/arrow/test_structures.py tests/_kernels/test_kernel.py"
    " tests/_kernels/test_tally.py tests/_kernels/test_joining.py"
)
TESTS = {
    "delimited": "tests/_kernels/test_delimited.py",
    "tally": "tests/_kernels/test_tally.py tests/_kernels/test_joining.py",
    "join": "tests/_kernels/test_joining.py",
    "pages": "tests/_kernels/test_pages.py",
    "fill": "tests/_kernels/test_filling.py",
    "examples": "tests/_kernels/test_examples.py",
    "rcs": "tests/test_rcs.py",
    "snappy": "tests/_kernels/test_snappy.py",
    "valid": "tests/_kernels/test_joining.py",
    "savings": "tests/_kernels/test_savings.py tests/costing/insights/test_savings_finder.py",
    "hashing": "tests/_kernels/test_hashing.py",
    "value": "tests/_kernels/test_values.py",
    "group": "tests/_kernels/test_values.py",
    "networks": "tests/_kernels/test_values.py",
    "json": "tests/_kernels/test_json_lines.py",
    "wire": "tests/test_parity.py tests/wire/test_encoding.py tests/wire/test_decoding.py",
    "writing": "tests/_kernels/test_writing.py",
    "scan": f"{CORE} {COLUMNS}",
    "simd": f"{CORE} {COLUMNS}",
}
SCANNING = ("scan", "simd")  # the parts that vector_code.c compares
MODULES = sorted(path.stem for path in (ROOT / "src/septet/_kernels").glob("_compiled*.pyx"))
# The tests of every code point, threads and other libraries take longer than all other tests.
OPTIONS = (
    "-x -q --assert=plain --require-compiled -p no:cacheprovider --hypothesis-profile=quick"
    " -k 'not every_bmp and not every_code_point and not thread and not interrupt"
    " and not libraries and not long_runs_of_plain'"
)

QUIET = re.compile(
    r"/\*(?s:.*?)\*/"
    r'|"(?:\\.|[^"\n])*"'
    r"|'(?:\\.|[^'\n])*'"
    r"|^[ \t]*\#(?:.*\\\n)*.*$",
    re.MULTILINE,
)
PLACE = re.compile(r"\b(?:0x[0-9A-Fa-f]+|[0-9]+)[uU]?\b|(?<= )(?:[<>=!]=|[<>])(?= )")
CHANGES = {
    "<": "- {} <",
    "<=": "+ {} <=",
    ">": "+ {} >",
    ">=": "- {} >=",
    "==": "- {} ==",
    "!=": "- {} !=",
}


def switched(header: str, fixed: set[tuple[str, int]], places: list[str]) -> str:
    """Return a header in which each place tests for its mutant, and add the places to a list."""
    source = (ROOT / "src/septet/_kernels/c" / header).read_text()
    lines = source.split("\n")
    quiet = [match.span() for match in QUIET.finditer(source)]

    def change(match: re.Match[str]) -> str:
        line = source.count("\n", 0, match.start())
        if (header, line + 1) in fixed or any(a <= match.start() < b for a, b in quiet):
            return match[0]
        column = match.start() - source.rfind("\n", 0, match.start()) - 1
        shown = f"{lines[line][:column]}[{match[0]}]{lines[line][column + len(match[0]) :]}"
        places.append(f"{header}:{line + 1}: {shown.strip()}")
        pattern = CHANGES.get(match[0], f"({match[0]} + {{}})")
        return pattern.format(f"MUTANT({len(places)})")

    return PLACE.sub(change, source)


def compile_all(part: str, headers: list[str]) -> list[str]:
    """Compile the modules with all mutants, and for text scanning vector_code.c.

    Returns:
        The places of the mutants, in the order of their numbers.
    """
    flags = ["-O1", "-w", "-fPIC", "-include", str(COPY / "switch.h"), f"-I{HEADERS}"]
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    jobs = [
        [
            "-shared",
            f"-I{sysconfig.get_path('include')}",
            f"{KERNELS / name}.c",
            "-o",
            f"{KERNELS / name}{suffix}",
        ]
        for name in MODULES
    ]
    if part.startswith(SCANNING):
        jobs.insert(0, [str(COPY / "tests/_kernels/vector_code.c"), "-o", str(HARNESS)])
    fixed: set[tuple[str, int]] = set()
    while True:
        places: list[str] = []
        for header in headers:
            (HEADERS / header).write_text(switched(header, fixed, places))
        for job in jobs:
            done = subprocess.run(
                ["gcc", *flags, *job], capture_output=True, text=True, check=False
            )
            if done.returncode:
                break
        else:
            return places
        wrong = re.findall(r"((?:simd/)?\w+\.h):(\d+)", done.stderr)
        lines = {(name, int(line)) for name, line in wrong if name in headers}
        # The constant that must not change may be on the line after the reported one.
        more = lines - fixed or {(name, line + 1) for name, line in lines} - fixed
        if not more:
            sys.exit(done.stderr)
        fixed |= more


def survives(part: str, number: int, tables: bytes, seconds: int) -> bool:
    """Return whether no test detects a mutant; a timeout counts as detected."""
    os.environ["SEPTET_MUTANT"] = str(number)
    if part.startswith(SCANNING):
        try:
            done = subprocess.run(
                [HARNESS], input=tables, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode:
            return False
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        os.environ |= {"SEPTET_IMPLEMENTATION": "compiled", "PYTHONPATH": "src"}
        os.chdir(COPY)
        sys.path[:0] = [str(COPY / "src"), str(COPY / "tests")]
        for output in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), output)
        os._exit(pytest.main(shlex.split(f"{OPTIONS} {TESTS[re.split('[_/.]', part)[0]]}")))
    return os.waitpid(child, 0)[1] == 0


def mutate(part: str, every: int) -> None:
    """Print the surviving mutants of a part."""
    paths = (path.relative_to(HEADERS).as_posix() for path in sorted(HEADERS.rglob("*.h")))
    names = [path for path in paths if path.startswith(part) and path != "simd/neon.h"]
    if not names:
        sys.exit(f"no header begins with {part}")
    places = compile_all(part, names)
    tables = b""
    if part.startswith(SCANNING):
        code = "import sys; from test_vector_code import tables; sys.stdout.buffer.write(tables())"
        path = os.pathsep.join(str(COPY / name) for name in ("src", "tests", "tests/_kernels"))
        tables = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    begin = time.monotonic()
    assert survives(part, 0, tables, SECONDS), f"the tests of {part} fail without a mutant"
    seconds = 10 + 4 * int(time.monotonic() - begin)
    tried = range(1, len(places) + 1, every)
    surviving = 0
    for number in tried:
        if survives(part, number, tables, seconds):
            surviving += 1
            print(places[number - 1], flush=True)
    for name in names:  # the mutants of the next part have the same numbers
        shutil.copy2(ROOT / "src/septet/_kernels/c" / name, HEADERS / name)
    print(f"{part}: {len(places)} mutants, {len(tried)} tried, {surviving} survived", flush=True)


parser = argparse.ArgumentParser()
parser.add_argument("parts", nargs="*", metavar="part")
parser.add_argument("--every", type=int, default=1, metavar="N", help="try only every Nth mutant")
arguments = parser.parse_args()
sys.dont_write_bytecode = True
shutil.rmtree(COPY, ignore_errors=True)
for name in ("src", "tests", "pyproject.toml"):
    (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, COPY / name)
(COPY / "switch.h").write_text(SWITCH)
cythonize([str(KERNELS / f"{name}.pyx") for name in MODULES], quiet=True)
for name in arguments.parts or TESTS:
    mutate(name, arguments.every)
