"""Forked processes and subinterpreters, each tested in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_FORKED = """
import os, sys, threading, septet
from septet.costing import Batch, Estimate

texts = ["’" * 71, "plain", "[" * 153, None] * 200
expected = septet.count_many(texts).to_list()
estimate = Estimate()
estimate.add(Batch(texts))
is_over = threading.Event()

def count():
    while not is_over.is_set():
        assert septet.count_many(texts).to_list() == expected

threads = [threading.Thread(target=count, daemon=True) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(10):
    child = os.fork()
    if child == 0:
        estimate.add(Batch(texts))
        is_right = septet.count_many(texts).to_list() == expected
        is_right &= estimate.non_gsm_characters == {"’": 400} and estimate.messages == 1_200
        os._exit(0 if is_right else 1)
    assert os.waitpid(child, 0)[1] == 0
is_over.set()
for thread in threads:
    thread.join()
print(septet.IMPLEMENTATION, estimate.messages, estimate.non_gsm_characters)
"""

_OTHERS = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import sys, septet

for kind in sys.argv[2:]:
    if hasattr(interpreters, "exec"):
        error = interpreters.exec(interpreters.create(kind), sys.argv[1])
    else:
        other = interpreters.create(isolated=kind == "isolated")
        error = interpreters.run_string(other, sys.argv[1])
    assert error is None, error
print(septet.IMPLEMENTATION, septet.count("’" * 71))
"""
_COUNT = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import septet
    counts = septet.count_many(["’" * 71]).to_list()
print(septet.IMPLEMENTATION, counts, len(septet.encode("’" * 71)), len(caught))
assert all("one interpreter" in str(warning.message) for warning in caught)
"""
_IMPORT = """
try:
    import septet
except ImportError:
    print("refused")
"""


def run(
    code: str, implementation: str | None, *arguments: str, switches: tuple[str, ...] = ()
) -> list[str]:
    environment = {k: v for k, v in os.environ.items() if k != "SEPTET_IMPLEMENTATION"}
    if implementation is not None:
        environment["SEPTET_IMPLEMENTATION"] = implementation
    done = subprocess.run(
        [sys.executable, *switches, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(params=["python", "compiled"])
def implementation(request: pytest.FixtureRequest, implementations: dict[str, object]) -> str:
    if request.param not in implementations:
        pytest.skip("the compiled implementation was not built")
    name: str = request.param
    return name


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_forks_while_threads_count(implementation) -> None:
    """A child counts as its parent does, whatever the threads of the parent were doing."""
    # Python warns of a fork while threads run, which this test does on purpose.
    switches = ("-W", "ignore:This process:DeprecationWarning")
    answer = run(_FORKED, implementation, switches=switches)
    assert answer == [f"{implementation} 600 Counter({{'’': 200}})"]


# The `ctypes` of CPython 3.12 cannot be loaded by an interpreter that has a lock of its own.
KINDS = ["legacy"] if sys.version_info[:2] == (3, 12) else ["isolated", "legacy"]


@pytest.mark.parametrize("kinds", [KINDS, KINDS[::-1]])
def test_other_interpreters_count_in_python(implementations, kinds) -> None:
    """Where the compiled implementation cannot be loaded again, Python is used with a warning."""
    if "compiled" not in implementations:
        pytest.skip("the compiled implementation was not built")
    *others, first = run(_OTHERS, None, _COUNT, *kinds)
    assert others == ["python [2] 2 1"] * len(kinds)
    assert first == "compiled 2"


def test_other_interpreters_that_ask_for_python() -> None:
    """They have what they asked for, without a warning."""
    *others, first = run(_OTHERS, "python", _COUNT, *KINDS)
    assert others == ["python [2] 2 0"] * len(KINDS)
    assert first == "python 2"


def test_other_interpreters_that_ask_for_compiled(implementations) -> None:
    """They get an error and not another implementation, and the first interpreter still counts."""
    if "compiled" not in implementations:
        pytest.skip("the compiled implementation was not built")
    assert run(_OTHERS, "compiled", _IMPORT, *KINDS) == ["refused"] * len(KINDS) + ["compiled 2"]
