"""Memory that was freed is kept, where the C library can do that."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace

from septet.cli.memory import keep_freed_memory


def test_options_of_glibc(monkeypatch) -> None:
    """Blocks of up to 32 MiB are kept, and 64 MiB at the end of the heap."""
    calls = []
    library = SimpleNamespace(mallopt=lambda *option: calls.append(option))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(sys, "platform", "linux")
    keep_freed_memory()
    assert sorted(calls) == [(-3, 32 << 20), (-1, 64 << 20)]


def test_other_libraries(monkeypatch) -> None:
    """musl has no such options, and other systems are not asked."""
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    monkeypatch.setattr(sys, "platform", "linux")
    keep_freed_memory()
    monkeypatch.setattr(ctypes, "CDLL", None)
    monkeypatch.setattr(sys, "platform", "darwin")
    keep_freed_memory()
