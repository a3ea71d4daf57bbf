"""Fixtures for columns: memory that is not zeroed, and both vector and portable code."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _memory_is_not_zeroed():
    """Fill new memory with a pattern, so that values that were never written are noticed."""

    def grow(memory: bytearray, size: int) -> None:
        memory.extend(b"\xa5" * size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("septet.columns.facts.grow", grow)
        yield


@pytest.fixture(params=[2, 1, 0], ids=["widest", "vector", "portable"])
def either_code(request):
    """Run with each kind of code, if the compiled implementation was built."""
    try:
        from septet._kernels._compiled import use_vector_code
    except ModuleNotFoundError:
        yield
        return
    use_vector_code(request.param)
    yield
    use_vector_code()
