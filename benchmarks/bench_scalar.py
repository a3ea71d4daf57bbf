"""pytest-benchmark suite for the scalar functions: `pytest benchmarks/bench_scalar.py`.

One round calls a public function once for each of the 1,000 texts of a corpus; creating the texts
is not timed. Both implementations run in one process, with one group for each corpus.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from types import ModuleType
from typing import cast
from unittest import mock

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from septet.benchmarks.corpora import CORPORA

IMPLEMENTATIONS = ("python", "compiled")
FUNCTIONS = ("count", "analyze", "split", "encode", "transliterate", "advise")


def _call_each(function: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        function(text)


@cache
def _import_with(implementation: str) -> ModuleType:
    """Import the package with this implementation, independently of earlier imports."""
    others = {name: module for name, module in sys.modules.items() if "septet" not in name}
    with (
        mock.patch.dict(os.environ, SEPTET_IMPLEMENTATION=implementation),
        mock.patch.dict(sys.modules, others, clear=True),
    ):
        return importlib.import_module("septet")


@pytest.fixture(scope="module", params=CORPORA)
def corpus(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """Return the name of a corpus and its texts."""
    name = cast("str", request.param)
    return name, CORPORA[name](1_000)


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_scalar(
    benchmark: BenchmarkFixture,
    corpus: tuple[str, list[str]],
    function: str,
    implementation: str,
) -> None:
    """Call one function on every text."""
    name, texts = corpus
    try:
        septet = _import_with(implementation)
    except ModuleNotFoundError as error:
        pytest.skip(str(error))
    benchmark.group = name
    benchmark(_call_each, getattr(septet, function), texts)
