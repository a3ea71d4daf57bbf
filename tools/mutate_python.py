"""Test the tests: change the pure-Python implementation and the modules below it.

usage: mutate_python.py [--every N] [module ...]

The operators of cosmic-ray change one constant, comparison or operation at a time, in a copy below
build/. For each mutant, the tests of the module run in a forked process, in which the libraries are
already imported. Surviving mutants are printed; tests/mutation.md explains the known ones.
"""

import argparse
import compileall
import difflib
import os
import re
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies  # noqa: F401
import pyarrow  # noqa: F401  # slow to import, so done once, before the forks
import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build/mutation/python"
SECONDS = 600

CORE = "tests/test_parity.py tests/segmentation/test_segmenter.py"
MODULES = {
    "standard/limits": "tests/standard/test_limits.py",
    "standard/user_data_header": "tests/standard/test_user_data_header.py",
    "standard/alphabets": "tests/standard/test_alphabets.py",
    "_kernels/python/texts": "tests/rewriting/test_truncation.py",
    "wire/decoding": "tests/wire/test_decoding.py tests/wire/test_encoding.py",
    "costing/rates/money": "tests/costing/rates/test_money.py",
    "costing/rates/card": "tests/costing/rates",
    "_kernels/python/delimited": "tests/_kernels/test_delimited.py",
    "_kernels/python/kernel": f"{CORE} tests/columns tests/arrow/test_structures.py"
    " tests/_kernels/test_kernel.py tests/wire/test_encoding.py",
    "_kernels/python/choice": f"{CORE} tests/_kernels/test_choice.py",
    "_kernels/python/bounds": "tests/_kernels/test_bounds.py",
    "_kernels/python/dictionaries": "tests/_kernels/test_tally.py tests/_kernels/test_bounds.py",
    "_kernels/python/tally": "tests/_kernels/test_tally.py tests/_kernels/test_joining.py"
    " tests/_kernels/test_bounds.py",
    "_kernels/python/wire": f"{CORE} tests/wire/test_encoding.py tests/wire/test_decoding.py",
    "_kernels/python/writing": "tests/_kernels/test_writing.py tests/_kernels/test_bounds.py",
}
# The tests of every code point and of threads take longer than all other tests.
OPTIONS = (
    "-x -q --assert=plain -p no:cacheprovider --hypothesis-profile=quick "
    "-k 'not compiled and not every_bmp and not every_code_point and not long_runs and not thread'"
)

# One operator for each side of a boundary. Those for `|` are omitted, because it is in annotations.
OPERATORS = re.compile(
    "core/(NumberReplacer|AddNot|Replace(And|Or)With.*|Replace(True|False)With.*|ZeroIteration.*"
    "|Replace(Break|Continue)With.*|ReplaceUnaryOperator_(USub_UAdd|Delete_Not)"
    "|ReplaceComparisonOperator_(Lt_LtE|Lt_NotEq|LtE_Lt|LtE_Eq|Gt_GtE|Gt_NotEq|GtE_Gt|GtE_Eq"
    "|Eq_NotEq|Eq_LtE|Eq_GtE|NotEq_Eq|Is_IsNot|IsNot_Is)"
    "|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_FloorDiv|FloorDiv_Mul|Mod_FloorDiv|LShift_RShift"
    "|RShift_LShift|BitAnd_BitOr))"
)


def mutants(source: str) -> Iterator[str]:
    """Yield the source with one place changed, for every place and operator."""
    for name in filter(OPERATORS.fullmatch, sorted(operator_names())):
        operator = get_operator(name)()
        occurrence = 0
        while mutant := mutate_code(source, operator, occurrence):
            yield mutant
            occurrence += 1


def passes(tests: str, seconds: int) -> bool:
    """Return whether the tests pass in the copy; a timeout counts as a failure."""
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        os.environ |= {"SEPTET_IMPLEMENTATION": "python", "PYTHONPATH": "src"}
        os.chdir(COPY)
        sys.path[:0] = [str(COPY / "src"), str(COPY / "tests")]
        for output in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), output)
        os._exit(pytest.main(shlex.split(f"{OPTIONS} {tests}")))
    return os.waitpid(child, 0)[1] == 0


def mutate(module: str, every: int) -> None:
    """Print the surviving mutants of a module."""
    file = COPY / f"src/septet/{module}.py"
    source = file.read_text()
    begin = time.monotonic()
    assert passes(MODULES[module], SECONDS), f"the tests of {module} fail without a mutant"
    seconds = 10 + 4 * int(time.monotonic() - begin)
    generated = list(mutants(source))
    tried = generated[::every]
    surviving = 0
    for mutant in tried:
        file.write_text(mutant)
        if passes(MODULES[module], seconds):
            surviving += 1
            lines = difflib.unified_diff(source.split("\n"), mutant.split("\n"), n=0, lineterm="")
            print(*list(lines)[2:], sep="\n", flush=True)
    file.write_text(source)
    counts = f"{len(generated)} mutants, {len(tried)} tried, {surviving} survived"
    print(f"{module}: {counts}", flush=True)


parser = argparse.ArgumentParser()
parser.add_argument("modules", nargs="*", choices=[[], *MODULES], metavar="module")
parser.add_argument("--every", type=int, default=1, metavar="N", help="try only every Nth mutant")
arguments = parser.parse_args()
sys.dont_write_bytecode = True  # Python would not notice a second change within one second
shutil.rmtree(COPY, ignore_errors=True)
for part in ("src", "tests", "pyproject.toml"):
    (shutil.copytree if (ROOT / part).is_dir() else shutil.copy2)(ROOT / part, COPY / part)
compileall.compile_dir(COPY, quiet=1)
for name in arguments.modules or MODULES:
    mutate(name, arguments.every)
