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

_ANOTHER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import septet

code = '''
try:
    import septet
except ImportError as error:
    print("refused:", error)
else:
    print("counted:", septet.count("’" * 71))
'''
(getattr(interpreters, "exec", None) or interpreters.run_string)(interpreters.create(), code)
print(septet.IMPLEMENTATION, septet.count("’" * 71))
"""


def run(code: str, implementation: str, *switches: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, *switches, "-c", code],
        env={**os.environ, "SEPTET_IMPLEMENTATION": implementation},
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
    answer = run(_FORKED, implementation, "-W", "ignore:This process:DeprecationWarning")
    assert answer == [f"{implementation} 600 Counter({{'’': 200}})"]


def test_a_second_interpreter_counts_or_is_refused(implementation) -> None:
    """It raises `ImportError` or works, and the first interpreter still works."""
    other, first = run(_ANOTHER, implementation)
    assert first == f"{implementation} 2"
    if other != "counted: 2":
        assert other.startswith("refused: ")
        assert "interpreter" in other.lower()
    if implementation == "compiled":
        assert other.startswith("refused: ")
    elif sys.version_info >= (3, 13):
        assert other == "counted: 2"
