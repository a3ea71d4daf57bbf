"""The compiled implementation without memory: MemoryError, and later calls work again."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("septet._kernels._compiled")
pytest.importorskip("pyarrow")
if sys.platform != "linux":
    pytest.skip("the limit needs the memory size that Linux reports", allow_module_level=True)

_LIMITED = """
import resource, sys
from array import array
import pyarrow as pa
from septet import Analysis, Segmenter
from septet._kernels import _MODULE_OF, load
from septet.arrow.structures import read_chunks

kernels = load("compiled")
globals().update({name: getattr(kernels, name) for name in [*vars(kernels), *_MODULE_OF]})
before, call, expected = sys.argv[1:]
exec(before)
compiled = compile(call, "call", "eval")
limits = resource.getrlimit(resource.RLIMIT_AS)
with open("/proc/self/statm") as file:
    taken = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 4_000_000, limits[1]))
try:
    eval(compiled)
except MemoryError:
    resource.setrlimit(resource.RLIMIT_AS, limits)
    print(eval(compiled) == eval(expected))
"""

_KERNEL = """
kernel, counts = Kernel(((0, 0, 160, 153), (1, 0, 155, 149)), (70, 67), Analysis), NonGsmCounts()
kernel.count_non_gsm(['😀'], 0, {}, b'\\1', counts)
(column,) = read_chunks(pa.array(['😀' * 3_000_000]))
"""


@pytest.mark.parametrize(
    ("before", "call", "expected"),
    [
        pytest.param(
            "pairs = ((0, 0, 160, 153),) * 1_000_000",
            "Kernel(pairs, None, Analysis).count('a')",
            "1",
            id="rules",
        ),
        pytest.param(
            _KERNEL.format(0),
            "kernel.count_non_gsm(['😀'], 0, 1, b'\\1', counts) or counts.take()",
            "{'😀': 1}",
            id="non_gsm_characters",
        ),
        pytest.param(
            _KERNEL.format(1),
            "kernel.count_non_gsm(column.addresses, 0, 1, b'\\1', counts) or counts.take()",
            "{'😀': 2}",
            id="non_gsm_characters of a row",
        ),
        pytest.param(
            "rules, text = Segmenter(languages=[1]), 'ğ' * 3_000_000; texts = pa.array([text])",
            "list(rules.count_many(texts))",
            "[rules.count(text)]",
            id="row",
        ),
        pytest.param(
            "prefixes = tuple(map(str, range(100_000, 300_000)))",
            "PrefixIndex(prefixes).find('+11234567')",
            "12_345",
            id="prefixes",
        ),
        pytest.param(
            "rows = array('i', range(1_000_000)); seen, hashes = HashSet(), array('Q', rows)",
            "len(seen.insert(hashes, rows)[:0]) or len(seen)",
            "1_000_000",
            id="hashes",
        ),
        pytest.param(
            "from septet.columns.surveys import number_values;"
            "index, column = ValueIndex(), pa.array(map(str, range(200_000)))",
            "len(number_values(index, column)[:0]) or len(index)",
            "200_000",
            id="values",
        ),
        pytest.param(
            "numbers = range(2_000)", "len([HashSet() for number in numbers])", "2_000", id="sets"
        ),
        pytest.param(
            "pieces = [b'a'] * 500_000", "len(join_rows(pieces, 1)[1])", "500_000", id="pieces"
        ),
        pytest.param(
            "text = '[' * 10_000_000", "to_septets(text, 0, 0, 0)[1]", "10_000_000", id="septets"
        ),
        pytest.param(
            "octets = b'a' * 10_000_000",
            "from_septets(octets, 0, 0, 0, True)[1]",
            "10_000_000",
            id="characters",
        ),
    ],
)
def test_memory_runs_out(before, call, expected) -> None:
    """The call raises `MemoryError`; with more memory, the same call works on the same objects."""
    result = subprocess.run(
        [sys.executable, "-c", _LIMITED, before, call, expected],
        capture_output=True,
        text=True,
        env=os.environ | {"SEPTET_IMPLEMENTATION": "compiled"},
    )
    assert (result.stderr, result.stdout) == ("", "True\n")
