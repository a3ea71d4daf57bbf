"""`import septet.bandwidth`: its names, its packages, and modules that it must not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules["msgspec"] = None
import septet
try:
    import septet.bandwidth
except septet.MissingExtraError as error:
    print(error)
"""
LOADED = """
import sys
import septet
before = set(sys.modules)
import septet.bandwidth
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(names - sys.stdlib_module_names - {"septet", "msgspec", "typing_extensions"}))
loaded = set(sys.modules) - before
print(*sorted(loaded & {"asyncio", "http", "socket", "sqlite3", "ssl", "septet.costing"}))
"""


WITHOUT_RECEIVER = """
import sys
sys.modules["prometheus_client"] = None
import septet.bandwidth
try:
    septet.bandwidth.Receiver
except septet.MissingExtraError as error:
    print(error)
"""


def run(code: str) -> str:
    """Return what a fresh interpreter prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_missing_extra() -> None:
    """One sentence names the package and the extra."""
    assert run(WITHOUT) == "septet.bandwidth needs msgspec: pip install 'septet[bandwidth]'\n"


def test_what_only_the_receiver_needs() -> None:
    """It is needed only for the receiver."""
    assert (
        run(WITHOUT_RECEIVER)
        == "Receiver needs prometheus_client: pip install 'septet[bandwidth]'\n"
    )


def test_nothing_else_is_loaded() -> None:
    """No other package is loaded, and no module that could do network I/O."""
    pytest.importorskip("msgspec")
    assert run(LOADED) == "\n\n"


def test_all_is_importable_and_documented() -> None:
    """`__all__` is sorted and complete, and each name has a docstring."""
    pytest.importorskip("msgspec")
    from septet import bandwidth

    assert bandwidth.__all__ == sorted(bandwidth.__all__)
    assert set(bandwidth.__all__) <= set(dir(bandwidth))  # the reference is made by it
    for name in bandwidth.__all__:
        assert getattr(bandwidth, name).__doc__


def test_what_is_not_there() -> None:
    """A name that does not exist raises AttributeError."""
    pytest.importorskip("msgspec")
    from septet import bandwidth

    with pytest.raises(AttributeError, match="no attribute 'client_of'"):
        _ = bandwidth.client_of
